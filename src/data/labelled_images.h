// Labelled images: a set of images as values without tensors, for what is computed and not trained.
// Torch-free. Any thread that may wait for a disk.
#pragma once

#include <string>

#include "base/result.h"
#include "theory/labelled_images.h"

namespace grokscope {

/// "mnist", "fashion-mnist" or a folder of IDX files, as task.path. The errors are those of the task
/// `images`.
Result<theory::LabelledImages> read_labelled_images(const std::string& set);

}  // namespace grokscope

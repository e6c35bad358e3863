// Frame <-> safetensors: arrays are F32 tensors; step, scalars and texts stand in the metadata. Reading
// believes nothing. Any thread.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "history/frame.h"
#include "history/safetensors.h"

namespace grokscope {

/// Lower-case letters, digits, '_' and '-': what may be a folder name below frames/.
bool is_probe_name(const std::string& name);

TensorFile tensor_file_from_frame(const Frame& frame);
/// A frame without its arrays, from what its file notes.
Result<Frame> frame_from_metadata(const std::map<std::string, std::string>& metadata,
                                  const std::string& source);
Result<Frame> frame_from_tensor_file(const TensorFile& file, const std::string& source);

}  // namespace grokscope

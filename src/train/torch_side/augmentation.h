// Augmentation: what one training step sees of a picture: moved by up to 4 pixels each way and perhaps
// mirrored (RandomCrop(32, 4) and a horizontal flip of Nakkiran et al. 2019). Never used in evaluation. What
// is done to an example depends on seed, step and the example itself alone, so cutting a batch into shards,
// and running it again, changes nothing. Const: any thread, any device.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/result.h"
#include "data/inputs.h"
#include "grokscope_aten.h"

namespace grokscope {

class Augmentation {
 public:
  /// none | crop | flip | crop_flip; an error where it is another, or the inputs are no pictures.
  static Result<Augmentation> make(std::string_view kind, const Inputs& inputs, std::uint64_t seed);

  bool on() const { return crops_ || flips_; }
  /// (example, 3) int64 on the CPU: where the crop of the padded picture begins, row and column in 0 .. 8,
  /// and whether it is mirrored. A `step` below 0 is no training step: the draws that change nothing.
  at::Tensor draws(std::int64_t step, std::span<const std::int64_t> examples) const;
  /// The pictures as `draws`, on the same device, says; moves numbers about and computes none.
  static ImageInputs changed(const ImageInputs& images, const at::Tensor& draws);

 private:
  Augmentation(bool crops, bool flips, std::uint64_t seed) : crops_(crops), flips_(flips), seed_(seed) {}

  bool crops_, flips_;
  std::uint64_t seed_;
};

}  // namespace grokscope

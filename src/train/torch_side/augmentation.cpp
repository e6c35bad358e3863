// Augmentation: see augmentation.h.
#include "train/torch_side/augmentation.h"

#include <string>

#include "base/random.h"

namespace grokscope {
namespace {

constexpr std::int64_t kCropPadding = 4;  // pixels of 0 on each side

}  // namespace

Result<Augmentation> Augmentation::make(std::string_view kind, const Inputs& inputs, std::uint64_t seed) {
  const bool both = kind == "crop_flip", crops = both || kind == "crop", flips = both || kind == "flip";
  if (!crops && !flips && kind != "none") {
    return usage_error("train.augmentation '" + std::string(kind) +
                       "' is unknown: use none, crop, flip or crop_flip");
  }
  if ((crops || flips) && kind_of(inputs) != InputKind::images) {
    return usage_error("train.augmentation is for pictures, and these inputs are " +
                       std::string(name_of(kind_of(inputs))) + ": set train.augmentation=none");
  }
  return Augmentation(crops, flips, seed);
}

at::Tensor Augmentation::draws(std::int64_t step, std::span<const std::int64_t> examples) const {
  at::Tensor draws = at::empty({static_cast<std::int64_t>(examples.size()), 3}, at::kLong);
  auto* draw = draws.data_ptr<std::int64_t>();
  const std::string place = "augmentation " + std::to_string(step) + " ";
  for (const std::int64_t example : examples) {
    std::int64_t row = kCropPadding, column = kCropPadding, mirrored = 0;
    if (step >= 0) {
      RandomStream random(seed_, place + std::to_string(example));
      const auto crop_row = static_cast<std::int64_t>(random.below(2 * kCropPadding + 1)),
                 crop_column = static_cast<std::int64_t>(random.below(2 * kCropPadding + 1));
      if (crops_) row = crop_row, column = crop_column;
      if (flips_) mirrored = static_cast<std::int64_t>(random.below(2));
    }
    *draw++ = row;
    *draw++ = column;
    *draw++ = mirrored;
  }
  return draws;
}

ImageInputs Augmentation::changed(const ImageInputs& images, const at::Tensor& draws) {
  const std::int64_t count = images.pixels.size(0), height = images.height, width = images.width;
  const at::Tensor padded = at::constant_pad_nd(
      images.pixels.view({count, images.channels, height, width}),
      {kCropPadding, kCropPadding, kCropPadding, kCropPadding});  // (example, channel, row, column)
  const auto first = [&](std::int64_t which) { return draws.narrow(1, which, 1); };  // (example, 1)
  const at::Tensor row = at::arange(height, draws.options()), column = at::arange(width, draws.options());
  const at::Tensor mirrored_column = width - 1 - column;
  const at::Tensor from_row = first(0) + row;  // (example, row)
  const at::Tensor from_column =
      first(1) + at::where(first(2).to(at::kBool), mirrored_column, column);  // (example, column)
  const at::Tensor from = (from_row.unsqueeze(2) * (width + 2 * kCropPadding) + from_column.unsqueeze(1))
                              .view({count, 1, height * width})
                              .expand({count, images.channels, height * width});
  ImageInputs changed = images;
  changed.pixels = padded.flatten(2).gather(2, from).view({count, images.channels * height * width});
  return changed;
}

}  // namespace grokscope

#include "train/torch_side/gathering.h"

#include <algorithm>

namespace grokscope {
namespace {

constexpr std::int64_t kPairsAChunk = 2048;
constexpr std::int64_t kImagesAChunk = 1024;
constexpr std::int64_t kLongInputsAChunk = 64;  // text, molecules: hundreds of rows an example

}  // namespace

std::int64_t examples_a_chunk(InputKind kind) {
  if (kind == InputKind::pairs) return kPairsAChunk;
  return kind == InputKind::text || kind == InputKind::graphs ? kLongInputsAChunk : kImagesAChunk;
}

at::Tensor rows_of_examples(const at::Tensor& all, std::span<const std::int64_t> examples) {
  const auto count = static_cast<std::int64_t>(examples.size());
  const bool consecutive = std::adjacent_find(examples.begin(), examples.end(),
                                              [](auto a, auto b) { return b != a + 1; }) == examples.end();
  if (consecutive) return all.narrow(0, examples.front(), count);
  const at::Tensor index = at::empty({count}, at::kLong);
  std::copy(examples.begin(), examples.end(), index.data_ptr<std::int64_t>());
  return all.index_select(0, index.to(all.device()));
}

void bring_to_device(const at::Tensor& values, at::Device device, at::Tensor& there) {
  if (there.defined() && there.sizes() == values.sizes()) {
    there.copy_(values);
  } else {
    there = values.to(device);
  }
}

}  // namespace grokscope

// See losses.h.
#include "probe/losses.h"

#include <algorithm>
#include <limits>

#include "data/target_vectors.h"

namespace grokscope {

namespace {

constexpr std::int64_t kLossChunk =
    256;  // rows: float64 temporaries stay in the cache instead of fresh pages

}  // namespace

at::Tensor stablemax_scores(const at::Tensor& logits) {
  const at::Tensor x = logits.to(at::kDouble);
  return at::where(x >= 0.0, x + 1.0, at::reciprocal(1.0 - x));
}

at::Tensor row_losses(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind) {
  const at::Tensor column = targets.unsqueeze(1);  // (rows, 1)
  if (kind == "stablemax") {
    const at::Tensor scores = stablemax_scores(logits);
    return (scores.sum(1) / scores.gather(1, column).squeeze(1)).log();
  }
  if (kind != "mse") return at::log_softmax(logits, 1, at::kDouble).gather(1, column).squeeze(1).neg();
  const at::Tensor outputs = logits.to(at::kDouble);
  const at::Tensor minus_one = at::full_like(column, -1, outputs.options());
  return outputs.scatter_add(1, column, minus_one).square().mean(1);
}

at::Tensor example_losses(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind) {
  const std::int64_t count = logits.size(0);
  at::Tensor losses = at::empty({count}, at::kDouble);
  for (std::int64_t begin = 0; begin < count; begin += kLossChunk) {
    const std::int64_t rows = std::min(kLossChunk, count - begin);
    const at::Tensor chunk = row_losses(logits.narrow(0, begin, rows), targets.narrow(0, begin, rows), kind);
    losses.narrow(0, begin, rows).copy_(chunk);
  }
  return losses;
}

double mean_loss(const at::Tensor& logits, const at::Tensor& targets, std::string_view kind) {
  if (targets.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  return example_losses(logits, targets, kind).mean().item<double>();
}

double accuracy(const at::Tensor& logits, const at::Tensor& targets) {
  if (targets.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  return logits.argmax(1).eq(targets).to(at::kDouble).mean().item<double>();
}

double mean_vector_loss(const at::Tensor& outputs, const at::Tensor& targets, const Dataset& data) {
  if (targets.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  return vector_losses(outputs, targets, data.target_vectors, 1.0, nullptr).mean().item<double>();
}

double vector_accuracy(const at::Tensor& outputs, const at::Tensor& targets, const Dataset& data) {
  if (targets.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  const at::Tensor right = vector_right(outputs, targets, data.target_vectors, data.tolerance);
  return right.to(at::kDouble).mean().item<double>();
}

}  // namespace grokscope

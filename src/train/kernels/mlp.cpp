// The forward half of the fused MLP on rows of numbers, and evaluation.
#include "train/kernels/mlp.h"

#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {
namespace {

constexpr std::int64_t kChunkNumbers = std::int64_t{1} << 20;  // of activations and their gradients
constexpr std::int64_t kLeastChunk = 256, kMostChunk = 1024;

template <typename Scalar>
std::int64_t rows_of_a_chunk(const MlpPlan<Scalar>& plan) {
  const auto hidden = static_cast<std::int64_t>(plan.layers.size()) - 1;
  const std::int64_t numbers = 2 * hidden * padded(plan.layers.front().out) + plan.layers.back().out;
  return std::clamp(kChunkNumbers / numbers, kLeastChunk, kMostChunk);
}

}  // namespace

template <typename Scalar>
FusedMlp<Scalar>::FusedMlp(const MlpPlan<Scalar>& plan, const Scalar* images, int workers)
    : plan_(plan),
      width_(plan.layers.front().out),
      stride_(row_stride(width_)),
      classes_(plan.layers.back().out),
      logit_stride_(padded(classes_)),
      pixels_(plan.layers.front().in),
      input_stride_(row_stride(pixels_)),
      chunk_rows_(rows_of_a_chunk(plan)),
      images_(images),
      input_(chunk_rows_ * input_stride_),
      logits_(chunk_rows_ * logit_stride_),
      team_(workers, use_one_blas_thread) {
  for (std::size_t layer = 0; layer + 1 < plan_.layers.size(); ++layer) {
    u_.emplace_back(chunk_rows_ * stride_);
    x_.emplace_back(chunk_rows_ * stride_);
  }
  for (int worker = 0; worker < team_.size(); ++worker) {
    workers_.emplace_back();
    workers_.back().scratch = BufferOf<Scalar>((chunk_rows_ / team_.size() + 1) * stride_);
  }
}

/// A share that begins at a whole vector.
template <typename Scalar>
std::int64_t FusedMlp<Scalar>::aligned_share(std::int64_t count, int worker) const {
  return worker == team_.size() ? count : share(padded(count) / kLanes, worker) * kLanes;
}

template <typename Scalar>
void FusedMlp<Scalar>::first_layer(const Scalar* flat, const Rows& rows) {
  Scalar* out = u_.front() + rows.begin * stride_;
  Scalar* input = input_ + rows.begin * input_stride_;
  for (std::int64_t i = 0; i < rows.count(); ++i)
    std::copy_n(images_ + rows.examples[i] * pixels_, pixels_, input + i * input_stride_);
  affine(rows_, flat, plan_.layers.front(), input, input_stride_, out, stride_, rows.count());
}

/// Fills u_, x_ and logits_ of these rows.
template <typename Scalar>
void FusedMlp<Scalar>::forward(const Scalar* flat, const Rows& rows) {
  const std::int64_t at = rows.begin * stride_, count = rows.count();
  for (std::size_t layer = 0; layer < u_.size(); ++layer) {
    if (layer == 0) {
      first_layer(flat, rows);
    } else {
      affine(rows_, flat, plan_.layers[layer], x_[layer - 1] + at, stride_, u_[layer] + at, stride_, count);
    }
    rows_.activate(plan_.activation, u_[layer] + at, x_[layer] + at, count * stride_);
  }
  Scalar* logits = logits_ + rows.begin * logit_stride_;
  affine(rows_, flat, plan_.layers.back(), x_.back() + at, stride_, logits, logit_stride_, count);
}

/// Each worker takes its share of the examples through its own part of the buffers.
template <typename Scalar>
void FusedMlp<Scalar>::logits(const Scalar* flat, std::span<const std::int64_t> examples,
                              const LogitSink<Scalar>& sink) {
  const auto count = static_cast<std::int64_t>(examples.size());
  team_.run([&](int worker) {
    const std::int64_t slot = share(chunk_rows_, worker), room = share(chunk_rows_, worker + 1) - slot;
    const std::int64_t end = share(count, worker + 1);
    for (std::int64_t begin = share(count, worker); begin < end; begin += room) {
      const std::int64_t rows = std::min(room, end - begin);
      forward(flat, {slot, slot + rows, examples.data() + begin, begin});
      for (std::int64_t i = 0; i < rows; ++i)
        sink(static_cast<std::size_t>(begin + i), logits_ + (slot + i) * logit_stride_);
    }
  });
}

template class FusedMlp<float>;
template class FusedMlp<double>;

}  // namespace grokscope::fused

// The forward half of the fused MLP on pairs: token tables, blocks, evaluation.
#include "train/kernels/pair_mlp.h"

#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {
namespace {

/// Of u and x of all hidden layers in a block: with what a multiply touches they are to stay in L2.
constexpr std::int64_t kBlockFloats = std::int64_t{1} << 17;
constexpr std::int64_t kLeastBlock = 64, kMostBlock = 192;

std::int64_t rows_of_a_block(const MlpPlan<float>& plan) {
  const auto hidden = static_cast<std::int64_t>(plan.layers.size()) - 1;
  return std::clamp(kBlockFloats / (2 * hidden * row_stride(plan.layers.front().out)), kLeastBlock,
                    kMostBlock);
}

}  // namespace

PairMlp::PairMlp(const MlpPlan<float>& plan, const std::int64_t* pairs, int workers)
    : plan_(plan),
      width_(plan.layers.front().out),
      width_padded_(padded(width_)),
      stride_(row_stride(width_)),
      classes_(plan.layers.back().out),
      wide_classes_(columns_of_multiply(classes_)),
      logit_stride_(row_stride(classes_)),
      block_rows_(rows_of_a_block(plan)),
      team_(workers, use_one_blas_thread),
      pairs_(pairs),
      training_(plan.tokens, block_rows_, team_.size()),
      evaluation_(plan.tokens, block_rows_, team_.size()),
      tables_(2 * plan.tokens * stride_),
      W_out_(width_ * logit_stride_),
      W_out_by_row_(classes_ * stride_),
      d_table_a_(plan.tokens * stride_),
      workers_(static_cast<std::size_t>(team_.size())) {
  for (Worker& worker : workers_) {
    worker.logits = Buffer(block_rows_ * logit_stride_);
    worker.d_table_b = Buffer(plan.tokens * stride_);
    for (std::size_t layer = 0; layer < plan_.layers.size(); ++layer) {
      const MlpLayer& made = plan_.layers[layer];
      const bool is_output = layer + 1 == plan_.layers.size();
      worker.d_W.emplace_back(layer == 0 ? 0 : made.out * (is_output ? stride_ : made.in));
      worker.d_b.emplace_back(layer == 0 || made.b < 0 ? 0 : made.out);
      if (is_output) continue;
      worker.u.emplace_back(layer == 0 ? 0 : block_rows_ * stride_);
      worker.x.emplace_back(block_rows_ * stride_);
    }
  }
}

std::int64_t PairMlp::aligned_share(std::int64_t count, int worker) const {
  return worker == team_.size() ? count : share(padded(count) / kLanes, worker) * kLanes;
}

/// Everything that depends on a token alone: what it adds to the first layer at each position.
void PairMlp::build_tables(int worker, const float* flat) {
  const MlpLayer& first = plan_.layers.front();
  const std::int64_t half = first.in / 2;
  const std::int64_t from = share(plan_.tokens, worker), rows = share(plan_.tokens, worker + 1) - from;
  for (std::int64_t position = 0; position < 2; ++position) {
    const float* W = flat + first.W + position * half * width_;
    float* table = tables_ + (position * plan_.tokens + from) * stride_;
    if (is_one_hot()) {
      for (std::int64_t row = 0; row < rows; ++row)
        std::copy_n(W + (from + row) * width_, width_, table + row * stride_);
    } else {
      gemm(false, false, rows, width_, half, flat + plan_.W_E + from * half, half, W, width_, 0.0f, table,
           stride_);
    }
  }
  add_bias<float>(rows_, first.b >= 0 ? flat + first.b : nullptr, tables_ + from * stride_, stride_, rows,
                  width_);
  copy_output_weights(worker, flat);
}

/// The output's weights in both orders of storage with rows that begin at a cache line: multiplies read those
/// faster.
void PairMlp::copy_output_weights(int worker, const float* flat) {
  const float *W = flat + plan_.layers.back().W, scale = plan_.output_scale;
  const std::int64_t end = aligned_share(width_, worker + 1);
  for (std::int64_t f = aligned_share(width_, worker); f < end; ++f) {
    float* row = W_out_ + f * logit_stride_;
    for (std::int64_t k = 0; k < classes_; ++k) row[k] = scale * W[f * classes_ + k];
    for (std::int64_t k = 0; k < classes_; ++k) W_out_by_row_[k * stride_ + f] = W[f * classes_ + k];
  }
}

PairRows PairMlp::rows_of(const PairOrder& order, const PairBlock& block) const {
  return {order.a.data() + block.begin,    order.b.data() + block.begin, block.rows(), stride_, tables_,
          tables_ + plan_.tokens * stride_};
}

void PairMlp::output_layer(Worker& own, const float* flat, std::int64_t count) {
  const MlpLayer& layer = plan_.layers.back();
  const float* x = own.x.back();
  gemm(false, false, count, wide_classes_, width_, x, stride_, W_out_, logit_stride_, 0.0f, own.logits,
       logit_stride_);
  for (std::int64_t i = 0; i < count; ++i) {
    float* row = own.logits + i * logit_stride_;
    for (std::int64_t k = wide_classes_; k < classes_; ++k)
      row[k] = plan_.output_scale * rows_.dot(x + i * stride_, W_out_by_row_ + k * stride_, width_padded_);
    if (layer.b >= 0) rows_.add_scaled(plan_.output_scale, flat + layer.b, row, classes_);
  }
}

/// Fills u, x and logits of a block.
void PairMlp::forward(Worker& own, const float* flat, const PairOrder& order, const PairBlock& block) {
  const std::int64_t count = block.rows();
  rows_.pair_forward(plan_.activation, rows_of(order, block), own.x.front(), width_padded_);
  for (std::size_t layer = 1; layer < own.u.size(); ++layer) {
    affine<float>(rows_, flat, plan_.layers[layer], own.x[layer - 1], stride_, own.u[layer], stride_, count);
    rows_.activate(plan_.activation, own.u[layer], own.x[layer], count * stride_);
  }
  output_layer(own, flat, count);
}

void PairMlp::logits(const float* flat, std::span<const std::int64_t> examples,
                     const LogitSink<float>& sink) {
  evaluation_.arrange(examples, pairs_);
  team_.run([&](int worker) {
    build_tables(worker, flat);
    team_.barrier();
    const auto slot = static_cast<std::size_t>(worker);
    Worker& own = workers_[slot];
    for (const PairBlock& block : evaluation_.blocks(slot)) {
      forward(own, flat, evaluation_, block);
      for (std::int64_t i = block.begin; i < block.end; ++i) {
        sink(static_cast<std::size_t>(evaluation_.place[static_cast<std::size_t>(i)]),
             own.logits + (i - block.begin) * logit_stride_);
      }
    }
  });
}

}  // namespace grokscope::fused

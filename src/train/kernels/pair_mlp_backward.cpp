// The backward half of the fused MLP on pairs.
#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/pair_mlp.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {

double PairMlp::gradient(const float* flat, std::span<const std::int64_t> examples,
                         const std::int64_t* targets, float* gradient, const LogitView<float>& seen) {
  training_.arrange(examples, pairs_);
  const auto count = static_cast<double>(examples.size());
  team_.run([&](int worker) {
    const auto slot = static_cast<std::size_t>(worker);
    build_tables(worker, flat);
    begin_sums(slot);
    team_.barrier();
    const std::span<const PairBlock> blocks = training_.blocks(slot);
    for (const PairBlock& block : blocks) {
      train_block(workers_[slot], flat, targets, block, 1.0f / static_cast<float>(count),
                  &block == blocks.data(), seen);
    }
    team_.barrier();
    combine(worker, flat, gradient);
  });
  double loss = 0.0;
  for (const Worker& worker : workers_) loss += worker.loss;
  return loss / count;
}

/// Of the large sums the first block begins anew.
void PairMlp::begin_sums(std::size_t worker) {
  Worker& own = workers_[worker];
  own.loss = 0.0;
  const std::int64_t first = training_.token_begin[worker], end = training_.token_begin[worker + 1];
  std::fill_n(d_table_a_ + first * stride_, (end - first) * stride_, 0.0f);
  own.d_table_b.zero();
  for (Buffer& d_b : own.d_b) d_b.zero();
  for (Buffer& d_W : own.d_W) {
    if (training_.blocks(worker).empty()) d_W.zero();
  }
}

/// Forward, loss and backward of one block: adds to this worker's sums (overwrites them if `is_first`).
void PairMlp::train_block(Worker& own, const float* flat, const std::int64_t* targets, const PairBlock& block,
                          float scale, bool is_first, const LogitView<float>& seen) {
  forward(own, flat, training_, block);
  const std::int64_t count = block.rows();
  for (std::int64_t i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(block.begin + i);
    float* row = own.logits + i * logit_stride_;
    if (seen) seen(static_cast<std::size_t>(training_.place[at]), row);
    own.loss += loss_of(rows_, plan_, row, targets[training_.example[at]], scale * plan_.output_scale);
  }
  output_backward(own, count, is_first);
  for (std::size_t layer = own.u.size() - 1; layer > 0; --layer)
    hidden_backward(own, flat, layer, count, is_first);
  rows_.pair_backward(plan_.activation, rows_of(training_, block), own.x.front(), width_padded_, d_table_a_,
                      own.d_table_b);
}

/// The output's gradients; leaves that of its input in the last x.
void PairMlp::output_backward(Worker& own, std::int64_t count, bool is_first) {
  const float *d = own.logits, *x = own.x.back();
  gemm(true, false, classes_, width_, count, d, logit_stride_, x, stride_, is_first ? 0.0f : 1.0f,
       own.d_W.back(), stride_);
  if (plan_.layers.back().b >= 0) add_rows<float>(rows_, d, logit_stride_, count, own.d_b.back(), classes_);
  gemm(false, false, count, width_, classes_, d, logit_stride_, W_out_by_row_, stride_, 0.0f, own.x.back(),
       stride_);
}

/// From the gradient of hidden layer `layer`'s x to that of the layer below it.
void PairMlp::hidden_backward(Worker& own, const float* flat, std::size_t layer, std::int64_t count,
                              bool is_first) {
  const MlpLayer& at = plan_.layers[layer];
  float *d = own.u[layer], *below = own.x[layer - 1];
  rows_.activate_backward(plan_.activation, d, own.x[layer], d, count * stride_);
  if (at.b >= 0) add_rows<float>(rows_, d, stride_, count, own.d_b[layer], width_);
  gemm(true, false, width_, width_, count, below, stride_, d, stride_, is_first ? 0.0f : 1.0f, own.d_W[layer],
       width_);
  gemm(false, true, count, width_, width_, d, stride_, flat + at.W, width_, 0.0f, below, stride_);
}

/// The workers' sums into the flat gradient: each worker a share of every matrix.
void PairMlp::combine(int worker, const float* flat, float* gradient) {
  combine_tables(worker, gradient);
  combine_output(worker, gradient);
  for (std::size_t layer = 1; layer < plan_.layers.size(); ++layer) {
    const MlpLayer& at = plan_.layers[layer];
    const bool is_output = layer + 1 == plan_.layers.size();
    if (!is_output) combine_parts(worker, &Worker::d_W, layer, at.in * at.out, gradient + at.W);
    if (at.b >= 0) combine_parts(worker, &Worker::d_b, layer, at.out, gradient + at.b);
  }
  if (is_one_hot()) return;
  team_.barrier();
  embedding_gradients(worker, flat, gradient);
}

/// Sums the second tokens' rows. A one-hot input's tables are the weights themselves; else the sums stay with
/// the first worker. The first layer's bias is part of every first token's row.
void PairMlp::combine_tables(int worker, float* gradient) {
  const MlpLayer& first = plan_.layers.front();
  const std::int64_t end = share(plan_.tokens, worker + 1);
  for (std::int64_t token = share(plan_.tokens, worker); token < end; ++token) {
    const std::int64_t at = token * stride_;
    float* total = workers_.front().d_table_b + at;
    for (std::size_t other = 1; other < workers_.size(); ++other)
      rows_.add_scaled(1.0f, workers_[other].d_table_b + at, total, width_);
    if (!is_one_hot()) continue;
    std::copy_n(d_table_a_ + at, width_, gradient + first.W + token * width_);
    std::copy_n(total, width_, gradient + first.W + (plan_.tokens + token) * width_);
  }
  if (first.b < 0) return;
  const std::int64_t from = aligned_share(width_, worker), columns = aligned_share(width_, worker + 1) - from;
  std::fill_n(gradient + first.b + from, columns, 0.0f);
  add_rows<float>(rows_, d_table_a_ + from, stride_, plan_.tokens, gradient + first.b + from, columns);
}

/// From the tables' gradients to the first layer's weights and the embedding.
void PairMlp::embedding_gradients(int worker, const float* flat, float* gradient) const {
  const MlpLayer& first = plan_.layers.front();
  const std::int64_t half = first.in / 2, tokens = plan_.tokens;
  const std::int64_t from = share(half, worker), rows = share(half, worker + 1) - from;
  const std::int64_t token = share(tokens, worker), own_tokens = share(tokens, worker + 1) - token;
  for (std::int64_t position = 0; position < 2; ++position) {
    const Buffer& d_table = position == 0 ? d_table_a_ : workers_.front().d_table_b;
    gemm(true, false, rows, width_, tokens, flat + plan_.W_E + from, half, d_table, stride_, 0.0f,
         gradient + first.W + (position * half + from) * width_, width_);
    gemm(false, true, own_tokens, half, width_, d_table + token * stride_, stride_,
         flat + first.W + position * half * width_, width_, position == 0 ? 0.0f : 1.0f,
         gradient + plan_.W_E + token * half, half);
  }
}

/// The output's weights, which the workers hold transposed: rows of neurons from columns of their sums.
void PairMlp::combine_output(int worker, float* gradient) const {
  float* d_W = gradient + plan_.layers.back().W;
  const std::int64_t end = aligned_share(width_, worker + 1);
  for (std::int64_t from = aligned_share(width_, worker); from < end; from += kLanes) {
    const std::int64_t neurons = std::min(kLanes, end - from);
    for (std::int64_t k = 0; k < classes_; ++k) {
      float total[kLanes] = {};
      for (const Worker& each : workers_)
        for (std::int64_t f = 0; f < neurons; ++f) total[f] += each.d_W.back()[k * stride_ + from + f];
      for (std::int64_t f = 0; f < neurons; ++f) d_W[(from + f) * classes_ + k] = total[f];
    }
  }
}

/// `count` floats of one layer's parts, in worker order.
void PairMlp::combine_parts(int worker, std::vector<Buffer> Worker::*parts, std::size_t layer,
                            std::int64_t count, float* gradient) const {
  const std::int64_t from = aligned_share(count, worker), own_count = aligned_share(count, worker + 1) - from;
  std::copy_n((workers_.front().*parts)[layer] + from, own_count, gradient + from);
  for (std::size_t other = 1; other < workers_.size(); ++other)
    rows_.add_scaled(1.0f, (workers_[other].*parts)[layer] + from, gradient + from, own_count);
}

}  // namespace grokscope::fused

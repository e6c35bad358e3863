// The forward half of the fused transformer: sorting, token tables, attention weights, evaluation.
#include "train/kernels/transformer.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"
#include "train/kernels/transformer_worker.h"
#include "train/kernels/transpose.h"

namespace grokscope::fused {

FusedTransformer::Worker::Worker(const TransformerPlan& plan, std::int64_t wide, std::int64_t mlp_padded,
                                 std::int64_t head_width, int number)
    : number(number),
      rows(2 * plan.tokens * plan.width),
      equals(plan.width),
      base(wide),
      exp_equals(plan.heads),
      block(kBlockRows * wide),
      hidden(plan.activation == Activation::relu ? 0 : kBlockRows * mlp_padded),
      d_hidden(plan.activation == Activation::relu ? 0 : kBlockRows * row_stride(plan.mlp)),
      weight_a(kBlockRows * plan.heads),
      weight_b(kBlockRows * plan.heads),
      dot_a(kBlockRows * plan.heads),
      dot_b(kBlockRows * plan.heads),
      d_table_b(plan.tokens * plan.heads * wide),
      d_score_b(plan.tokens * plan.heads),
      d_score_equals(plan.heads),
      d_base(wide),
      d_W_L(plan.classes * row_stride(plan.mlp)),
      d_W_in(plan.width * plan.mlp),
      d_W_U(plan.classes * plan.width),
      d_rows(2 * plan.tokens * plan.width),
      d_equals(plan.width),
      d_head_out(plan.heads * head_width * wide),
      head_out_by_column(wide * head_width),
      d_values(2 * plan.tokens * head_width),
      d_value_equals(head_width),
      vector(plan.width) {}

FusedTransformer::FusedTransformer(const TransformerPlan& plan, const std::int64_t* pairs, int workers)
    : plan_(plan),
      head_width_(plan.width / plan.heads),
      mlp_padded_(padded(plan.mlp)),
      neurons_(row_stride(plan.mlp)),
      class_stride_(row_stride(plan.classes)),
      wide_used_(mlp_padded_ + padded(plan.classes)),
      wide_(row_stride(wide_used_)),
      wide_classes_(columns_of_multiply(plan.classes)),
      team_(workers, use_one_blas_thread),
      pairs_(pairs),
      training_(plan.tokens, kBlockRows, team_.size()),
      evaluation_(plan.tokens, kBlockRows, team_.size()),
      values_(plan.heads * 2 * plan.tokens * head_width_),
      value_equals_(plan.heads * head_width_),
      head_out_(plan.heads * head_width_ * wide_),
      table_(2 * plan.tokens * plan.heads * wide_),
      base_parts_((plan.heads + 1) * wide_),
      score_(2 * plan.tokens * plan.heads),
      score_exp_(2 * plan.tokens * plan.heads),
      score_equals_(plan.heads),
      score_max_(plan.heads),
      query_(plan.heads * head_width_),
      key_direction_(plan.heads * plan.width),
      W_L_(plan.mlp * class_stride_),
      W_L_transposed_(plan.classes * neurons_),
      W_U_transposed_(plan.classes * plan.width),
      d_table_a_(plan.tokens * plan.heads * wide_),
      d_score_a_(plan.tokens * plan.heads) {
  for (int worker = 0; worker < team_.size(); ++worker)
    workers_.emplace_back(plan_, wide_, mlp_padded_, head_width_, worker);
}

FusedTransformer::~FusedTransformer() = default;

/// Everything that depends on a token alone. Heads are shared out among the workers.
void FusedTransformer::build_tables(int worker, const float* flat) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  const std::int64_t tokens = plan_.tokens, width = plan_.width;
  const float *W_E = flat + plan_.W_E, *W_pos = flat + plan_.W_pos;
  for (std::int64_t t = 0; t < tokens; ++t) {
    for (std::int64_t d = 0; d < width; ++d) {
      own.rows[t * width + d] = W_E[t * width + d] + W_pos[d];
      own.rows[(tokens + t) * width + d] = W_E[t * width + d] + W_pos[width + d];
    }
  }
  for (std::int64_t d = 0; d < width; ++d) own.equals[d] = W_E[tokens * width + d] + W_pos[2 * width + d];
  for (std::int64_t h = share(plan_.heads, worker); h < share(plan_.heads, worker + 1); ++h)
    build_head(own, flat, h);

  const std::int64_t from = share(plan_.mlp, worker), rows = share(plan_.mlp, worker + 1) - from;
  gemm(false, false, rows, plan_.classes, width, flat + plan_.W_out + from * width, width, flat + plan_.W_U,
       plan_.classes, 0.0f, W_L_ + from * class_stride_, class_stride_);
  transpose(rows, plan_.classes, W_L_ + from * class_stride_, class_stride_, W_L_transposed_ + from,
            neurons_);
  const std::int64_t W_U_from = share(width, worker), W_U_rows = share(width, worker + 1) - W_U_from;
  transpose(W_U_rows, plan_.classes, flat + plan_.W_U + W_U_from * plan_.classes, plan_.classes,
            W_U_transposed_ + W_U_from, width);
  if (worker == 0) {  // the residual stream of '=' itself, and the biases
    float* base = base_parts_ + plan_.heads * wide_;
    gemm(false, false, 1, plan_.mlp, width, own.equals, width, flat + plan_.W_in, plan_.mlp, 0.0f, base,
         wide_);
    for (std::int64_t m = 0; plan_.b_in >= 0 && m < plan_.mlp; ++m) base[m] += flat[plan_.b_in + m];
    for (std::int64_t d = 0; d < width; ++d) {
      own.vector[d] = own.equals[d] + (plan_.b_out >= 0 ? flat[plan_.b_out + d] : 0.0f);
    }
    gemm(false, false, 1, plan_.classes, width, own.vector, width, flat + plan_.W_U, plan_.classes, 0.0f,
         base + mlp_padded_, wide_);
  }
  team_.barrier();
  std::copy_n(base_parts_ + plan_.heads * wide_, wide_, own.base.data());
  for (std::int64_t h = 0; h < plan_.heads; ++h) {
    rows_.add_scaled(1.0f, base_parts_ + h * wide_, own.base, wide_);
    own.exp_equals[h] = std::exp(score_equals_[h] - score_max_[h]);
  }
}

void FusedTransformer::build_head(Worker& own, const float* flat, std::int64_t h) {
  const std::int64_t tokens = plan_.tokens, width = plan_.width, heads = plan_.heads, dh = head_width_;
  const float *W_Q = flat + plan_.W_Q + h * dh, *W_K = flat + plan_.W_K + h * dh,
              *W_V = flat + plan_.W_V + h * dh;
  // Scores: q_h · (W_K,h^T x) / √dh = x · direction.
  float* query = query_ + h * dh;
  float* direction = key_direction_ + h * width;
  gemm(false, false, 1, dh, width, own.equals, width, W_Q, width, 0.0f, query, dh);
  gemm(false, true, 1, width, dh, query, dh, W_K, width, 0.0f, direction, width);
  const float root = 1.0f / std::sqrt(static_cast<float>(dh));
  for (std::int64_t d = 0; d < width; ++d) direction[d] *= root;
  const auto score_of = [&](const float* row) { return rows_.dot(row, direction, width); };
  float largest = score_equals_[h] = score_of(own.equals);
  for (std::int64_t row = 0; row < 2 * tokens; ++row) {
    const float score = score_[row * heads + h] = score_of(own.rows + row * width);
    largest = std::max(largest, score);
  }
  score_max_[h] = largest;
  for (std::int64_t row = 0; row < 2 * tokens; ++row) {
    score_exp_[row * heads + h] = std::exp(score_[row * heads + h] - largest);
  }
  // Values minus the value of '=', then through W_O,h and both readers of the residual stream.
  float* values = values_ + h * 2 * tokens * dh;
  float* value_equals = value_equals_ + h * dh;
  gemm(false, false, 2 * tokens, dh, width, own.rows, width, W_V, width, 0.0f, values, dh);
  gemm(false, false, 1, dh, width, own.equals, width, W_V, width, 0.0f, value_equals, dh);
  for (std::int64_t row = 0; row < 2 * tokens; ++row) {
    for (std::int64_t d = 0; d < dh; ++d) values[row * dh + d] -= value_equals[d];
  }
  const float* W_O = flat + plan_.W_O + h * dh * width;
  float* out = head_out_ + h * dh * wide_;
  gemm(false, false, dh, plan_.mlp, width, W_O, width, flat + plan_.W_in, plan_.mlp, 0.0f, out, wide_);
  gemm(false, false, dh, plan_.classes, width, W_O, width, flat + plan_.W_U, plan_.classes, 0.0f,
       out + mlp_padded_, wide_);
  gemm(false, false, 2 * tokens, wide_used_, dh, values, dh, out, wide_, 0.0f, table_ + h * wide_,
       heads * wide_);
  gemm(false, false, 1, wide_used_, dh, value_equals, dh, out, wide_, 0.0f, base_parts_ + h * wide_, wide_);
}

/// Softmax over the three positions, per head. The exponentials are table entries; only when scores lie so
/// far apart that a sum underflows is one example computed by itself.
void FusedTransformer::attention_weights(Worker& own, const PairOrder& order, std::int64_t begin,
                                         std::int64_t end) {
  const std::int64_t heads = plan_.heads, tokens = plan_.tokens;
  for (std::int64_t i = begin; i < end; ++i) {
    const std::int64_t at_a = order.a[static_cast<std::size_t>(i)] * heads;
    const std::int64_t at_b = (tokens + order.b[static_cast<std::size_t>(i)]) * heads;
    float* weight_a = own.weight_a + (i - begin) * heads;
    float* weight_b = own.weight_b + (i - begin) * heads;
    for (std::int64_t h = 0; h < heads; ++h) {
      float exp_a = score_exp_[at_a + h], exp_b = score_exp_[at_b + h];
      float exp_equals = own.exp_equals[h];
      float total = exp_a + exp_b + exp_equals;
      if (!(total > 1e-30f)) {
        const float largest = std::max({score_[at_a + h], score_[at_b + h], score_equals_[h]});
        exp_a = std::exp(score_[at_a + h] - largest);
        exp_b = std::exp(score_[at_b + h] - largest);
        exp_equals = std::exp(score_equals_[h] - largest);
        total = exp_a + exp_b + exp_equals;
      }
      const float share = 1.0f / total;
      weight_a[h] = exp_a * share;
      weight_b[h] = exp_b * share;
    }
  }
}

/// The run at `at`; `table` and `gradient` begin with token 0.
MixRun FusedTransformer::mix_run(std::span<const TokenRun> runs, std::size_t at, const float* table,
                                 const float* weights, const float* gradient) const {
  const TokenRun& run = runs[at];
  MixRun mix{run.rows.data(),
             static_cast<std::int64_t>(run.rows.size()),
             plan_.heads,
             wide_,
             table + table_row(run.token),
             weights};
  if (at + 1 == runs.size()) return mix;
  const std::int64_t next = table_row(runs[at + 1].token);
  mix.next_table = table + next;
  if (gradient != nullptr && !runs[at + 1].starts) mix.next_gradient = gradient + next;
  return mix;
}

/// Wide rows of a block, activated, with complete logits in their second part.
void FusedTransformer::forward_block(Worker& own, const PairOrder& order, const PairBlock& block) {
  const std::int64_t count = block.rows();
  attention_weights(own, order, block.begin, block.end);
  const bool in_place = plan_.activation == Activation::relu;
  for (std::size_t at = 0; at < block.by_a.size(); ++at)
    rows_.mix_forward(mix_run(block.by_a, at, table_, own.weight_a, nullptr), own.base, own.block, wide_used_,
                      0);
  for (std::size_t at = 0; at < block.by_b.size(); ++at) {
    rows_.mix_forward(mix_run(block.by_b, at, table_ + table_row(plan_.tokens), own.weight_b, nullptr),
                      nullptr, own.block, wide_used_, in_place ? mlp_padded_ : 0);
  }
  for (std::int64_t i = 0; !in_place && i < count; ++i)
    rows_.activate(plan_.activation, own.block + i * wide_, own.hidden + i * mlp_padded_, mlp_padded_);
  add_neurons_logits(own, in_place ? own.block.data() : own.hidden.data(), in_place ? wide_ : mlp_padded_,
                     count);
}

/// logits += hidden · W_L.
void FusedTransformer::add_neurons_logits(Worker& own, const float* hidden, std::int64_t stride,
                                          std::int64_t count) {
  float* logits = own.block + mlp_padded_;
  gemm(false, false, count, wide_classes_, plan_.mlp, hidden, stride, W_L_, class_stride_, 1.0f, logits,
       wide_);
  for (std::int64_t k = wide_classes_; k < plan_.classes; ++k) {
    for (std::int64_t i = 0; i < count; ++i)
      logits[i * wide_ + k] += rows_.dot(hidden + i * stride, W_L_transposed_ + k * neurons_, plan_.mlp);
  }
}

void FusedTransformer::logits(const float* flat, std::span<const std::int64_t> examples,
                              const LogitSink<float>& sink) {
  evaluation_.arrange(examples, pairs_);
  team_.run([&](int worker) {
    build_tables(worker, flat);
    const auto slot = static_cast<std::size_t>(worker);
    Worker& own = workers_[slot];
    for (const PairBlock& block : evaluation_.blocks(slot)) {
      forward_block(own, evaluation_, block);
      for (std::int64_t i = block.begin; i < block.end; ++i) {
        sink(static_cast<std::size_t>(evaluation_.place[static_cast<std::size_t>(i)]),
             own.block + (i - block.begin) * wide_ + mlp_padded_);
      }
    }
  });
}

}  // namespace grokscope::fused

// The backward half of the fused transformer: rows into table gradients, table gradients into parameters.
#include <algorithm>
#include <cmath>

#include "train/kernels/gemm.h"
#include "train/kernels/simd.h"
#include "train/kernels/transformer.h"
#include "train/kernels/transformer_worker.h"
#include "train/kernels/transpose.h"

namespace grokscope::fused {

double FusedTransformer::gradient(const float* flat, std::span<const std::int64_t> examples,
                                  const std::int64_t* targets, float* gradient,
                                  const LogitView<float>& seen) {
  training_.arrange(examples, pairs_);
  const float scale = 1.0f / static_cast<float>(examples.size());
  team_.run([&](int worker) {
    build_tables(worker, flat);
    train_range(worker, targets, scale, seen);
    team_.barrier();
    table_gradients(worker, flat, gradient);
    team_.barrier();
    combine(worker, gradient);
  });
  double loss = 0.0;
  for (const Worker& worker : workers_) loss += worker.loss;
  return loss / static_cast<double>(examples.size());
}

void FusedTransformer::train_range(int worker, const std::int64_t* targets, float scale,
                                   const LogitView<float>& seen) {
  const auto slot = static_cast<std::size_t>(worker);
  Worker& own = workers_[slot];
  own.loss = 0.0;
  for (Buffer* sum : {&own.d_score_b, &own.d_score_equals, &own.d_base}) sum->zero();
  const std::int64_t first = training_.token_begin[slot], tokens = training_.token_begin[slot + 1] - first;
  std::fill_n(d_score_a_ + first * plan_.heads, tokens * plan_.heads, 0.0f);
  // Of the other sums the first run of a token, the first block begins anew.
  for (const std::int32_t a : training_.absent_a(slot))
    std::fill_n(d_table_a_ + table_row(a), table_row(1), 0.0f);
  for (const std::int32_t b : training_.absent_b(slot))
    std::fill_n(own.d_table_b + table_row(b), table_row(1), 0.0f);
  if (training_.blocks(slot).empty()) own.d_W_L.zero();
  for (const PairBlock& block : training_.blocks(slot)) {
    forward_block(own, training_, block);
    if (seen) show_logits(own, block, seen);
    backward_block(own, targets, block, scale);
  }
}

void FusedTransformer::show_logits(const Worker& own, const PairBlock& block,
                                   const LogitView<float>& seen) const {
  for (std::int64_t i = block.begin; i < block.end; ++i) {
    seen(static_cast<std::size_t>(training_.place[static_cast<std::size_t>(i)]),
         own.block + (i - block.begin) * wide_ + mlp_padded_);
  }
}

void FusedTransformer::backward_block(Worker& own, const std::int64_t* targets, const PairBlock& block,
                                      float scale) {
  const std::int64_t count = block.rows();
  float* d_logits = own.block + mlp_padded_;
  for (std::int64_t i = 0; i < count; ++i) {
    float* row = d_logits + i * wide_;
    const std::int64_t target = targets[training_.example[static_cast<std::size_t>(block.begin + i)]];
    own.loss += plan_.mean_squared_error ? rows_.squared_error(row, plan_.classes, target, scale, row).loss
                                         : rows_.cross_entropy(row, plan_.classes, target, scale, row).loss;
  }
  const bool in_place = plan_.activation == Activation::relu;
  const float* hidden = in_place ? own.block.data() : own.hidden.data();
  const bool is_first = &block == training_.blocks(static_cast<std::size_t>(own.number)).data();
  gemm(true, false, plan_.classes, plan_.mlp, count, d_logits, wide_, hidden, in_place ? wide_ : mlp_padded_,
       is_first ? 0.0f : 1.0f, own.d_W_L, neurons_);
  hidden_gradients(own, count);
  mix_backward(own, block);
  attention_backward(own, block);
}

/// The gradients of the neurons' inputs, in the place of the rows: (d_logits · W_L^T) ⊙ activation'.
void FusedTransformer::hidden_gradients(Worker& own, std::int64_t count) {
  const float* d_logits = own.block + mlp_padded_;
  if (plan_.activation == Activation::relu) {
    const Product product{count,           mlp_padded_, plan_.classes, d_logits, wide_,
                          W_L_transposed_, neurons_,    own.block,     wide_};
    counted_multiply(count, plan_.mlp, plan_.classes, [&] { rows_.multiply_through_relu(product); });
    return;
  }
  gemm(false, false, count, plan_.mlp, plan_.classes, d_logits, wide_, W_L_transposed_, neurons_, 0.0f,
       own.d_hidden, neurons_);
  for (std::int64_t i = 0; i < count; ++i) {
    float* row = own.block + i * wide_;
    rows_.activate_backward(plan_.activation, row, own.d_hidden + i * neurons_, row, mlp_padded_);
  }
}

/// The rows' gradients into the tables', and what an attention weight changes.
void FusedTransformer::mix_backward(Worker& own, const PairBlock& block) {
  for (std::size_t at = 0; at < block.by_a.size(); ++at) {
    const TokenRun& run = block.by_a[at];
    rows_.mix_backward(mix_run(block.by_a, at, table_, own.weight_a, d_table_a_), own.block, wide_used_,
                       run.starts, d_table_a_ + table_row(run.token), own.d_base, own.dot_a);
  }
  for (std::size_t at = 0; at < block.by_b.size(); ++at) {
    const TokenRun& run = block.by_b[at];
    const float* table = table_ + table_row(plan_.tokens);
    rows_.mix_backward(mix_run(block.by_b, at, table, own.weight_b, own.d_table_b), own.block, wide_used_,
                       run.starts, own.d_table_b + table_row(run.token), nullptr, own.dot_b);
  }
}

/// Through the softmax; '=' is the tables' zero.
void FusedTransformer::attention_backward(Worker& own, const PairBlock& block) {
  const std::int64_t heads = plan_.heads;
  for (std::int64_t i = 0, at = 0; i < block.rows(); ++i) {
    const auto place = static_cast<std::size_t>(block.begin + i);
    float* d_score_a = d_score_a_ + training_.a[place] * heads;
    float* d_score_b = own.d_score_b + training_.b[place] * heads;
    for (std::int64_t h = 0; h < heads; ++h, ++at) {
      const float mean = own.weight_a[at] * own.dot_a[at] + own.weight_b[at] * own.dot_b[at];
      const float d_a = own.weight_a[at] * (own.dot_a[at] - mean);
      const float d_b = own.weight_b[at] * (own.dot_b[at] - mean);
      d_score_a[h] += d_a;
      d_score_b[h] += d_b;
      own.d_score_equals[h] -= d_a + d_b;
    }
  }
}

void FusedTransformer::table_gradients(int worker, const float* flat, float* gradient) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  for (Buffer* sum : {&own.d_rows, &own.d_equals}) sum->zero();
  // Sums over workers in a fixed order, redundantly: a row of `wide` floats.
  std::fill_n(own.base.data(), wide_, 0.0f);
  for (const Worker& other : workers_) {
    rows_.add_scaled(1.0f, other.d_base, own.base, wide_);
  }
  const std::int64_t first = share(plan_.heads, worker), last = share(plan_.heads, worker + 1);
  for (std::int64_t h = first; h < last; ++h) {
    head_gradients(worker, flat, gradient, h);
    score_gradients(worker, flat, gradient, h);
  }
  // W_O, and its part of W_in and W_U, for all own heads at once.
  const std::int64_t width = plan_.width, rows = (last - first) * head_width_;
  const float* W_O = flat + plan_.W_O + first * head_width_ * width;
  const float* d_out = own.d_head_out + first * head_width_ * wide_;
  float* d_W_O = gradient + plan_.W_O + first * head_width_ * width;
  gemm(false, true, rows, width, plan_.mlp, d_out, wide_, flat + plan_.W_in, plan_.mlp, 0.0f, d_W_O, width);
  gemm(false, false, rows, width, plan_.classes, d_out + mlp_padded_, wide_, W_U_transposed_, width, 1.0f,
       d_W_O, width);
  if (rows > 0) {
    gemm(true, false, width, plan_.mlp, rows, W_O, width, d_out, wide_, 0.0f, own.d_W_in, plan_.mlp);
    gemm(true, false, plan_.classes, width, rows, d_out + mlp_padded_, wide_, W_O, width, 0.0f, own.d_W_U,
         width);
  } else {
    own.d_W_in.zero();
    own.d_W_U.zero();
  }
  output_gradients(worker, flat, gradient);
  if (worker == 0) residual_gradients(own, flat, gradient);
}

/// Values, W_V and W_O·readers of one head, from the table gradients.
void FusedTransformer::head_gradients(int worker, const float* flat, float* gradient, std::int64_t h) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  const std::int64_t tokens = plan_.tokens, width = plan_.width, dh = head_width_,
                     stride = plan_.heads * wide_;
  float* d_table_b = workers_[0].d_table_b;
  for (std::int64_t t = 0; t < tokens; ++t) {
    float* total = d_table_b + t * stride + h * wide_;
    for (std::size_t other = 1; other < workers_.size(); ++other) {
      const float* part = workers_[other].d_table_b + t * stride + h * wide_;
      rows_.add_scaled(1.0f, part, total, wide_used_);
    }
  }
  const float* d_tables[2] = {d_table_a_ + h * wide_, d_table_b + h * wide_};
  const float* values = values_ + h * 2 * tokens * dh;
  const float* value_equals = value_equals_ + h * dh;
  const float* out = head_out_ + h * dh * wide_;
  float* d_out = own.d_head_out + h * dh * wide_;
  for (std::int64_t d = 0; d < dh; ++d) {
    for (std::int64_t f = 0; f < wide_used_; ++f) d_out[d * wide_ + f] = value_equals[d] * own.base[f];
  }
  transpose(dh, wide_used_, out, wide_, own.head_out_by_column, dh);
  for (std::int64_t position = 0; position < 2; ++position) {
    gemm(true, false, dh, wide_used_, tokens, values + position * tokens * dh, dh, d_tables[position], stride,
         1.0f, d_out, wide_);
    gemm(false, false, tokens, dh, wide_used_, d_tables[position], stride, own.head_out_by_column, dh, 0.0f,
         own.d_values + position * tokens * dh, dh);
  }
  gemm(false, false, 1, dh, wide_used_, own.base, wide_, own.head_out_by_column, dh, 0.0f, own.d_value_equals,
       dh);
  for (std::int64_t row = 0; row < 2 * tokens; ++row) {
    for (std::int64_t d = 0; d < dh; ++d) own.d_value_equals[d] -= own.d_values[row * dh + d];
  }
  const float* W_V = flat + plan_.W_V + h * dh;
  float* d_W_V = gradient + plan_.W_V + h * dh;
  gemm(true, false, width, dh, 2 * tokens, own.rows, width, own.d_values, dh, 0.0f, d_W_V, width);
  for (std::int64_t w = 0; w < width; ++w) {
    float total = 0.0f;
    for (std::int64_t d = 0; d < dh; ++d) {
      d_W_V[w * width + d] += own.equals[w] * own.d_value_equals[d];
      total += W_V[w * width + d] * own.d_value_equals[d];
    }
    own.d_equals[w] += total;
  }
  gemm(false, true, 2 * tokens, width, dh, own.d_values, dh, W_V, width, 1.0f, own.d_rows, width);
}

/// W_Q and W_K of one head, from the score gradients.
void FusedTransformer::score_gradients(int worker, const float* flat, float* gradient, std::int64_t h) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  const std::int64_t tokens = plan_.tokens, width = plan_.width, heads = plan_.heads, dh = head_width_;
  const float* direction = key_direction_ + h * width;
  float* d_direction = own.vector;
  float d_equals = 0.0f;
  for (const Worker& other : workers_) d_equals += other.d_score_equals[h];
  for (std::int64_t w = 0; w < width; ++w) {
    d_direction[w] = d_equals * own.equals[w];
    own.d_equals[w] += d_equals * direction[w];
  }
  for (std::int64_t row = 0; row < 2 * tokens; ++row) {
    float d_score = 0.0f;
    if (row < tokens) {
      d_score = d_score_a_[row * heads + h];
    } else {
      for (const Worker& other : workers_) d_score += other.d_score_b[(row - tokens) * heads + h];
    }
    rows_.add_scaled(d_score, own.rows + row * width, d_direction, width);
    rows_.add_scaled(d_score, direction, own.d_rows + row * width, width);
  }
  const float root = 1.0f / std::sqrt(static_cast<float>(dh));
  const float *query = query_ + h * dh, *W_Q = flat + plan_.W_Q + h * dh, *W_K = flat + plan_.W_K + h * dh;
  float *d_W_Q = gradient + plan_.W_Q + h * dh, *d_W_K = gradient + plan_.W_K + h * dh;
  float* d_query = own.d_value_equals;  // its own use is over for this head
  std::fill_n(d_query, dh, 0.0f);
  for (std::int64_t w = 0; w < width; ++w) {
    for (std::int64_t d = 0; d < dh; ++d) {
      d_W_K[w * width + d] = root * d_direction[w] * query[d];
      d_query[d] += root * d_direction[w] * W_K[w * width + d];
    }
  }
  for (std::int64_t w = 0; w < width; ++w) {
    float total = 0.0f;
    for (std::int64_t d = 0; d < dh; ++d) {
      d_W_Q[w * width + d] = own.equals[w] * d_query[d];
      total += W_Q[w * width + d] * d_query[d];
    }
    own.d_equals[w] += total;
  }
}

/// W_out, and W_L's part of W_U, on this worker's share of the neurons.
void FusedTransformer::output_gradients(int worker, const float* flat, float* gradient) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  const std::int64_t from = share(plan_.mlp, worker), rows = share(plan_.mlp, worker + 1) - from;
  const std::int64_t width = plan_.width;
  float* total = workers_[0].d_W_L + from;
  for (std::int64_t k = 0; k < plan_.classes; ++k) {
    for (std::size_t other = 1; other < workers_.size(); ++other) {
      const float* part = workers_[other].d_W_L + from;
      rows_.add_scaled(1.0f, part + k * neurons_, total + k * neurons_, rows);
    }
  }
  gemm(true, false, rows, width, plan_.classes, total, neurons_, W_U_transposed_, width, 0.0f,
       gradient + plan_.W_out + from * width, width);
  if (rows > 0) {
    gemm(false, false, plan_.classes, width, rows, total, neurons_, flat + plan_.W_out + from * width, width,
         1.0f, own.d_W_U, width);
  }
}

/// The residual stream of '=' and the biases: `own.base` holds the summed gradient of the base row here.
void FusedTransformer::residual_gradients(Worker& own, const float* flat, float* gradient) {
  const std::int64_t width = plan_.width, mlp = plan_.mlp, classes = plan_.classes;
  const float *d_pre = own.base.data(), *d_logits = own.base + mlp_padded_;
  const float *W_in = flat + plan_.W_in, *W_U = flat + plan_.W_U;
  for (std::int64_t w = 0; w < width; ++w) {
    const float out_bias = plan_.b_out >= 0 ? flat[plan_.b_out + w] : 0.0f;
    const float into_mlp = rows_.dot(W_in + w * mlp, d_pre, mlp);
    const float into_logits = rows_.dot(W_U + w * classes, d_logits, classes);
    rows_.add_scaled(own.equals[w], d_pre, own.d_W_in + w * mlp, mlp);
    own.vector[w] = own.equals[w] + out_bias;
    own.d_equals[w] += into_mlp + into_logits;
    if (plan_.b_out >= 0) gradient[plan_.b_out + w] = into_logits;
  }
  for (std::int64_t k = 0; k < classes; ++k)
    rows_.add_scaled(d_logits[k], own.vector, own.d_W_U + k * width, width);
  if (plan_.b_in >= 0) std::copy_n(d_pre, mlp, gradient + plan_.b_in);
}

/// Adds the workers' private parts, in worker order, into the flat gradient; each worker takes a share of the
/// elements.
void FusedTransformer::combine(int worker, float* gradient) {
  const auto add = [&](Buffer Worker::*part, float* to, std::int64_t from, std::int64_t end) {
    for (std::int64_t i = from; i < end; ++i) to[i] = (workers_[0].*part)[i];
    for (std::size_t other = 1; other < workers_.size(); ++other) {
      const float* values = workers_[other].*part;
      rows_.add_scaled(1.0f, values + from, to + from, end - from);
    }
  };
  const auto shared_add = [&](Buffer Worker::*part, float* to, std::int64_t count) {
    add(part, to, share(count, worker), share(count, worker + 1));
  };
  const std::int64_t tokens = plan_.tokens, width = plan_.width, classes = plan_.classes;
  shared_add(&Worker::d_W_in, gradient + plan_.W_in, width * plan_.mlp);
  float* d_W_U = workers_[0].d_W_U;
  const std::int64_t from = share(classes, worker), rows = share(classes, worker + 1) - from;
  for (std::size_t other = 1; other < workers_.size(); ++other)
    rows_.add_scaled(1.0f, workers_[other].d_W_U + from * width, d_W_U + from * width, rows * width);
  transpose(rows, width, d_W_U + from * width, width, gradient + plan_.W_U + from, classes);
  if (worker != team_.size() - 1) return;
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  // Rows of both positions into own.rows, which is rebuilt at the next step anyway.
  add(&Worker::d_rows, own.rows, 0, 2 * tokens * width);
  float *d_W_E = gradient + plan_.W_E, *d_W_pos = gradient + plan_.W_pos;
  std::fill_n(d_W_pos, 2 * width, 0.0f);
  for (std::int64_t t = 0; t < tokens; ++t) {
    for (std::int64_t w = 0; w < width; ++w) {
      const float first = own.rows[t * width + w], second = own.rows[(tokens + t) * width + w];
      d_W_E[t * width + w] = first + second;
      d_W_pos[w] += first;
      d_W_pos[width + w] += second;
    }
  }
  add(&Worker::d_equals, d_W_pos + 2 * width, 0, width);
  std::copy_n(d_W_pos + 2 * width, width, d_W_E + tokens * width);
}

}  // namespace grokscope::fused

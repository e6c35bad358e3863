// FusedTransformer: forward, backward and evaluation of the one-layer transformer without LayerNorm (Nanda et
// al. 2023; tokens a b =), by hand, on the CPU. Exact: the same sums as the plain model in another order
//. Torch-free: raw floats, offsets into the flat vector. Trainer thread plus its team.
//
// The query is the same for every example, so scores are one number per (position, head, token). A value row
// can be pushed through W_O, W_in and (on the residual's way) W_U while it is still a table row of its token:
// `wide row` = [pre-activations | logits of the residual path]. One example is then a softmax-weighted sum of
// 2·heads wide rows, an activation, and one multiply with W_L = W_out·W_U. Since the three attention weights
// sum to one, the '=' row moves into a constant base:
//   wide = base + Σ_h weight_a[h]·(row_a[h] − row_=[h]) + weight_b[h]·(row_b[h] − row_=[h]).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/buffer.h"
#include "train/kernels/core.h"
#include "train/kernels/pair_order.h"
#include "train/kernels/rows.h"

namespace grokscope::fused {

struct TransformerPlan {
  std::int64_t tokens = 0, width = 0, heads = 0, mlp = 0, classes = 0;
  Activation activation = Activation::relu;
  bool mean_squared_error = false;
  // Offsets into the flat vector; −1: the model has none. W_E (tokens + 1, width), W_pos (3, width), W_Q W_K
  // W_V (width, heads·head_width), W_O (heads·head_width, width), W_in (width, mlp), W_out (mlp, width), W_U
  // (width, classes).
  std::int64_t W_E = -1, W_pos = -1, W_Q = -1, W_K = -1, W_V = -1, W_O = -1, W_in = -1, b_in = -1, W_out = -1,
               b_out = -1, W_U = -1;
};

class FusedTransformer final : public Core<float> {
 public:
  /// `pairs`: (example, 2), of the whole dataset; it must live as long as this.
  FusedTransformer(const TransformerPlan& plan, const std::int64_t* pairs, int workers);
  ~FusedTransformer() override;

  double gradient(const float* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  float* gradient, const LogitView<float>& seen) override;
  void logits(const float* flat, std::span<const std::int64_t> examples,
              const LogitSink<float>& sink) override;
  Team& team() override { return team_; }

 private:
  struct Worker;
  void build_tables(int worker, const float* flat);
  void build_head(Worker& own, const float* flat, std::int64_t head);
  void attention_weights(Worker& own, const PairOrder& order, std::int64_t begin, std::int64_t end);
  void forward_block(Worker& own, const PairOrder& order, const PairBlock& block);
  void add_neurons_logits(Worker& own, const float* hidden, std::int64_t stride, std::int64_t count);
  void train_range(int worker, const std::int64_t* targets, float scale, const LogitView<float>& seen);
  void show_logits(const Worker& own, const PairBlock& block, const LogitView<float>& seen) const;
  void backward_block(Worker& own, const std::int64_t* targets, const PairBlock& block, float scale);
  void hidden_gradients(Worker& own, std::int64_t count);
  void mix_backward(Worker& own, const PairBlock& block);
  void attention_backward(Worker& own, const PairBlock& block);
  void table_gradients(int worker, const float* flat, float* gradient);
  void head_gradients(int worker, const float* flat, float* gradient, std::int64_t head);
  void score_gradients(int worker, const float* flat, float* gradient, std::int64_t head);
  void output_gradients(int worker, const float* flat, float* gradient);
  void residual_gradients(Worker& own, const float* flat, float* gradient);
  void combine(int worker, float* gradient);
  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }
  std::int64_t table_row(std::int64_t row) const { return row * plan_.heads * wide_; }
  MixRun mix_run(std::span<const TokenRun> runs, std::size_t at, const float* table, const float* weights,
                 const float* gradient) const;

  const TransformerPlan plan_;
  // wide_used_: padded mlp + padded classes; wide_: from one such row to the next.
  // neurons_, class_stride_: from one row of mlp_padded_, of padded classes to the next.
  const std::int64_t head_width_, mlp_padded_, neurons_, class_stride_, wide_used_, wide_;
  const std::int64_t
      wide_classes_;  // what the multiply with W_L computes of the logits; dot products the rest
  const RowKernels rows_ = row_kernels();
  Team team_;
  const std::int64_t* pairs_;
  PairOrder training_, evaluation_;
  // Shared tables; each part is written by one worker between two barriers.
  Buffer values_;                 // (head, position·token, head_width): v − v_=
  Buffer value_equals_;           // (head, head_width)
  Buffer head_out_;               // (head·head_width, wide): W_O,h · [W_in | W_U]
  Buffer table_;                  // (position, token, head, wide)
  Buffer base_parts_;             // (head + 1, wide)
  Buffer score_;                  // (position, token, head)
  Buffer score_exp_;              // exp(score − score_max of the head)
  Buffer score_equals_;           // (head)
  Buffer score_max_;              // (head)
  Buffer query_, key_direction_;  // (head, head_width), (head, width): W_K,h q_h / √head_width
  Buffer W_L_;                    // (mlp, class_stride_)
  Buffer W_L_transposed_;         // (classes, neurons_)
  Buffer W_U_transposed_;         // (classes, width)
  Buffer d_table_a_;  // (token, head, wide): ranges are cut between tokens, so workers never share a row
  Buffer d_score_a_;  // (token, head)
  std::vector<Worker> workers_;
};

}  // namespace grokscope::fused

// PairMlp: forward, backward and evaluation of multilayer perceptrons on pairs of tokens (embedded or
// one-hot; Gromov's quadratic network is one of these) by hand, on the CPU: any depth. Not on images: that is
// FusedMlp. Torch-free: raw floats, offsets into the flat vector. Trainer thread plus its team.
//
// The first layer is two tables, a row a token, and an add. Each worker takes its blocks of pairs (PairOrder)
// through forward, loss and backward while they lie in its L2, and sums weight gradients of its own; the
// workers' sums are added at the end in a fixed order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/buffer.h"
#include "train/kernels/core.h"
#include "train/kernels/mlp_plan.h"
#include "train/kernels/pair_order.h"
#include "train/kernels/rows.h"

namespace grokscope::fused {

class PairMlp final : public Core<float> {
 public:
  /// `pairs`: (example, 2), of the whole dataset; it must live as long as this.
  PairMlp(const MlpPlan<float>& plan, const std::int64_t* pairs, int workers);

  double gradient(const float* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  float* gradient, const LogitView<float>& seen) override;
  void logits(const float* flat, std::span<const std::int64_t> examples,
              const LogitSink<float>& sink) override;
  Team& team() override { return team_; }

 private:
  struct Worker {
    // One a hidden layer, (block, stride): before the activation, later its gradient (the first layer has
    // none: a sum of two tables' rows); and after it, later the gradient there.
    std::vector<Buffer> u, x;
    Buffer logits;                 // (block, logit_stride); later their gradients
    Buffer d_table_b;              // (token, stride)
    std::vector<Buffer> d_W, d_b;  // by layer, none for the first: (in, out); of the output (out, stride)
    double loss = 0.0;
  };

  // forward
  void build_tables(int worker, const float* flat);
  void copy_output_weights(int worker, const float* flat);
  PairRows rows_of(const PairOrder& order, const PairBlock& block) const;
  void output_layer(Worker& own, const float* flat, std::int64_t count);
  void forward(Worker& own, const float* flat, const PairOrder& order, const PairBlock& block);
  // backward
  void begin_sums(std::size_t worker);
  void train_block(Worker& own, const float* flat, const std::int64_t* targets, const PairBlock& block,
                   float scale, bool is_first, const LogitView<float>& seen);
  void output_backward(Worker& own, std::int64_t count, bool is_first);
  void hidden_backward(Worker& own, const float* flat, std::size_t layer, std::int64_t count, bool is_first);
  // the workers' sums into the flat gradient
  void combine(int worker, const float* flat, float* gradient);
  void combine_tables(int worker, float* gradient);
  void embedding_gradients(int worker, const float* flat, float* gradient) const;
  void combine_output(int worker, float* gradient) const;
  void combine_parts(int worker, std::vector<Buffer> Worker::*parts, std::size_t layer, std::int64_t count,
                     float* gradient) const;

  bool is_one_hot() const { return plan_.W_E < 0; }
  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }
  /// A share that begins at a whole vector.
  std::int64_t aligned_share(std::int64_t count, int worker) const;

  const MlpPlan<float> plan_;
  const std::int64_t width_, width_padded_, stride_, classes_, wide_classes_, logit_stride_, block_rows_;
  const RowKernels rows_ = row_kernels();
  Team team_;
  const std::int64_t* pairs_;
  PairOrder training_, evaluation_;
  // Shared; each part is written by one worker between two barriers.
  Buffer tables_;        // (position, token, stride)
  Buffer W_out_;         // (width, logit_stride): times output_scale
  Buffer W_out_by_row_;  // (classes, stride): transposed, as it is
  Buffer d_table_a_;     // (token, stride): ranges are cut between tokens, so workers never share a row
  std::vector<Worker> workers_;
};

}  // namespace grokscope::fused

// FusedMlp: forward, backward and evaluation of multilayer perceptrons on rows of numbers (images, features)
// by hand, on the CPU: any depth, float or double. Not on pairs of tokens: that is PairMlp. Torch-free: raw
// numbers, offsets into the flat vector. Trainer thread plus its team.
//
// A batch is taken in chunks. Within a chunk each worker first brings its own rows forward and back; after a
// barrier each worker computes its own part of every weight gradient over all rows, so nothing has to be
// summed up between workers: for the small batches that images come in that beats sums of their own.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/buffer.h"
#include "train/kernels/core.h"
#include "train/kernels/mlp_plan.h"
#include "train/kernels/rows.h"

namespace grokscope::fused {

template <typename Scalar>
class FusedMlp final : public Core<Scalar> {
 public:
  /// `images`: (example, pixel), of the whole dataset; it must live as long as this.
  FusedMlp(const MlpPlan<Scalar>& plan, const Scalar* images, int workers);

  double gradient(const Scalar* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  Scalar* gradient, const LogitView<Scalar>& seen) override;
  void logits(const Scalar* flat, std::span<const std::int64_t> examples,
              const LogitSink<Scalar>& sink) override;
  Team& team() override { return team_; }

 private:
  struct Worker {
    BufferOf<Scalar> scratch;  // (block, stride)
    double loss = 0.0;
  };
  struct Rows {  // a part of the chunk's buffers and the examples in it
    std::int64_t begin = 0, end = 0;
    const std::int64_t* examples = nullptr;  // of row `begin`
    std::int64_t place = 0;                  // of row `begin` in the caller's list
    std::int64_t count() const { return end - begin; }
  };

  // forward
  void first_layer(const Scalar* flat, const Rows& rows);
  void forward(const Scalar* flat, const Rows& rows);
  // backward
  void train_rows(Worker& own, const Scalar* flat, const Rows& rows, const std::int64_t* targets,
                  Scalar scale, const LogitView<Scalar>& seen);
  void pull_back(Worker& own, const Scalar* flat, std::size_t layer, const Rows& rows);
  void weight_gradients(int worker, const Rows& chunk, bool first, Scalar* gradient);
  void bias_gradient(int worker, const MlpLayer& layer, const Scalar* d, std::int64_t stride,
                     const Rows& chunk, bool first, Scalar* gradient) const;

  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }
  std::int64_t aligned_share(std::int64_t count, int worker) const;

  const MlpPlan<Scalar> plan_;
  const std::int64_t width_, stride_, classes_, logit_stride_, pixels_, input_stride_, chunk_rows_;
  const CommonKernels<Scalar> rows_ = common_row_kernels<Scalar>();
  const Scalar* images_;
  BufferOf<Scalar> input_;  // (chunk, input_stride)
  std::vector<BufferOf<Scalar>> u_,
      x_;                    // one a hidden layer, (chunk, stride): before (later: its gradient), after
  BufferOf<Scalar> logits_;  // (chunk, logit_stride); later their gradients
  std::vector<Worker> workers_;
  Team team_;  // last: its threads end before what they use
};

}  // namespace grokscope::fused

// FusedMlp: forward, backward and evaluation of multilayer perceptrons by hand, on the CPU: any depth, on
// pairs of tokens (embedded or one-hot; Gromov's quadratic network is one of these) or on images. Torch-free:
// raw floats, offsets into the flat vector. Trainer thread plus its team.
//
// On pairs the first layer is two tables, a row a token, and an add. A batch is taken in chunks. Within a
// chunk each worker first brings its own rows forward and back; after a barrier each worker computes its own
// part of every weight gradient over all rows, so nothing has to be summed up between workers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/fused/buffer.h"
#include "train/fused/core.h"
#include "train/fused/rows.h"

namespace grokscope::fused {

enum class MlpInput { one_hot, embedding, images };  // images: any row of floats, features too

/// Offsets into the flat vector: W (in, out), b (out) or −1.
struct MlpLayer {
  std::int64_t W = -1, b = -1, in = 0, out = 0;
};

struct MlpPlan {
  MlpInput input = MlpInput::one_hot;
  std::int64_t tokens = 0, W_E = -1;  // pairs; W_E (tokens, half of what the first layer reads)
  std::vector<MlpLayer> layers;       // hidden layers of one width, then the output
  Activation activation = Activation::relu;
  bool mean_squared_error = false;
  const float* target_vectors = nullptr;  // (vector, output): targets are its rows; nullptr: classes
  float output_scale = 1.0f;
};

class FusedMlp final : public Core {
 public:
  /// `pairs` (example, 2) or `images` (example, pixel), of the whole dataset; they must live as long as this.
  FusedMlp(const MlpPlan& plan, const std::int64_t* pairs, const float* images, int workers);

  double gradient(const float* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  float* gradient) override;
  void logits(const float* flat, std::span<const std::int64_t> examples, const LogitSink& sink) override;
  Team& team() override { return team_; }

 private:
  struct Worker {
    Buffer scratch;  // (block, stride)
    double loss = 0.0;
  };
  struct Rows {  // a part of the chunk's buffers and the examples in it
    std::int64_t begin = 0, end = 0;
    const std::int64_t* examples = nullptr;  // of row `begin`
    std::int64_t count() const { return end - begin; }
  };

  // forward
  void build_tables(int worker, const float* flat);
  void first_layer(const float* flat, const Rows& rows);
  void forward(const float* flat, const Rows& rows);
  void affine(const float* flat, const MlpLayer& layer, const float* x, std::int64_t x_stride, float* out,
              std::int64_t out_stride, std::int64_t count) const;
  // backward
  double loss_of(float* row, std::int64_t target, float scale) const;
  void train_rows(Worker& own, const float* flat, const Rows& rows, const std::int64_t* targets, float scale);
  void pull_back(Worker& own, const float* flat, std::size_t layer, const Rows& rows);
  void weight_gradients(int worker, const Rows& chunk, bool first, float* gradient);
  void bias_gradient(int worker, const MlpLayer& layer, const float* d, std::int64_t stride,
                     const Rows& chunk, bool first, float* gradient) const;
  void gather_tables(int worker, const Rows& chunk, bool first);
  void table_gradients(int worker, const float* flat, float* gradient) const;

  bool on_pairs() const { return plan_.input != MlpInput::images; }
  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }
  std::int64_t aligned_share(std::int64_t count, int worker) const;

  const MlpPlan plan_;
  const std::int64_t width_, stride_, classes_, logit_stride_, pixels_, input_stride_, chunk_rows_;
  const RowKernels rows_ = row_kernels();
  const std::int64_t* pairs_;
  const float* images_;
  Buffer input_;               // (chunk, input_stride): images
  std::vector<Buffer> u_, x_;  // one a hidden layer, (chunk, stride): before (later: its gradient), after
  Buffer logits_;              // (chunk, logit_stride); later their gradients
  Buffer tables_, d_tables_;   // (position, token, stride): pairs
  std::vector<Worker> workers_;
  Team team_;  // last: its threads end before what they use
};

}  // namespace grokscope::fused

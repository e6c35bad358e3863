// ConvNet: forward, backward and evaluation of convolutional networks with batch normalisation on sequences
// of numbers by hand, on the CPU, in float32: blocks of convolution (three taps, zeros at the ends),
// normalisation, relu and maximum, then one linear layer. Torch-free: raw numbers, offsets into the flat
// vector. Stepping thread plus its team.
//
// Normalisation makes the examples of a batch look at one another, so every layer ends in a barrier. A batch
// is cut into eight parts whatever the number of workers, every sum over the batch is taken part by part in
// their order, and an example's own rows are multiplied without those of others: numbers do not depend on the
// workers.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/buffer.h"
#include "train/kernels/core.h"
#include "train/kernels/mlp_plan.h"
#include "train/kernels/rows.h"

namespace grokscope::fused {

/// Offsets into the flat vector: W (out, in, tap), gain and shift (out); into the buffers: mean and variance
/// (out).
struct ConvLayer {
  std::int64_t W = -1, gain = -1, shift = -1, mean = -1, variance = -1, in = 0, out = 0;
  std::int64_t positions = 0;  ///< of its input and of what it gives before the maximum
  std::int64_t window = 1;     ///< of the maximum
};

struct ConvPlan {
  std::vector<ConvLayer> layers;  ///< the last one's window is its whole sequence
  MlpLayer output;
  std::int64_t length = 0;   ///< numbers of an example: one channel
  std::int64_t buffers = 0;  ///< numbers kept beside the weights
  double momentum = 0.1, epsilon = 1e-5;
  bool mean_squared_error = false;
};

class ConvNet final : public Core<float> {
 public:
  /// `rows`: (example, length), of the whole dataset; it must live as long as this.
  ConvNet(ConvPlan plan, const float* rows, int workers);

  double gradient(const float* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  float* gradient, const LogitView<float>& seen) override;
  void logits(const float* flat, std::span<const std::int64_t> examples,
              const LogitSink<float>& sink) override;
  std::int64_t buffer_count() const override { return plan_.buffers; }
  void attach_buffers(float* buffers) override;
  void keep_statistics() override;
  Team& team() override { return team_; }

 private:
  static constexpr int kParts = 8, kTaps = 3;
  static constexpr std::int64_t kTogether = 4;  // examples whose rows stay in L1

  /// What normalises a layer's channels, (channel).
  struct Norm {
    Buffer scale, shift, mean, inverse_std, factor, d_mean, d_variance;
  };
  /// What a part of a batch adds to a sum over it, (channel).
  struct PartSums {
    Buffer mean, squares, d_shift, d_scale;
  };
  struct Layer {
    ConvLayer plan;
    std::int64_t in_width = 0, width = 0;  // channels with their padding; in_width of the first layer: 1
    Buffer weights;                        // (tap * in_width, width)
    Buffer turned;    // (tap * width, in_width): of the backward pass; the first layer has none
    Buffer input;     // (example, position + 2, in_width): a row of zeros at either end
    Buffer before;    // (example, position, width): before normalisation
    Buffer d_before;  // (example, position + 2, width), zeros at either end
    Norm norm;        // of training: worker 0 writes it
    std::array<PartSums, kParts> sums;
    std::array<Buffer, kParts> gradients;            // (tap * in_width, width)
    std::vector<double> batch_mean, batch_variance;  // (channel), of the last gradient(); variance unbiased

    std::int64_t input_example() const { return (plan.positions + 2) * in_width; }
    std::int64_t example() const { return plan.positions * width; }
    std::int64_t d_example() const { return (plan.positions + 2) * width; }
    /// Useful arithmetic of a convolution over so many examples, in either direction.
    double flop(std::int64_t examples) const {
      return 2.0 * kTaps * static_cast<double>(examples * plan.positions * plan.in * plan.out);
    }
  };
  struct Worker {
    Buffer d_input;                     // (kTogether, position, width): what a layer above gives back
    std::vector<Buffer> input, before;  // of one example, for evaluation
    Buffer features, logits;            // of one example
  };
  struct Part {
    int index = 0;
    std::int64_t begin = 0, end = 0;  // places in the batch
  };
  struct Pass {
    const float* flat = nullptr;
    std::span<const std::int64_t> examples;
    const std::int64_t* targets = nullptr;
    float* gradient = nullptr;
    const LogitView<float>* seen = nullptr;
    std::int64_t count() const { return static_cast<std::int64_t>(examples.size()); }
  };

  Part part_of(int index, std::int64_t count) const {
    return {index, count * index / kParts, count * (index + 1) / kParts};
  }
  template <typename Work>
  void each_part(int worker, std::int64_t count, const Work& work);
  void make_room(std::int64_t examples);
  void pack(int worker, const float* flat);
  Product convolution(const Layer& layer, const float* input, float* out) const;
  void copy_example(std::int64_t example, float* input) const;
  // forward
  void convolve(std::size_t at, const Part& part, const Pass& pass);
  void join_moments(std::size_t at, const Pass& pass);
  void normalise(std::size_t at, const Part& part);
  void read_out(const Part& part, const Pass& pass);
  NormRows norm_rows(const Layer& layer, const Norm& norm, const float* before) const;
  // backward
  void pull_through_maxima(std::size_t at, const Part& part, Worker& own);
  void pull_through_convolution(const Layer& layer, std::int64_t place, std::int64_t examples,
                                float* d_input) const;
  void join_norm_gradients(std::size_t at, const Pass& pass);
  void finish_layer(std::size_t at, const Part& part);
  void sum_gradients(int worker, const Pass& pass) const;
  // evaluation
  void use_kept_statistics(const float* flat);
  void forward_alone(Worker& own, std::int64_t example);

  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }

  const ConvPlan plan_;
  const std::int64_t features_, feature_stride_, logit_stride_;
  const RowKernels rows_ = row_kernels();
  const float* data_;
  float* kept_ = nullptr;
  std::vector<Layer> layers_;
  std::vector<Norm> kept_norms_;  // (layer), of evaluation
  std::int64_t room_ = 0;
  Buffer feature_rows_, d_features_, logit_rows_;  // (example, ...)
  Buffer readout_;                                 // (feature, logit_stride): packed
  std::array<double, kParts> losses_{};
  std::array<Buffer, kParts> readout_gradients_;  // (feature + 1, logit_stride): weights, then the bias
  std::vector<Worker> workers_;
  Team team_;  // last: its threads end before what they use
};

}  // namespace grokscope::fused

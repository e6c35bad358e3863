// The tangent kernel of an MLP as a sum of products of small Gram matrices, one for each layer. See
// tangent_kernel.h.
#include <cmath>
#include <numbers>
#include <vector>

#include "model/mlp_shape.h"
#include "probe/probe_tools.h"
#include "probe/tangent_kernel.h"

namespace grokscope {
namespace {

/// φ'(z), element by element.
at::Tensor slope_of(Activation kind, const at::Tensor& z) {
  switch (kind) {
    case Activation::relu:
      return (z > 0.0).to(z.scalar_type());
    case Activation::gelu:
      return 0.5 * (1.0 + (z / std::numbers::sqrt2).erf()) +
             z * (-0.5 * z.square()).exp() / std::sqrt(2.0 * std::numbers::pi);
    case Activation::tanh:
      return 1.0 - z.tanh().square();
    case Activation::quadratic:
      return 2.0 * z;
    case Activation::silu: {
      const at::Tensor share = z.sigmoid();
      return share * (1.0 + z * (1.0 - share));
    }
  }
  return {};
}

/// <a_i, b_j> over all that follows the first dimension: (example, example).
at::Tensor products(const at::Tensor& a, const at::Tensor& b) {
  return at::mm(a.reshape({a.size(0), -1}), b.reshape({b.size(0), -1}).t());
}

class MlpKernel {
 public:
  MlpKernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices)
      : shape_(*mlp_shape(input.config, *input.data)) {
    ParameterLayout layout;
    add_mlp_parameters(input.config, shape_, layout);
    views_ = views_of(layout, cpu_double(moment.flat));
    const Batch batch = batch_of(input, indices);
    input.model->forward(views_, batch, &taps_);
    if (shape_.input == MlpInput::embedding) taps_.erase(taps_.begin());
    if (shape_.input == MlpInput::images) {
      inputs_ = cpu_double(rows_of_numbers(batch.inputs));
    } else {
      left_ = inputs_as<PairInputs>(batch.inputs).pairs.select(1, 0).to(at::kCPU);
      right_ = inputs_as<PairInputs>(batch.inputs).pairs.select(1, 1).to(at::kCPU);
    }
  }

  at::Tensor of(const at::Tensor& outputs) const {
    at::Tensor kernel = outputs.square().sum() * read_by(shape_.output, products(last(), last()));
    at::Tensor derivative =
        at::mm(outputs, views_[shape_.output.W].t()).unsqueeze(0);  // (1, direction, width)
    for (std::size_t l = shape_.hidden.size(); l-- > 0;) {
      derivative = derivative * slope_of(shape_.activation, taps_[l].before).unsqueeze(1);
      kernel = kernel + products(derivative, derivative) * read_by(shape_.hidden[l], inputs_of(l));
      if (l > 0 || shape_.W_E >= 0) derivative = at::matmul(derivative, views_[shape_.hidden[l].W].t());
    }
    return shape_.W_E >= 0 ? kernel + of_embedding(derivative) : kernel;
  }

 private:
  const at::Tensor& last() const { return taps_.back().activation; }

  /// With the bias, whose input is 1.
  static at::Tensor read_by(const MlpLayer& layer, const at::Tensor& gram) {
    return layer.b < 0 ? gram : gram + 1.0;
  }

  /// Inner products of what hidden layer l reads.
  at::Tensor inputs_of(std::size_t l) const {
    if (l > 0) return products(taps_[l - 1].activation, taps_[l - 1].activation);
    if (shape_.input == MlpInput::images) return products(inputs_, inputs_);
    if (shape_.input == MlpInput::one_hot) return same(left_, left_) + same(right_, right_);
    const at::Tensor& W_E = views_[shape_.W_E];
    const at::Tensor rows = at::cat({W_E.index_select(0, left_), W_E.index_select(0, right_)}, 1);
    return products(rows, rows);
  }

  /// Examples that read the same token share its row. `derivative` (example, direction, 2 * embedding width).
  at::Tensor of_embedding(const at::Tensor& derivative) const {
    const std::int64_t half = shape_.embedding_width;
    const at::Tensor parts[] = {derivative.narrow(2, 0, half), derivative.narrow(2, half, half)};
    const at::Tensor tokens[] = {left_, right_};
    at::Tensor sum = at::zeros({left_.size(0), left_.size(0)}, at::kDouble);
    for (int i = 0; i < 2; ++i) {
      for (int j = 0; j < 2; ++j) sum += same(tokens[i], tokens[j]) * products(parts[i], parts[j]);
    }
    return sum;
  }

  static at::Tensor same(const at::Tensor& a, const at::Tensor& b) {
    return a.unsqueeze(1).eq(b.unsqueeze(0)).to(at::kDouble);
  }

  MlpShape shape_;
  ParameterViews views_;
  Taps taps_;                // of the hidden layers
  at::Tensor inputs_;        // (example, number)
  at::Tensor left_, right_;  // (example)
};

}  // namespace

at::Tensor layerwise_kernel(const ProbeInput& input, const Moment& moment, const at::Tensor& indices,
                            const at::Tensor& outputs) {
  return MlpKernel(input, moment, indices).of(outputs);
}

}  // namespace grokscope

// Random configurations for the fused steppers and their gradient by autograd in float64. Test helper.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/random.h"
#include "model/toy.h"
#include "train/step/scoring.h"
#include "train/step/stepper.h"
#include "train/torch_side/scoring_rows.h"

namespace grokscope {

struct FusedCase {
  RunConfig config;
  Dataset data;
  int threads = 1;
  std::vector<std::int64_t> batch;
};

inline std::int64_t between(RandomStream& random, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}

/// Made-up images whose training labels are wrong.
inline Dataset random_images(RandomStream& random) {
  Dataset data = toy::images_dataset();
  const std::int64_t examples = between(random, 4, 300), pixels = between(random, 1, 50);
  data.class_count = between(random, 2, 20);
  data.held_out = examples / 4;
  data.pool_size = examples - data.held_out;
  const at::Tensor index = at::arange(examples * pixels, at::kFloat);
  inputs_as<ImageInputs>(data.inputs).pixels =
      at::frac(index * 0.37 + at::square(index) * 0.0013).view({examples, pixels}).contiguous();
  data.targets = at::remainder(at::arange(examples, at::kLong) * 5, data.class_count);
  data.train_targets = at::remainder(data.targets + 1, data.class_count);
  return data;
}

/// What all families share: activation, loss, initialisation, threads, batch.
inline void draw_common(RandomStream& random, FusedCase& test) {
  const char* activations[] = {"relu", "relu", "gelu", "tanh", "quadratic", "silu"};
  test.config.model.activation = activations[random.below(6)];
  test.config.model.bias = random.below(2) == 0;
  test.config.loss.kind = random.below(4) == 0 ? "mse" : "cross_entropy";
  test.config.init.scale = std::exp(2.0 * random.uniform() - 1.0);
  test.config.train.engine = "fused";
  test.threads = static_cast<int>(between(random, 1, 3));
  test.batch = random.permutation(test.data.targets.size(0));
  test.batch.resize(static_cast<std::size_t>(between(random, 1, test.data.targets.size(0))));
}

inline std::unique_ptr<Stepper> fused_stepper_of(const FusedCase& test, std::shared_ptr<const Model> model,
                                                 const at::Tensor& flat, bool prepares_steps = false) {
  auto stepper =
      make_stepper(test.config, std::move(model), std::make_shared<const Dataset>(test.data), flat,
                   {.cuda = false, .threads = test.threads, .steps_on_what_it_evaluates = prepares_steps});
  if (!stepper) throw std::runtime_error(stepper.error().message);
  return std::move(*stepper);
}

/// Loss and gradient by autograd in float64.
inline double reference_gradient(const FusedCase& test, const Model& model, const at::Tensor& flat,
                                 at::Tensor& gradient) {
  const at::Tensor flat64 = flat.to(at::kDouble);
  gradient = at::zeros_like(flat64);
  const ParameterViews leaves = leaves_of(model.layout(), flat64, gradient);
  const at::Tensor index = at::tensor(test.batch, at::kLong);
  Batch batch;
  batch.inputs =
      changed_inputs(test.data.inputs, [&](const at::Tensor& all) { return all.index_select(0, index); });
  const at::Tensor targets = test.data.train_targets.index_select(0, index);
  const at::Tensor logits = model.forward(leaves, batch);
  at::Tensor d_logits;
  const double share = 1.0 / static_cast<double>(test.batch.size());
  const at::Tensor rows = loss_rows(*scoring_of(test.config.loss, test.data, at::kCPU), logits.detach(),
                                    targets, share, &d_logits);
  logits.backward(d_logits);
  return rows.mean().item<double>();
}

/// How far autograd in the precision of the case is from the reference in one tensor: the yardstick where a
/// batch's gradient cancels until little more than rounding is left.
inline double autograd_error(FusedCase test, std::shared_ptr<const Model> model, const at::Tensor& flat,
                             const ParameterSpec& spec, const at::Tensor& wanted) {
  test.config.train.engine = "autograd";
  test.threads = 1;
  const at::Tensor gradient =
      fused_stepper_of(test, std::move(model), flat)->gradient(test.batch, nullptr).to(at::kDouble);
  return (gradient.narrow(0, spec.offset, spec.size) - wanted).norm().item<double>();
}

/// Loss and every tensor of the gradient to 1e-5 (with train.precision = float64: 1e-12), relative to the
/// tensor's own norm, or else no further off than autograd in the same precision; a tensor whose gradient
/// vanishes against the rest is held to the rest's rounding. Returns how many tensors were compared.
inline int expect_the_reference_gradient(const FusedCase& test, std::uint64_t seed) {
  const auto model = toy::model_of(test.config, test.data);
  const at::Tensor flat = model->initial_parameters(seed);
  at::Tensor expected;
  const double expected_loss = reference_gradient(test, *model, flat, expected);
  auto stepper = fused_stepper_of(test, model, flat);
  EXPECT_EQ(stepper->engine(), "fused");
  const double rounding = computes_in_double(test.config.train) ? 1e-7 : 1.0;  // beside that of float32
  double loss = 0.0;
  stepper->gradient(test.batch, nullptr);  // the second call meets used buffers
  const at::Tensor gradient = stepper->gradient(test.batch, &loss), measured = gradient.to(at::kDouble);
  EXPECT_EQ(gradient.scalar_type(), computes_in_double(test.config.train) ? at::kDouble : at::kFloat);
  EXPECT_NEAR(loss, expected_loss, rounding * (1e-5 * std::abs(expected_loss) + 1e-9)) << "seed " << seed;
  const double whole_norm = expected.norm().item<double>();
  for (const ParameterSpec& spec : model->layout().specs()) {
    const at::Tensor wanted = expected.narrow(0, spec.offset, spec.size);
    const double error = (measured.narrow(0, spec.offset, spec.size) - wanted).norm().item<double>();
    const double allowed = rounding * (1e-5 * wanted.norm().item<double>() + 1e-7 * whole_norm);
    if (error > allowed) {
      EXPECT_LE(error, autograd_error(test, model, flat, spec, wanted)) << spec.name << ", seed " << seed;
    }
  }
  return static_cast<int>(model->layout().specs().size());
}

}  // namespace grokscope

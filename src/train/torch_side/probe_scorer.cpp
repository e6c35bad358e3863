#include "train/torch_side/probe_scorer.h"

#include <stdexcept>
#include <utility>

#include "train/step/stepper.h"

namespace grokscope {
namespace {

/// The chosen examples as a data set of their own: the trained ones first, then, held out, the others.
std::shared_ptr<const Dataset> subset_of(const Dataset& data, const at::Tensor& train,
                                         const at::Tensor& test) {
  auto subset = std::make_shared<Dataset>(data);
  const at::Tensor chosen = at::cat({train, test});  // (n)
  const auto pick = [&](const at::Tensor& all) { return all.defined() ? all.index_select(0, chosen) : all; };
  subset->inputs = changed_inputs(data.inputs, pick);
  subset->targets = pick(data.targets);
  subset->train_targets = pick(data.train_targets);
  subset->pool_size = train.size(0);
  subset->held_out = test.size(0);
  return subset;
}

}  // namespace

std::function<ScoreWeights(const at::Tensor& train, const at::Tensor& test)> scorer_factory(
    const ProbeInput& input) {
  return [&input](const at::Tensor& train, const at::Tensor& test) -> ScoreWeights {
    auto data = subset_of(*input.data, train, test);
    const Split split(train.size(0), test.size(0), 0, train.size(0));
    auto made = make_stepper(input.config, input.model, data, input.flat, {.cuda = false, .threads = 1});
    if (!made) throw std::runtime_error(made.error().message);
    std::shared_ptr<Stepper> stepper = std::move(*made);
    if (input.buffers.defined()) stepper->buffers().copy_(input.buffers);
    return [stepper, split](const at::Tensor& flat) {
      stepper->flat().copy_(flat);
      const ClassScores scores = stepper->evaluate(split, nullptr);
      return WeightScores{scores.train_loss, scores.train_accuracy, scores.test_loss, scores.test_accuracy};
    };
  };
}

}  // namespace grokscope

// Draws initial weights, one parameter after the other, from one stream.
#include "model/initialisation.h"

#include <cmath>

#include "base/random.h"
#include "data/host_tensor.h"

namespace grokscope {
namespace {

/// Half-width of the uniform draw of torch.nn.Linear: kaiming_uniform(a = √5), the same for its bias.
double linear_bound(const ParameterInit& init) {
  return 1.0 / std::sqrt(static_cast<double>(init.fan_in));
}

double draw_torch(const ParameterInit& init, RandomStream& random) {
  const bool is_embedding = init.role == ParameterRole::embedding || init.role == ParameterRole::position;
  return is_embedding ? random.normal() : (2.0 * random.uniform() - 1.0) * linear_bound(init);
}

double draw_normal(const ParameterInit& init, const InitPlan& plan, RandomStream& random) {
  if (init.role == ParameterRole::bias) return 0.0;
  if (plan.scheme == InitScheme::normal) return random.normal();
  const std::int64_t variance_of = init.role == ParameterRole::unembedding ? plan.vocabulary : plan.width;
  return random.normal() / std::sqrt(static_cast<double>(variance_of));
}

double draw_one(const ParameterInit& init, const InitPlan& plan, RandomStream& random) {
  if (init.role == ParameterRole::norm_gain) return 1.0;
  if (init.role == ParameterRole::norm_shift) return 0.0;
  if (init.role == ParameterRole::point) return random.uniform() - 0.5;
  return plan.scheme == InitScheme::torch ? draw_torch(init, random) : draw_normal(init, plan, random);
}

}  // namespace

Result<InitScheme> init_scheme_from(const std::string& name, InitScheme fallback) {
  if (name == "default") return fallback;
  if (name == "torch" || name == "power") return InitScheme::torch;
  if (name == "nanda") return InitScheme::nanda;
  if (name == "gromov") return InitScheme::normal;
  return usage_error("init.kind '" + name + "' is unknown: use default, nanda, power, gromov or torch");
}

at::Tensor draw_parameters(const ParameterLayout& layout, const InitPlan& plan, std::uint64_t seed) {
  RandomStream random(seed, "init");
  at::Tensor flat = host_tensor({layout.total()}, at::kFloat);
  float* values = host_data<float>(flat);
  for (std::size_t i = 0; i < layout.specs().size(); ++i) {
    const ParameterSpec& spec = layout.specs()[i];
    for (std::int64_t k = spec.offset; k < spec.offset + spec.size; ++k) {
      values[k] = static_cast<float>(plan.scale * draw_one(plan.parameters[i], plan, random));
    }
  }
  return flat;
}

}  // namespace grokscope

#include "model/quadratic_shape.h"

#include "data/target_vectors.h"

namespace grokscope {

Result<QuadraticShape> quadratic_shape(const RunConfig& config, const Dataset& data) {
  if (kind_of(data.inputs) != InputKind::pairs) {
    return usage_error(
        "model.kind 'quadratic' reads pairs of tokens, and this task has none: choose another model.kind");
  }
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::normal);
  if (!scheme) return scheme.error();
  return QuadraticShape{data.token_count, config.model.width, output_count(data, config.loss.kind), *scheme};
}

InitPlan add_quadratic_parameters(const RunConfig& config, const QuadraticShape& shape,
                                  ParameterLayout& layout) {
  layout.add("hidden.W", {2 * shape.tokens, shape.width});
  layout.add("output.W", {shape.width, shape.classes});
  return {shape.scheme,
          config.init.scale,
          shape.width,
          shape.classes,
          {{ParameterRole::weight, 2 * shape.tokens}, {ParameterRole::unembedding, shape.width}}};
}

}  // namespace grokscope

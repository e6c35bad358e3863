#include "model/blueprint.h"

#include <array>
#include <string_view>

#include "model/cnn1d_shape.h"
#include "model/lstm_shape.h"
#include "model/mlp_shape.h"
#include "model/quadratic_shape.h"
#include "model/transformer_shape.h"

namespace grokscope {
namespace {

/// From the two functions that every shape file has.
template <auto kShapeOf, auto kAddParameters>
Result<Blueprint> drawn_from(const RunConfig& config, const Dataset& data) {
  auto shape = kShapeOf(config, data);
  if (!shape) return shape.error();
  Blueprint blueprint;
  blueprint.init = kAddParameters(config, *shape, blueprint.layout);
  return blueprint;
}

struct BlueprintEntry {
  std::string_view name;  // model.kind
  Result<Blueprint> (*draw)(const RunConfig&, const Dataset&);
};

constexpr std::array kBlueprints{
    BlueprintEntry{"transformer", drawn_from<transformer_shape, add_transformer_parameters>},
    BlueprintEntry{"mlp", drawn_from<mlp_shape, add_mlp_parameters>},
    BlueprintEntry{"quadratic", drawn_from<quadratic_shape, add_quadratic_parameters>},
    BlueprintEntry{"lstm", drawn_from<lstm_shape, add_lstm_parameters>},
    BlueprintEntry{"cnn1d", drawn_from<cnn1d_shape, add_cnn1d_parameters>},
};

}  // namespace

std::optional<Result<Blueprint>> find_blueprint(const RunConfig& config, const Dataset& data) {
  for (const BlueprintEntry& entry : kBlueprints) {
    if (entry.name == config.model.kind) return entry.draw(config, data);
  }
  return std::nullopt;
}

}  // namespace grokscope

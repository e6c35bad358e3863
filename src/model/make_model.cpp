// The one list of architectures. LibTorch's exceptions end here.
#include <array>
#include <exception>
#include <string>
#include <string_view>

#include "base/memory.h"
#include "model/adder.h"
#include "model/cnn.h"
#include "model/cnn1d.h"
#include "model/graph.h"
#include "model/lstm.h"
#include "model/mlp.h"
#include "model/model.h"
#include "model/quadratic.h"
#include "model/resnet18.h"
#include "model/transformer.h"

namespace grokscope {
namespace {

struct Architecture {
  std::string_view name;  // model.kind
  Result<std::shared_ptr<const Model>> (*make)(const RunConfig&, const Dataset&);
};

constexpr std::array kArchitectures{
    Architecture{"transformer", make_transformer},
    Architecture{"mlp", make_mlp},
    Architecture{"quadratic", make_quadratic},
    Architecture{"adder", make_adder},
    Architecture{"lstm", make_lstm},
    Architecture{"graph", make_graph_network},
    Architecture{"cnn1d", make_cnn1d},
    Architecture{"cnn", make_cnn},
    Architecture{"resnet18", make_resnet18},
};

}  // namespace

Result<std::shared_ptr<const Model>> make_model(const RunConfig& config, const Dataset& data) {
  std::string known;
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.name != config.model.kind) {
      known += (known.empty() ? "" : ", ") + std::string(architecture.name);
      continue;
    }
    try {
      return architecture.make(config, data);
    } catch (const std::exception& error) {
      return failure("the model could not be built: " + reason_of(error));
    }
  }
  return usage_error("model.kind '" + config.model.kind + "' is unknown: use " + known);
}

}  // namespace grokscope

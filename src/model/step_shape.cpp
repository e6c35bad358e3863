#include "model/step_shape.h"

namespace grokscope {

StepShape step_shape(const Dataset& data, std::int64_t examples) {
  StepShape shape;
  shape.examples = examples;
  shape.tokens = data.token_count;
  shape.outputs = data.target_vectors.defined() ? data.target_vectors.size(1) : data.class_count;
  switch (kind_of(data.inputs)) {
    case InputKind::pairs:
      break;
    case InputKind::images:
      shape.channels = inputs_as<ImageInputs>(data.inputs).channels;
      [[fallthrough]];
    case InputKind::features:
      shape.features = rows_of_numbers(data.inputs).size(1);
      break;
    case InputKind::text:
      shape.positions = inputs_as<TextInputs>(data.inputs).tokens.size(1);
      break;
    case InputKind::graphs: {
      const GraphInputs& graphs = inputs_as<GraphInputs>(data.inputs);
      shape.nodes = graphs.nodes.size(1);
      shape.node_features = graphs.nodes.size(2);
      shape.edge_kinds = graphs.edges.size(2);
      break;
    }
  }
  return shape;
}

}  // namespace grokscope

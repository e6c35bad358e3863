#include "model/step_shape.h"

namespace grokscope {

StepShape step_shape(const Dataset& data, std::int64_t examples) {
  StepShape shape;
  shape.examples = examples;
  shape.tokens = data.token_count;
  shape.outputs = data.target_vectors.defined() ? data.target_vectors.size(1) : data.class_count;
  if (data.images.defined()) shape.features = data.images.size(1);
  if (data.tokens.defined()) shape.positions = data.tokens.size(1);
  if (data.graphs.nodes.defined()) {
    shape.nodes = data.graphs.nodes.size(1);
    shape.node_features = data.graphs.nodes.size(2);
    shape.edge_kinds = data.graphs.edges.size(2);
  }
  return shape;
}

}  // namespace grokscope

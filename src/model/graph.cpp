// The graph network: every atom makes one message a kind of bond, and a 0-1 matrix hands them out. Any
// thread.
#include "model/graph.h"

#include <string>
#include <utility>
#include <vector>

#include "model/initialisation.h"

namespace grokscope {
namespace {

constexpr std::int64_t kEdgeHidden = 32;

struct GraphShape {
  std::int64_t node_features = 0, edge_kinds = 0, width = 0, outputs = 0;
};

struct EdgeConvolution {
  std::int64_t in = 0, out = 0;
  // (kind, 32), (32), (32, in * out), (in * out), (in, out), (out)
  int W_edge_1 = -1, b_edge_1 = -1, W_edge_2 = -1, b_edge_2 = -1, W_root = -1, b = -1;
};

struct DenseLayer {
  int W = -1, b = -1;  // (in, out), (out)
};

class GraphNetwork final : public Model {
 public:
  GraphNetwork(const GraphShape& shape, InitScheme scheme, double scale) : shape_(shape) {
    plan_.scheme = scheme;
    plan_.scale = scale;
    plan_.width = shape.width;
    plan_.vocabulary = shape.outputs;
    convolutions_[0] = add_convolution("conv.1", shape.node_features, shape.width);
    convolutions_[1] = add_convolution("conv.2", shape.width, shape.width / 2);
    hidden_ = add_dense("hidden.1", shape.width / 2, shape.width, ParameterRole::weight);
    output_ = add_dense("output", shape.width, shape.outputs, ParameterRole::unembedding);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  ReadableWeights readable(const ParameterViews& views) const override;

 private:
  int add(std::string name, std::vector<std::int64_t> shape, ParameterRole role, std::int64_t fan_in) {
    plan_.parameters.push_back({role, fan_in});
    return layout_.add(std::move(name), std::move(shape));
  }
  // As PyTorch Geometric draws it: Linear layers, and a bias that starts at 0.
  EdgeConvolution add_convolution(const std::string& name, std::int64_t in, std::int64_t out) {
    const std::int64_t kinds = shape_.edge_kinds;
    EdgeConvolution c{.in = in, .out = out};
    c.W_edge_1 = add(name + ".edge.1.W", {kinds, kEdgeHidden}, ParameterRole::weight, kinds);
    c.b_edge_1 = add(name + ".edge.1.b", {kEdgeHidden}, ParameterRole::bias, kinds);
    c.W_edge_2 = add(name + ".edge.2.W", {kEdgeHidden, in * out}, ParameterRole::weight, kEdgeHidden);
    c.b_edge_2 = add(name + ".edge.2.b", {in * out}, ParameterRole::bias, kEdgeHidden);
    c.W_root = add(name + ".root.W", {in, out}, ParameterRole::weight, in);
    c.b = add(name + ".b", {out}, ParameterRole::norm_shift, in);
    return c;
  }
  DenseLayer add_dense(const std::string& name, std::int64_t in, std::int64_t out, ParameterRole role) {
    return {add(name + ".W", {in, out}, role, in), add(name + ".b", {out}, ParameterRole::bias, in)};
  }
  at::Tensor convolve(const EdgeConvolution& c, const ParameterViews& views, const at::Tensor& x,
                      const at::Tensor& links) const;

  GraphShape shape_;
  InitPlan plan_;
  EdgeConvolution convolutions_[2];
  DenseLayer hidden_, output_;
};

/// links[e, t, s * kinds + k]: 1 where a bond of kind k goes from s to t. (example, node, node * kind)
at::Tensor links_of(const GraphInputs& graphs, at::ScalarType dtype) {
  const std::int64_t examples = graphs.nodes.size(0), nodes = graphs.nodes.size(1),
                     kinds = graphs.edges.size(2);
  const at::Tensor kind = graphs.edges.argmax(2);  // (example, edge)
  const at::Tensor place = (graphs.edge_target * nodes + graphs.edge_source) * kinds + kind;
  at::Tensor links = at::zeros({examples, nodes * nodes * kinds}, graphs.edges.options());
  links.scatter_add_(1, place, graphs.edge_mask);
  return links.view({examples, nodes, nodes * kinds}).to(dtype);
}

/// x (example, node, in) -> (example, node, out)
at::Tensor GraphNetwork::convolve(const EdgeConvolution& c, const ParameterViews& views, const at::Tensor& x,
                                  const at::Tensor& links) const {
  const std::int64_t examples = x.size(0), nodes = x.size(1), kinds = shape_.edge_kinds;
  // A one-hot edge picks a row of the first layer. (kind, in * out)
  const at::Tensor hidden = at::relu(views[c.W_edge_1] + views[c.b_edge_1]);
  const at::Tensor theta = at::addmm(views[c.b_edge_2], hidden, views[c.W_edge_2]);
  const at::Tensor by_kind =
      theta.view({kinds, c.in, c.out}).permute({1, 0, 2}).reshape({c.in, kinds * c.out});
  const at::Tensor rows = x.reshape({examples * nodes, c.in});
  const at::Tensor messages = at::mm(rows, by_kind).view({examples, nodes * kinds, c.out});
  const at::Tensor root = at::addmm(views[c.b], rows, views[c.W_root]).view({examples, nodes, c.out});
  return root + at::bmm(links, messages);
}

at::Tensor GraphNetwork::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  const auto dtype = views[hidden_.W].scalar_type();
  const GraphInputs& graphs = inputs_as<GraphInputs>(batch.inputs);
  const at::Tensor links = links_of(graphs, dtype);
  at::Tensor x = graphs.nodes.to(dtype);  // (example, node, feature)
  for (const EdgeConvolution& c : convolutions_) x = at::relu(convolve(c, views, x, links));
  const at::Tensor pooled = at::bmm(graphs.node_mask.to(dtype).unsqueeze(1), x).squeeze(1);
  const at::Tensor hidden = at::relu(at::addmm(views[hidden_.b], pooled, views[hidden_.W]));
  if (taps != nullptr) {
    taps->push_back({"pool", pooled.detach()});      // (example, width / 2)
    taps->push_back({"hidden.1", hidden.detach()});  // (example, width)
  }
  return at::addmm(views[output_.b], hidden, views[output_.W]);  // (example, output)
}

ReadableWeights GraphNetwork::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  weights.unembedding = views[output_.W];  // (width, output)
  weights.neuron_to_logit = views[output_.W];
  return weights;
}

// Whether every real edge has a single 1 and nothing else.
bool has_one_hot_edges(const GraphInputs& graphs) {
  const at::Tensor edges = graphs.edges * graphs.edge_mask.unsqueeze(2);  // (example, edge, kind)
  return at::equal(at::square(edges), edges) && at::equal(edges.sum(2), graphs.edge_mask);
}

}  // namespace

Result<std::shared_ptr<const Model>> make_graph_network(const RunConfig& config, const Dataset& data) {
  if (kind_of(data.inputs) != InputKind::graphs) {
    return usage_error(
        "model.kind 'graph' reads molecules: set task.kind=molecules, or choose another model.kind");
  }
  if (config.model.width < 2 || config.model.width % 2 != 0) {
    return usage_error("model.width must be even for model.kind 'graph': its second layer has half of it");
  }
  if (config.model.dropout > 0.0)
    return usage_error("model.kind 'graph' has no dropout: set model.dropout=0");
  const GraphInputs& graphs = inputs_as<GraphInputs>(data.inputs);
  if (!has_one_hot_edges(graphs)) return usage_error("model.kind 'graph' needs one-hot kinds of bonds");
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  const std::int64_t outputs = data.target_vectors.defined() ? data.target_vectors.size(1) : data.class_count;
  const GraphShape shape{graphs.nodes.size(2), graphs.edges.size(2), config.model.width, outputs};
  return std::shared_ptr<const Model>(std::make_shared<GraphNetwork>(shape, *scheme, config.init.scale));
}

}  // namespace grokscope

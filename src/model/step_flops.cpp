// The counts. A layer y = x·W costs 2·rows·in·out forward, and the same again for each of d_x and d_W.
#include "model/step_flops.h"

#include <algorithm>

namespace grokscope {
namespace {

constexpr double kGraphEdgeHidden = 32.0;  ///< width of the graph network's edge layer
constexpr double kForwardAndBoth = 3.0;    ///< forward, d_input, d_weights
constexpr double kForwardAndWeights = 2.0;

double multiply(double rows, double in, double out) {
  return 2.0 * rows * in * out;
}

/// Positions of the sequence, and how many of them are answered.
struct Sequence {
  double positions = 0.0, answers = 0.0;
};

Sequence sequence_of(const RunConfig& config) {
  return config.model.sequence == "power" ? Sequence{6, 2} : Sequence{3, 1};
}

bool has_token_tables(const RunConfig& config) {
  const ModelConfig& model = config.model;
  return model.depth == 1 && model.normalisation == "none" && model.sequence == "a_b_equals";
}

/// Attention over all pairs of positions, W_Q W_K W_V W_O and the MLP at every position, W_U where it counts.
StepFlops plain_transformer(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), classes = static_cast<double>(shape.outputs);
  const auto width = static_cast<double>(config.model.width),
             mlp = static_cast<double>(config.model.mlp_width);
  const Sequence sequence = sequence_of(config);
  const double rows = examples * sequence.positions;
  const double attention =
      4.0 * multiply(rows, width, width) + 2.0 * multiply(rows, width, sequence.positions);
  const double layer = attention + 2.0 * multiply(rows, width, mlp);
  const double unembed = multiply(examples * sequence.answers, width, classes);
  return {kForwardAndBoth * (static_cast<double>(config.model.depth) * layer + unembed), 0.0};
}

/// The tables of train/kernels/transformer.h: wide rows [pre-activations | logits] for every token, position
/// and head; an example mixes 2·heads of them and multiplies its neurons with W_L = W_out·W_U.
StepFlops tables_transformer(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), classes = static_cast<double>(shape.outputs);
  const auto width = static_cast<double>(config.model.width),
             mlp = static_cast<double>(config.model.mlp_width);
  const auto heads = static_cast<double>(config.model.heads);
  const double token_rows =
      2.0 * static_cast<double>(shape.tokens) + 1.0;  // a and b at their positions, and =
  const double wide = mlp + classes;
  StepFlops flops;
  flops.multiplies = kForwardAndBoth * (multiply(token_rows, width, width) +  // values
                                        multiply(width, width, wide) +        // W_O·[W_in | W_U]
                                        multiply(token_rows, width, wide) +   // values to wide rows
                                        multiply(1, width, wide) +            // the residual of =
                                        multiply(mlp, width, classes) +       // W_L
                                        multiply(examples, mlp, classes));    // neurons to logits
  flops.multiplies += kForwardAndBoth * 2.0 * multiply(1, width, width);      // the query, its keys
  const double mixed = 2.0 * examples * 2.0 * heads * wide;  // one scaled addition of 2·heads wide rows
  flops.rows = 3.0 * mixed;  // forward; into the tables' gradients; dot products for the attention weights
  return flops;
}

/// Hidden layers after the first, and the output.
double rest_of_mlp(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), width = static_cast<double>(config.model.width);
  const double between = static_cast<double>(config.model.depth - 1) * multiply(examples, width, width);
  return kForwardAndBoth * (between + multiply(examples, width, static_cast<double>(shape.outputs)));
}

StepFlops mlp_on_images(const RunConfig& config, const StepShape& shape) {
  const double first = multiply(static_cast<double>(shape.examples), static_cast<double>(shape.features),
                                static_cast<double>(config.model.width));
  return {kForwardAndWeights * first + rest_of_mlp(config, shape), 0.0};  // pixels need no gradient
}

/// The first layer on two embeddings: two p-row tables and one addition an example. One-hot inputs pick rows
/// of the weights themselves: no multiply either way.
StepFlops mlp_on_pairs(const RunConfig& config, const StepShape& shape, Arithmetic arithmetic) {
  const auto examples = static_cast<double>(shape.examples), width = static_cast<double>(config.model.width);
  StepFlops flops{rest_of_mlp(config, shape), 0.0};
  flops.rows = 3.0 * examples * width;  // forward: one addition; backward: two gathers into the tables
  if (config.model.kind == "quadratic" || config.model.input == "one_hot") return flops;
  const double rows = arithmetic == Arithmetic::tables ? static_cast<double>(shape.tokens) : examples;
  flops.multiplies +=
      kForwardAndBoth * 2.0 * multiply(rows, static_cast<double>(config.model.embedding_width), width);
  return flops;
}

/// Two embeddings are added; the sum goes through the layers.
StepFlops adder(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), width = static_cast<double>(config.model.width);
  const double first = multiply(examples, static_cast<double>(config.model.embedding_width), width);
  return {kForwardAndBoth * first + rest_of_mlp(config, shape), 0.0};
}

/// Gates of every layer at every position; with `tables` a word that occurs twice is multiplied once.
StepFlops lstm(const RunConfig& config, const StepShape& shape, Arithmetic arithmetic) {
  const auto width = static_cast<double>(config.model.width), depth = static_cast<double>(config.model.depth);
  const double rows = static_cast<double>(shape.examples) * static_cast<double>(shape.positions);
  const double words =
      arithmetic == Arithmetic::tables ? std::min(rows, static_cast<double>(shape.tokens)) : rows;
  const double recurrent_and_between = (2.0 * depth - 1.0) * multiply(rows, width, 4.0 * width);
  const double first = multiply(words, static_cast<double>(config.model.embedding_width), 4.0 * width);
  return {kForwardAndBoth * (recurrent_and_between + first), 0.0};
}

/// Two edge-conditioned convolutions, whose kernels are made once a kind of edge, and two layers on their
/// sum.
StepFlops graph(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), nodes = static_cast<double>(shape.nodes);
  const auto kinds = static_cast<double>(shape.edge_kinds), width = static_cast<double>(config.model.width);
  const double rows = examples * nodes;
  const auto convolution = [&](double in, double out) {
    return (kinds + 1.0) * multiply(rows, in, out) + multiply(rows, nodes * kinds, out) +
           multiply(kinds, kGraphEdgeHidden, in * out);
  };
  const double layers = convolution(static_cast<double>(shape.node_features), width) +
                        convolution(width, 0.5 * width) + multiply(examples, 0.5 * width, width) +
                        multiply(examples, width, static_cast<double>(shape.outputs));
  return {kForwardAndBoth * layers, 0.0};
}

}  // namespace

StepFlops step_flops(const RunConfig& config, const StepShape& shape, Arithmetic arithmetic) {
  if (config.model.kind == "transformer") {
    return arithmetic == Arithmetic::tables && has_token_tables(config) ? tables_transformer(config, shape)
                                                                        : plain_transformer(config, shape);
  }
  if (config.model.kind == "adder") return adder(config, shape);
  if (config.model.kind == "lstm") return lstm(config, shape, arithmetic);
  if (config.model.kind == "graph") return graph(config, shape);
  return shape.features > 0 ? mlp_on_images(config, shape) : mlp_on_pairs(config, shape, arithmetic);
}

}  // namespace grokscope

// The counts. A layer y = x·W costs 2·rows·in·out forward, and the same again for each of d_x and d_W.
#include "model/step_flops.h"

#include <algorithm>
#include <cmath>

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

/// Of `positions` outputs of a square or one-dimensional kernel with `taps` taps.
double convolution(double positions, double taps, double in, double out) {
  return multiply(positions, taps * in, out);
}

/// Four convolutions of three taps, of k to 8k channels; the sequence halves before the third and the fourth.
StepFlops cnn_on_rows(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), k = static_cast<double>(config.model.width);
  const auto length = static_cast<double>(shape.features);
  const double half = std::floor(length / 2.0), quarter = std::floor(half / 2.0);
  const double first = examples * convolution(length, 3, 1, k);
  const double rest = examples * (convolution(length, 3, k, 2 * k) + convolution(half, 3, 2 * k, 4 * k) +
                                  convolution(quarter, 3, 4 * k, 8 * k)) +
                      multiply(examples, 8 * k, static_cast<double>(shape.outputs));
  return {kForwardAndWeights * first + kForwardAndBoth * rest, 0.0};
}

/// The same with nine taps on pixels: all of them, all, a quarter, a sixteenth.
StepFlops cnn_on_images(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples), k = static_cast<double>(config.model.width);
  const auto channels = static_cast<double>(shape.channels);
  const double pixels = static_cast<double>(shape.features) / channels;
  const double first = examples * convolution(pixels, 9, channels, k);
  const double rest =
      examples * (convolution(pixels, 9, k, 2 * k) + convolution(pixels / 4, 9, 2 * k, 4 * k) +
                  convolution(pixels / 16, 9, 4 * k, 8 * k)) +
      multiply(examples, 8 * k, static_cast<double>(shape.outputs));
  return {kForwardAndWeights * first + kForwardAndBoth * rest, 0.0};
}

/// Four stages of two blocks of two convolutions; each stage but the first halves height and width and
/// doubles the channels, and its first block has a shortcut of one tap.
StepFlops resnet18(const RunConfig& config, const StepShape& shape) {
  const auto examples = static_cast<double>(shape.examples);
  const auto image_channels = static_cast<double>(shape.channels);
  double pixels = static_cast<double>(shape.features) / image_channels;
  auto channels = static_cast<double>(config.model.width);
  const double first = examples * convolution(pixels, 9, image_channels, channels);
  double rest = 4.0 * convolution(pixels, 9, channels, channels);
  for (int stage = 1; stage < 4; ++stage) {
    const double before = channels;
    channels *= 2.0;
    pixels /= 4.0;
    rest += convolution(pixels, 9, before, channels) + convolution(pixels, 1, before, channels) +
            3.0 * convolution(pixels, 9, channels, channels);
  }
  rest = examples * rest + multiply(examples, channels, static_cast<double>(shape.outputs));
  return {kForwardAndWeights * first + kForwardAndBoth * rest, 0.0};
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
  if (config.model.kind == "cnn1d") return cnn_on_rows(config, shape);
  if (config.model.kind == "cnn") return cnn_on_images(config, shape);
  if (config.model.kind == "resnet18") return resnet18(config, shape);
  return shape.features > 0 ? mlp_on_images(config, shape) : mlp_on_pairs(config, shape, arithmetic);
}

}  // namespace grokscope

// Reads a config into a Cnn1dShape and lays its parameters out in the flat vector.
#include "model/cnn1d_shape.h"

#include <string>

#include "data/target_vectors.h"

namespace grokscope {
namespace {

constexpr int kBlocks = 4;
constexpr std::int64_t kTaps = 3;
constexpr std::int64_t kShortest = 8;  // three halvings leave a position

std::string name_of_block(std::size_t block, const char* part) {
  return std::string(part) + "." + std::to_string(block + 1);
}

}  // namespace

Result<Cnn1dShape> cnn1d_shape(const RunConfig& config, const Dataset& data) {
  if (kind_of(data.inputs) != InputKind::features) {
    return usage_error("model.kind 'cnn1d' reads rows of numbers, such as those of task.kind=mnist1d");
  }
  const auto scheme = init_scheme_from(config.init.kind, InitScheme::torch);
  if (!scheme) return scheme.error();
  Cnn1dShape shape;
  shape.scheme = *scheme;
  shape.length = rows_of_numbers(data.inputs).size(1);
  shape.classes = output_count(data, config.loss.kind);
  if (shape.length < kShortest) {
    return usage_error("model.kind 'cnn1d' needs rows of at least " + std::to_string(kShortest) +
                       " numbers, not " + std::to_string(shape.length) + ": use model.kind=mlp");
  }
  std::int64_t in = 1, out = config.model.width, positions = shape.length;
  for (int block = 0; block < kBlocks; ++block) {
    const std::int64_t window = block == 0 ? 1 : block + 1 < kBlocks ? 2 : positions / 2 * 2;
    shape.blocks.push_back({.in = in, .out = out, .positions = positions, .window = window});
    positions /= window;
    in = out;
    out *= 2;
  }
  shape.features = in;
  return shape;
}

InitPlan add_cnn1d_parameters(const RunConfig& config, Cnn1dShape& shape, ParameterLayout& layout) {
  InitPlan plan{shape.scheme, config.init.scale, config.model.width, shape.classes, {}};
  for (std::size_t i = 0; i < shape.blocks.size(); ++i) {
    Cnn1dBlock& block = shape.blocks[i];
    plan.parameters.push_back({ParameterRole::weight, block.in * kTaps});
    block.W = layout.add(name_of_block(i, "convolution") + ".W", {block.out, block.in, kTaps});
    plan.parameters.push_back({ParameterRole::norm_gain, block.out});
    block.gain = layout.add(name_of_block(i, "norm") + ".w", {block.out});
    plan.parameters.push_back({ParameterRole::norm_shift, block.out});
    block.shift = layout.add(name_of_block(i, "norm") + ".b", {block.out});
  }
  plan.parameters.push_back({ParameterRole::unembedding, shape.features});
  shape.output_W = layout.add("output.W", {shape.features, shape.classes});
  plan.parameters.push_back({ParameterRole::bias, shape.features});
  shape.output_b = layout.add("output.b", {shape.classes});
  return plan;
}

void add_cnn1d_buffers(Cnn1dShape& shape, ParameterLayout& layout) {
  for (std::size_t i = 0; i < shape.blocks.size(); ++i) {
    Cnn1dBlock& block = shape.blocks[i];
    block.mean = layout.add(name_of_block(i, "norm") + ".running_mean", {block.out});
    block.variance = layout.add(name_of_block(i, "norm") + ".running_var", {block.out});
  }
}

}  // namespace grokscope

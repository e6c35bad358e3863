// The transformer's forward pass on TokenRows: what depends on one token is computed once a token, what
// depends on a prefix of the sequence once a prefix, and the last layer only where logits are read. Gradients
// follow by autograd and gather into the same tables. Equal to the plain computation up to rounding. Any
// thread.
#include "model/transformer.h"

#include <cmath>
#include <string>
#include <utility>

#include "model/activation.h"
#include "model/dropout.h"
#include "model/transformer_shape.h"

namespace grokscope {
namespace {

constexpr double kLayerNormEpsilon = 1e-5;

/// sin(j / 10000^(i/width)) for even i, cos with i - 1 for odd i: openai/grok. (position, width)
at::Tensor sinusoidal_positions(std::int64_t positions, std::int64_t width) {
  at::Tensor table = at::empty({positions, width}, at::kDouble);
  double* values = table.data_ptr<double>();
  for (std::int64_t j = 0; j < positions; ++j) {
    for (std::int64_t i = 0; i < width; ++i) {
      const double rate = std::pow(10000.0, static_cast<double>(i - i % 2) / static_cast<double>(width));
      const double phase = static_cast<double>(j) / rate;
      values[j * width + i] = i % 2 == 0 ? std::sin(phase) : std::cos(phase);
    }
  }
  return table;
}

at::Tensor linear_map(const at::Tensor& x, const ParameterViews& views, int weight, int bias) {
  return bias < 0 ? at::mm(x, views[weight]) : at::addmm(views[bias], x, views[weight]);
}

class Transformer final : public Model {
 public:
  Transformer(const RunConfig& config, TransformerShape shape) : shape_(std::move(shape)) {
    plan_ = add_transformer_parameters(config, shape_, layout_);
    const auto positions = static_cast<std::int64_t>(shape_.slots.size());
    if (!shape_.learned_positions) fixed_positions_ = sinusoidal_positions(positions, shape_.width);
  }

  at::Tensor initial_parameters(std::uint64_t seed) const override {
    return draw_parameters(layout_, plan_, seed);
  }
  at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps) const override;
  at::Tensor forward_sequence(const ParameterViews& views, const Batch& batch) const override;
  std::int64_t eos_class() const override { return shape_.power_sequence ? shape_.classes : -1; }
  ReadableWeights readable(const ParameterViews& views) const override;

 private:
  /// One forward pass: views, index and taps travel together.
  struct Pass {
    const ParameterViews& views;
    const RowIndex index;
    Taps* taps;
    const Dropout* dropout = nullptr;
  };
  using Streams = std::vector<TokenRows>;  // the residual stream, one entry a position

  Streams embed(const Pass& pass, std::size_t length) const;
  Streams run_layers(const Pass& pass, std::size_t length) const;
  void run_layer(const Pass& pass, std::size_t i, std::size_t first, Streams& streams) const;
  TokenRows attend(const Pass& pass, const TokenRows& query, const Streams& keys,
                   const Streams& values) const;
  TokenRows project(const TokenRows& x, const at::Tensor& weight, double factor) const;
  at::Tensor norm(const Pass& pass, const at::Tensor& x, int gain, int shift) const;
  TokenRows forget(const Pass& pass, const TokenRows& added, std::size_t site) const;
  void tap(const Pass& pass, std::size_t layer, const char* name, const TokenRows& rows) const;
  at::Tensor final_residual(const Pass& pass, const TokenRows& rows) const;

  TransformerShape shape_;
  InitPlan plan_;
  at::Tensor fixed_positions_;  // (position, width) float64, sinusoidal positions only
};

at::Tensor Transformer::norm(const Pass& pass, const at::Tensor& x, int gain, int shift) const {
  return at::layer_norm(x, {shape_.width}, pass.views[gain], pass.views[shift], kLayerNormEpsilon);
}

/// Activations for probes: always a row an example.
void Transformer::tap(const Pass& pass, std::size_t layer, const char* name, const TokenRows& rows) const {
  if (pass.taps == nullptr) return;
  const at::Tensor x = pass.index.align(rows, RowKind::example);
  const std::string prefix = shape_.layers.size() > 1 ? std::to_string(layer + 1) + "." : "";
  pass.taps->push_back({prefix + name, x.expand({pass.index.examples(), x.size(1)}).detach().clone()});
}

Transformer::Streams Transformer::embed(const Pass& pass, std::size_t length) const {
  const at::Tensor& W_E = pass.views[shape_.W_E];
  const at::Tensor positions =
      shape_.learned_positions ? pass.views[shape_.W_pos] : fixed_positions_.to(W_E.options());
  Streams streams;
  for (std::size_t j = 0; j < length; ++j) {
    const SequenceSlot& slot = shape_.slots[j];
    const auto position = positions.narrow(0, static_cast<std::int64_t>(j), 1);               // (1, width)
    streams.push_back({W_E.narrow(0, slot.first_token, slot.tokens) + position, slot.rows});  // (row, width)
  }
  if (pass.taps !=
      nullptr) {  // the answer's own input is the same for all examples: the operands are what varies
    const at::Tensor table = W_E.narrow(0, 0, shape_.tokens);
    const at::Tensor left = pass.index.align({table, RowKind::left}, RowKind::example);
    const at::Tensor right = pass.index.align({table, RowKind::right}, RowKind::example);
    pass.taps->push_back({"embedding", at::cat({left, right}, 1).detach()});  // (example, 2 * width)
  }
  return streams;
}

/// x W, split into heads: (row, head, feature).
TokenRows Transformer::project(const TokenRows& x, const at::Tensor& weight, double factor) const {
  at::Tensor projected = at::mm(x.x, weight);
  if (factor != 1.0) projected = projected * factor;
  return {projected.view({projected.size(0), shape_.heads, shape_.width / shape_.heads}), x.rows};
}

/// Softmax attention of one query position over the keys given: the value mix before W_O, (row, width).
TokenRows Transformer::attend(const Pass& pass, const TokenRows& query, const Streams& keys,
                              const Streams& values) const {
  RowKind kind = query.rows;
  for (const TokenRows& key : keys) kind = join(kind, key.rows);
  const std::int64_t rows = shape_.rows(kind, pass.index.examples());

  std::vector<at::Tensor> scores;  // one a key: (row, head)
  for (const TokenRows& key : keys) {
    const RowKind both = join(query.rows, key.rows);
    const at::Tensor product = pass.index.align(query, both) * pass.index.align(key, both);
    const at::Tensor score = pass.index.align({product.sum(-1), both}, kind);
    scores.push_back(score.expand({rows, shape_.heads}));
  }
  const at::Tensor weights = at::softmax(at::stack(scores, 0), 0).unsqueeze(-1);  // (key, row, head, 1)

  at::Tensor mix;  // (row, head, feature)
  for (std::size_t j = 0; j < values.size(); ++j) {
    const at::Tensor share = weights.select(0, static_cast<std::int64_t>(j));
    const at::Tensor value = pass.index.align(values[j], kind);
    mix = j == 0 ? share * value : at::addcmul(mix, share, value);
  }
  return {mix.reshape({rows, shape_.width}), kind};
}

/// Dropout on what a block adds to the residual: from here on every example has a row of its own.
TokenRows Transformer::forget(const Pass& pass, const TokenRows& added, std::size_t site) const {
  if (pass.dropout == nullptr) return added;
  const at::Tensor x = pass.index.align(added, RowKind::example);
  return {pass.dropout->apply(x, static_cast<int>(site)), RowKind::example};
}

/// Replaces streams[first..] by the layer's output; the earlier ones are only read as keys and values.
void Transformer::run_layer(const Pass& pass, std::size_t i, std::size_t first, Streams& streams) const {
  const TransformerLayer& layer = shape_.layers[i];
  const bool pre = shape_.normalisation == Normalisation::pre;
  const bool post = shape_.normalisation == Normalisation::post;
  const std::int64_t head_width = shape_.width / shape_.heads;
  const double scale = 1.0 / std::sqrt(static_cast<double>(head_width));
  const auto answer = static_cast<std::size_t>(shape_.answer_slot);

  Streams inputs = streams;
  if (pre) {
    for (TokenRows& x : inputs) x.x = norm(pass, x.x, layer.attention_gain, layer.attention_shift);
  }
  Streams keys, values;
  for (std::size_t j = 0; j < inputs.size(); ++j) {
    keys.push_back(project(inputs[j], pass.views[layer.W_K], 1.0));
    values.push_back(project(inputs[j], pass.views[layer.W_V], 1.0));
    if (j < first) continue;
    const TokenRows mix = attend(pass, project(inputs[j], pass.views[layer.W_Q], scale), keys, values);
    const std::size_t site = 2 * (i * shape_.slots.size() + j);
    const TokenRows attention = forget(pass, {at::mm(mix.x, pass.views[layer.W_O]), mix.rows}, site);
    at::Tensor x = pass.index.align(streams[j], attention.rows) + attention.x;
    if (post) x = norm(pass, x, layer.attention_gain, layer.attention_shift);
    const at::Tensor input = pre ? norm(pass, x, layer.mlp_gain, layer.mlp_shift) : x;
    const at::Tensor neurons =
        activate(shape_.activation, linear_map(input, pass.views, layer.W_in, layer.b_in));
    const TokenRows added =
        forget(pass, {linear_map(neurons, pass.views, layer.W_out, layer.b_out), attention.rows}, site + 1);
    x = x + added.x;
    if (post) x = norm(pass, x, layer.mlp_gain, layer.mlp_shift);
    streams[j] = {x, added.rows};
    if (j != answer) continue;
    tap(pass, i, "attention", attention);
    tap(pass, i, "mlp", {neurons, attention.rows});
    tap(pass, i, "residual", streams[j]);
  }
}

Transformer::Streams Transformer::run_layers(const Pass& pass, std::size_t length) const {
  Streams streams = embed(pass, length);
  for (std::size_t i = 0; i < shape_.layers.size(); ++i) {
    const bool last = i + 1 == shape_.layers.size();
    run_layer(pass, i, last ? static_cast<std::size_t>(shape_.answer_slot) : 0, streams);
  }
  return streams;
}

at::Tensor Transformer::final_residual(const Pass& pass, const TokenRows& rows) const {
  const at::Tensor x = pass.index.align(rows, RowKind::example);
  return shape_.final_gain < 0 ? x : norm(pass, x, shape_.final_gain, shape_.final_shift);
}

at::Tensor Transformer::forward(const ParameterViews& views, const Batch& batch, Taps* taps) const {
  const Pass pass{views, RowIndex(batch), taps, batch.dropout};
  const auto answer = static_cast<std::size_t>(shape_.answer_slot);
  const Streams streams = run_layers(pass, answer + 1);
  const at::Tensor unembedding = views[shape_.W_U].narrow(1, 0, shape_.classes);
  return at::mm(final_residual(pass, streams[answer]), unembedding);  // (example, class)
}

at::Tensor Transformer::forward_sequence(const ParameterViews& views, const Batch& batch) const {
  if (!shape_.power_sequence) return forward(views, batch, nullptr);
  const Pass pass{views, RowIndex(batch), nullptr, batch.dropout};
  const auto answer = static_cast<std::size_t>(shape_.answer_slot);
  const Streams streams = run_layers(pass, answer + 2);
  const at::Tensor residual =
      at::cat({final_residual(pass, streams[answer]), final_residual(pass, streams[answer + 1])}, 0);
  return at::mm(residual, views[shape_.W_U]);  // (2 * example, class + 1)
}

ReadableWeights Transformer::readable(const ParameterViews& views) const {
  ReadableWeights weights;
  const at::Tensor unembedding = views[shape_.W_U].narrow(1, 0, shape_.classes);
  const TransformerLayer& last = shape_.layers.back();
  // A LayerNorm between the neurons and the logits keeps the map linear up to its per-example scale: fold its
  // gain in.
  const int gain = shape_.normalisation == Normalisation::post ? last.mlp_gain : shape_.final_gain;
  const at::Tensor out = gain < 0 ? views[last.W_out] : views[last.W_out] * views[gain];
  weights.token_embedding = views[shape_.W_E].narrow(0, 0, shape_.tokens);  // (token, width)
  weights.unembedding = unembedding;                                        // (width, class)
  weights.neuron_to_logit = at::mm(out, unembedding);                       // (neuron, class)
  return weights;
}

}  // namespace

Result<std::shared_ptr<const Model>> make_transformer(const RunConfig& config, const Dataset& data) {
  auto shape = transformer_shape(config, data);
  if (!shape) return shape.error();
  return std::shared_ptr<const Model>(std::make_shared<Transformer>(config, std::move(*shape)));
}

}  // namespace grokscope

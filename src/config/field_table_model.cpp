// The rows model.* and init.*: the network and the weights it starts from.
#include "config/field_table.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

void add_transformer_fields(std::vector<Field>& table) {
  constexpr auto model = &RunConfig::model;
  table.push_back(integer_row("model.heads", "Attention heads", model, &ModelConfig::heads, {1, 64}, {1, 8},
                              "heads",
                              "Transformer: how many attention patterns each layer has. Every head gets "
                              "width / heads numbers, so the width must "
                              "divide by it; 4 is the published number (Nanda et al. 2023)."));
  table.push_back(in_decades(integer_row(
      "model.mlp_width", "Neurons", model, &ModelConfig::mlp_width, {1, 16384}, {16, 1024}, "neurons",
      "Transformer: neurons of the MLP in each layer, usually four times the width. After grokking most of "
      "them answer "
      "to one frequency each: watch the Fourier panel (Nanda et al. 2023, §4).")));
}

void add_detail_fields(std::vector<Field>& table) {
  constexpr auto model = &RunConfig::model;
  table.push_back(choice_row("model.activation", "Activation", model, &ModelConfig::activation,
                             {"relu", "gelu", "tanh", "quadratic", "silu"},
                             "The nonlinearity of the neurons. Quadratic neurons multiply waves exactly, "
                             "which is what modular addition needs "
                             "(Gromov 2023); the transformer papers use relu."));
  table.push_back(choice_row("model.normalisation", "LayerNorm", model, &ModelConfig::normalisation,
                             {"none", "pre", "post"},
                             "Transformer: LayerNorm nowhere, before each block, or after it. Without it the "
                             "weight norm alone decides how "
                             "sharp the answers are, which makes the mechanism readable (none: Nanda et al. "
                             "2023; post: Power et al. 2022)."));
  table.push_back(choice_row("model.positions", "Positions", model, &ModelConfig::positions,
                             {"learned", "sinusoidal"},
                             "Transformer: how it knows which number is a and which is b: from trained "
                             "vectors (Nanda et al. 2023) or from fixed "
                             "waves (Power et al. 2022)."));
  table.push_back(choice_row("model.input", "Input", model, &ModelConfig::input, {"embedding", "one_hot"},
                             "MLP on pairs: each number as a trained vector, or as a row of zeros with a "
                             "single one. With one_hot the first "
                             "layer's weights are the waves themselves (Gromov 2023)."));
  table.push_back(in_decades(
      integer_row("model.embedding_width", "Embedding width", model, &ModelConfig::embedding_width, {1, 8192},
                  {8, 512}, "numbers",
                  "MLP on pairs with input = embedding: the length of the trained vector of each number. Two "
                  "numbers would do to "
                  "draw a circle; more make it easier to find (Liu et al. 2022, effective theory).")));
  table.push_back(choice_row(
      "model.sequence", "Sequence", model, &ModelConfig::sequence, {"a_b_equals", "power"},
      "Transformer: what it reads. a_b_equals is three tokens, the answer expected at the last one (Nanda et "
      "al. 2023); "
      "power is the whole equation, with the answer and the end mark predicted (Power et al. 2022)."));
  table.push_back(boolean_row("model.bias", "Biases", model, &ModelConfig::bias,
                              "Whether the neurons have biases. Both ways grok; without them the circuit is "
                              "easier to take apart (with: Nanda et "
                              "al. 2023; without: Power et al. 2022, Gromov 2023)."));
  table.push_back(changes_live(real_row("model.dropout", "Dropout", model, &ModelConfig::dropout, {0.0, 0.95},
                                        {0.0, 0.5}, "fraction",
                                        "The share of activations that each training step forgets: in a "
                                        "transformer what every layer adds to the "
                                        "residual, in an MLP the neurons. A weak regulariser beside weight "
                                        "decay (Power et al. 2022, Figure 2).")));
}

void add_init_fields(std::vector<Field>& table) {
  constexpr auto init = &RunConfig::init;
  table.push_back(choice_row("init.kind", "Initialisation", init, &InitConfig::kind,
                             {"default", "nanda", "power", "gromov", "torch"},
                             "Whose random weights the run starts from; default picks the one published for "
                             "the model, torch is what PyTorch "
                             "does by itself. Init decides where on the weight-norm axis the story begins "
                             "(Liu et al. 2022, Omnigrok)."));
  table.push_back(in_decades(
      real_row("init.scale", "Initial scale α", init, &InitConfig::scale, {1e-3, 1e3}, {0.1, 10.0}, "",
               "Multiplies every initial weight. Large starts make even pictures grok, because the norm must "
               "first decay to where "
               "generalising solutions live; below 1 the delay shrinks (Liu et al. 2022, Omnigrok).")));
}

bool is_transformer(const RunConfig& config) {
  return config.model.kind == "transformer";
}
bool is_mlp_on_pairs(const RunConfig& config) {
  return config.model.kind == "mlp" && task_kind_of(config.task).inputs == InputKind::pairs;
}

}  // namespace

void add_model_fields(std::vector<Field>& table) {
  constexpr auto model = &RunConfig::model;
  table.push_back(
      choice_row("model.kind", "Network", model, &ModelConfig::kind,
                 {"transformer", "mlp", "quadratic", "adder", "lstm", "graph", "cnn1d", "cnn", "resnet18"},
                 "Which network learns: a transformer (Nanda et al. 2023), a plain MLP "
                 "(Omnigrok), two linear layers with "
                 "a square between them (Gromov 2023), a decoder on the sum of two vectors "
                 "(adder: effective theory), an "
                 "LSTM for text or a graph network for molecules (Liu et al. 2022, Omnigrok); "
                 "convolutions with BatchNorm on rows of numbers (cnn1d) or images (cnn, and "
                 "the pre-activation resnet18: Nakkiran et al. 2019)."));
  table.push_back(in_decades(
      integer_row("model.width", "Width", model, &ModelConfig::width, {1, 8192}, {16, 512}, "numbers",
                  "The transformer's residual width, the hidden units of an MLP, or k, the channels of the "
                  "first convolution (cnn1d, cnn, resnet18; later ones have 2k, 4k, 8k). "
                  "Vary it with everything else fixed to see double "
                  "descent along the size axis (Davies et al. 2023).")));
  table.push_back(integer_row("model.depth", "Layers", model, &ModelConfig::depth, {1, 16}, {1, 4}, "layers",
                              "Transformer layers, or hidden layers of an MLP. One layer is enough for "
                              "modular addition and can be read "
                              "completely (Nanda et al. 2023); Power et al. 2022 use two."));
  add_transformer_fields(table);
  add_detail_fields(table);
  apply_when(table,
             {"model.heads", "model.mlp_width", "model.positions", "model.sequence", "model.normalisation"},
             is_transformer);
  apply_when(table, {"model.depth", "model.activation", "model.bias"},
             [](const RunConfig& config) { return !is_convolutional(config.model); });
  apply_when(table, {"model.input"}, is_mlp_on_pairs);
  apply_when(table, {"model.embedding_width"}, [](const RunConfig& config) {
    return is_mlp_on_pairs(config) || config.model.kind == "adder" || config.model.kind == "lstm";
  });
  apply_when(table, {"model.dropout"}, [](const RunConfig& config) {
    return is_transformer(config) || config.model.kind == "mlp" || config.model.kind == "quadratic";
  });
  add_init_fields(table);
}

}  // namespace grokscope

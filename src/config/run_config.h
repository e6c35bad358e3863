// RunConfig: every setting of a run, as plain values. What each one means, its range and its help text stand
// in the field table (config/fields.h); nothing else may list settings. Any thread; a value, copied freely.
#pragma once

#include <cstdint>
#include <string>

namespace grokscope {

struct TaskConfig {
  std::string kind = "modular";  ///< a row of config/task_kinds.h
  std::string operation = "+";   ///< modular: Power et al. 2022 A.1.1; s5: product, conjugate, aba
  std::int64_t modulus = 53;     ///< p: tokens 0..p-1 (modular, formula)
  std::string formula;           ///< formula in a and b, e.g. "a^2 + 3*b"
  std::string path;              ///< CSV file (table) or folder of pictures (images)
  double train_fraction = 0.4;   ///< share of the pairs (or of the training file's images) that is trained on
  std::string split = "pairs";   ///< pairs | unordered: (a, b) and (b, a) always on the same side
  std::int64_t train_size = 0;   ///< exact number of training examples; 0 = use train_fraction
  double label_noise = 0.0;      ///< share of training labels replaced by a random other class
  std::int64_t test_size = 0;    ///< held-out tasks: at most so many test examples; 0 = all
  std::int64_t channels = 0;     ///< images: 0 = as the file has; 3 = grey repeated in three channels
  std::int64_t examples = 0;     ///< use this many of the data, train and test together; 0 = all
  double tolerance = 0.01;       ///< regression: an answer counts as right below this mean squared error
  std::string target;            ///< molecules: the property to predict, "" = the file's usual one
  std::int64_t max_atoms = 0;    ///< molecules: only those with at most so many atoms, hydrogen not counted
  std::int64_t vocabulary = 1000;  ///< text: the most frequent words that have a token of their own
  std::int64_t length = 500;       ///< text: reviews are cut or padded to so many words
  std::int64_t bits = 40;          ///< sparse_parity: n, how many bits an example has
  std::int64_t parity = 3;         ///< sparse_parity: k, of how many of them the parity is the answer
};

struct ModelConfig {
  std::string kind = "transformer";  ///< transformer | mlp | quadratic | adder | lstm | graph |
                                     ///< cnn1d | cnn | resnet18
  std::int64_t width = 64;           ///< d_model, hidden units of an MLP, or k of a CNN
  std::int64_t depth = 1;            ///< transformer layers, or hidden layers of an MLP
  std::int64_t heads = 4;
  std::int64_t mlp_width = 256;
  std::string activation = "relu";     ///< relu | gelu | tanh | quadratic | silu
  std::string normalisation = "none";  ///< none | pre | post (LayerNorm)
  std::string positions = "learned";   ///< learned | sinusoidal
  std::string input = "embedding";     ///< MLP on pairs: embedding | one_hot
  std::int64_t embedding_width = 64;   ///< MLP on pairs with input = embedding
  std::string sequence =
      "a_b_equals";      ///< a_b_equals (Nanda) | power (a op b = c <eos>, loss on c and <eos>)
  bool bias = true;      ///< biases in the MLP layers
  double dropout = 0.0;  ///< share of activations set to zero in training, the rest scaled up
};

struct InitConfig {
  std::string kind = "default";  ///< default | nanda | power | gromov | torch : which paper's initialisation
  double scale = 1.0;            ///< alpha: multiplies every parameter of the default initialisation
};

struct LossConfig {
  std::string kind = "cross_entropy";  ///< cross_entropy (log-softmax in float64) | mse (one-hot or given
                                       ///< vectors) | stablemax (Prieto et al. 2025)
};

struct OptimizerConfig {
  std::string kind = "adamw";  ///< sgd | adam | adamw | muon
  double learning_rate = 3e-3;
  double weight_decay = 1.0;  ///< adamw: decoupled; adam and sgd: added to the gradient (L2)
  double beta1 = 0.9;
  double beta2 = 0.98;
  double epsilon = 1e-8;
  double momentum = 0.0;           ///< sgd
  std::int64_t warmup_steps = 10;  ///< learning rate rises linearly: min(step / warmup, 1)
  std::string schedule =
      "constant";  ///< constant | inverse_sqrt: rate / sqrt(1 + floor(step / schedule_steps))
  std::int64_t schedule_steps = 512;
  double clamp_norm = 0.0;             ///< keep the weight norm at this multiple of the initial norm; 0 = off
  double gradient_clip = 0.0;          ///< gradients longer than this are shortened to it; 0 = off
  std::string decay_towards = "zero";  ///< zero | initialisation
  double l1 = 0.0;                     ///< adds l1 * sum of |theta| to the loss
  double embedding_learning_rate = 0.0;  ///< of the token embeddings; 0 = learning_rate
  double embedding_weight_decay = 1.0;   ///< of the token embeddings, x weight_decay
  double weight_noise = 0.0;             ///< gradients are taken at weights + noise of this deviation
  double gradient_noise = 0.0;           ///< noise of this deviation is added to the gradient
  std::string gradient_filter = "none";  ///< none | grokfast_ema | grokfast_ma
  double filter_strength = 2.0;          ///< lambda of Grokfast
  double filter_memory = 0.98;           ///< alpha of Grokfast-EMA
  std::int64_t filter_window = 100;      ///< w of Grokfast-MA
  bool orthogonal_gradient = false;      ///< drop the part along the weights (Prieto et al. 2025)
};

struct TrainConfig {
  std::int64_t batch_size = 0;        ///< 0 = full batch
  std::string augmentation = "none";  ///< images: none | crop | flip | crop_flip, of training batches
  std::int64_t steps = 5000;
  std::int64_t eval_every = 10;
  std::int64_t probe_every = 0;       ///< steps between probe rounds; 0 = log-spaced, within the budget
  double probe_budget = 0.05;         ///< share of training time for log-spaced probes
  std::int64_t checkpoint_every = 0;  ///< 0 = only at the end
  std::int64_t checkpoint_bytes = 4'000'000'000;  ///< of all kept checkpoints together; 0 = no limit
  std::string engine = "auto";                    ///< auto | fused | autograd
  std::string precision = "float32";              ///< float32 | float64: of weights, gradients and moments
};

/// What train.precision says.
inline bool computes_in_double(const TrainConfig& train) {
  return train.precision == "float64";
}

struct RunConfig {
  std::string preset;  ///< the preset it started from, "" for none; informative only
  TaskConfig task;
  ModelConfig model;
  InitConfig init;
  LossConfig loss;
  OptimizerConfig optimizer;
  TrainConfig train;
  std::int64_t seed = 0;
};

}  // namespace grokscope

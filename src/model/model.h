// Model: an architecture without state. Weights and buffers come in as views of flat vectors, so the same
// object serves the trainer and every background job at once (const, thread-safe).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "data/dataset.h"
#include "model/parameters.h"

namespace grokscope {

class Dropout;  // model/dropout.h

/// Examples of one forward pass.
struct Batch {
  Inputs inputs;  ///< of the kind that the model reads
  at::Tensor
      answers;  ///< (example) int64: read by forward_sequence() only (teacher forcing), else may be undefined
  const Dropout* dropout =
      nullptr;             ///< what this training step forgets; nullptr: nothing (evaluation, probes)
  ParameterViews buffers;  ///< as Model::buffer_layout(); empty: the model has none
  bool training = false;   ///< a training step: the model uses statistics of this batch and updates `buffers`
  std::string last_tap = {};  ///< not empty: a forward pass with taps may end with this one; its result is
                              ///< undefined then
};

/// A tapped activation: "embedding", "attention", "mlp", "hidden.2" …
struct Tap {
  std::string name;
  at::Tensor activation;  ///< (example, feature)
  at::Tensor before =
      {};  ///< (example, feature): the same before its activation function; undefined where it has none
};
using Taps = std::vector<Tap>;

/// What probes may ask a model for, beyond its taps. Undefined tensors mean "this model has none".
struct ReadableWeights {
  at::Tensor
      token_embedding;  ///< W_E of the two inputs, (token, feature); one-hot MLPs: first-layer columns of a
  at::Tensor neuron_to_logit;  ///< W_L = W_out W_U, (neuron, class): Nanda et al. 2023 §5
  at::Tensor unembedding;      ///< (feature, class)
  at::Tensor first_layer;      ///< images: (hidden, pixel)
};

class Model {
 public:
  virtual ~Model() = default;
  const ParameterLayout& layout() const { return layout_; }
  /// Deterministic: the same seed gives the same weights in every LibTorch version. (total) float32,
  /// init.scale applied.
  virtual at::Tensor initial_parameters(std::uint64_t seed) const = 0;
  /// Logits of the answer, (example, class), in the dtype of the views. `taps` may be nullptr.
  virtual at::Tensor forward(const ParameterViews& views, const Batch& batch, Taps* taps = nullptr) const = 0;
  /// What training and evaluation score. Most models: forward(). Power's sequence is scored at two positions:
  /// (2 * example, class + 1), first the answer of every example, then the <eos> after it; the last class is
  /// <eos>.
  virtual at::Tensor forward_sequence(const ParameterViews& views, const Batch& batch) const {
    return forward(views, batch);
  }
  /// Class index of <eos> in forward_sequence(), or -1 for models that answer at one position only.
  virtual std::int64_t eos_class() const { return -1; }
  /// What the model keeps beside its weights, such as BatchNorm's running statistics (Ioffe and Szegedy
  /// 2015): never trained, part of no norm, written in place by forward passes of training steps only.
  /// Checkpoints, replays and probes carry them.
  const ParameterLayout& buffer_layout() const { return buffer_layout_; }
  /// (buffer_layout().total()) float32.
  virtual at::Tensor initial_buffers() const { return at::zeros({buffer_layout_.total()}); }
  /// The examples of a training step look at one another (BatchNorm): it may not be cut into shards, so that
  /// numbers do not depend on the number of threads.
  virtual bool batch_is_one_piece() const { return false; }
  virtual ReadableWeights readable(const ParameterViews& views) const = 0;

 protected:
  ParameterLayout layout_, buffer_layout_;
};

/// Builds the architecture of a config for a task. Errors: a model that cannot take this task's inputs.
Result<std::shared_ptr<const Model>> make_model(const RunConfig& config, const Dataset& data);

}  // namespace grokscope

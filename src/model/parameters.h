// ParameterLayout and Parameters: all weights of a model in one flat vector; each named tensor is a view into
// it. AdamW, norms, rescaling, checkpoints and interpolation are single passes over one array. Owned by one
// thread at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "grokscope_aten.h"

namespace grokscope {

/// Names carry meaning: what begins with "embed." turns tokens or positions into vectors, and obeys
/// optimizer.embedding_learning_rate and embedding_weight_decay; what begins with "unembed." or "output."
/// reads the answer. Muon leaves both kinds, and whatever is no matrix, to AdamW.
struct ParameterSpec {
  std::string name;  ///< "blocks.0.attention.W_Q"
  std::vector<std::int64_t> shape;
  std::int64_t offset = 0;  ///< in elements
  std::int64_t size = 0;
};

bool is_embedding(const ParameterSpec& spec);
/// A matrix between the embedding and the readout.
bool is_inner_matrix(const ParameterSpec& spec);

class ParameterLayout {
 public:
  /// Appends a tensor; returns its index.
  int add(std::string name, std::vector<std::int64_t> shape);
  std::int64_t total() const { return total_; }
  const std::vector<ParameterSpec>& specs() const { return specs_; }

 private:
  std::vector<ParameterSpec> specs_;
  std::int64_t total_ = 0;
};

/// Views in the order of the layout's specs. Forward functions take these and nothing else of the parameters.
using ParameterViews = std::vector<at::Tensor>;

/// Views into a flat (total) vector of any dtype; no copies, no gradients.
ParameterViews views_of(const ParameterLayout& layout, const at::Tensor& flat);

/// Leaf tensors that share the storage of `flat` and accumulate their gradients into views of `flat_gradient`
/// (zero it before each backward).
ParameterViews leaves_of(const ParameterLayout& layout, const at::Tensor& flat,
                         const at::Tensor& flat_gradient);

}  // namespace grokscope

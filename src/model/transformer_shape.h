// TransformerShape: what a config and a task say about a transformer, and where its parameters lie. Plain
// values; the arithmetic is in transformer.cpp. Any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"
#include "model/activation_kind.h"
#include "model/initialisation.h"
#include "model/token_rows.h"

namespace grokscope {

enum class Normalisation { none, pre, post };

/// One position of the input sequence: a constant token, or one of a, b, answer.
struct SequenceSlot {
  RowKind rows = RowKind::one;
  std::int64_t first_token = 0;  ///< row of W_E of the constant, or of the first value
  std::int64_t tokens = 1;       ///< number of values
};

/// Indices into ParameterViews; -1 where the model has no such parameter.
struct TransformerLayer {
  int attention_gain = -1, attention_shift = -1;  // LayerNorm before (pre) or after (post) attention, (width)
  int W_Q = -1, W_K = -1, W_V = -1, W_O = -1;  // (width, width): columns of W_Q, W_K, W_V are (head, feature)
  int mlp_gain = -1, mlp_shift = -1;
  int W_in = -1, b_in = -1, W_out = -1, b_out = -1;  // (width, mlp), (mlp), (mlp, width), (width)
};

struct TransformerShape {
  std::int64_t width = 0, heads = 0, mlp_width = 0;
  std::int64_t tokens = 0;      ///< values of a and b
  std::int64_t classes = 0;     ///< answers
  std::int64_t vocabulary = 0;  ///< rows of W_E
  Activation activation = Activation::relu;
  InitScheme scheme = InitScheme::torch;
  Normalisation normalisation = Normalisation::none;
  bool learned_positions = true;
  bool power_sequence = false;      ///< <eos> a op b = c; otherwise a b =
  std::vector<SequenceSlot> slots;  ///< the whole input sequence
  std::int64_t answer_slot = 0;     ///< its output is the answer

  int W_E = -1, W_pos = -1, W_U = -1, final_gain = -1, final_shift = -1;
  std::vector<TransformerLayer> layers;

  std::int64_t logit_count() const { return classes + (power_sequence ? 1 : 0); }
  std::int64_t rows(RowKind kind, std::int64_t examples) const;
};

Result<TransformerShape> transformer_shape(const RunConfig& config, const Dataset& data);

/// Registers every parameter in `layout`, remembers the indices in `shape`, returns how to draw them.
InitPlan add_transformer_parameters(const RunConfig& config, TransformerShape& shape,
                                    ParameterLayout& layout);

}  // namespace grokscope

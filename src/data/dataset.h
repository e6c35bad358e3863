// Dataset: a task as tensors. All examples are here once; Split says which class each belongs to. Trainer
// thread builds it; immutable afterwards, so jobs may share it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "data/inputs.h"
#include "data/split.h"
#include "grokscope_aten.h"

namespace grokscope {

struct Dataset {
  std::string title;              ///< "a + b mod 53"
  std::string reading;            ///< how the task's files were read, in words; empty without files
  std::int64_t left_tokens = 0;   ///< number of values of a (rows of the answers grid)
  std::int64_t right_tokens = 0;  ///< number of values of b (columns)
  std::int64_t token_count = 0;   ///< vocabulary of the two inputs (shared); pairs only
  std::int64_t class_count = 0;   ///< answers are 0 .. class_count-1; regression: outputs
  std::int64_t pool_size = 0;     ///< examples that may be trained on
  std::int64_t held_out = 0;      ///< examples that are always test (images)
  Inputs inputs;
  at::Tensor targets;        ///< (example) int64: the true answer
  at::Tensor train_targets;  ///< (example) int64: targets with label noise, of what is trained on alone
  /// Defined for regression and for classes with a vector each: (vector, output) float32 or float64;
  /// `targets` then index its rows and the squared error is taken to them.
  at::Tensor target_vectors;
  /// With target_vectors: > 0: right is a mean squared error below this; 0: right is the nearest vector.
  double tolerance = 0.0;
  std::vector<std::string> token_names;  ///< "7", or "(0 2 1 3 4)" for S5
  std::vector<std::string> class_names;  ///< "T-shirt/top"
  /// nullptr unless the examples are pairs and the answer of (b, a) is always that of (a, b).
  std::shared_ptr<const Mirrors> mirrors;
  /// Non-zero when the answers form Z_p under the operation, so that Fourier probes apply.
  std::int64_t cyclic_order = 0;
  bool is_modular_addition = false;  ///< restricted and excluded loss (Nanda §5) are defined
};

/// The same examples with other wrong labels: train_targets are those that make_dataset() gives a task of
/// this label noise and seed. A value of its own: who holds `data` keeps what it holds.
std::shared_ptr<const Dataset> with_label_noise(const Dataset& data, double share, std::uint64_t seed);

/// The share of the commonest true answer among all examples, which is what guessing gets right; 0 when the
/// answers are numbers.
double majority_share(const Dataset& data);

/// Builds the task of a config. Errors: a formula that does not parse (points at the character), a CSV with a
/// bad cell (row and column), IDX files that are missing, truncated or of the wrong kind. `numbers`: float32
/// or float64, of pixels, features and target vectors; a pixel is value/255 in that type, the others are
/// float32 values.
Result<std::shared_ptr<const Dataset>> make_dataset(const TaskConfig& task, std::uint64_t seed,
                                                    at::ScalarType numbers = at::kFloat);

}  // namespace grokscope

// Examples: what a task is before it becomes tensors (dataset.cpp). Who makes them: task_makers.h.
// Torch-free. Any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "data/tasks/molecule_arrays.h"

namespace grokscope {

/// Pairs, pixels, features, tokens or molecules are filled. The fields mean what they mean in Dataset.
struct Examples {
  std::string title;
  std::string reading;  ///< how files were read, in words; empty without files
  std::int64_t left_tokens = 0, right_tokens = 0, token_count = 0, class_count = 0;
  std::int64_t pool_size = 0, held_out = 0;
  std::vector<std::int64_t> pairs;  ///< a0, b0, a1, b1, ...
  std::string pixels;               ///< unsigned bytes, (example, channel, row, column)
  std::int64_t image_channels = 1, image_height = 0, image_width = 0;
  std::vector<float> features;  ///< (example, feature_count)
  std::int64_t feature_count = 0;
  std::vector<std::int64_t> tokens;  ///< text: (example, token_length), 0 is padding
  std::int64_t token_length = 0;
  MoleculeArrays molecules;
  std::vector<std::int64_t> targets;  ///< one an example
  std::vector<std::string> token_names, class_names;
  std::vector<float> target_vectors;  ///< (vector, output_count), or empty
  std::int64_t output_count = 0;
  double tolerance = 0.0;
  std::int64_t cyclic_order = 0;
  bool is_modular_addition = false;
};

/// What `answer` returns for a pair that does not belong to the task.
inline constexpr std::int64_t kNoSuchPair = -1;

/// All pairs of 0 .. tokens-1 that have an answer, by a, then b; token and class names are the numbers.
Examples examples_of_pairs(std::int64_t tokens, std::int64_t classes,
                           const std::function<std::int64_t(std::int64_t a, std::int64_t b)>& answer);

/// Keeps `count` of the held-out examples, the same ones for every seed, in their order; 0, or more than
/// there are: all.
void keep_some_held_out(Examples& examples, std::int64_t count);

/// Every pair that the formula answers, mod p; shared by modular.cpp and formula_task.cpp.
Result<Examples> examples_of_formula(const std::string& formula, std::int64_t modulus);

}  // namespace grokscope

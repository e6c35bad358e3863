// Examples: see examples.h.
#include "data/tasks/examples.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/random.h"

namespace grokscope {
namespace {

/// Of `rows`, `width` values an example: the pool and the chosen held-out examples stay.
template <typename Values>
void keep_rows(Values& rows, std::int64_t width, std::int64_t pool, const std::vector<std::int64_t>& chosen) {
  std::int64_t to = pool;
  for (const std::int64_t example : chosen) {  // ascending: none is overwritten before it is read
    std::copy_n(rows.begin() + (pool + example) * width, width, rows.begin() + to * width);
    ++to;
  }
  rows.resize(static_cast<std::size_t>(to * width));
}

}  // namespace

Examples examples_of_pairs(std::int64_t tokens, std::int64_t classes,
                           const std::function<std::int64_t(std::int64_t a, std::int64_t b)>& answer) {
  Examples examples;
  examples.left_tokens = examples.right_tokens = examples.token_count = tokens;
  examples.class_count = classes;
  for (std::int64_t a = 0; a < tokens; ++a) {
    for (std::int64_t b = 0; b < tokens; ++b) {
      const std::int64_t c = answer(a, b);
      if (c == kNoSuchPair) continue;
      examples.pairs.insert(examples.pairs.end(), {a, b});
      examples.targets.push_back(c);
    }
  }
  examples.pool_size = static_cast<std::int64_t>(examples.targets.size());
  for (std::int64_t token = 0; token < tokens; ++token) examples.token_names.push_back(std::to_string(token));
  for (std::int64_t label = 0; label < classes; ++label)
    examples.class_names.push_back(std::to_string(label));
  return examples;
}

void keep_some_held_out(Examples& examples, std::int64_t count) {
  if (count <= 0 || count >= examples.held_out) return;
  std::vector<std::int64_t> chosen = RandomStream(0, "test_size").permutation(examples.held_out);
  chosen.resize(static_cast<std::size_t>(count));
  std::sort(chosen.begin(), chosen.end());
  const std::int64_t pool = examples.pool_size;
  keep_rows(examples.targets, 1, pool, chosen);
  if (!examples.features.empty()) keep_rows(examples.features, examples.feature_count, pool, chosen);
  if (!examples.pixels.empty()) {
    keep_rows(examples.pixels, examples.image_channels * examples.image_height * examples.image_width, pool,
              chosen);
  }
  examples.held_out = count;
  if (!examples.reading.empty())
    examples.reading += fmt::format("; {} of the test examples are scored", count);
}

}  // namespace grokscope

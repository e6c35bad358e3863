// As many examples of the same few classes from the training and from the test examples. Not a probe. Any
// thread; pure functions.
#pragma once

#include <string_view>
#include <vector>

#include "probe/probe.h"

namespace grokscope {

struct ClassSample {
  std::vector<std::int64_t> classes;  ///< in ascending order
  std::vector<std::int64_t> sizes;    ///< of each class, the same in both parts
  at::Tensor train;                   ///< (example) indices, class after class
  at::Tensor test;                    ///< undefined: no examples are kept back
  at::Tensor train_labels;            ///< (example) the labels that training uses, 0 .. class_count - 1
  at::Tensor test_labels;             ///< undefined with `test`
};

/// At most `most_classes`, drawn from those that have an example in either part, and at most `most_points` of
/// each. Streams of config.seed named after `stream` draw them, so that they stay the same from look to look,
/// as far as the split does.
ClassSample class_sample(const ProbeInput& input, std::int64_t most_classes, std::int64_t most_points,
                         std::string_view stream);

/// Why this run has no classes to compare, in a sentence; empty if it has.
std::string why_no_classes(const ProbeInput& input);

}  // namespace grokscope

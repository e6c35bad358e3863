// Until: a stop condition of --until, parsed and judged. Torch-free. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "history/evaluation.h"

namespace grokscope {

/// A stop condition such as "test_accuracy>=0.99": metric, one of >= <= > <, number. test_accuracy is what
/// milestones go by: without the pairs whose mirror is trained on, where those are told apart.
struct Until {
  std::string metric;
  std::string relation;
  double value = 0.0;
  /// False for NaN, whatever the relation.
  bool holds(const Evaluation& evaluation) const;
};
Result<Until> parse_until(std::string_view text);

}  // namespace grokscope

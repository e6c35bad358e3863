// RunCurves: how accurate a run was over its steps, as values: what a theory of learning is laid beside. Any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace grokscope::theory {

/// Equally long; steps ascending.
struct RunCurves {
  std::string name;  ///< "quickstart, seed 0"
  std::vector<double> steps;
  std::vector<double> train_accuracy, test_accuracy;  ///< 0 .. 1

  std::size_t size() const { return steps.size(); }
};

}  // namespace grokscope::theory

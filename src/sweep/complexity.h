// Effective model complexity (Nakkiran et al. 2019, definition 1): the largest number of examples n that a
// training procedure fits, with a mean training error over draws of at most ε. Found by bisection over n, a
// few seeds at each. The search is a value; measure_complexity() trains its runs. Any one thread.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

struct ComplexityPlan {
  RunConfig base;                    ///< all of the procedure but task.train_size and the seed
  double epsilon = 0.1;              ///< of the paper
  std::int64_t seeds = 3;            ///< 0 .. seeds-1, at each n
  std::int64_t least = 0, most = 0;  ///< where to look, both included
  double precision = 0.05;           ///< ends when the bounds lie this share apart
};

/// Usage errors: no examples, an empty range, ε outside 0 .. 1, fewer than one seed, settings that do not go
/// together.
Status validate(const ComplexityPlan& plan);

/// What the seeds came to at one number of examples.
struct ComplexityProbe {
  std::int64_t examples = 0;
  double mean_error = 0.0;      ///< of training, at the end
  double standard_error = 0.0;  ///< of that mean; 0 of one seed
};

class ComplexitySearch {
 public:
  explicit ComplexitySearch(const ComplexityPlan& plan);
  /// The number of examples to be tried next; nothing: the search is over.
  std::optional<std::int64_t> next() const;
  void see(const ComplexityProbe& probe);

  /// The largest n that was seen to be fitted; nothing: not even the least.
  std::optional<std::int64_t> complexity() const;
  /// The smallest n that was seen not to be; nothing: all were.
  std::optional<std::int64_t> too_many() const;
  /// The same, counting only those whose mean is two standard errors or more from ε: between these two lies
  /// the complexity as far as the seeds can tell.
  std::optional<std::int64_t> surely_fitted() const;
  std::optional<std::int64_t> surely_not() const;
  const std::vector<ComplexityProbe>& probes() const { return probes_; }

 private:
  ComplexityPlan plan_;
  std::vector<ComplexityProbe> probes_;  // ascending
};

/// "effective model complexity 3 280 (3 100 to 3 450): ...".
std::string complexity_sentence(const ComplexitySearch& search, const ComplexityPlan& plan);

struct ComplexityOptions {
  std::string program;  ///< that knows `sweep-worker`
  int jobs = 1;
  bool with_cache = true;
  std::function<bool()> interrupted;
  std::function<void(const ComplexityProbe&)> measured;  ///< after each n; may be empty
};
/// Trains until the search is over. A run that fails or diverges is the error: what it would have fitted is
/// not known.
Result<ComplexitySearch> measure_complexity(const ComplexityPlan& plan, const ComplexityOptions& options);

}  // namespace grokscope

// Starting this very program as a user would, in a world of its own (home, settings, runs in a temporary
// folder), and reading the JSON that it prints. Main thread.
#pragma once

#include <string>
#include <vector>

#include "base/child_process.h"
#include "base/json_text.h"

namespace grokscope::bench {

struct Launch {
  Json printed;  ///< what it wrote to standard output
  double elapsed_s = 0.0;
  double peak_resident_mb = 0.0;
};

/// `folder`: a temporary one. Errors: it failed, or printed no JSON object.
Result<Launch> launch(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                      const std::string& folder);

}  // namespace grokscope::bench

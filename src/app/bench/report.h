// What `grokscope bench` prints: one aligned table for people, one JSON document (docs/schema/
// bench.schema.json) for programs. Pure functions. Main thread.
#pragma once

#include <string>
#include <vector>

#include "app/bench/bench.h"

namespace grokscope::bench {

struct Finished {
  std::string name;
  Outcome outcome;
};

std::string table_of(const std::vector<Finished>& finished);
Json json_of(const std::vector<Finished>& finished, const Request& request);

}  // namespace grokscope::bench

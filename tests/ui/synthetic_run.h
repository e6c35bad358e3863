// A made-up run that looks like quickstart: memorises, waits, generalises. For the tests of panels and
// pictures.
#pragma once

#include <cstdint>

#include "contract/ports.h"
#include "history/history.h"

namespace grokscope::testing {

/// Evaluations, frames of every probe, one intervention; up to `steps`.
History synthetic_run(std::int64_t steps);
RunFacts synthetic_facts();

}  // namespace grokscope::testing

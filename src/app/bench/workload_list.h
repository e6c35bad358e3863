// The functions behind the list in workloads.cpp; each documents itself in its file. Main thread.
#pragma once

#include "app/bench/bench.h"

namespace grokscope::bench {

Result<Outcome> run_training_workload(const Request& request, std::string_view name);
Result<Outcome> run_cost_workload(const Request& request, std::string_view name);
Result<Outcome> run_history_workload(const Request& request, std::string_view name);
Result<Outcome> run_sweep_workload(const Request& request, std::string_view name);
Result<Outcome> run_theory_workload(const Request& request, std::string_view name);
Result<Outcome> run_first_frame_workload(const Request& request, std::string_view name);
Result<Outcome> run_watching_workload(const Request& request, std::string_view name);

}  // namespace grokscope::bench

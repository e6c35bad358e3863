// A plan or a line of a shard from anywhere is refused with a message, or written and read again it is the
// same.

// module: sweep
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sweep/outcome.h"
#include "sweep/outcome_key.h"
#include "sweep/plan_json.h"

namespace {

void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz_sweep: %s\n", what);
  std::abort();
}

void read_as_plan(std::string_view text) {
  using namespace grokscope;
  const auto plan = plan_from_text(text, "input");
  if (!plan) {
    require(!plan.error().message.empty(), "an error without a message");
    require(plan.error().blame == Blame::usage, "a bad plan is the writer's to mend");
    return;
  }
  require(plan->runs() > 0 && plan->runs() <= kMostSweepRuns, "a plan without runs, or too many");
  const PlannedRun last = planned_run(*plan, plan->runs() - 1);
  require(plan->is_list() != !plan->axes.empty(), "a plan with axes and a list, or with neither");
  require(plan->is_list() || last.config.seed == plan->seeds.back(), "the last run has not the last seed");
  require(outcome_key(last, "").size() == 32, "a run without a key");
  const std::string dumped = text_from_json(json_from_plan(*plan));
  const auto again = plan_from_text(dumped, "dump");
  require(again.ok(), "a dumped plan does not parse");
  require(text_from_json(json_from_plan(*again)) == dumped, "a plan changes on its way through JSON");
}

void read_as_outcome(std::string_view text) {
  using namespace grokscope;
  const auto outcome = outcome_from_line(text, "input");
  if (!outcome) return require(!outcome.error().message.empty(), "an error without a message");
  const std::string line = line_from_outcome(*outcome);
  const auto again = outcome_from_line(line, "again");
  require(again.ok(), "a written outcome does not parse");
  require(line_from_outcome(*again) == line, "an outcome changes on its way through a line");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  read_as_plan(text);
  read_as_outcome(text);
  return 0;
}

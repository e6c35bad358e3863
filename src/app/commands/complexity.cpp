// grokscope complexity: effective model complexity of a training procedure, by bisection over the number of
// examples. Main thread.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/number_options.h"
#include "app/commands/run_choice.h"
#include "app/commands/table_choice.h"
#include "app/interrupt.h"
#include "base/child_process.h"
#include "base/json_text.h"
#include "base/output.h"
#include "base/text.h"
#include "sweep/complexity.h"
#include "sweep/local_executor.h"

namespace grokscope {
namespace {

struct ComplexityRequest {
  RunChoice choice;
  double epsilon = 0.1;
  std::int64_t seeds = 3;
  std::int64_t from = 100, to = 4000;
  int jobs = 0;
  TableChoice table;
};

Json json_of(const ComplexitySearch& search, const ComplexityPlan& plan) {
  const auto whole = [](std::optional<std::int64_t> number) { return number ? Json(*number) : Json(); };
  Json probes = Json::array();
  for (const ComplexityProbe& probe : search.probes())
    probes.push_back({{"examples", probe.examples},
                      {"train_error", probe.mean_error},
                      {"standard_error", probe.standard_error}});
  return {{"schema", "grokscope.complexity/1"},
          {"preset", plan.base.preset},
          {"epsilon", plan.epsilon},
          {"seeds", plan.seeds},
          {"complexity", whole(search.complexity())},
          {"too_many", whole(search.too_many())},
          {"surely_fitted", whole(search.surely_fitted())},
          {"surely_not", whole(search.surely_not())},
          {"probes", std::move(probes)}};
}

std::string csv_of(const ComplexitySearch& search) {
  std::string text = "examples,train_error,standard_error\n";
  for (const ComplexityProbe& probe : search.probes())
    text += std::to_string(probe.examples) + "," + text_from_json(Json(probe.mean_error)) + "," +
            text_from_json(Json(probe.standard_error)) + "\n";
  return text;
}

int run_complexity(const ComplexityRequest& request) {
  auto config = config_of(request.choice);
  if (!config) return report(config.error());
  if (Status possible = check_table_output(request.table); !possible) return report(possible.error());
  const ComplexityPlan plan{std::move(*config), request.epsilon, request.seeds, request.from, request.to};
  const Interrupt interrupt;
  ComplexityOptions options;
  options.program = this_program();
  options.jobs = request.jobs > 0 ? request.jobs : usable_cores();
  options.with_cache = !request.table.no_cache;
  options.interrupted = [&] { return interrupt.requested(); };
  if (!request.table.quiet) {
    options.measured = [](const ComplexityProbe& probe) {
      std::fprintf(stderr, "%s examples: train error %s ± %s\n", grouped(probe.examples).c_str(),
                   percent(probe.mean_error, 1).c_str(), percent(probe.standard_error, 1).c_str());
    };
  }
  const auto search = measure_complexity(plan, options);
  if (!search) return report(search.error());
  const std::string json = text_from_json(json_of(*search, plan), 2) + "\n";
  if (request.table.json) {
    std::fputs(json.c_str(), stdout);
  } else if (!is_standard_output(request.table.output)) {
    std::printf("%s\n", complexity_sentence(*search, plan).c_str());
  }
  if (request.table.output.empty()) return 0;
  const Status written =
      write_output(request.table.output, request.table.output.ends_with(".csv") ? csv_of(*search) : json);
  return written ? 0 : report(written.error());
}

}  // namespace

void add_complexity_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand(
      "complexity",
      "effective model complexity: how many examples a training can fit (Nakkiran et al. 2019)");
  auto request = std::make_shared<ComplexityRequest>();
  command->add_option("PRESET|FILE", request->choice.source, "a preset or a config file")
      ->type_name("")
      ->required();
  add_set_option(*command, request->choice);
  add_whole_number_option(*command, "--steps", request->choice.steps, "steps of each training")
      ->type_name("N");
  command->add_option("--epsilon", request->epsilon, "the mean training error that counts as fitted (0.1)")
      ->type_name("E")
      ->transform(real_number(0.0, 1.0));
  command->add_option("--seeds", request->seeds, "trainings at each number of examples (3)")
      ->type_name("N")
      ->transform(whole_number(1, 1000));
  command->add_option("--from", request->from, "the fewest examples (100)")
      ->type_name("N")
      ->transform(whole_number(1, 100'000'000));
  command->add_option("--to", request->to, "the most examples (4000)")
      ->type_name("N")
      ->transform(whole_number(1, 100'000'000));
  command->add_option("--jobs", request->jobs, "trainings at once; 0: one a core")
      ->type_name("N")
      ->transform(whole_number(0, 256));
  add_table_options(*command, request->table);
  command->callback([request, &result] { result.action = [request] { return run_complexity(*request); }; });
}

}  // namespace grokscope

// grokscope bench: named workloads, each with rate, median and spread; nothing that it measures is kept.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "app/bench/cost_picture.h"
#include "app/bench/report.h"
#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/number_options.h"
#include "base/output.h"
#include "base/text.h"

namespace grokscope {
namespace {

using bench::Finished;
using bench::Workload;

struct BenchCommand {
  bench::Request request;
  std::vector<std::string> names;
  std::string plot;
  bool list = false, json = false;
};

int print_list() {
  for (const Workload& workload : bench::workloads()) {
    std::printf("%-18s %s\n", std::string(workload.name).c_str(), std::string(workload.summary).c_str());
  }
  return 0;
}

Error unknown_workload(const std::string& name) {
  std::vector<std::string> names;
  std::string all;
  for (const Workload& workload : bench::workloads()) {
    names.emplace_back(workload.name);
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest_name(name, names);
  return usage_error("there is no workload '" + name + "'" +
                     (near.empty() ? ": choose from " + all : ": did you mean '" + near + "'?"));
}

/// Those that were named, in the order of the list; all if none was.
Result<std::vector<const Workload*>> chosen_workloads(const std::vector<std::string>& names) {
  const auto is_named = [&](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<const Workload*> chosen;
  for (const Workload& workload : bench::workloads()) {
    if (names.empty() || is_named(workload.name)) chosen.push_back(&workload);
  }
  for (const std::string& name : names) {
    const bool known = std::any_of(chosen.begin(), chosen.end(),
                                   [&](const Workload* workload) { return workload->name == name; });
    if (!known) return unknown_workload(name);
  }
  return chosen;
}

Status save_plot(const std::vector<Finished>& finished, const std::string& path) {
  for (const Finished& one : finished) {
    if (!one.outcome.curves.empty()) return write_output(path, bench::cost_picture_svg(one.outcome.curves));
  }
  return failure("there is nothing to plot: the workload `cost` could not be measured: " + path);
}

/// Before anything is measured.
Status check_plot(const BenchCommand& command, const std::vector<const Workload*>& chosen) {
  if (command.plot.empty()) return {};
  if (std::none_of(chosen.begin(), chosen.end(), [](const Workload* one) { return one->name == "cost"; }))
    return usage_error("there would be nothing to plot: --plot draws what the workload `cost` measures");
  if (command.json && is_standard_output(command.plot))
    return usage_error("--json and --plot both go to standard output: write one of them into a file");
  return check_named_output(command.plot);
}

int run_bench(const BenchCommand& command) {
  if (command.list) return print_list();
  const auto chosen = chosen_workloads(command.names);
  if (!chosen) return report(chosen.error());
  if (Status possible = check_plot(command, *chosen); !possible) return report(possible.error());
  std::vector<Finished> finished;
  for (const Workload* workload : *chosen) {
    const std::string name(workload->name);
    if (::isatty(STDERR_FILENO) != 0) std::fprintf(stderr, "%s ...\n", name.c_str());
    auto outcome = workload->run(command.request, name);
    if (!outcome) return report(outcome.error());
    if (!outcome->impossible.empty() && !command.names.empty())
      return report(failure("cannot measure " + name + ": " + outcome->impossible));
    finished.push_back({name, std::move(*outcome)});
  }
  if (command.json) {
    std::printf("%s\n", text_from_json(json_of(finished, command.request), 2).c_str());
  } else {
    std::fputs(table_of(finished).c_str(), text_stream(command.plot));
  }
  if (command.plot.empty()) return 0;
  const Status saved = save_plot(finished, command.plot);
  return saved ? 0 : report(saved.error());
}

}  // namespace

void add_bench_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("bench", "measure how fast the program is on this machine");
  auto bench = std::make_shared<BenchCommand>();
  bench::Request& request = bench->request;
  command->add_option("WORKLOAD", bench->names, "what to measure (--list); everything if not given")
      ->type_name("");
  command->add_option("--seconds", request.seconds, "measuring time of each workload; 5 if not given")
      ->type_name("S")
      ->transform(real_number(0.01, 600.0));
  command->add_option("--repeats", request.repeats, "blocks in which that time is cut; 7 if not given")
      ->type_name("N")
      ->transform(whole_number(5, 1000));
  command->add_option("--threads", request.threads, "threads of a training step; 0 chooses")
      ->type_name("N")
      ->transform(whole_number(0, 256));
  command->add_option("--engine", request.engine, "who computes a step (train.engine)")
      ->type_name("auto|fused|autograd")
      ->check(CLI::IsMember({"auto", "fused", "autograd"}));
  command
      ->add_option("--set", request.settings,
                   "change a setting of the trainings that are measured, one for each --set")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command
      ->add_option("--plot", bench->plot,
                   "draw what `cost` measured into this SVG file; - is standard output")
      ->type_name("FILE");
  command->add_flag("--list", bench->list, "the workloads, one line each");
  command->add_flag("--json", bench->json, "print one JSON document");
  command->callback([bench, &result] { result.action = [bench] { return run_bench(*bench); }; });
}

}  // namespace grokscope

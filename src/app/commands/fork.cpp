// grokscope fork: a second run that is a recorded one up to a step and goes another way from there.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/run_choice.h"
#include "app/commands/train_headless.h"
#include "base/home_path.h"
#include "history/run_fork.h"
#include "session/as_recorded.h"
#include "session/session.h"

namespace grokscope {
namespace {

struct ForkChoice {
  RunChoice run;  ///< its folder, settings and end
  std::optional<std::int64_t> at;
  std::string out;
  bool no_probes = false;
  HeadlessOutput output;
};

Result<ForkRequest> request_of(const ForkChoice& choice) {
  ForkRequest request;
  request.parent = with_home(choice.run.source);
  request.at = *choice.at;
  request.changes = choice.run.assignments;
  if (choice.run.steps) {
    if (*choice.run.steps <= request.at)
      return usage_error("a fork at step " + std::to_string(request.at) + " cannot end at step " +
                         std::to_string(*choice.run.steps) + ": choose a later end with --steps");
    request.last_step = *choice.run.steps;
  }
  if (!choice.out.empty()) {
    auto folder = named_folder("--out", choice.out);
    if (!folder) return folder.error();
    request.path = std::move(*folder);
  }
  return request;
}

Result<std::unique_ptr<Session>> begun(const ForkChoice& choice) {
  SessionOptions options;
  if (!choice.output.until.empty()) {
    auto until = parse_until(choice.output.until);
    if (!until) return until.error();
    options.trainer.until = std::move(*until);
  }
  auto request = request_of(choice);
  if (!request) return request.error();
  auto fork = fork_run(*request);
  if (!fork) return fork.error();
  if (!fork->continued) {
    auto until = std::move(options.trainer.until);
    options.trainer = as_recorded(fork->made_by);
    options.trainer.until = std::move(until);
  }
  options.trainer.probes = !choice.no_probes;
  options.trainer.scripted = std::move(fork->interventions);
  if (options.trainer.probes) options.calibration = std::make_shared<const Calibration>(load_calibration());
  if (fork->continued) return Session::go_on(std::move(*fork->continued), fork->path, std::move(options));
  options.run_path = fork->path;
  options.forked = fork->made_by.forked;
  return Session::start(std::move(fork->config), std::move(options));
}

int fork(const ForkChoice& choice) {
  auto session = begun(choice);
  if (!session) return report(session.error());
  return train_headless(**session, choice.output);
}

}  // namespace

void add_fork_command(CLI::App& app, CommandResult& result) {
  CLI::App* command =
      app.add_subcommand("fork", "leave a recorded run at a step and go another way from there");
  auto choice = std::make_shared<ForkChoice>();
  command->add_option("RUN", choice->run.source, "the run folder; it stays as it is")
      ->type_name("")
      ->required();
  add_whole_number_option(*command, "--at", choice->at,
                          "the step: what the run changed there or later is not carried over")
      ->type_name("STEP")
      ->required();
  add_set_option(*command, choice->run);
  add_whole_number_option(*command, "--steps", choice->run.steps,
                          "the last step; where the run was to end if not given")
      ->type_name("N");
  command->add_option("--until", choice->output.until, "stop early, e.g. 'test_accuracy>=0.99'")
      ->type_name("CONDITION");
  command
      ->add_option("--out", choice->out, "the folder of the fork; a new one in the data folder if not given")
      ->type_name("DIR");
  command->add_flag("--no-probes", choice->no_probes, "do not look inside while training: metrics only");
  command->add_flag("--json", choice->output.json, "print one JSON object");
  command->add_flag("--quiet", choice->output.quiet, "no progress bar");
  command->callback([choice, &result] { result.action = [choice] { return fork(*choice); }; });
}

}  // namespace grokscope

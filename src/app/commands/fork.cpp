// grokscope fork: a second run that is a recorded one up to a step and goes another way from there.
#include <CLI/CLI.hpp>
#include <memory>
#include <optional>
#include <utility>

#include "app/commands/commands.h"
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
  HeadlessChoice headless;
};

Result<std::unique_ptr<Session>> begun(const ForkChoice& choice) {
  auto options = session_options(choice.headless);
  if (!options) return options.error();
  auto fork = fork_run({.parent = with_home(choice.run.source),
                        .at = *choice.at,
                        .changes = choice.run.assignments,
                        .last_step = choice.run.steps,
                        .path = options->run_path});
  if (!fork) return fork.error();
  tell(fork->repairs);
  options->trainer.scripted = std::move(fork->interventions);
  if (fork->continued) return Session::go_on(std::move(*fork->continued), fork->path, std::move(*options));
  train_as_recorded(fork->made_by, options->trainer);
  options->forked = fork->made_by.forked;
  return Session::start(std::move(fork->config), std::move(*options));
}

int fork(const ForkChoice& choice) {
  auto session = begun(choice);
  if (!session) return report(session.error());
  return train_headless(**session, choice.headless);
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
  add_headless_options(*command, choice->headless);
  command->callback([choice, &result] { result.action = [choice] { return fork(*choice); }; });
}

}  // namespace grokscope

#include "app/commands/run_choice.h"
#include "app/commands/number_options.h"

#include <CLI/CLI.hpp>
#include <utility>

#include "base/number_text.h"
#include "base/outside_text.h"
#include "base/threads.h"
#include "config/fields.h"
#include "config/presets.h"

namespace grokscope {

void add_set_option(CLI::App& app, RunChoice& choice) {
  app.add_option("--set", choice.assignments,
                 "change a setting, one for each --set; `grokscope fields` lists them")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
}

void add_run_choice_options(CLI::App& app, RunChoice& choice) {
  add_set_option(app, choice);
  add_whole_number_option(app, "--steps", choice.steps, "number of updates (train.steps)")->type_name("N");
  add_whole_number_option(app, "--seed", choice.seed, "seed of weights, split and batches")->type_name("S");
  app.add_option("--threads", choice.threads, "shards of a step; 0 chooses")
      ->type_name("N")
      ->transform(whole_number(0, kMostThreads));
  app.add_option("--device", choice.device, "where to compute")->type_name("auto|cpu|cuda");
}

CLI::Option* add_whole_number_option(CLI::App& app, const std::string& name,
                                     std::optional<std::int64_t>& number, const std::string& help) {
  return app.add_option_function<std::string>(
      name,
      [name, &number](const std::string& text) {
        number = whole_number_from_text(text);
        if (!number) throw CLI::ValidationError(name, "needs a whole number, not " + in_quotes(text));
      },
      help);
}

Result<RunConfig> chosen_config(RunConfig config, const RunChoice& choice) {
  for (const std::string& assignment : choice.assignments) {
    if (Status set = set_field_from_text(config, assignment); !set) return set.error();
  }
  if (choice.steps) {
    if (Status set = set_field(config, "train.steps", *choice.steps); !set) return set.error();
  }
  if (choice.seed) {
    if (Status set = set_field(config, "seed", *choice.seed); !set) return set.error();
  }
  if (Status valid = validate(config); !valid) return valid.error();
  return config;
}

Result<RunConfig> config_of(const RunChoice& choice) {
  auto config = load_config(choice.source);
  return config ? chosen_config(std::move(*config), choice) : config;
}

}  // namespace grokscope

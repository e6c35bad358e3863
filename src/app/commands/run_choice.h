// What `run` and the window let a user choose about a run, as typed. Main thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace grokscope {

struct RunChoice {
  std::string source = "quickstart";     ///< preset or file
  std::vector<std::string> assignments;  ///< --set key=value, in order
  std::optional<std::int64_t> steps, seed;
  int threads = 0;
  std::string device = "auto";
};

/// --set alone.
void add_set_option(CLI::App& app, RunChoice& choice);
/// --set --steps --seed --threads --device. `choice` must outlive the parsing.
void add_run_choice_options(CLI::App& app, RunChoice& choice);

/// A whole number as --set reads it: 2000 and 2e3 are the same. `number` must outlive the parsing.
CLI::Option* add_whole_number_option(CLI::App& app, const std::string& name,
                                     std::optional<std::int64_t>& number, const std::string& help);

/// The settings with everything chosen applied and checked.
Result<RunConfig> chosen_config(RunConfig config, const RunChoice& choice);

/// The preset or file with everything chosen applied and checked.
Result<RunConfig> config_of(const RunChoice& choice);

}  // namespace grokscope

#include "app/commands/table_choice.h"

#include <CLI/CLI.hpp>

#include "app/commands/named_output.h"
#include "base/output.h"

namespace grokscope {

void add_table_options(CLI::App& app, TableChoice& choice) {
  app.add_option("-o,--output", choice.output,
                 "also write this file, .csv or else JSON; - is standard output")
      ->type_name("PATH");
  app.add_flag("--no-cache", choice.no_cache,
               "train everything; neither use nor fill what was trained before");
  app.add_flag("--json", choice.json, "print one JSON object");
  app.add_flag("--quiet", choice.quiet, "no progress");
}

Status check_table_output(const TableChoice& choice) {
  if (choice.output.empty()) return {};
  if (choice.json && is_standard_output(choice.output))
    return usage_error("--json and --output both go to standard output: give one of them");
  return check_named_output(choice.output);
}

}  // namespace grokscope

// What the commands that measure a table let a user choose: where it is written, and how it is told. Main
// thread.
#pragma once

#include <string>

#include "base/result.h"

namespace CLI {
class App;
}  // namespace CLI

namespace grokscope {

struct TableChoice {
  std::string output;  ///< .csv, or else JSON; "": none
  bool json = false, quiet = false, no_cache = false;
};

/// --output --no-cache --json --quiet. `choice` must outlive the parsing.
void add_table_options(CLI::App& app, TableChoice& choice);

/// Before anything is trained: can the table be written where it is wanted?
Status check_table_output(const TableChoice& choice);

}  // namespace grokscope

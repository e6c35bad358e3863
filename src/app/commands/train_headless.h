// Training without a window until a run has ended and is on disk, and what is printed then: what `run` and
// `fork` have in common. Main thread.
#pragma once

#include <string>

#include "session/session.h"

namespace CLI {
class App;
}

namespace grokscope {

struct HeadlessChoice {
  std::string until;       ///< a condition, as typed: a run that ends without it has failed
  std::string out;         ///< the run folder, as typed; "": a new one
  bool no_probes = false;  ///< metrics only
  bool json = false;
  bool quiet = false;
  bool pictures = false;  ///< leave dashboard.png and snapshot.json in the run folder too
};

/// --until --out --no-probes --json --quiet. `choice` must outlive the parsing.
void add_headless_options(CLI::App& app, HeadlessChoice& choice);

/// What a session needs to know of it. Errors: no condition, no place for a folder.
Result<SessionOptions> session_options(const HeadlessChoice& choice);

/// Returns the exit code.
int train_headless(Session& session, const HeadlessChoice& choice);

}  // namespace grokscope

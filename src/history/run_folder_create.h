// Making the folder of a new run, all or nothing: of all programs that try at once, one gets it. Used by
// RunFolderWriter only. Any thread.
#pragma once

#include <cstdint>
#include <string>

#include "base/files.h"
#include "base/result.h"
#include "config/run_config.h"

namespace grokscope {

struct FreshRunFolder {
  std::string path;
  LineFile metrics;
  LineFile events;
  LineFile scalars;
};

struct RunTexts {
  std::string config;
  std::string facts;  ///< "": there is no facts.json
};

/// Makes `path`, or takes an empty folder, with config.json, facts.json, empty metrics.jsonl, events.jsonl
/// and scalars.jsonl, frames/, checkpoints/. On failure everything that it made, parents included, is removed
/// again. Errors: it holds a run or anything else, is being made by somebody else, or cannot be written.
Result<FreshRunFolder> make_run_folder(const std::string& path, const RunTexts& texts);

/// The same in $XDG_DATA_HOME/grokscope/runs/<UTC time>-<preset>-seed<seed>, or -2, -3, ... behind it: the
/// first name that nobody else takes.
Result<FreshRunFolder> make_new_run_folder(const RunConfig& config, const RunTexts& texts);

/// The files of the run that `path` holds already, to be written on. Its config.json and facts.json stay.
Result<FreshRunFolder> reopen_run_folder(const std::string& path);

/// An error if the disk has less than `needed_bytes` left where the run would be ("": where new runs are
/// made). To be asked before anything is made, so that a disk without room stays as it was.
Status check_room(const std::string& path, std::uintmax_t needed_bytes);

}  // namespace grokscope

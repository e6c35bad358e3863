// Names of files that belong to a step: step_00001234.safetensors. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace grokscope {

std::string step_file_name(std::int64_t step);
/// The step in such a name; -1 for any other name (a temporary file, for one).
std::int64_t step_from_file_name(const std::string& name);
/// (step, name) of those of `names` that are such names, ascending.
std::vector<std::pair<std::int64_t, std::string>> step_names(const std::vector<std::string>& names);
/// (step, path) of the regular files in a folder that have such names, ascending; empty if there is no
/// folder.
std::vector<std::pair<std::int64_t, std::string>> step_files(const std::string& folder);
/// Evenly spread in log step, at most `limit`, the first and the last included.
std::vector<std::pair<std::int64_t, std::string>> thinned_in_log_step(
    std::vector<std::pair<std::int64_t, std::string>> files, std::size_t limit);

}  // namespace grokscope

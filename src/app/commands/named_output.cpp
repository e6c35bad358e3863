#include "app/commands/named_output.h"

#include <filesystem>
#include <system_error>

#include "base/output.h"
#include "history/record_files.h"

namespace grokscope {

namespace {

Status check_outside_records(const std::string& path) {
  if (record_that_holds(path).empty()) return {};
  return usage_error(
      "this belongs to the record of a run, which nothing else may write: choose another place: " + path);
}

}  // namespace

Status check_named_output(const std::string& path) {
  if (is_stream(path)) return check_output(path);
  if (Status outside = check_outside_records(path); !outside) return outside;
  return check_output(path);
}

Result<std::string> named_folder(const std::string& option, const std::string& path) {
  if (path == "-") {
    return usage_error(option +
                       " takes a folder, which standard output cannot be: a folder of that name is ./-");
  }
  std::error_code error;
  const std::filesystem::path whole = std::filesystem::absolute(path, error).lexically_normal();
  if (path.empty() || error) return usage_error(option + " needs the name of a folder");
  if (Status outside = check_outside_records(path); !outside) return outside.error();
  if (Status possible = check_output_folder(path); !possible) return possible.error();
  return whole.string();
}

std::FILE* text_stream(const std::string& output) {
  return !output.empty() && is_standard_output(output) ? stderr : stdout;
}

}  // namespace grokscope

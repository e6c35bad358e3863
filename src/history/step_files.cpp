// Names of files that belong to a step.
#include "history/step_files.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <system_error>

namespace grokscope {

namespace {

constexpr std::string_view kPrefix = "step_";
constexpr std::string_view kSuffix = ".safetensors";
constexpr std::size_t kMinDigits = 8;

}  // namespace

std::string step_file_name(std::int64_t step) {
  std::string digits = std::to_string(step);
  if (digits.size() < kMinDigits) digits.insert(0, kMinDigits - digits.size(), '0');
  return std::string(kPrefix) + digits + std::string(kSuffix);
}

std::int64_t step_from_file_name(const std::string& name) {
  if (name.size() < kPrefix.size() + kMinDigits + kSuffix.size()) return -1;
  const char* begin = name.data() + kPrefix.size();
  const char* end = name.data() + name.size() - kSuffix.size();
  std::int64_t step = -1;
  const auto [stopped, error] = std::from_chars(begin, end, step);
  // Comparing with the one proper spelling refuses signs, spaces and a second name of the same step.
  return error == std::errc() && stopped == end && step >= 0 && step_file_name(step) == name ? step : -1;
}

std::vector<std::pair<std::int64_t, std::string>> step_names(const std::vector<std::string>& names) {
  std::vector<std::pair<std::int64_t, std::string>> found;
  for (const std::string& name : names) {
    const std::int64_t step = step_from_file_name(name);
    if (step >= 0) found.emplace_back(step, name);
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::pair<std::int64_t, std::string>> step_files(const std::string& folder) {
  std::vector<std::pair<std::int64_t, std::string>> files;
  std::error_code error;
  for (std::filesystem::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    std::error_code ignored;
    const std::int64_t step = step_from_file_name(it->path().filename().string());
    if (step >= 0 && it->is_regular_file(ignored)) files.emplace_back(step, it->path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<std::pair<std::int64_t, std::string>> thinned_in_log_step(
    std::vector<std::pair<std::int64_t, std::string>> files, std::size_t limit) {
  if (files.size() <= limit || limit < 2) return files;
  const auto log_step = [&](std::size_t i) { return std::log1p(static_cast<double>(files[i].first)); };
  const double low = log_step(0), high = log_step(files.size() - 1);
  std::vector<std::pair<std::int64_t, std::string>> kept{files.front()};
  double next = low + (high - low) / static_cast<double>(limit - 1);
  for (std::size_t i = 1; i + 1 < files.size() && kept.size() + 1 < limit; ++i) {
    if (log_step(i) < next) continue;
    kept.push_back(files[i]);
    while (next <= log_step(i)) next += (high - low) / static_cast<double>(limit - 1);
  }
  kept.push_back(files.back());
  return kept;
}

}  // namespace grokscope

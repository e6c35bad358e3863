#include "history/metrics_lines.h"

#include <algorithm>
#include <cstddef>
#include <thread>

#include "base/threads.h"
#include "history/metrics_line.h"

namespace grokscope {
namespace {

constexpr std::size_t kBytesWorthAThread = std::size_t{4} << 20;

/// Whole lines of the text, read into `evaluations`; false at the first that is not plain.
bool read_lines(std::string_view text, std::vector<Evaluation>& evaluations) {
  const std::string_view first = text.substr(0, text.find('\n'));
  evaluations.reserve(text.size() / std::max<std::size_t>(first.size(), 64) + 16);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return false;  // torn
    Evaluation evaluation;
    if (!read_metrics_line(text.substr(0, end), evaluation)) return false;
    if (!evaluations.empty() && evaluation.step <= evaluations.back().step) return false;
    evaluations.push_back(evaluation);
    text.remove_prefix(end + 1);
  }
  return true;
}

/// Cuts the text after line ends into about equal parts.
std::vector<std::string_view> cut(std::string_view text, std::size_t parts) {
  std::vector<std::string_view> cuts;
  for (std::size_t i = parts; i > 0 && !text.empty(); --i) {
    const std::size_t end = i == 1 ? std::string_view::npos : text.find('\n', text.size() / i);
    const std::size_t length = end == std::string_view::npos ? text.size() : end + 1;
    cuts.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return cuts;
}

}  // namespace

std::optional<std::vector<Evaluation>> read_metrics_lines(std::string_view text) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const auto parts = cut(text, std::clamp<std::size_t>(text.size() / kBytesWorthAThread, 1, cores));
  std::vector<std::vector<Evaluation>> read(parts.size());
  std::vector<char> plain(parts.size(), 0);
  {
    std::vector<std::jthread> helpers;
    const auto read_part = [&](std::size_t i) { plain[i] = read_lines(parts[i], read[i]); };
    for (std::size_t i = 1; i < parts.size(); ++i) {
      auto helper = start_thread("metrics", [&read_part, i] { read_part(i); });
      if (helper) {
        helpers.push_back(std::move(*helper));
      } else {
        read_part(i);  // no more threads: slower, and the same
      }
    }
    if (!parts.empty()) read_part(0);
  }
  if (std::count(plain.begin(), plain.end(), 0) > 0) return std::nullopt;
  std::vector<Evaluation> all;
  for (std::vector<Evaluation>& part : read) {
    if (!all.empty() && !part.empty() && part.front().step <= all.back().step) return std::nullopt;
    if (all.empty()) {
      all = std::move(part);
    } else {
      all.insert(all.end(), part.begin(), part.end());
    }
  }
  return all;
}

}  // namespace grokscope

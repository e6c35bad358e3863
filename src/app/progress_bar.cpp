#include "app/progress_bar.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "app/terminal_size.h"
#include "base/text.h"

namespace grokscope {
namespace {

constexpr int kLongestBar = 24, kShortestBar = 8;
constexpr std::string_view kSeparator = " · ";

/// Columns on a terminal: every character of the line is one wide.
int columns_of(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

/// The first `columns` characters.
std::string cut_to(const std::string& text, int columns) {
  std::size_t end = 0;
  for (int column = 0; end < text.size(); ++end) {
    if ((text[end] & 0xC0) != 0x80 && column++ == columns) break;
  }
  return text.substr(0, end);
}

std::string bar_of(double share, int cells) {
  const int full = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * cells));
  std::string bar;
  for (int cell = 0; cell < cells; ++cell) bar += cell < full ? "█" : "░";
  return bar;
}

std::string share_text(double share) {
  return std::isfinite(share) ? percent(share) : "–";
}

/// A part of the line and how soon it goes when there is no room: the largest number first.
struct Part {
  std::string text;
  int goes;
  std::string shorter;  ///< what is tried before it goes; "": nothing
};

std::string joined(const std::vector<Part>& parts) {
  std::string line;
  for (const Part& part : parts) line += (line.empty() ? "" : std::string(kSeparator)) + part.text;
  return line;
}

double share_of(const ProgressFacts& facts) {
  return static_cast<double>(facts.step) / static_cast<double>(std::max<std::int64_t>(facts.last_step, 1));
}

std::vector<Part> parts_of(const ProgressFacts& facts) {
  std::vector<Part> parts{
      {"step " + grouped(facts.step) + " of " + grouped(facts.last_step), 1, percent(share_of(facts))}};
  if (facts.steps_per_second > 0.0) {
    const double left_s =
        static_cast<double>(std::max<std::int64_t>(facts.last_step - facts.step, 0)) / facts.steps_per_second;
    parts.push_back({pretty(facts.steps_per_second) + " steps/s", 4, ""});
    parts.push_back({"ETA " + duration(left_s), 2, ""});
  }
  if (!std::isnan(facts.train_accuracy) || !std::isnan(facts.test_accuracy)) {
    parts.push_back({"train " + share_text(facts.train_accuracy), 3, ""});
    parts.push_back({"test " + share_text(facts.test_accuracy), 0, ""});
  }
  return parts;
}

ProgressFacts facts_of(const Session& session, std::int64_t last_step) {
  ProgressFacts facts;
  facts.step = session.status().step;
  facts.last_step = last_step;
  facts.steps_per_second = session.status().steps_per_second;
  if (const Evaluation* last = session.history().last()) {
    facts.train_accuracy = last->train_accuracy;
    facts.test_accuracy = last->test_accuracy;
  }
  return facts;
}

/// A bar and the parts, or as many of them as there is room for.
std::string fitted(std::vector<Part> parts, double share, int columns) {
  while (columns_of(joined(parts)) > columns) {
    const auto least = std::max_element(parts.begin(), parts.end(),
                                        [](const Part& a, const Part& b) { return a.goes < b.goes; });
    if (!least->shorter.empty()) {
      least->text = std::exchange(least->shorter, "");
    } else if (parts.size() > 1) {
      parts.erase(least);
    } else {
      return cut_to(least->text, columns);
    }
  }
  const std::string line = joined(parts);
  const int room = columns - columns_of(line) - 1;
  return room < kShortestBar ? line : bar_of(share, std::min(room, kLongestBar)) + " " + line;
}

}  // namespace

std::string progress_line(const ProgressFacts& facts, int columns) {
  return fitted(parts_of(facts), share_of(facts), columns);
}

std::string progress_line(const SweepFacts& facts, int columns) {
  const double share =
      static_cast<double>(facts.ended) / static_cast<double>(std::max<std::size_t>(facts.all, 1));
  std::vector<Part> parts{{"run " + grouped(static_cast<std::int64_t>(facts.ended)) + " of " +
                               grouped(static_cast<std::int64_t>(facts.all)),
                           0, percent(share)}};
  if (facts.runs_per_second > 0.0) {
    parts.push_back({pretty(facts.runs_per_second) + " runs/s", 2, ""});
    parts.push_back(
        {"ETA " + duration(static_cast<double>(facts.all - facts.ended) / facts.runs_per_second), 1, ""});
  }
  return fitted(std::move(parts), share, columns);
}

ProgressBar::ProgressBar(bool wanted) : enabled_(wanted && can_draw_on_terminal()) {}

ProgressBar::~ProgressBar() {
  if (!drawn_.empty()) std::fputs("\r\033[J", stderr);
}

void ProgressBar::show(const Session& session, std::int64_t last_step) {
  draw([&](int columns) { return progress_line(facts_of(session, last_step), columns); });
}

void ProgressBar::show(const SweepFacts& facts) {
  draw([&](int columns) { return progress_line(facts, columns); });
}

void ProgressBar::draw(const std::function<std::string(int columns)>& line_of) {
  if (!enabled_) return;
  // One column stays free: a terminal whose last one was written may go to the next line.
  const int columns = terminal_size().columns;
  const std::string line = line_of(std::max(columns - 1, 1));
  if (line == drawn_ && columns == columns_) return;
  // The cursor waits at the beginning of the line. A terminal that has become narrower folds the old line to
  // several rows below it, which are cleared with the rest of the screen.
  std::fprintf(stderr, "\r%s\033[J\r", line.c_str());
  std::fflush(stderr);
  drawn_ = line;
  columns_ = columns;
}

}  // namespace grokscope

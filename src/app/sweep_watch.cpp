#include "app/sweep_watch.h"

#include <algorithm>
#include <cstdio>

#include "app/terminal_size.h"

namespace grokscope {
namespace {

constexpr auto kDrawEvery = std::chrono::seconds(1);

}  // namespace

SweepWatch::SweepWatch(Sweep& sweep) : sweep_(sweep), map_(sweep), enabled_(can_draw_on_terminal()) {}

void SweepWatch::show(const SweepFacts& facts) {
  const auto now = std::chrono::steady_clock::now();
  const bool last = facts.ended == facts.all;
  if (!enabled_ || (!last && now - drawn_at_ < kDrawEvery)) return;
  if (!sweep_.refresh()) return;  // told when the results are merged
  drawn_at_ = now;
  map_.update();
  const auto [columns, rows] = terminal_size();
  const std::size_t width = static_cast<std::size_t>(std::max(columns - 1, 1));
  std::string text = map_.text(width, static_cast<std::size_t>(std::max(rows - 3, 0)));
  text += std::string(kTextMapLegend).substr(0, width) + "\n";
  text += progress_line(facts, static_cast<int>(width)) + "\n";
  if (drawn_rows_ > 0) std::fprintf(stderr, "\033[%zuA", drawn_rows_);
  std::fprintf(stderr, "\r\033[J%s", text.c_str());
  std::fflush(stderr);
  drawn_rows_ = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace grokscope

#include "ui/panels/common.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/whole_number.h"
#include "history/interventions.h"
#include "history/phases.h"

namespace grokscope::panel {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kHighestGhost = 1e3;

Role role_of(Phase phase) {
  switch (phase) {
    case Phase::starting:
    case Phase::memorising:
      return Role::memorising;
    case Phase::plateau:
      return Role::plateau;
    case Phase::generalising:
      return Role::generalising;
    case Phase::done:
      return Role::done;
    case Phase::diverged:
      return Role::event;
  }
  return Role::dim;
}

/// Two changes of one setting this close together are one drag of its slider.
bool same_drag(std::int64_t earlier, std::int64_t later) {
  return std::log10(static_cast<double>(later) + 1.0) - std::log10(static_cast<double>(earlier) + 1.0) < 0.03;
}

}  // namespace

std::string whole_text(double value) {
  const auto whole = whole_from(value);
  return whole ? std::to_string(*whole) : "–";
}

std::int64_t step_at(double x) {
  constexpr double kLast = 1e15;
  return x > 0.0 ? static_cast<std::int64_t>(std::min(x, kLast)) : 0;
}

std::string step_text(std::int64_t step) {
  return "step " + grouped(step);
}

std::string sentence_of(std::string_view error) {
  std::string text(error);
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string remark_of(const Frame& frame) {
  return step_text(frame.step);
}

FramePtr frame_of(const PanelContext& context, std::string_view probe) {
  return context.history == nullptr ? nullptr : context.history->latest_at(probe, context.step);
}

const Array* array_of(const Frame* frame, const std::string& name) {
  if (frame == nullptr) return nullptr;
  const auto found = frame->arrays.find(name);
  return found == frame->arrays.end() || found->second.values.empty() ? nullptr : &found->second;
}

double scalar_of(const Frame* frame, const std::string& name) {
  if (frame == nullptr) return kNan;
  const auto found = frame->scalars.find(name);
  return found == frame->scalars.end() ? kNan : found->second;
}

std::string text_of_frame(const Frame* frame, const std::string& name) {
  if (frame == nullptr) return {};
  const auto found = frame->texts.find(name);
  return found == frame->texts.end() ? std::string() : found->second;
}

std::string why_empty(const PanelContext& context, const Frame* frame) {
  if (frame != nullptr) return frame->not_applicable;
  const bool nothing = context.history == nullptr || context.history->last() == nullptr;
  if (nothing && !context.error.empty()) return "There was no training to look at.";
  if (nothing) return "Starting: the first look comes with the first step.";
  const auto events = context.history->events();
  const bool has_ended = !events.empty() && events.back().kind == "stopped";
  if (context.history->probes().empty() && !has_ended) return "The first look inside is on its way.";
  return "Nothing was looked at up to " + step_text(context.step) + ".";
}

FramePtr newest_frame(const PanelContext& context, std::string_view probe) {
  if (context.history == nullptr) return nullptr;
  return context.history->latest_at(probe, std::numeric_limits<std::int64_t>::max());
}

bool probe_applies(const PanelContext& context, std::string_view probe) {
  const FramePtr frame = newest_frame(context, probe);
  return frame == nullptr || frame->not_applicable.empty();
}

double step_axis_end(std::int64_t newest, bool log_steps, bool over) {
  if (over) return std::max(log_steps ? 10.0 : 1.0, static_cast<double>(newest));
  const double wanted = 2.0 * static_cast<double>(std::max<std::int64_t>(newest, 1));
  if (!log_steps) return std::max(100.0, snap_up(wanted));
  return std::max(100.0, std::pow(10.0, std::ceil(std::log10(wanted) - 1e-9)));
}

Axis step_axis(const PanelContext& context, std::int64_t newest) {
  Axis axis;
  axis.label = "step";
  axis.integer = true;
  axis.scale = context.on(kLogSteps) ? Scale::log : Scale::linear;
  axis.minimum = context.on(kLogSteps) ? 1.0 : 0.0;
  const Evaluation* last = context.history == nullptr ? nullptr : context.history->last();
  const std::int64_t shown = std::max(last == nullptr ? 0 : last->step, newest);
  axis.maximum = step_axis_end(shown, context.on(kLogSteps), context.over);
  // A run that says where it ends needs no room for more, once that is near.
  if (context.config != nullptr && context.config->train.steps >= std::max<std::int64_t>(shown, 100))
    axis.maximum = std::min(*axis.maximum, static_cast<double>(context.config->train.steps));
  return axis;
}

std::int64_t newest_of_all(const PanelContext& context) {
  std::int64_t newest = 0;
  const auto include = [&](const History* history) {
    if (history != nullptr && history->last() != nullptr) newest = std::max(newest, history->last()->step);
  };
  include(context.history);
  for (const OtherRun& other : context.others) include(other.history.get());
  return newest;
}

void add_phase_bands(const PanelContext& context, bool with_names, std::vector<Mark>& marks) {
  if (context.history == nullptr || context.history->last() == nullptr) return;
  for (const PhaseSpan& span : phases_at(*context.history, context.step)) {
    BandMark band;
    band.x0 = static_cast<double>(span.begin_step);
    band.x1 = static_cast<double>(std::min(span.end_step, context.step));
    if (context.on(kLogSteps)) band.x0 = std::max(band.x0, 1.0);
    if (band.x1 <= band.x0) continue;
    band.role = role_of(span.phase);
    if (with_names && span.phase != Phase::starting) band.label = std::string(label_of(span.phase));
    marks.push_back(std::move(band));
  }
}

bool stands_still(const History& history) {
  const auto events = history.events();
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->kind == "pause" || event->kind == "step_once") return true;
    if (event->kind == "resume" || event->kind == "stopped") return false;
  }
  return false;
}

std::vector<Flag> flags_at(const History& history, std::int64_t step) {
  std::vector<Flag> found;
  for (const Event& event : history.events()) {
    if (!is_intervention(event) || event.step > step) continue;
    Flag next{event.step, flag_of(event), subject_of(event)};
    if (!found.empty() && !next.subject.empty() && found.back().subject == next.subject &&
        same_drag(found.back().step, next.step)) {
      found.back() = std::move(next);
    } else {
      found.push_back(std::move(next));
    }
  }
  const bool newest =
      history.last() != nullptr && !found.empty() && found.back().step >= history.last()->step;
  if (newest && stands_still(history)) {
    const std::int64_t stands_at = found.back().step;
    // Rescaled weights are seen at once: that is no setting, it was done.
    for (Flag& flag : found) flag.waits = flag.step == stands_at && !flag.subject.empty();
  }
  return found;
}

void add_flags(const PanelContext& context, bool with_text, std::vector<Mark>& marks) {
  if (context.history == nullptr) return;
  // What was asked for a moment ago stands there before the next numbers do.
  const std::int64_t until = context.following ? std::numeric_limits<std::int64_t>::max() : context.step;
  for (Flag& change : flags_at(*context.history, until)) {
    if (change.waits) change.text += ", from the next step";
    const double at =
        static_cast<double>(context.on(kLogSteps) ? std::max<std::int64_t>(change.step, 1) : change.step);
    marks.push_back(FlagMark{at, with_text ? std::move(change.text) : std::string()});
  }
}

void share_time(const PanelContext& context, Chart& chart) {
  chart.x_until = static_cast<double>(context.step);
  if (context.hover_step) {
    chart.cursor_x = context.hover_step;
  } else if (!context.following) {
    chart.cursor_x = static_cast<double>(context.step);
  }
}

void add_stage_marks(const std::vector<Stage>& stages, Role role, std::vector<Mark>& marks) {
  constexpr std::size_t kMostToNumber = 12;
  if (stages.size() > kMostToNumber) return;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const Stage& stage = stages[i];
    marks.push_back(MarkerMark{.x = std::max(1.0, static_cast<double>(stage.begin_step)),
                               .y = stage.from,
                               .role = role,
                               .label = (stage.rises ? "rise " : "fall ") + std::to_string(i + 1),
                               .hollow = true});
  }
}

double value_at(const Series* series, std::int64_t step) {
  if (series == nullptr || series->empty()) return kNan;
  const std::size_t index = series->latest_at(static_cast<double>(step));
  return index >= series->size() ? kNan : series->at(index).y;
}

bool add_series_line(const PanelContext& context, const SeriesLine& line, std::vector<Mark>& marks) {
  const Series* series = context.history == nullptr ? nullptr : context.history->series(line.series);
  if (series == nullptr || series->empty()) return false;
  const double value = value_at(series, context.step);
  if (!std::isfinite(value) && series->latest_at(static_cast<double>(context.step)) >= series->size())
    return false;
  LineMark mark;
  mark.series = series;
  mark.role = line.role;
  mark.name = line.name;
  if (std::isfinite(value))
    mark.label = line.short_name + " " + (line.percent ? percent(value) : pretty(value, 3));
  marks.push_back(std::move(mark));
  return true;
}

void add_ghost_lines(const PanelContext& context, const SeriesLine& line, bool with_label,
                     std::vector<Mark>& marks) {
  for (const OtherRun& other : context.others) {
    const Series* series = other.history->series(line.series);
    if (series == nullptr || series->empty()) continue;
    const MinMax all = series->summarize(0, series->size());
    if (!all.any) continue;
    LineMark mark;
    mark.series = series;
    mark.role = line.role;
    mark.run = RunTone::ghost;
    mark.name = "before: " + line.name;
    if (with_label) mark.label = other.label;
    mark.ends_at_cursor = false;
    // One that diverged would press the shown run flat: it leaves the plot instead.
    mark.fits_axes = all.maximum <= kHighestGhost;
    marks.push_back(std::move(mark));
  }
}

Role series_role(std::size_t index) {
  constexpr Role kRoles[] = {Role::series_1, Role::series_2, Role::series_3,
                             Role::series_4, Role::series_5, Role::series_6};
  return kRoles[index % std::size(kRoles)];
}

std::string tap_label(std::string_view tap) {
  if (tap == "mlp") return "MLP";
  std::string label(tap);
  std::replace(label.begin(), label.end(), '.', ' ');
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

std::vector<std::string> split_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view name = text.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
    if (comma == std::string_view::npos) break;
    text.remove_prefix(comma + 1);
  }
  return names;
}

double snap_down(double value) {
  if (!(value > 0.0) || !std::isfinite(value)) return 1.0;
  const double decade = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {10.0, 5.0, 2.0}) {
    if (factor * decade <= value * (1.0 + 1e-9)) return factor * decade;
  }
  return decade;
}

double snap_up(double value) {
  if (!(value > 0.0) || !std::isfinite(value)) return 1.0;
  const double decade = std::pow(10.0, std::floor(std::log10(value)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * decade >= value * (1.0 - 1e-9)) return factor * decade;
  }
  return 10.0 * decade;
}

}  // namespace grokscope::panel

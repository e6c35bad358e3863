// Where the cells of a sweep lie, what they are called, and what was chosen of them.
#include <algorithm>
#include <cmath>

#include "base/number_text.h"
#include "base/text.h"
#include "config/fields.h"
#include "ui/panels/sweep_charts.h"

namespace grokscope::panel {
namespace {

std::vector<std::string> measures(const PanelContext&) {
  std::vector<std::string> names;
  for (const SweepMeasure one : {SweepMeasure::phase, SweepMeasure::steps_to_generalise, SweepMeasure::delay,
                                 SweepMeasure::final_error})
    names.emplace_back(name_of(one));
  return names;
}

std::vector<std::string> slices(const PanelContext& context) {
  std::vector<std::string> names;
  if (context.sweep == nullptr || context.sweep->plan->axes.size() < 3) return names;
  const SweepAxis& axis = context.sweep->plan->axes[1];
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    names.push_back(in_words(axis) + " " + value_label(axis, i));
  return names;
}

}  // namespace

const PanelChoice kSweepMeasure{.name = "sweep_measure",
                                .text = "Colour by",
                                .options = measures,
                                .explained = "Sweep: what its map is coloured by, the next",
                                .key = Key::m};
const PanelChoice kSweepSlice{.name = "sweep_slice", .text = "Slice", .options = slices};
const PanelChoice kSweepCell{.name = "sweep_cell", .text = "Cell", .in_menu = false};

std::optional<SweepGrid> grid_of(const PanelContext& context) {
  if (context.sweep == nullptr || context.sweep->plan->axes.empty()) return std::nullopt;
  const auto& axes = context.sweep->plan->axes;
  SweepGrid grid;
  grid.right = &axes.back();
  if (axes.size() > 1) grid.up = &axes.front();
  if (axes.size() < 3) return grid;
  grid.between = &axes[1];
  const std::vector<std::string> names = slices(context);
  const auto chosen = std::find(names.begin(), names.end(), context.chosen(kSweepSlice));
  if (chosen != names.end()) grid.slice = static_cast<std::size_t>(chosen - names.begin());
  return grid;
}

std::string axis_label(const SweepAxis& axis) {
  const Field* field = find_field(axis.field);
  return field == nullptr ? axis.field : field->label;
}

std::string in_words(const SweepAxis& axis) {
  std::string text = axis_label(axis);
  const bool word =
      text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z');
  if (word) text[0] = static_cast<char>(text[0] - 'A' + 'a');
  return text;
}

std::string value_label(const SweepAxis& axis, std::size_t value) {
  const Field* field = find_field(axis.field);
  const FieldValue& one = axis.values[value];
  const double* real = std::get_if<double>(&one);
  if (real != nullptr && field != nullptr && field->unit == "fraction")
    return percent(*real, std::abs(100.0 * *real - std::round(100.0 * *real)) < 0.05 ? 0 : 1);
  if (real != nullptr) return pretty(*real, 2);
  if (const auto* whole = std::get_if<std::int64_t>(&one)) return grouped(*whole);
  return text_of(one);
}

Axis axis_of_values(const SweepAxis& axis, double margin) {
  Axis named;
  named.label = axis_label(axis);
  for (std::size_t i = 0; i < axis.values.size(); ++i)
    named.names.push_back({static_cast<double>(i), value_label(axis, i), text_of(axis.values[i])});
  named.minimum = -margin;
  named.maximum = static_cast<double>(axis.values.size()) - 1.0 + margin;
  return named;
}

std::string cell_words(const PanelContext& context, std::size_t cell) {
  const SweepPlan& plan = *context.sweep->plan;
  const SweepPlace place = place_of(plan, cell * plan.runs_of_cell());
  std::string words;
  for (std::size_t i = 0; i < plan.axes.size(); ++i)
    words += (words.empty() ? "" : " · ") + in_words(plan.axes[i]) + " " +
             value_label(plan.axes[i], place.along[i]);
  return words;
}

SweepMeasure measure_of(const PanelContext& context) {
  return sweep_measure(context.chosen(kSweepMeasure)).value_or(SweepMeasure::phase);
}

std::size_t cell_of_interest(const PanelContext& context, const SweepGrid& grid) {
  const std::size_t cells = grid.rows() * grid.slices() * grid.columns();
  const auto chosen = whole_number_from_text(context.chosen(kSweepCell));
  if (chosen && *chosen >= 0 && static_cast<std::size_t>(*chosen) < cells) {
    // Of another slice: the same place in this one.
    const std::size_t at = static_cast<std::size_t>(*chosen);
    return grid.cell(at / (grid.slices() * grid.columns()), at % grid.columns());
  }
  return grid.cell(grid.rows() / 2, grid.columns() / 2);
}

std::string sweep_progress(const SweepView& sweep) {
  const SweepJobNews& news = sweep.news;
  std::string text = grouped(static_cast<std::int64_t>(news.known)) + " of " +
                     grouped(static_cast<std::int64_t>(news.all)) + " runs";
  if (news.known == news.all) return text;
  if (news.state == SweepState::resting) return text + " · stopped";
  if (news.state == SweepState::training && news.runs_per_s > 0.0)
    text += " · about " + duration(static_cast<double>(news.all - news.known) / news.runs_per_s) + " left";
  return text;
}

}  // namespace grokscope::panel

#include "ui/other_runs.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "config/fields.h"
#include "ui/panels/common.h"

namespace grokscope {
namespace {

constexpr std::size_t kFewestForACurve = 5;
constexpr std::size_t kMostDifferences = 2;  // named in a label; of the others it says how many
constexpr std::size_t kMostInterventions = 1000;

/// Indices evenly spread in log step and in step, ascending.
std::vector<std::size_t> spread_over(std::span<const Evaluation> all, std::size_t most) {
  std::vector<std::size_t> chosen{0, all.size() - 1};
  const std::size_t half = std::max<std::size_t>(most / 2, 2) - 1;
  const double first = static_cast<double>(all.front().step), last = static_cast<double>(all.back().step);
  for (std::size_t i = 1; i < half; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(half);
    for (const double step : {std::expm1(std::log1p(first) + share * (std::log1p(last) - std::log1p(first))),
                              first + share * (last - first)}) {
      const auto found = std::lower_bound(
          all.begin(), all.end(), step,
          [](const Evaluation& at, double wanted) { return static_cast<double>(at.step) < wanted; });
      if (found != all.end()) chosen.push_back(static_cast<std::size_t>(found - all.begin()));
    }
  }
  std::sort(chosen.begin(), chosen.end());
  chosen.erase(std::unique(chosen.begin(), chosen.end()), chosen.end());
  return chosen;
}

std::string value_of(const Field& field, const RunConfig& config) {
  const FieldValue value = field.get(config);
  if (const auto* on = std::get_if<bool>(&value)) return *on ? "on" : "off";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return grouped(*whole);
  if (const auto* real = std::get_if<double>(&value))
    return field.name == "task.train_fraction" ? percent(*real) : pretty(*real, 3);
  const std::string text = std::get<std::string>(value);
  return text.empty() ? "none" : text;
}

std::string in_sentence(std::string label) {
  const bool word = label.size() > 1 && label[1] >= 'a' && label[1] <= 'z';
  if (word && label[0] >= 'A' && label[0] <= 'Z') label[0] = static_cast<char>(label[0] - 'A' + 'a');
  return label;
}

std::vector<std::string> differences(const History& before, const RunConfig& next) {
  std::vector<std::string> found;
  for (const Field& field : fields()) {
    if (field.get(before.config()) == field.get(next)) continue;
    // No number of training examples means that the fraction decided.
    const bool by_fraction = field.name == "task.train_size" && before.config().task.train_size == 0;
    const Field& told = by_fraction ? *find_field("task.train_fraction") : field;
    const std::string text = in_sentence(told.label) + " " + value_of(told, before.config());
    if (std::find(found.begin(), found.end(), text) == found.end()) found.push_back(text);
  }
  const Evaluation* last = before.last();
  for (const panel::Flag& change : panel::flags_at(before, last == nullptr ? 0 : last->step)) {
    found.push_back(change.text + " at step " + grouped(change.step));
  }
  return found;
}

}  // namespace

History thinned(const History& full, std::size_t most) {
  History copy(full.config());
  const std::span<const Evaluation> all = full.evaluations();
  if (all.size() <= most) {
    copy.append(all);
  } else {
    std::vector<Evaluation> kept;
    for (const std::size_t index : spread_over(all, most)) kept.push_back(all[index]);
    copy.append(kept);
  }
  std::size_t interventions = 0;
  for (const Event& event : full.events()) {
    if (is_intervention(event) && interventions++ < kMostInterventions) copy.append(event);
  }
  return copy;
}

bool comparable(const RunConfig& before, const RunConfig& next) {
  if (before.preset != next.preset) return false;
  for (const Field& field : fields()) {
    const bool how_much = field.name == "task.train_fraction" || field.name == "task.train_size" ||
                          field.name == "task.label_noise";
    if (field.name.rfind("task.", 0) == 0 && !how_much && field.get(before) != field.get(next)) return false;
  }
  return true;
}

std::string label_of_previous(const History& before, const RunConfig& next) {
  const std::vector<std::string> all = differences(before, next);
  if (all.empty()) return "before: same start";
  std::string text = "before: ";
  for (std::size_t i = 0; i < std::min(all.size(), kMostDifferences); ++i)
    text += (i > 0 ? ", " : "") + all[i];
  if (all.size() > kMostDifferences)
    text += " and " + std::to_string(all.size() - kMostDifferences) + " more";
  return text;
}

std::vector<OtherRun> ghosts_of_next(const History* shown, const std::vector<OtherRun>& beside,
                                     const RunConfig& next) {
  std::shared_ptr<const History> before;
  if (shown != nullptr && shown->evaluations().size() >= kFewestForACurve)
    before = std::make_shared<const History>(thinned(*shown));
  else if (shown != nullptr && !beside.empty())
    before = beside.front().history;
  if (before == nullptr || !comparable(before->config(), next)) return {};
  return {{before, label_of_previous(*before, next)}};
}

}  // namespace grokscope

#include "contract/until.h"

#include <vector>

#include "base/number_text.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "base/trimmed.h"

namespace grokscope {
namespace {

const MetricColumn* find_metric(std::string_view name) {
  for (const MetricColumn& column : metric_columns()) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

Error unknown_metric(const std::string& name) {
  std::vector<std::string> names;
  for (const MetricColumn& column : metric_columns()) names.emplace_back(column.name);
  const std::string nearest = nearest_name(name, names);
  return usage_error("unknown metric " + in_quotes(name) + " in a stop condition" +
                     (nearest.empty() ? std::string() : ": did you mean '" + nearest + "'?"));
}

}  // namespace

bool Until::holds(const Evaluation& evaluation) const {
  const MetricColumn* column = find_metric(metric);
  if (column == nullptr) return false;
  // As milestones do: or a run would end before the step that it was to reach had come.
  const double measured = metric == "test_accuracy" ? generalisation_of(evaluation) : column->get(evaluation);
  if (relation == ">=") return measured >= value;
  if (relation == "<=") return measured <= value;
  if (relation == ">") return measured > value;
  return relation == "<" && measured < value;
}

Result<Until> parse_until(std::string_view text) {
  const auto at = text.find_first_of("<>");
  if (at == std::string_view::npos) {
    return usage_error(
        "a stop condition is a metric, one of >= <= > <, and a number, such as test_accuracy>=0.99; not " +
        in_quotes(text));
  }
  const bool with_equals = at + 1 < text.size() && text[at + 1] == '=';
  Until until;
  until.metric = trimmed(text.substr(0, at));
  until.relation = text.substr(at, with_equals ? 2 : 1);
  if (find_metric(until.metric) == nullptr) return unknown_metric(until.metric);
  const std::string_view number = trimmed(text.substr(at + until.relation.size()));
  const auto value = number_from_text(number);
  if (!value) return usage_error("a stop condition ends with a number, not " + in_quotes(number));
  until.value = *value;
  return until;
}

}  // namespace grokscope

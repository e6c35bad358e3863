#include "contract/until.h"

#include <cmath>
#include <cstdlib>
#include <vector>

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
  return usage_error("unknown metric '" + name + "' in a stop condition" +
                     (nearest.empty() ? std::string() : ": did you mean '" + nearest + "'?"));
}

}  // namespace

bool Until::holds(const Evaluation& evaluation) const {
  const MetricColumn* column = find_metric(metric);
  if (column == nullptr) return false;
  const double measured = column->get(evaluation);
  if (relation == ">=") return measured >= value;
  if (relation == "<=") return measured <= value;
  if (relation == ">") return measured > value;
  return relation == "<" && measured < value;
}

Result<Until> parse_until(std::string_view text) {
  const auto at = text.find_first_of("<>");
  if (at == std::string_view::npos) {
    return usage_error(
        "a stop condition is a metric, one of >= <= > <, and a number, such as test_accuracy>=0.99; not '" +
        std::string(text) + "'");
  }
  const bool with_equals = at + 1 < text.size() && text[at + 1] == '=';
  Until until;
  until.metric = trimmed(text.substr(0, at));
  until.relation = text.substr(at, with_equals ? 2 : 1);
  if (find_metric(until.metric) == nullptr) return unknown_metric(until.metric);
  const std::string number(trimmed(text.substr(at + until.relation.size())));
  char* end = nullptr;
  until.value = std::strtod(number.c_str(), &end);
  if (number.empty() || *end != '\0' || !std::isfinite(until.value)) {
    return usage_error("a stop condition ends with a number, not '" + number + "'");
  }
  return until;
}

}  // namespace grokscope

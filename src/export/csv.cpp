// CSV: rows are the union of the evaluations' and the probes' steps.
#include "export/csv.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace grokscope {

namespace {

void put_real(std::string& text, double value) {
  if (std::isnan(value)) {
    text += "nan";
    return;
  }
  char digits[32];  // to_chars writes inf and -inf as such
  text.append(digits, std::to_chars(digits, digits + sizeof digits, value).ptr);
}

/// RFC 4180: quoted when it holds a comma, a quote or a line break.
std::string quoted(const std::string& name) {
  if (name.find_first_of(",\"\r\n") == std::string::npos) return name;
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + "\"";
}

/// A probe's series with the place up to which it has been written.
struct ProbeColumn {
  const Series* series;
  std::size_t next = 0;
};

std::vector<double> all_steps(const History& history, const std::vector<ProbeColumn>& probes) {
  std::vector<double> steps;
  for (const Evaluation& e : history.evaluations()) steps.push_back(static_cast<double>(e.step));
  for (const ProbeColumn& column : probes) {
    steps.insert(steps.end(), column.series->x().begin(), column.series->x().end());
  }
  std::sort(steps.begin(), steps.end());
  steps.erase(std::unique(steps.begin(), steps.end()), steps.end());
  return steps;
}

void put_metrics(std::string& text, const Evaluation* evaluation) {
  for (const MetricColumn& column : metric_columns()) {
    text += ',';
    if (evaluation == nullptr) continue;
    if (column.integer) {
      text += std::to_string(static_cast<std::int64_t>(column.get(*evaluation)));
    } else {
      put_real(text, column.get(*evaluation));
    }
  }
}

}  // namespace

std::string csv_text(const History& history) {
  std::string text = "elapsed_s,step";
  for (const MetricColumn& column : metric_columns()) text += "," + std::string(column.name);
  std::vector<ProbeColumn> probes;
  for (const std::string& name : history.series_names()) {
    if (name.find('.') == std::string::npos) continue;  // a metric column
    text += "," + quoted(name);
    probes.push_back({history.series(name)});
  }
  text += '\n';

  std::size_t next = 0;
  for (const double step : all_steps(history, probes)) {
    const auto evaluations = history.evaluations();
    const bool measured = next < evaluations.size() && static_cast<double>(evaluations[next].step) == step;
    const Evaluation* evaluation = measured ? &evaluations[next++] : nullptr;
    if (evaluation != nullptr) put_real(text, evaluation->elapsed_s);
    text += "," + std::to_string(static_cast<std::int64_t>(step));
    put_metrics(text, evaluation);
    for (ProbeColumn& column : probes) {
      text += ',';
      const Series& series = *column.series;
      if (column.next >= series.size() || series.at(column.next).x != step) continue;
      while (column.next + 1 < series.size() && series.at(column.next + 1).x == step) ++column.next;
      put_real(text, series.at(column.next++).y);
    }
    text += '\n';
  }
  return text;
}

}  // namespace grokscope

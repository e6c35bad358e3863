#include "app/bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/text.h"
#include "base/version.h"

namespace grokscope::bench {
namespace {

constexpr const char* kSchema = "grokscope.bench/1";
constexpr std::size_t kColumns = 7;
using Row = std::array<std::string, kColumns>;

/// Columns on a terminal: thin spaces, minus signs and dots are one column each, as every code point here is.
std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, std::size_t width, bool right) {
  const std::string space(width - std::min(width, columns_of(text)), ' ');
  return right ? space + text : text + space;
}

std::string number(double value) {
  return std::abs(value) >= 10000.0 ? grouped(std::llround(value)) : pretty(value, 4);
}

std::string target_text(const Measure& measure) {
  if (!measure.target) return "";
  const double value = measure.spread.median;
  return std::string(measure.target->at_least ? ">= " : "<= ") + number(measure.target->value) +
         (measure.target->met_by(value) ? ": met" : ": NOT met");
}

Row row_of(const std::string& name, const Measure& measure) {
  std::string remark = target_text(measure);
  if (!measure.remark.empty()) remark += (remark.empty() ? "" : "; ") + measure.remark;
  const Spread& spread = measure.spread;
  return {name,
          measure.what,
          number(spread.median) + " " + measure.unit,
          number(spread.minimum),
          number(spread.maximum),
          number(spread.mad),
          remark};
}

std::string lines_of(const std::vector<Row>& rows) {
  std::array<std::size_t, kColumns> width{};
  for (const Row& row : rows) {
    for (std::size_t i = 0; i < kColumns; ++i) width[i] = std::max(width[i], columns_of(row[i]));
  }
  std::string text;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < kColumns; ++i) {
      const bool numbers = i >= 2 && i <= 5;
      line += padded(row[i], width[i], numbers) + (i + 1 < kColumns ? "  " : "");
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string curve_line(const Curve& curve) {
  std::string line = fmt::format("step time grows as {}^{:.2f} ({}; {}):", curve.axis, curve.slope,
                                 curve.setting, curve.base);
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    line +=
        fmt::format(" {:g}: {:.3g} ms{}", curve.x[i], curve.median_ms[i], i + 1 < curve.x.size() ? "," : "");
  }
  return line + "\n";
}

Json json_of_measure(const Measure& measure) {
  Json json = {{"key", measure.key}, {"what", measure.what}, {"unit", measure.unit}};
  put_number(json, "median", measure.spread.median);
  put_number(json, "min", measure.spread.minimum);
  put_number(json, "max", measure.spread.maximum);
  put_number(json, "mad", measure.spread.mad);
  json["repeats"] = measure.spread.count;
  if (!measure.remark.empty()) json["remark"] = measure.remark;
  if (measure.target) {
    json["target"] = {{"relation", measure.target->at_least ? ">=" : "<="},
                      {"value", measure.target->value},
                      {"met", measure.target->met_by(measure.spread.median)}};
  }
  return json;
}

Json json_of_curve(const Curve& curve) {
  Json json = {{"axis", curve.axis}, {"setting", curve.setting}, {"base", curve.base}};
  put_number(json, "slope", curve.slope);
  json["points"] = Json::array();
  for (std::size_t i = 0; i < curve.x.size(); ++i) {
    json["points"].push_back({{"value", curve.x[i]}, {"median_ms", curve.median_ms[i]}});
  }
  return json;
}

Json json_of_workload(const Finished& finished) {
  Json json;
  json["name"] = finished.name;
  for (const auto& [key, value] : finished.outcome.facts.items()) json[key] = value;
  json["measures"] = Json::array();
  for (const Measure& measure : finished.outcome.measures)
    json["measures"].push_back(json_of_measure(measure));
  if (!finished.outcome.curves.empty()) {
    json["curves"] = Json::array();
    for (const Curve& curve : finished.outcome.curves) json["curves"].push_back(json_of_curve(curve));
  }
  if (!finished.outcome.notes.empty()) json["notes"] = finished.outcome.notes;
  return json;
}

/// "Intel(R) Xeon(R) Processor @ 2.50GHz"; "" where /proc does not tell.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "";
}

Json machine_json() {
  Json machine = {{"processor", processor_name()}, {"cores", std::thread::hardware_concurrency()}};
  double load = 0.0;
  put_number(machine, "load_average_1min", ::getloadavg(&load, 1) == 1 ? load : std::nan(""));
  return machine;
}

}  // namespace

std::string table_of(const std::vector<Finished>& finished) {
  std::vector<Row> rows = {{"workload", "measured", "median", "min", "max", "MAD", ""}};
  std::string notes;
  for (const auto& [name, outcome] : finished) {
    for (std::size_t i = 0; i < outcome.measures.size(); ++i)
      rows.push_back(row_of(i == 0 ? name : "", outcome.measures[i]));
    for (const Curve& curve : outcome.curves) notes += name + ": " + curve_line(curve);
    for (const std::string& note : outcome.notes) notes.append(name).append(": ").append(note).append("\n");
    if (!outcome.impossible.empty()) notes += name + ": not measured: " + outcome.impossible + "\n";
  }
  return (rows.size() > 1 ? lines_of(rows) : "") + (notes.empty() || rows.size() == 1 ? "" : "\n") + notes;
}

Json json_of(const std::vector<Finished>& finished, const Request& request) {
  Json json;
  json["schema"] = kSchema;
  json["version"] = kVersion;
  json["machine"] = machine_json();
  json["asked"] = {{"seconds", request.seconds},
                   {"repeats", request.repeats},
                   {"threads", request.threads},
                   {"engine", request.engine},
                   {"settings", request.settings}};
  json["workloads"] = Json::array();
  json["not_measured"] = Json::array();
  for (const Finished& one : finished) {
    if (one.outcome.impossible.empty()) {
      json["workloads"].push_back(json_of_workload(one));
    } else {
      json["not_measured"].push_back({{"name", one.name}, {"why", one.outcome.impossible}});
    }
  }
  return json;
}

}  // namespace grokscope::bench

#include "ui/read_outs.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "base/text.h"
#include "base/whole_number.h"

namespace grokscope {

namespace {

struct ReadOut {
  RunTone run = RunTone::shown;
  std::string name;
  Sample at;  ///< of the line, nearest to the mouse
};

std::optional<Sample> nearest_sample(const LineMark& line, double x) {
  if (line.series != nullptr && !line.series->empty()) return line.series->at(line.series->nearest(x));
  if (line.samples.empty()) return std::nullopt;
  return *std::min_element(line.samples.begin(), line.samples.end(), [&](const Sample& a, const Sample& b) {
    return std::abs(a.x - x) < std::abs(b.x - x);
  });
}

/// One a name: a curve with a gap is several lines, of which the nearest is meant.
std::vector<ReadOut> read_outs(const Plot& plot, double x) {
  std::vector<ReadOut> all;
  for (const Mark& mark : plot.marks) {
    const auto* line = std::get_if<LineMark>(&mark);
    const auto sample = line != nullptr ? nearest_sample(*line, x) : std::nullopt;
    if (!sample) continue;
    const std::string& name = line->name.empty() ? line->label : line->name;
    const auto known = std::find_if(all.begin(), all.end(), [&](const ReadOut& other) {
      return other.name == name && other.run == line->run;
    });
    if (known == all.end()) {
      all.push_back({line->run, name, *sample});
    } else if (std::abs(sample->x - x) < std::abs(known->at.x - x)) {
      known->at = *sample;
    }
  }
  return all;
}

}  // namespace

std::string nearest_values(const Plot& plot, double x) {
  const std::vector<ReadOut> all = read_outs(plot, x);
  if (all.empty()) return "";
  const auto place = [&](double at) {
    return plot.x.integer && whole_from(at) ? grouped(*whole_from(at)) : pretty(at, 3);
  };
  const double shown_x = std::min_element(all.begin(), all.end(), [&](const ReadOut& a, const ReadOut& b) {
                           return std::abs(a.at.x - x) < std::abs(b.at.x - x);
                         })->at.x;
  std::string text = (plot.x.label.empty() ? "x" : plot.x.label) + " " + place(shown_x);
  for (const ReadOut& one : all) {
    text += "\n" + one.name + "  " + (plot.y.percent ? percent(one.at.y, 1) : pretty(one.at.y, 3));
    if (one.at.x != shown_x) text += " at " + place(one.at.x);
  }
  return text;
}

}  // namespace grokscope

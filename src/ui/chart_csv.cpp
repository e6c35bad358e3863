// The data of a chart as CSV, for the clipboard: what the eye sees, as numbers.
#include <charconv>
#include <cmath>

#include "base/whole_number.h"
#include "ui/tiles.h"

namespace grokscope {
namespace {

std::string number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
  char text[40];
  const auto end = std::to_chars(text, text + sizeof text, value);
  return {text, end.ptr};
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

struct Rows {
  std::string text;
  void row(const std::string& series, double x, double y) {
    text += quoted(series) + "," + number(x) + "," + number(y) + "\n";
  }
};

void add_line(Rows& rows, const LineMark& line, const Chart& chart) {
  const std::string name = line.name.empty() ? line.label : line.name;
  if (line.series == nullptr) {
    for (const Sample& sample : line.samples) rows.row(name, sample.x, sample.y);
    return;
  }
  for (std::size_t i = 0; i < line.series->size(); ++i) {
    const Sample sample = line.series->at(i);
    if (line.ends_at_cursor && chart.x_until && sample.x > *chart.x_until) break;
    rows.row(name, sample.x, sample.y);
  }
}

void add_field(std::string& text, const FieldMark& field) {
  const bool kinds = !field.category_names.empty();
  text += kinds ? "row,column,value,kind\n" : "row,column,value\n";
  for (std::int64_t row = 0; row < field.rows; ++row) {
    for (std::int64_t column = 0; column < field.columns; ++column) {
      const float value = field.values[static_cast<std::size_t>(row * field.columns + column)];
      text += std::to_string(row) + "," + std::to_string(column) + "," + number(value);
      if (kinds) {
        const auto kind = index_from(value, field.category_names.size());
        text += "," + (kind ? quoted(field.category_names[*kind]) : std::string());
      }
      text += "\n";
    }
  }
}

}  // namespace

std::string chart_csv(const Chart& chart) {
  std::string text;
  for (const Plot& plot : chart.plots) {
    Rows rows;
    std::string fields;
    for (const Mark& mark : plot.marks) {
      if (const auto* line = std::get_if<LineMark>(&mark)) add_line(rows, *line, chart);
      if (const auto* bars = std::get_if<BarsMark>(&mark)) {
        for (const Sample& bar : bars->bars) rows.row(plot.y.label, bar.x, bar.y);
      }
      if (const auto* points = std::get_if<PointsMark>(&mark)) {
        for (std::size_t i = 0; i < points->points.size(); ++i)
          rows.row(std::to_string(i), points->points[i].x, points->points[i].y);
      }
      if (const auto* field = std::get_if<FieldMark>(&mark)) add_field(fields, *field);
    }
    if (!text.empty()) text += "\n";
    if (!rows.text.empty()) {
      text += "series," + quoted(plot.x.label.empty() ? "x" : plot.x.label) + "," +
              quoted(plot.y.label.empty() ? "y" : plot.y.label) + "\n" + rows.text;
    }
    text += fields;
  }
  return text;
}

}  // namespace grokscope

// The data of a chart as CSV, for the clipboard: what the eye sees, as numbers.
#include <algorithm>
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

bool says_anything(const FieldMark& field) {
  return std::any_of(field.values.begin(), field.values.end(),
                     [](float value) { return std::isfinite(value); });
}

void add_area(Rows& rows, const AreaMark& area) {
  for (std::size_t i = 0; i < area.x.size(); ++i) {
    if (i < area.low.size()) rows.row(area.name + ", lowest", area.x[i], area.low[i]);
    if (i < area.high.size()) rows.row(area.name + ", highest", area.x[i], area.high[i]);
  }
}

/// "0.3" of a named axis, the number of the cell on any other.
std::string place_on(const Axis& axis, std::int64_t cell, double at) {
  for (const AxisName& name : axis.names) {
    if (std::abs(name.value - at) < 1e-9) return quoted(name.exact.empty() ? name.text : name.exact);
  }
  return std::to_string(cell);
}

/// Of the middle of a cell.
double middle(double from, double to, std::int64_t cell, std::int64_t cells) {
  return from + (to - from) * (static_cast<double>(cell) + 0.5) / static_cast<double>(cells);
}

void add_field(std::string& text, const FieldMark& field, const Plot& plot) {
  const bool kinds = !field.category_names.empty();
  const bool named = !plot.x.names.empty() && !plot.y.names.empty();
  text += named ? quoted(plot.y.label) + "," + quoted(plot.x.label) : std::string("row,column");
  text += kinds ? ",value,kind\n" : ",value\n";
  for (std::int64_t row = 0; row < field.rows; ++row) {
    for (std::int64_t column = 0; column < field.columns; ++column) {
      const float value = field.values[static_cast<std::size_t>(row * field.columns + column)];
      text += place_on(plot.y, row, middle(field.y1, field.y0, row, field.rows)) + "," +
              place_on(plot.x, column, middle(field.x0, field.x1, column, field.columns)) + "," +
              number(value);
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
      if (const auto* area = std::get_if<AreaMark>(&mark)) add_area(rows, *area);
      if (const auto* bars = std::get_if<BarsMark>(&mark)) {
        for (const Sample& bar : bars->bars) rows.row(plot.y.label, bar.x, bar.y);
      }
      if (const auto* points = std::get_if<PointsMark>(&mark)) {
        for (std::size_t i = 0; i < points->points.size(); ++i)
          rows.row(std::to_string(i), points->points[i].x, points->points[i].y);
      }
      if (const auto* field = std::get_if<FieldMark>(&mark); field != nullptr && says_anything(*field))
        add_field(fields, *field, plot);
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

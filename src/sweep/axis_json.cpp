#include "sweep/axis_json.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/home_path.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "config/config_json.h"

namespace grokscope {
namespace {

/// In the field's own type and spelling; what it is in the base does not matter.
Result<FieldValue> own_value(const SweepPlan& plan, const Field& field, const FieldValue& value) {
  RunConfig scratch = plan.base;
  if (Status set = set_field(scratch, field.name, value); !set) return set.error();
  return field.get(scratch);
}

Status add_value(const SweepPlan& plan, const Field& field, const FieldValue& value, SweepAxis& axis) {
  auto own = own_value(plan, field, value);
  if (!own) return own.error();
  if (field.name == "task.path") *own = settled_path(std::get<std::string>(*own));
  axis.values.push_back(std::move(*own));
  return {};
}

Status read_values(const Json& values, const SweepPlan& plan, const Field& field, SweepAxis& axis) {
  if (!values.is_array() || values.empty())
    return usage_error(fmt::format("the axis {} needs a list with at least one value", field.name));
  for (const Json& entry : values) {
    const auto value = value_from_json(field.name, entry);
    if (!value) return value.error();
    if (Status added = add_value(plan, field, *value, axis); !added) return added;
    if (axis.values.size() > kMostSweepRuns) break;  // refused as a whole
  }
  return {};
}

struct Range {
  double from = 0.0, to = 0.0;
  std::int64_t count = 0;
  bool log = false;

  double at(std::int64_t place) const {
    const double along = static_cast<double>(place) / static_cast<double>(count - 1);
    if (place == 0) return from;
    if (place == count - 1) return to;  // not a rounding beside it
    return log ? from * std::pow(to / from, along) : from + (to - from) * along;
  }
};

Result<Range> range_of(const Json& json, const std::string& name) {
  Range range;
  for (const auto& [key, place] : {std::pair<const char*, double*>{"from", &range.from}, {"to", &range.to}}) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number())
      return usage_error(fmt::format("the axis {} needs values, or a range: from, to and count", name));
    *place = found->get<double>();
  }
  const auto count = json.find("count");
  const auto whole = count == json.end() ? std::nullopt : whole_number_from_json(*count);
  if (!whole || *whole < 2) return usage_error(fmt::format("the axis {} needs a count of at least 2", name));
  range.count = *whole;
  const Json scale = json.value("scale", Json("linear"));
  if (scale != "linear" && scale != "log") {
    return usage_error(fmt::format("the scale of the axis {} is linear or log, not {}", name,
                                   visible(text_from_json(scale))));
  }
  range.log = scale == "log";
  if (!(range.from < range.to)) {
    return usage_error(fmt::format("the range of the axis {} is empty: from {} must be below to {}", name,
                                   text_of(FieldValue(range.from)), text_of(FieldValue(range.to))));
  }
  if (range.log && !(range.from > 0.0))
    return usage_error(fmt::format("the axis {} has a log scale: from must be above 0", name));
  return range;
}

Status read_range(const Json& json, const SweepPlan& plan, const Field& field, SweepAxis& axis) {
  if (field.type != FieldType::real && field.type != FieldType::integer)
    return usage_error(fmt::format("the axis {} is not made of numbers: write its values out", field.name));
  const auto range = range_of(json, field.name);
  if (!range) return range.error();
  if (range->count > static_cast<std::int64_t>(kMostSweepRuns))
    return usage_error(fmt::format("the axis {} has {} values: a sweep has at most {} runs", field.name,
                                   range->count, kMostSweepRuns));
  const bool whole = field.type == FieldType::integer;
  for (std::int64_t place = 0; place < range->count; ++place) {
    const double value = range->at(place);
    if (Status added = add_value(plan, field, whole ? std::round(value) : value, axis); !added) return added;
  }
  return {};
}

Status read_axis(const Json& json, const SweepPlan& plan, SweepAxis& axis) {
  if (!json.is_object()) return usage_error("an axis must be an object with a field and its values");
  if (Status known = check_keys(json, {"field", "values", "from", "to", "count", "scale"}, "an axis"); !known)
    return known;
  const auto named = json.find("field");
  if (named == json.end() || !named->is_string())
    return usage_error("an axis needs a field: the name of a setting");
  axis.field = named->get<std::string>();
  const Field* field = find_field(axis.field);
  if (field == nullptr) return unknown_field_error(axis.field);
  if (axis.field == "seed") return usage_error("seed is no axis: write \"seeds\"");
  const bool has_range = json.contains("from") || json.contains("to") || json.contains("count");
  if (json.contains("values") && (has_range || json.contains("scale")))
    return usage_error(fmt::format("the axis {} has values and a range: leave one out", axis.field));
  Status read = json.contains("values") ? read_values(json.at("values"), plan, *field, axis)
                                        : read_range(json, plan, *field, axis);
  if (!read) return read;
  std::sort(axis.values.begin(), axis.values.end());
  const auto twice = std::adjacent_find(axis.values.begin(), axis.values.end());
  if (twice == axis.values.end()) return {};
  return usage_error(fmt::format("the axis {} has {} twice", axis.field, in_quotes(text_of(*twice))));
}

}  // namespace

Status check_keys(const Json& object, const std::vector<std::string>& known, const std::string& what) {
  for (const auto& [key, value] : object.items()) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    const std::string nearest = nearest_name(key, known);
    return usage_error(fmt::format("{} has no {}{}", what, in_quotes(key),
                                   nearest.empty() ? "" : fmt::format(": did you mean '{}'?", nearest)));
  }
  return {};
}

std::string settled_path(const std::string& path) {
  std::error_code error;
  const std::string named = with_home(path);
  if (named.empty() || !std::filesystem::exists(named, error)) return path;
  const auto whole = std::filesystem::absolute(named, error);
  return error ? path : whole.lexically_normal().string();
}

Status read_axes(const Json& plan_json, SweepPlan& plan) {
  const auto axes = plan_json.find("axes");
  if (axes == plan_json.end() || !axes->is_array() || axes->empty() || axes->size() > kMostAxes)
    return usage_error("a plan needs a list of one to three axes, or a list of runs");
  for (const Json& entry : *axes) {
    SweepAxis axis;
    if (Status read = read_axis(entry, plan, axis); !read) return read;
    for (const SweepAxis& other : plan.axes) {
      if (other.field == axis.field) return usage_error(fmt::format("{} is an axis twice", axis.field));
    }
    plan.axes.push_back(std::move(axis));
  }
  return {};
}

Status read_seeds(const Json& plan_json, SweepPlan& plan) {
  const Json seeds = plan_json.value("seeds", Json::array({0}));
  std::vector<std::int64_t> found;
  if (seeds.is_object()) {
    if (Status known = check_keys(seeds, {"from", "count"}, "seeds"); !known) return known;
    const auto from = whole_number_from_json(seeds.value("from", Json(0)));
    const auto count = whole_number_from_json(seeds.value("count", Json()));
    if (!from || !count || *count < 1 || *count > static_cast<std::int64_t>(kMostSweepRuns))
      return usage_error(
          fmt::format("seeds need a whole number to count from, and a count from 1 to {}", kMostSweepRuns));
    if (Status first = set_field(plan.base, "seed", *from); !first) return first;
    if (Status last =
            set_field(plan.base, "seed", static_cast<double>(*from) + static_cast<double>(*count) - 1.0);
        !last)
      return last;
    for (std::int64_t i = 0; i < *count; ++i) found.push_back(*from + i);
  } else if (seeds.is_array() && !seeds.empty()) {
    for (const Json& entry : seeds) {
      const auto value = value_from_json("seed", entry);
      if (!value) return value.error();
      if (Status set = set_field(plan.base, "seed", *value); !set) return set;
      found.push_back(plan.base.seed);
    }
  } else {
    return usage_error("seeds must be a list of whole numbers, or {\"from\": 0, \"count\": 20}");
  }
  std::sort(found.begin(), found.end());
  if (const auto twice = std::adjacent_find(found.begin(), found.end()); twice != found.end())
    return usage_error(fmt::format("the seed {} is there twice", *twice));
  plan.seeds = std::move(found);
  plan.base.seed = plan.seeds.front();
  return {};
}

}  // namespace grokscope

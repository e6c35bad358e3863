#include "sweep/plan_over.h"

#include <algorithm>
#include <cmath>

#include "base/outside_text.h"

namespace grokscope {
namespace {

constexpr std::size_t kValues = 9;
constexpr double kLogReach = 100.0;    // to each side
constexpr double kDecadesBelow = 1e4;  // of a log slider that begins with 0 (config/fields.h)

/// Two digits are enough to read, and do not make another setting of it.
double rounded(double value) {
  if (value == 0.0) return 0.0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 1.0);
  return std::round(value / unit) * unit;
}

std::vector<FieldValue> numbers(const Field& field, double now) {
  double low = field.slider_minimum, high = field.slider_maximum;
  if (!(high > low)) return {};
  const bool log = field.log_scale;
  if (log) {
    if (!(low > 0.0)) low = high / kDecadesBelow;
    if (now > 0.0) {
      low = std::max(low, now / kLogReach);
      high = std::min(high, now * kLogReach);
    }
  }
  std::vector<FieldValue> values;
  for (std::size_t i = 0; i < kValues; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(kValues - 1);
    const double value = log ? low * std::pow(high / low, share) : low + (high - low) * share;
    const double kept = std::clamp(rounded(value), field.minimum, field.maximum);
    if (field.type == FieldType::integer)
      values.emplace_back(static_cast<std::int64_t>(std::llround(kept)));
    else
      values.emplace_back(kept);
  }
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

double number_of(const FieldValue& value) {
  if (const double* real = std::get_if<double>(&value)) return *real;
  const auto* whole = std::get_if<std::int64_t>(&value);
  return whole == nullptr ? 0.0 : static_cast<double>(*whole);
}

std::vector<FieldValue> values_of(const Field& field, const RunConfig& run) {
  if (field.type == FieldType::boolean) return {false, true};
  if (field.type == FieldType::choice) return {field.choices.begin(), field.choices.end()};
  if (field.type == FieldType::text) return {};
  return numbers(field, number_of(field.get(run)));
}

/// Those that do not go with the rest of the run: a fraction that leaves nothing to test on.
void drop_impossible(const Field& field, const RunConfig& run, std::vector<FieldValue>& values) {
  std::erase_if(values, [&](const FieldValue& value) {
    RunConfig changed = run;
    field.set(changed, value);
    return !validate(changed);
  });
}

}  // namespace

bool can_be_varied(const Field& field, const RunConfig& run) {
  return field.name != "seed" && field.name != "train.steps" && field_applies(field, run) &&
         values_of(field, run).size() > 1;
}

Result<SweepPlan> plan_over(const RunConfig& run, std::span<const std::string> names, std::int64_t steps) {
  SweepPlan plan;
  plan.base = run;
  plan.base.train.steps = steps;
  plan.until = "test_accuracy>=0.99";
  plan.record = {"test_accuracy"};
  for (const std::string& name : names) {
    const Field* field = find_field(name);
    if (field == nullptr) return unknown_field_error(name);
    std::vector<FieldValue> values = values_of(*field, plan.base);
    drop_impossible(*field, plan.base, values);
    if (!can_be_varied(*field, plan.base) || values.size() < 2)
      return usage_error("cannot sweep over " + in_quotes(name) + ": there are no other values for it here");
    plan.axes.push_back({name, std::move(values)});
  }
  // A setting that stays as it is, so that there is an axis: its one cell is all seeds.
  if (plan.axes.empty()) plan.axes.push_back({"train.steps", {FieldValue(steps)}});
  constexpr std::int64_t kSeedsAlone = 20, kSeedsOfOne = 3, kSeedsOfTwo = 2;
  const std::int64_t seeds = names.empty() ? kSeedsAlone : names.size() == 1 ? kSeedsOfOne : kSeedsOfTwo;
  for (std::int64_t i = 0; i < seeds; ++i) plan.seeds.push_back(run.seed + i);
  if (Status valid = validate(plan); !valid) return valid.error();
  return plan;
}

}  // namespace grokscope

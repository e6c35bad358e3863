// See study.h: names, values and texts of parameters. What the studies compute stands in *_study.cpp.
#include "theory/study.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include <fmt/format.h>

#include "base/number_text.h"
#include "base/outside_text.h"
#include "base/text.h"
#include "theory/study_list.h"

namespace grokscope::theory {
namespace {

std::string range_of(const StudyParameter& parameter) {
  if (!parameter.options.empty()) {
    std::string list;
    for (const std::string_view option : parameter.options)
      list += (list.empty() ? "" : " | ") + std::string(option);
    return list;
  }
  return text_of_parameter(parameter, parameter.minimum) + " .. " +
         text_of_parameter(parameter, parameter.maximum);
}

std::optional<std::size_t> place_of(const Study& study, std::string_view name) {
  for (std::size_t i = 0; i < study.parameters.size(); ++i) {
    if (study.parameters[i].name == name) return i;
  }
  return std::nullopt;
}

Error unknown_parameter(const Study& study, std::string_view name) {
  std::vector<std::string> names;
  std::string all;
  for (const StudyParameter& parameter : study.parameters) {
    names.emplace_back(parameter.name);
    all += (all.empty() ? "" : ", ") + names.back();
  }
  const std::string near = nearest_name(name, names);
  return usage_error(fmt::format("{} has no parameter {}: {}", study.name, in_quotes(name),
                                 near.empty() ? "it has " + all : "did you mean '" + near + "'?"));
}

std::optional<double> number_of(const StudyParameter& parameter, std::string_view text) {
  for (std::size_t i = 0; i < parameter.options.size(); ++i) {
    if (parameter.options[i] == text) return static_cast<double>(i);
  }
  return parameter.options.empty() ? number_from_text(text) : std::nullopt;
}

}  // namespace

std::span<const Study> studies() {
  static const std::array kStudies{linear_regression_study(), random_features_study(), two_scale_study(),
                                   pattern_learning_study()};
  return kStudies;
}

const Study* find_study(std::string_view name) {
  const auto all = studies();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Study& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Result<const Study*> study_named(std::string_view name) {
  if (const Study* study = find_study(name)) return study;
  std::vector<std::string> names;
  for (const Study& study : studies()) names.emplace_back(study.name);
  const std::string near = nearest_name(name, names);
  return usage_error(fmt::format(
      "there is no study {}{}", in_quotes(name),
      near.empty() ? "; grokscope theory lists what there is" : ": did you mean '" + near + "'?"));
}

StudyValues initial_values(const Study& study) {
  StudyValues values;
  for (const StudyParameter& parameter : study.parameters) values.push_back(parameter.initial);
  return values;
}

StudyValues values_of(const Study& study, const StudySetting& setting) {
  StudyValues values = initial_values(study);
  for (const auto& [name, value] : setting.values) {
    if (const auto place = place_of(study, name)) values[*place] = value;
  }
  return values;
}

Status set_parameter(const Study& study, StudyValues& values, std::string_view name, double value) {
  const auto place = place_of(study, name);
  if (!place) return unknown_parameter(study, name);
  const StudyParameter& parameter = study.parameters[*place];
  const double least = parameter.options.empty() ? parameter.minimum : 0.0;
  const double most =
      parameter.options.empty() ? parameter.maximum : static_cast<double>(parameter.options.size() - 1);
  const bool whole = parameter.whole || !parameter.options.empty();
  if (!(value >= least) || !(value <= most) || (whole && value != std::floor(value))) {
    return usage_error(fmt::format("{} of {} must be {}{}, not {}", parameter.name, study.name,
                                   parameter.whole ? "a whole number in " : "", range_of(parameter),
                                   pretty(value, 6)));
  }
  values[*place] = value;
  return {};
}

Status set_parameter_from_text(const Study& study, StudyValues& values, std::string_view assignment) {
  const std::size_t equals = assignment.find('=');
  if (equals == std::string_view::npos)
    return usage_error("--set needs NAME=VALUE, not " + in_quotes(assignment));
  const std::string_view name = assignment.substr(0, equals), text = assignment.substr(equals + 1);
  const auto place = place_of(study, name);
  if (!place) return unknown_parameter(study, name);
  const StudyParameter& parameter = study.parameters[*place];
  const auto value = number_of(parameter, text);
  if (!value) {
    return usage_error(fmt::format("{} of {} must be {}, not {}", parameter.name, study.name,
                                   range_of(parameter), in_quotes(text)));
  }
  return set_parameter(study, values, name, *value);
}

std::string text_of_parameter(const StudyParameter& parameter, double value) {
  if (parameter.options.empty()) return fmt::format("{}", value);
  const auto place = static_cast<std::size_t>(std::max(0.0, value));
  return std::string(parameter.options[std::min(place, parameter.options.size() - 1)]);
}

double value_of(const Study& study, const StudyValues& values, std::string_view name) {
  const auto place = place_of(study, name);
  return place && *place < values.size() ? values[*place] : std::numeric_limits<double>::quiet_NaN();
}

Result<StudyResult> compute_study(const Study& study, const StudyValues& values, const StudyInputs& inputs) {
  StudyResult last;
  const Status computed = study.compute(values, inputs, [&](const StudyResult& result) {
    last = result;
    return true;
  });
  return computed ? Result<StudyResult>(std::move(last)) : computed.error();
}

}  // namespace grokscope::theory

#include "history/scalars_line.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <map>

#include "base/json_text.h"
#include "history/frame_file.h"

namespace grokscope {
namespace {

constexpr std::size_t kMaxLineBytes = std::size_t{1} << 20;
constexpr std::size_t kMostNumbers = 1000;  // as many as a run may name in all

Error damaged(const std::string& why, const std::string& source) {
  return failure(why + ": " + source);
}

/// "name: inf" -> {name, inf}; a null without a note, or with one that says something else, is NaN.
std::map<std::string, double> infinities(const Json& object) {
  std::map<std::string, double> noted;
  const auto notes = object.find("nonfinite");
  if (notes == object.end() || !notes->is_array()) return noted;
  for (const Json& note : *notes) {
    if (!note.is_string()) continue;
    const std::string& text = note.get_ref<const std::string&>();
    const std::size_t colon = text.rfind(": ");
    if (colon == std::string::npos) continue;
    const std::string_view value = std::string_view(text).substr(colon + 2);
    if (value == "inf") noted[text.substr(0, colon)] = std::numeric_limits<double>::infinity();
    if (value == "-inf") noted[text.substr(0, colon)] = -std::numeric_limits<double>::infinity();
  }
  return noted;
}

}  // namespace

std::string line_from_scalars(const ProbeScalars& look) {
  Json scalars = Json::object(), notes = Json::array();
  for (const auto& [name, value] : look.scalars) {
    scalars[name] = finite_or_null(value);
    if (std::isfinite(value)) continue;
    notes.push_back(name + (std::isnan(value) ? ": NaN" : value > 0 ? ": inf" : ": -inf"));
  }
  Json json = {{"step", look.step}, {"probe", look.probe}, {"scalars", std::move(scalars)}};
  if (!notes.empty()) json["nonfinite"] = std::move(notes);
  return text_from_json(json);
}

Result<ProbeScalars> scalars_from_line(std::string_view line, const std::string& source) {
  const Result<Json> json = parse_json(line, source, kMaxLineBytes);
  if (!json) return json.error();
  if (!json->is_object()) return damaged("not a JSON object", source);
  const auto step = json->find("step"), probe = json->find("probe"), scalars = json->find("scalars");
  if (step == json->end() || !step->is_number_unsigned() ||
      step->get<std::uint64_t>() > std::uint64_t{1} << 53)
    return damaged("\"step\" is not a whole number from 0 on", source);
  if (probe == json->end() || !probe->is_string() || !is_probe_name(probe->get_ref<const std::string&>()))
    return damaged("\"probe\" is not the name of a probe", source);
  if (scalars == json->end() || !scalars->is_object()) return damaged("\"scalars\" is not an object", source);
  if (scalars->size() > kMostNumbers)
    return damaged("it has more than " + std::to_string(kMostNumbers) + " numbers, more than a look has",
                   source);
  ProbeScalars look{step->get<std::int64_t>(), probe->get<std::string>(), {}};
  const std::map<std::string, double> noted = infinities(*json);
  for (const auto& [name, value] : scalars->items()) {
    if (value.is_number()) {
      look.scalars[name] = value.get<double>();
    } else if (value.is_null()) {
      const auto infinite = noted.find(name);
      look.scalars[name] =
          infinite == noted.end() ? std::numeric_limits<double>::quiet_NaN() : infinite->second;
    } else {
      return damaged("a scalar is not a number", source);
    }
  }
  return look;
}

}  // namespace grokscope

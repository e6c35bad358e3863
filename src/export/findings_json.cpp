#include "export/findings_json.h"

#include "history/forecast.h"
#include "history/held_back.h"

namespace grokscope {

namespace {

void add_stages(const char* of, std::span<const Stage> all, std::int64_t step, Json& list) {
  for (const Stage& stage : stages_known_at(all, step)) {
    Json json;
    json["of"] = of;
    json["change"] = stage.rises ? "rise" : "fall";
    json["begin"] = stage.begin_step;
    json["end"] = stage.end_step < 0 ? Json() : Json(stage.end_step);
    put_number(json, "from", stage.from);
    put_number(json, "to", stage.to);
    list.push_back(std::move(json));
  }
}

Json forecast_json(const Forecast& forecast) {
  return {{"made", forecast.made_step},
          {"from", forecast.from_step},
          {"to", forecast.to_step},
          {"runs", forecast.runs},
          {"right", forecast.record.right},
          {"wrong", forecast.record.wrong},
          {"false_alarms", forecast.record.false_alarms}};
}

}  // namespace

Json findings_json(const History& history, std::int64_t step) {
  Json json;
  Json& stages = json["stages"] = Json::array();
  add_stages("test_accuracy", history.accuracy_stages(), step, stages);
  add_stages("rank", history.rank_stages(), step, stages);
  Json& warnings = json["warnings"] = Json::array();
  for (const Event& event : history.events()) {
    if (event.kind == "warning" && event.step <= step) warnings.push_back(json_from_event(event));
  }
  const auto forecast = recorded_forecast(history, step);
  json["forecast"] = forecast ? forecast_json(*forecast) : Json();
  const HeldBack held = held_back_at(history, step);
  json["held_back"] = {{"by", name_of(held.by)}, {"sentence", held.sentence}};
  return json;
}

}  // namespace grokscope

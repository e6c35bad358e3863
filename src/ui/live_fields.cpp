#include "ui/live_fields.h"

#include <algorithm>

#include "config/fields.h"
#include "history/interventions/set.h"

namespace grokscope {
namespace {

constexpr double kInterval = 0.12;  // seconds between two changes while a knob moves
constexpr double kPatience = 3.0;   // a trainer that has ended never answers

bool holds(const RunConfig& config, const std::string& name, double value) {
  const Field* field = find_field(name);
  if (field == nullptr) return true;
  const FieldValue now = field->get(config);
  const double* real = std::get_if<double>(&now);
  return real != nullptr && *real == value;
}

}  // namespace

double LiveFields::update(ViewState& view, const RunConfig& config, double now_s, Actions& actions) {
  double again = 1e9;
  for (auto entry = view.pending.begin(); entry != view.pending.end();) {
    const auto& [name, value] = *entry;
    const bool released = name != view.moving;
    const auto last = sent_.find(name);
    const bool is_sent = last != sent_.end() && last->second.value == value;
    const double waited = last == sent_.end() ? 1e9 : now_s - last->second.at_s;
    const bool answered = released && holds(config, name, value) && (is_sent || last == sent_.end());
    if (answered || (released && is_sent && waited > kPatience)) {
      sent_.erase(name);
      entry = view.pending.erase(entry);
      continue;
    }
    if (!is_sent && (released || waited >= kInterval)) {
      actions.push_back(SendCommand{setting_change(name, value)});
      sent_[name] = {value, now_s};
      again = std::min(again, kInterval);
    } else {
      again = std::min(again, is_sent ? kPatience : std::max(0.0, kInterval - waited));
    }
    ++entry;
  }
  view.moving.clear();  // a knob that is still held says so again in the next frame
  return again;
}

}  // namespace grokscope

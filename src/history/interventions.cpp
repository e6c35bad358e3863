// The list of kinds, and what is said and done about an intervention of any of them.
#include "history/interventions.h"

#include <algorithm>

#include "base/outside_text.h"
#include "base/text.h"
#include "history/history.h"

namespace grokscope {

/// One line a kind: the row in history/interventions/<kind>.cpp.
#define GROKSCOPE_INTERVENTIONS(KIND) \
  KIND(kSetKind)                      \
  KIND(kRescaleNormKind)

#define GROKSCOPE_DECLARE(row) extern const InterventionKind row;
GROKSCOPE_INTERVENTIONS(GROKSCOPE_DECLARE)
#undef GROKSCOPE_DECLARE

namespace {

#define GROKSCOPE_ADDRESS(row) &(row),
constexpr const InterventionKind* kKinds[] = {GROKSCOPE_INTERVENTIONS(GROKSCOPE_ADDRESS)};
#undef GROKSCOPE_ADDRESS

/// Its kind, if the line is complete.
const InterventionKind* usable_kind(std::string_view name, const Json& detail) {
  const InterventionKind* kind = find_intervention_kind(name);
  return kind != nullptr && kind->lacks(detail).empty() ? kind : nullptr;
}

Error unusable(const Intervention& intervention) {
  const InterventionKind* kind = find_intervention_kind(intervention.kind);
  if (kind == nullptr) return usage_error("there is no intervention of kind " + in_quotes(intervention.kind));
  return usage_error("an event of kind \"" + intervention.kind + "\" needs " +
                     kind->lacks(intervention.detail));
}

/// Of a kind that this version does not know: its name, in words.
std::string plain_name(const Event& event) {
  std::string text = visible(event.kind);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

std::span<const InterventionKind* const> intervention_kinds() {
  return kKinds;
}

const InterventionKind* find_intervention_kind(std::string_view name) {
  for (const InterventionKind* kind : kKinds) {
    if (kind->name == name) return kind;
  }
  return nullptr;
}

bool is_intervention(const Event& event) {
  return find_intervention_kind(event.kind) != nullptr;
}

Intervention intervention_of(const Event& event) {
  return {event.kind, event.detail};
}

Status check_intervention(const Intervention& intervention, const RunConfig& config) {
  const InterventionKind* kind = usable_kind(intervention.kind, intervention.detail);
  if (kind == nullptr) return unusable(intervention);
  return kind->check(intervention.detail, config);
}

Result<Json> apply_intervention(const Intervention& intervention, InterventionTarget& target) {
  const InterventionKind* kind = usable_kind(intervention.kind, intervention.detail);
  if (kind == nullptr) return unusable(intervention);
  return kind->apply(intervention.detail, target);
}

std::string sentence_of(const Event& event) {
  const InterventionKind* kind = usable_kind(event.kind, event.detail);
  return (kind == nullptr ? plain_name(event) : kind->sentence(event.detail)) + " at step " +
         grouped(event.step) + ".";
}

std::string flag_of(const Event& event) {
  const InterventionKind* kind = usable_kind(event.kind, event.detail);
  return kind == nullptr ? plain_name(event) : kind->flag(event.detail);
}

std::string subject_of(const Event& event) {
  const InterventionKind* kind = usable_kind(event.kind, event.detail);
  return kind == nullptr ? std::string() : kind->subject(event.detail);
}

std::string subject_of(const Intervention& intervention) {
  const InterventionKind* kind = usable_kind(intervention.kind, intervention.detail);
  return kind == nullptr ? std::string() : kind->subject(intervention.detail);
}

void apply_to_config(const Event& event, RunConfig& config) {
  const InterventionKind* kind = usable_kind(event.kind, event.detail);
  if (kind != nullptr && kind->settle != nullptr) kind->settle(event.detail, config);
}

RunConfig config_at(const History& history, std::int64_t step) {
  RunConfig config = history.config();
  for (const Event& event : history.events()) {
    if (event.step <= step) apply_to_config(event, config);
  }
  return config;
}

}  // namespace grokscope

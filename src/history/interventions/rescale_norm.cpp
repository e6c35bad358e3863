// "rescale_norm": all weights times one number, so that their norm becomes {"value":20}; recorded with
// "from".
#include "history/interventions/rescale_norm.h"

#include <cmath>

#include "base/text.h"

namespace grokscope {
namespace {

double norm_in(const Json& detail) {
  return detail["value"].get<double>();
}

std::string lacks(const Json& detail) {
  const auto value = detail.find("value");
  return value != detail.end() && value->is_number() ? "" : "\"value\", a number";
}

Status check(const Json& detail, const RunConfig&) {
  return check_norm(norm_in(detail));
}

Result<Json> apply(const Json& detail, InterventionTarget& target) {
  if (Status usable = check(detail, target.config()); !usable) return usable.error();
  const double before = target.weight_norm();
  if (!(before > 0.0 && std::isfinite(before))) {
    return usage_error("weights of norm " + text_of(FieldValue(before)) +
                       " cannot be rescaled: they have no direction");
  }
  target.scale_weights(norm_in(detail) / before);
  return Json{{"value", norm_in(detail)}, {"from", before}};
}

std::string sentence(const Json& detail) {
  return "The weights were rescaled to norm " + pretty(norm_in(detail));
}

std::string flag(const Json& detail) {
  return "‖θ‖ → " + pretty(norm_in(detail));
}

std::string subject(const Json&) {
  return "";
}

}  // namespace

extern const InterventionKind kRescaleNormKind;
const InterventionKind kRescaleNormKind{"rescale_norm", lacks,    check, nullptr,
                                        apply,          sentence, flag,  subject};

Status check_norm(double norm) {
  if (norm > 0.0 && norm <= kLargestNorm) return {};
  return usage_error("weights cannot be rescaled to norm " + text_of(FieldValue(norm)) +
                     ": choose a number above 0 and at most 1e9");
}

Intervention norm_rescaling(double norm) {
  return {"rescale_norm", {{"value", norm}}};
}

}  // namespace grokscope

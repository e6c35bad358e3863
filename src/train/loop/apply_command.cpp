#include "train/loop/apply_command.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "contract/live_field.h"
#include "history/interventions.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

/// Carries a changed setting into the parts that hold a copy of it. The rest is read from the config at every
/// step. An error: it could not be done, and the parts are as they were.
Status carry_into(Training& training, const std::string& field) {
  const TaskConfig& task = training.config.task;
  if (field == "task.train_fraction") {  // asked for now: it outranks an exact train_size from the start
    training.split.set_train_count(wanted_train_count(task.train_fraction, 0, training.split.pool_size()));
  } else if (field == "task.train_size") {
    training.split.set_train_count(
        wanted_train_count(task.train_fraction, task.train_size, training.split.pool_size()));
  } else if (field.rfind("optimizer.", 0) == 0) {
    training.stepper->set_optimizer(training.config.optimizer);
  } else if (field == "model.dropout") {
    return renew_stepper(training);  // only some engines have it
  }
  return {};
}

class CommandApplier {
 public:
  CommandApplier(Training& training, Controls& controls, Pace::Clock::time_point now)
      : training_(training), controls_(controls), now_(now) {}

  Event operator()(const Pause&) {
    controls_.paused = true;
    return event("pause");
  }

  Event operator()(const Resume&) {
    controls_.paused = false;
    controls_.pace.restart(training_.step, now_);
    return event("resume");
  }

  Event operator()(const StepOnce&) {
    controls_.paused = true;  // a running training stops after this one update
    controls_.single_steps += 1;
    return event("step_once");
  }

  Event operator()(const SetField& set) {
    const Field* field = find_field(set.field);
    const RunConfig before = training_.config;
    const std::string_view engine = training_.stepper->engine();
    Status changed = set_live_field(training_.config, set.field, set.value);
    if (changed) changed = carry_into(training_, set.field);
    if (!changed) {
      training_.config = before;
      return event("note", {{"text", changed.error().message}, {"field", set.field}});
    }
    Json detail = {{"field", set.field},
                   {"value", json_of_value(field->get(training_.config))},
                   {"from", json_of_value(field->get(before))}};
    if (training_.stepper->engine() != engine) detail["engine"] = std::string(training_.stepper->engine());
    return event("set", std::move(detail));
  }

  Event operator()(const RescaleNorm& rescale) {
    at::Tensor& flat = training_.stepper->flat();
    const double before = norm_of(flat);
    Status usable = check_norm(rescale.norm);
    if (usable && !(before > 0.0 && std::isfinite(before))) {
      usable = usage_error("weights of norm 0 or infinity cannot be rescaled: they have no direction");
    }
    if (!usable) return event("note", {{"text", usable.error().message}});
    scale(flat, rescale.norm / before);
    return event("rescale_norm", {{"value", rescale.norm}, {"from", before}});
  }

  Event operator()(const SetSpeed& speed) {
    controls_.pace.set_speed(speed.steps_per_second, training_.step, now_);
    return event("speed", {{"steps_per_second", finite_or_null(speed.steps_per_second)}});
  }

  Event operator()(const RequestCheckpoint&) {
    controls_.checkpoint_wanted = true;
    return event("checkpoint");
  }

  Event operator()(const RequestProbes&) {
    controls_.probes_wanted = true;
    return event("probes");
  }

 private:
  Event event(const char* kind, Json detail = Json::object()) const {
    return {training_.step, kind, std::move(detail)};
  }

  Training& training_;
  Controls& controls_;
  Pace::Clock::time_point now_;
};

}  // namespace

Event apply_command(const Command& command, Training& training, Controls& controls,
                    Pace::Clock::time_point now) {
  return std::visit(CommandApplier(training, controls, now), command);
}

Result<Command> command_of_event(const Event& event) {
  if (event.kind == "rescale_norm") {
    const auto norm = norm_of_rescale_event(event);
    if (!norm) return norm.error();
    return Command(RescaleNorm{*norm});
  }
  auto value = value_of_set_event(event);
  if (!value) return value.error();
  return Command(SetField{event.detail["field"].get<std::string>(), std::move(*value)});
}

}  // namespace grokscope

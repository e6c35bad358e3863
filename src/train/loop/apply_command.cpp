#include "train/loop/apply_command.h"

#include <string>
#include <utility>

#include "config/live_field.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

/// Carries a changed setting into the parts that hold a copy of it. The rest is read from the config at every
/// step. An error: it could not be done, and the parts are as they were.
Status carry_into(Training& training, std::string_view field) {
  const TaskConfig& task = training.config.task;
  if (field == "task.train_fraction") {  // asked for now: it outranks an exact train_size from the start
    training.split.set_train_count(wanted_train_count(task.train_fraction, 0, training.split.pool_size()));
  } else if (field == "task.train_size") {
    training.split.set_train_count(
        wanted_train_count(task.train_fraction, task.train_size, training.split.pool_size()));
  } else if (field == "task.label_noise") {
    return renew_labels(training);
  } else if (field.starts_with("optimizer.")) {
    training.stepper->set_optimizer(training.config.optimizer);
  } else if (field == "model.dropout") {
    return renew_stepper(training);  // only some engines have it
  }
  return {};
}

/// What interventions can do to the training itself.
class TrainingTarget : public InterventionTarget {
 public:
  explicit TrainingTarget(Training& training) : training_(training) {}

  const RunConfig& config() const override { return training_.config; }

  Status set_live(std::string_view field, const FieldValue& value) override {
    const RunConfig before = training_.config;
    Status changed = set_live_field(training_.config, field, value);
    if (changed) changed = carry_into(training_, field);
    if (!changed) training_.config = before;
    return changed;
  }

  std::string_view engine() const override { return training_.stepper->engine(); }
  void prefer_engine(std::string_view engine) override {
    training_.stepper_options.preferred_engine = engine;
  }
  double weight_norm() const override { return norm_of(training_.stepper->flat()); }
  void scale_weights(double factor) override { scale(training_.stepper->flat(), factor); }

 private:
  Training& training_;
};

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

  Event operator()(const Intervention& intervention) {
    TrainingTarget target(training_);
    Result<Json> done = apply_intervention(intervention, target);
    if (!done) return event("note", {{"text", done.error().message}});
    return event(intervention.kind, std::move(*done));
  }

  Event operator()(const LookNow& look) {
    controls_.wanted_looks.insert(controls_.wanted_looks.end(), look.probes.begin(), look.probes.end());
    return event("look_now", {{"probes", look.probes}});
  }

  Event operator()(const CancelLooks&) {
    controls_.wanted_looks.clear();
    controls_.cancels_looks = true;
    return event("cancel_looks");
  }

  Event operator()(const SetSpeed& speed) {
    controls_.pace.set_speed(speed.steps_per_second, training_.step, now_);
    return event("speed", {{"steps_per_second", finite_or_null(speed.steps_per_second)}});
  }

 private:
  Event event(std::string kind, Json detail = Json::object()) const {
    return {training_.step, std::move(kind), std::move(detail)};
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

}  // namespace grokscope

// Rules between fields: combinations that no single range can refuse. Each message says what to change.
#include <array>

#include <fmt/format.h>

#include "config/fields.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

Status validate_task(const TaskConfig& task) {
  const TaskKind& kind = task_kind_of(task);
  if (kind.check != nullptr) {
    if (Status status = kind.check(task); !status) return status;
  }
  const std::int64_t count = kind.example_count == nullptr ? 0 : kind.example_count(task);
  if (count > 0 && task.train_size >= count) {
    const std::string there = kind.inputs == InputKind::pairs
                                  ? fmt::format("there are {} {}", count, kind.noun)
                                  : fmt::format("task.examples gives {} in all", count);
    return usage_error(
        fmt::format("task.train_size = {} leaves nothing to test: {}", task.train_size, there));
  }
  if (count == 1)
    return usage_error("task.examples = 1 leaves nothing to test: use 0 (the usual number) or at least 2");
  return {};
}

/// Regression has no classes; target vectors have no <eos>.
Status validate_loss(const RunConfig& config) {
  const TaskKind& task = task_kind_of(config.task);
  const std::string& loss = config.loss.kind;
  if (task.answers == AnswerKind::numbers && loss != "mse") {
    return usage_error(fmt::format(
        "loss.kind = {} needs classes, but the answers of task.kind = {} are numbers: set loss.kind=mse",
        loss, task.name));
  }
  if (task.answers == AnswerKind::vectors && loss == "mse" && config.model.kind == "transformer" &&
      config.model.sequence == "power") {
    return usage_error(
        "model.sequence = power ends with a token <eos>, which no target vector stands for: set "
        "model.sequence=a_b_equals or loss.kind=cross_entropy");
  }
  return {};
}

Status validate_model(const RunConfig& config) {
  const ModelConfig& model = config.model;
  if (model.kind != "transformer") return {};
  if (model.width % model.heads != 0) {
    return usage_error(
        fmt::format("model.width = {} does not divide into model.heads = {}: choose a multiple of the heads",
                    model.width, model.heads));
  }
  if (model.positions == "sinusoidal" && model.width % 2 != 0) {
    return usage_error(fmt::format(
        "model.positions = sinusoidal pairs sines with cosines, so model.width must be even, not {}",
        model.width));
  }
  return {};
}

Status validate_initialisation(const RunConfig& config) {
  struct Rule {
    std::string_view init, model;
  };
  static constexpr std::array<Rule, 3> kRules = {
      {{"nanda", "transformer"}, {"power", "transformer"}, {"gromov", "quadratic"}}};
  for (const auto& [init, model] : kRules) {
    if (config.init.kind == init && config.model.kind != model) {
      return usage_error(
          fmt::format("init.kind = {} is defined for model.kind = {}, not {}: set init.kind=default", init,
                      model, config.model.kind));
    }
  }
  return {};
}

/// Augmentation, dropout and StableMax are computed by autograd alone, in float64 so are most networks, and
/// not every network has a place for dropout.
Status validate_engine(const RunConfig& config) {
  const bool dropout = config.model.dropout > 0.0, stablemax = config.loss.kind == "stablemax";
  const bool augments = config.train.augmentation != "none";
  if (config.train.engine == "fused" && (augments || dropout || stablemax)) {
    return usage_error(fmt::format("train.engine = fused has no {}: set train.engine=auto",
                                   augments  ? "train.augmentation"
                                   : dropout ? "model.dropout"
                                             : "loss.kind = stablemax"));
  }
  const std::string& model = config.model.kind;
  const InputKind inputs = task_kind_of(config.task).inputs;
  const bool rows = inputs == InputKind::images || inputs == InputKind::features;
  if (config.train.engine == "fused" && computes_in_double(config.train) && !(model == "mlp" && rows)) {
    return usage_error(
        "train.engine = fused computes in train.precision = float64 only with model.kind = mlp on images or "
        "rows "
        "of numbers: set train.engine=auto");
  }
  if (dropout && model != "transformer" && model != "mlp" && model != "quadratic") {
    return usage_error(fmt::format(
        "model.dropout is for model.kind = transformer, mlp and quadratic, not {}: set model.dropout=0",
        model));
  }
  return {};
}

Status validate_training(const RunConfig& config) {
  const TaskKind& task = task_kind_of(config.task);
  if (config.train.augmentation != "none" && task.inputs != InputKind::images) {
    return usage_error(
        fmt::format("train.augmentation = {} moves and mirrors pictures, and task.kind = {} has {}: set "
                    "train.augmentation=none",
                    config.train.augmentation, task.name, name_of(task.inputs)));
  }
  const auto batch = config.train.batch_size, size = config.task.train_size;
  if (size > 0 && batch > size) {
    return usage_error(fmt::format(
        "train.batch_size = {} is more than task.train_size = {}: use 0 for the full batch", batch, size));
  }
  return {};
}

}  // namespace

Status validate(const RunConfig& config) {
  for (const Field& field : fields()) {  // a config filled in by hand may hold what set_field() would refuse
    RunConfig copy = config;
    if (Status status = set_field(copy, field.name, field.get(config)); !status) return status;
  }
  if (Status status = validate_task(config.task); !status) return status;
  if (Status status = check_reader(config); !status) return status;
  if (Status status = validate_loss(config); !status) return status;
  if (Status status = validate_model(config); !status) return status;
  if (Status status = validate_initialisation(config); !status) return status;
  if (Status status = validate_engine(config); !status) return status;
  return validate_training(config);
}

}  // namespace grokscope

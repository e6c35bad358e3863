// Rules between fields: combinations that no single range can refuse. Each message says what to change.
#include <array>
#include <vector>

#include <fmt/format.h>

#include "config/fields.h"
#include "config/operations.h"

namespace grokscope {
namespace {

constexpr std::int64_t kPermutationPairs = 120 * 120;

bool is_prime(std::int64_t value) {
  if (value < 2) return false;
  for (std::int64_t divisor = 2; divisor * divisor <= value; ++divisor) {
    if (value % divisor == 0) return false;
  }
  return true;
}

std::string operations_of(std::string_view kind) {
  std::vector<std::string> names;
  for (const Operation& operation : operations()) {
    if (operation.kind == kind) names.push_back(operation.name);
  }
  return fmt::format("{}", fmt::join(names, " | "));
}

Status validate_operation(const TaskConfig& task) {
  const Operation* operation = find_operation(task.kind, task.operation);
  if (operation == nullptr || operation->kind != task.kind) {
    return usage_error(
        fmt::format("task.operation = '{}' does not belong to task.kind = {}: choose one of {}",
                    task.operation, task.kind, operations_of(task.kind)));
  }
  if (operation->divides && !is_prime(task.modulus)) {
    return usage_error(fmt::format(
        "task.operation = '{}' divides, so task.modulus must be prime, and {} is not: try 53 or 97",
        task.operation, task.modulus));
  }
  return {};
}

Status validate_task(const TaskConfig& task) {
  if (task.kind == "modular" || task.kind == "s5") {
    if (const Status status = validate_operation(task); !status) return status;
  }
  if (task.kind == "formula" && task.formula.empty()) {
    return usage_error("task.kind = formula needs task.formula, for example task.formula=a^2+3*b");
  }
  if (task.kind == "table" && task.path.empty()) {
    return usage_error("task.kind = table needs task.path, a CSV file");
  }
  if (task.kind == "images" && task.path.empty()) {
    return usage_error(
        "task.kind = images needs task.path, a folder of IDX files such as "
        "/usr/share/datasets/fashion-mnist");
  }
  const bool square = task.kind == "modular" || task.kind == "formula";
  std::int64_t pairs = square ? task.modulus * task.modulus : task.kind == "s5" ? kPermutationPairs : 0;
  if (task.kind == "addition") pairs = task.modulus * (task.modulus + 1) / 2;
  if (pairs > 0 && task.train_size >= pairs) {
    return usage_error(fmt::format("task.train_size = {} leaves nothing to test: there are {} pairs",
                                   task.train_size, pairs));
  }
  const bool counted = task.kind == "teacher_student" || task.kind == "text" || task.kind == "molecules";
  const std::int64_t whole = task.kind == "teacher_student" ? 200 : 0;  // 0: as many as the file has
  const std::int64_t taught = !counted ? 0 : task.examples > 0 ? task.examples : whole;
  if (taught > 0 && task.train_size >= taught) {
    return usage_error(
        fmt::format("task.train_size = {} leaves nothing to test: task.examples gives {} in all",
                    task.train_size, taught));
  }
  if (taught == 1)
    return usage_error("task.examples = 1 leaves nothing to test: use 0 (the usual number) or at least 2");
  return {};
}

/// Which tasks a network can read, and what to choose instead.
struct Reader {
  std::string_view model, reads, tasks;  // tasks: each with a space on both sides
};
constexpr std::string_view kPairTasks = " modular s5 formula table addition ";
constexpr std::array<Reader, 6> kReaders = {{{"transformer", "pairs", kPairTasks},
                                             {"quadratic", "pairs", kPairTasks},
                                             {"mlp", "pairs, images and rows of numbers",
                                              " modular s5 formula table addition images teacher_student "},
                                             {"adder", "plain addition", " addition "},
                                             {"lstm", "text", " text "},
                                             {"graph", "molecules", " molecules "}}};

std::string name_of_inputs(const std::string& task) {
  if (task == "teacher_student") return "rows of numbers";
  if (task == "images" || task == "text" || task == "molecules") return task;
  return "task.kind = " + task;
}

std::string_view usual_reader(std::string_view task) {
  if (task == "text") return "model.kind=lstm";
  if (task == "molecules") return "model.kind=graph";
  return task == "images" || task == "teacher_student" ? "model.kind=mlp" : "model.kind=transformer or mlp";
}

Status validate_inputs(const RunConfig& config) {
  const std::string& task = config.task.kind;
  for (const Reader& reader : kReaders) {
    if (reader.model != config.model.kind) continue;
    if (reader.tasks.find(" " + task + " ") != std::string_view::npos) return {};
    return usage_error(fmt::format("model.kind = {} reads {}, not {}: set {}", reader.model, reader.reads,
                                   name_of_inputs(task), usual_reader(task)));
  }
  return {};
}

/// Regression has no classes; target vectors have no <eos>.
Status validate_loss(const RunConfig& config) {
  const std::string &task = config.task.kind, &loss = config.loss.kind;
  if ((task == "teacher_student" || task == "molecules") && loss != "mse") {
    return usage_error(fmt::format(
        "loss.kind = {} needs classes, but the answers of task.kind = {} are numbers: set loss.kind=mse",
        loss, task));
  }
  if (task == "addition" && loss == "mse" && config.model.kind == "transformer" &&
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

/// Dropout and StableMax are computed by autograd alone, and not every network has a place for dropout.
Status validate_engine(const RunConfig& config) {
  const bool dropout = config.model.dropout > 0.0, stablemax = config.loss.kind == "stablemax";
  if (config.train.engine == "fused" && (dropout || stablemax)) {
    return usage_error(fmt::format("train.engine = fused has no {}: set train.engine=auto",
                                   dropout ? "model.dropout" : "loss.kind = stablemax"));
  }
  const std::string& model = config.model.kind;
  if (dropout && model != "transformer" && model != "mlp" && model != "quadratic") {
    return usage_error(fmt::format(
        "model.dropout is for model.kind = transformer, mlp and quadratic, not {}: set model.dropout=0",
        model));
  }
  return {};
}

Status validate_training(const RunConfig& config) {
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
  if (Status status = validate_inputs(config); !status) return status;
  if (Status status = validate_loss(config); !status) return status;
  if (Status status = validate_model(config); !status) return status;
  if (Status status = validate_initialisation(config); !status) return status;
  if (Status status = validate_engine(config); !status) return status;
  return validate_training(config);
}

}  // namespace grokscope

// The one table of metric columns: metrics.jsonl, CSV, the history and the exports read it.
#include "history/evaluation.h"

#include <cmath>

#include "config/fields.h"

namespace grokscope {

namespace {

template <double Evaluation::*Member>
constexpr MetricColumn real(std::string_view name, std::string_view label) {
  return {name, label, [](const Evaluation& e) { return e.*Member; },
          [](Evaluation& e, double value) { e.*Member = value; }, false};
}

template <std::int64_t Evaluation::*Member>
constexpr MetricColumn count(std::string_view name, std::string_view label) {
  return {name, label, [](const Evaluation& e) { return static_cast<double>(e.*Member); },
          [](Evaluation& e, double value) { e.*Member = static_cast<std::int64_t>(value); }, true};
}

constexpr MetricColumn newer(MetricColumn column) {
  column.newer = true;
  return column;
}

constexpr std::array kColumns{
    real<&Evaluation::train_loss>("train_loss", "train loss"),
    real<&Evaluation::test_loss>("test_loss", "test loss"),
    real<&Evaluation::train_accuracy>("train_accuracy", "train accuracy"),
    real<&Evaluation::test_accuracy>("test_accuracy", "test accuracy"),
    newer(real<&Evaluation::unmirrored_test_accuracy>("unmirrored_test_accuracy",
                                                      "test accuracy without mirrors")),
    real<&Evaluation::formerly_trained_loss>("formerly_trained_loss", "formerly trained loss"),
    real<&Evaluation::formerly_trained_accuracy>("formerly_trained_accuracy", "formerly trained accuracy"),
    real<&Evaluation::weight_norm>("weight_norm", "weight norm"),
    real<&Evaluation::learning_rate>("learning_rate", "learning rate"),
    real<&Evaluation::weight_decay>("weight_decay", "weight decay"),
    count<&Evaluation::train_count>("train_count", "training examples"),
    count<&Evaluation::test_count>("test_count", "test examples"),
    count<&Evaluation::formerly_trained_count>("formerly_trained_count", "formerly trained examples"),
};

std::string not_finite(double value) {
  return std::isnan(value) ? " is not a number" : " is infinite";
}

}  // namespace

double generalisation_of(const Evaluation& evaluation) {
  const double unmirrored = evaluation.unmirrored_test_accuracy;
  return std::isnan(unmirrored) ? evaluation.test_accuracy : unmirrored;
}

std::string why_diverged(const Evaluation& evaluation) {
  if (!std::isfinite(evaluation.train_loss)) return "the training loss" + not_finite(evaluation.train_loss);
  if (!std::isfinite(evaluation.weight_norm)) return "the weight norm" + not_finite(evaluation.weight_norm);
  return "the training loss grew to " + text_of(FieldValue(evaluation.train_loss));
}

std::span<const MetricColumn> metric_columns() {
  return kColumns;
}

}  // namespace grokscope

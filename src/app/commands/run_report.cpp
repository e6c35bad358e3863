#include "app/commands/run_report.h"

#include <cmath>
#include <utility>

#include "base/outside_text.h"
#include "base/text.h"
#include "export/findings_json.h"
#include "history/phases.h"

namespace grokscope {
namespace {

Json step_or_null(std::int64_t step) {
  return step < 0 ? Json() : Json(step);
}

double seconds_of(const Session& session) {
  const Evaluation* last = session.history().last();
  return last != nullptr ? last->elapsed_s : 0.0;
}

double average_speed(const Session& session) {
  const double seconds = seconds_of(session);
  return seconds > 0.0 ? static_cast<double>(session.status().step) / seconds : 0.0;
}

std::string reached(const char* what, std::int64_t step) {
  return std::string(what) + (step < 0 ? " not reached" : " at step " + std::to_string(step));
}

std::string share_of(double share) {
  return std::isfinite(share) ? percent(share, 1) : "undefined";
}

}  // namespace

Json json_of_run(const Session& session) {
  const Evaluation evaluation =
      session.history().last() != nullptr ? *session.history().last() : Evaluation{};
  Json json;
  json["preset"] = session.config().preset;
  json["step"] = session.status().step;
  for (const auto& [name, value] :
       {std::pair<const char*, double>{"train_accuracy", evaluation.train_accuracy},
        {"test_accuracy", evaluation.test_accuracy},
        {"train_loss", evaluation.train_loss},
        {"test_loss", evaluation.test_loss},
        {"weight_norm", evaluation.weight_norm}}) {
    put_number(json, name, value);
  }
  const FirstSteps& first = session.history().first_steps();
  json["phase"] = theory::name_of(learning_phase_at(session.history(), session.status().step));
  json["first_step"] = {
      {"train_90", step_or_null(first.train_90)}, {"train_99", step_or_null(first.train_99)},
      {"test_50", step_or_null(first.test_50)},   {"test_90", step_or_null(first.test_90)},
      {"test_95", step_or_null(first.test_95)},   {"test_99", step_or_null(first.test_99)}};
  json["findings"] = findings_json(session.history(), session.status().step);
  put_number(json, "steps_per_second", average_speed(session));
  put_number(json, "seconds", seconds_of(session));
  if (const auto& facts = session.facts()) {
    json["threads"] = facts->threads;
    json["device"] = facts->device;
    json["engine"] = facts->engine;
    json["parameters"] = facts->parameter_count;
    json["task"] = facts->title;
  }
  json["seed"] = session.config().seed;
  json["train_count"] = evaluation.train_count;
  json["test_count"] = evaluation.test_count;
  json["formerly_trained_count"] = evaluation.formerly_trained_count;
  json["run"] = session.run_path().empty() ? Json() : Json(session.run_path());
  if (const auto& forked = session.forked()) {
    json["parent"] = forked->parent;
    json["forked_at"] = forked->step;
  }
  json["stopped"] = session.status().stopped;
  const WriterReport record = session.record();
  json["lost"] = {
      {"lines", record.lines_lost}, {"frames", record.frames_lost}, {"checkpoints", record.checkpoints_lost}};
  return json;
}

std::string losses_in_words(const WriterReport& record) {
  return "left out of the record: frames: " + std::to_string(record.frames_lost) +
         ", checkpoints: " + std::to_string(record.checkpoints_lost) + "; the first: " + record.lost_because;
}

std::string text_of_run(const Session& session) {
  const Evaluation evaluation =
      session.history().last() != nullptr ? *session.history().last() : Evaluation{};
  const FirstSteps& first = session.history().first_steps();
  std::string text;
  text += visible(session.facts() ? session.facts()->title : session.config().preset) + ": stopped at step " +
          std::to_string(session.status().step) + " (" + session.status().stopped + ")\n";
  text +=
      "train accuracy " + share_of(evaluation.train_accuracy) + ", " + reached("99 %", first.train_99) + "\n";
  text += "test accuracy  " + share_of(evaluation.test_accuracy) + ", " + reached("50 %", first.test_50) +
          ", " + reached("99 %", first.test_99) + "\n";
  text += duration(seconds_of(session)) + ", " + pretty(average_speed(session)) + " steps/s";
  if (const auto& facts = session.facts()) {
    text += " on " + facts->device + ", " + std::to_string(facts->threads) +
            (facts->threads == 1 ? " thread" : " threads");
  }
  text += "\n";
  if (!session.run_path().empty()) text += "recorded in " + session.run_path() + "\n";
  return text;
}

}  // namespace grokscope

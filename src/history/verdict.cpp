// The verdict: one fact and one or two sentences about what the run does now, for somebody who has never
// heard of it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "base/text.h"
#include "config/task_kinds.h"
#include "history/interventions.h"
#include "history/phases.h"
#include "history/verdict_findings.h"

namespace grokscope {

namespace {

enum class Trend { unknown, falling, steady, growing };

/// What the sentences are made from.
struct Situation {
  const History& history;
  const Evaluation& now;
  RunConfig config;  ///< interventions applied
  std::vector<PhaseSpan> spans;
  std::int64_t step = 0;

  std::string noun() const { return std::string(task_kind_of(config.task).noun); }
  Phase phase() const { return spans.back().phase; }
  std::int64_t since() const { return spans.back().begin_step; }
  /// The newest span of that phase before the open one, or nullptr.
  const PhaseSpan* find_before(Phase phase) const {
    const auto it =
        std::find_if(spans.rbegin() + 1, spans.rend(), [&](const PhaseSpan& s) { return s.phase == phase; });
    return it == spans.rend() ? nullptr : &*it;
  }
};

bool all_right(double share) {
  return share >= 0.99995;
}

std::string right_of_training(const Situation& s) {
  if (all_right(s.now.train_accuracy)) return "every training " + s.noun().substr(0, s.noun().size() - 1);
  return share_text(s.now.train_accuracy) + " of the training " + s.noun();
}

/// Up to twice what chance gives (or 3 % more, of many answers), but of two answers no more than a tenth of
/// the way to all right.
bool is_guessing(const Situation& s, double accuracy) {
  const double chance = s.history.chance_level();
  return accuracy <= chance + std::min(std::max(chance, 0.03), 0.1 * (1.0 - chance));
}
/// Fewer right than guessing would have.
bool knows_nothing(const Situation& s) {
  return generalisation_of(s.now) < 0.5 * s.history.chance_level();
}
bool guesses_the_rest(const Situation& s) {
  return is_guessing(s, generalisation_of(s.now));
}

/// The weights have shrunk to nothing, and so have the differences between its answers.
bool has_collapsed(const Situation& s) {
  constexpr double kNearlyNothing = 0.05;  // of the norm it began with
  const double first = s.history.evaluations().front().weight_norm;
  return is_guessing(s, s.now.train_accuracy) && s.now.weight_norm < kNearlyNothing * first;
}

constexpr double kHardlyFallen = 0.98;  // of the training loss at half of the steps

/// The training loss has hardly fallen for half of the steps, and it answers as by guessing.
bool is_not_learning(const Situation& s) {
  constexpr std::int64_t kPatience = 200;  // steps that anything may take to get going
  constexpr double kShareOfTheRun = 0.02;
  const auto patience = static_cast<std::int64_t>(kShareOfTheRun * static_cast<double>(s.config.train.steps));
  if (s.now.step < std::max(kPatience, patience) || !is_guessing(s, s.now.train_accuracy)) return false;
  const Evaluation* before = s.history.evaluation_at(s.now.step / 2);
  return before != nullptr && s.now.train_loss > kHardlyFallen * before->train_loss;
}

/// Compared with a fifth of the steps ago, inside the phase.
Trend norm_trend(const Situation& s) {
  const auto before_step =
      std::max(s.since(), static_cast<std::int64_t>(static_cast<double>(s.now.step) / 1.25));
  const Evaluation* before = s.history.evaluation_at(before_step);
  if (before == nullptr || before->step >= s.now.step) return Trend::unknown;
  const double change = s.now.weight_norm / before->weight_norm - 1.0;
  if (!std::isfinite(change)) return Trend::unknown;
  if (change < -0.003) return Trend::falling;
  return change > 0.003 ? Trend::growing : Trend::steady;
}

std::string about_the_norm(const Situation& s) {
  const double decay =
      std::isfinite(s.now.weight_decay) ? s.now.weight_decay : s.config.optimizer.weight_decay;
  if (s.config.optimizer.clamp_norm > 0.0) return " The size of its weights is held where it is.";
  const Trend trend = norm_trend(s);
  if (decay > 0.0) {
    return trend == Trend::falling ? " Its weights shrink: weight decay pushes it towards a simpler solution."
                                   : "";
  }
  if (trend == Trend::falling) return " Its weights shrink, without any weight decay.";
  return trend == Trend::growing ? " Its weights grow: nothing pushes it towards a simpler solution."
                                 : " There is no weight decay: nothing pushes it towards a simpler solution.";
}

/// Said where a listener would take the training labels for right.
std::string about_label_noise(const Situation& s) {
  if (!(s.config.task.label_noise > 0.0) || s.now.step == 0) return "";
  return " " + share_text(s.config.task.label_noise) +
         " of the training labels are wrong on purpose; it is scored on the labels as they are.";
}

/// Said where a listener sees test accuracy well above what the sentence says.
std::string about_mirrors(const Situation& s) {
  if (!(s.now.test_accuracy > generalisation_of(s.now) + 0.05)) return "";
  return " Pairs whose mirror (b, a) it is trained on come free and do not count.";
}

/// The first sentence that anybody reads: what the two lines are.
Verdict about_start(const Situation& s) {
  const std::string tested = std::isfinite(s.now.test_accuracy)
                                 ? ", the dashed line how many of the " + s.noun() + " that it never sees"
                                 : "";
  return {"Untrained: it guesses.",
          "The solid line shows how many of the training " + s.noun() + " it answers rightly" + tested + "."};
}

/// While it answers the training examples as by guessing.
Verdict about_guessing(const Situation& s) {
  const std::string right = share_text(s.now.train_accuracy) + " of the training " + s.noun() + " are right";
  const char* const advice = " Another learning rate or less weight decay usually helps.";
  if (has_collapsed(s)) {
    const double first = s.history.evaluations().front().weight_norm;
    return {"Collapsed: the weights are nearly zero.",
            "Their norm fell from " + pretty(first, 3) + " to " + pretty(s.now.weight_norm, 3) + "; " +
                right + ", as by guessing. Less weight decay or a smaller learning rate usually helps."};
  }
  if (const PhaseSpan* plateau = s.find_before(Phase::plateau); plateau != nullptr) {
    return {"It has forgotten what it had memorised at step " + grouped(plateau->begin_step) + ".",
            "Now " + right + ", as by guessing." + advice};
  }
  if (is_not_learning(s)) {
    return {"Not learning: " + right + ", as by guessing.",
            "The training loss has fallen by less than 2 % since step " +
                grouped(s.history.evaluation_at(s.now.step / 2)->step) + "." + advice};
  }
  const Evaluation* before = s.history.evaluation_at(s.now.step / 2);
  const bool falling = before != nullptr && s.now.train_loss < kHardlyFallen * before->train_loss;
  return {"Still guessing: " + right + ".",
          falling ? "The training loss is falling already." : "The training loss has hardly moved yet."};
}

Verdict about_memorising(const Situation& s) {
  if (is_guessing(s, s.now.train_accuracy)) return about_guessing(s);
  Verdict verdict;
  verdict.fact =
      "Memorising: " + share_text(s.now.train_accuracy) + " of the training " + s.noun() + " are right.";
  const double train = s.now.train_accuracy, test = generalisation_of(s.now);
  if (const PhaseSpan* earlier = s.find_before(Phase::done); earlier != nullptr) {
    verdict.sentence = "It had generalised at step " + grouped(earlier->begin_step) +
                       " and is learning the training " + s.noun() + " anew.";
  } else if (!std::isfinite(test)) {
    verdict.sentence = "No " + s.noun() + " are kept back to test it on.";
  } else if (guesses_the_rest(s)) {
    verdict.sentence =
        "It is learning the training " + s.noun() + " by heart" +
        (knows_nothing(s) ? ", and nothing about the rest." : ", and is guessing on the rest.");
  } else if (test >= 0.5 * train) {  // whoever does that does not learn by heart
    verdict.fact = "Learning: " + share_text(train) + " of the training " + s.noun() + " are right.";
    verdict.sentence = "It learns the rest at the same time: " + share_text(test) + " of them are right.";
  } else {
    verdict.sentence = "Of the rest, " + share_text(test) + " are right.";
  }
  return verdict;
}

Verdict about_plateau(const Situation& s) {
  Verdict verdict;
  verdict.fact = "Memorised at step " + grouped(s.since()) + ".";
  std::string& text = verdict.sentence;
  if (const PhaseSpan* earlier = s.find_before(Phase::done); earlier != nullptr) {
    verdict.fact = "It has lost what it had understood at step " + grouped(earlier->begin_step) + ".";
  }
  if (!std::isfinite(generalisation_of(s.now))) {
    text = "It answers " + right_of_training(s) + "; no others are kept back to test it on.";
    return verdict;
  }
  text = "It answers " + right_of_training(s);
  text += knows_nothing(s)      ? ", and almost none of the rest."
          : guesses_the_rest(s) ? ", and is still guessing on the rest."
                                : ", and " + share_text(generalisation_of(s.now)) + " of the rest.";
  text += about_mirrors(s) + about_the_norm(s);
  return verdict;
}

/// The step at which it had memorised before this rise; -1 when there was no plateau in between.
std::int64_t memorised_before(const Situation& s) {
  const PhaseSpan *plateau = s.find_before(Phase::plateau), *earlier = s.find_before(Phase::done);
  const bool of_this_rise = plateau != nullptr && (earlier == nullptr || plateau > earlier);
  return of_this_rise ? plateau->begin_step : -1;
}

/// "" the first time.
std::string about_an_earlier_time(const Situation& s) {
  const PhaseSpan* earlier = s.find_before(Phase::done);
  return earlier == nullptr ? ""
                            : " It had generalised before, at step " + grouped(earlier->begin_step) + ".";
}

/// The steps since which it has not answered more of the rest, -1 while it does: a third of the way, and long
/// enough.
std::int64_t stands_still_since(const Situation& s) {
  constexpr std::int64_t kLongEnough = 300;
  constexpr double kNoMore = 0.02;
  const Evaluation* before = s.history.evaluation_at(s.now.step - std::max(kLongEnough, s.now.step / 3));
  if (before == nullptr || before->step < s.since()) return -1;
  return generalisation_of(s.now) <= generalisation_of(*before) + kNoMore ? before->step : -1;
}

Verdict about_generalising(const Situation& s) {
  Verdict verdict;
  if (const std::int64_t still = stands_still_since(s); still >= 0) {
    return {"It has come to a stop at " + share_text(generalisation_of(s.now)) + ".",
            "It began to generalise at step " + grouped(s.since()) + ", and answers no more of the " +
                s.noun() + " that it has never been shown than at step " + grouped(still) + "." +
                about_the_norm(s)};
  }
  verdict.fact = "Generalising since step " + grouped(s.since()) + ".";
  verdict.sentence = "It answers " + share_text(generalisation_of(s.now)) + " of the " + s.noun() +
                     " that it has never been shown.";
  if (const std::int64_t memorised = memorised_before(s); memorised >= 0) {
    verdict.sentence += " It had memorised the training " + s.noun() + " " + grouped(s.since() - memorised) +
                        " steps before, at step " + grouped(memorised) + ".";
  } else if (s.find_before(Phase::done) == nullptr) {
    verdict.sentence += " It learns them along with the training " + s.noun() + ".";
  }
  verdict.sentence += about_an_earlier_time(s);
  return verdict;
}

/// Its test accuracy rose from the start; whether it followed at once or with a short wait.
std::string how_it_came_without_a_plateau(const Situation& s) {
  const std::int64_t memorised = s.history.first_steps().train_99;
  const Evaluation* then = memorised < 0 ? nullptr : s.history.evaluation_at(memorised);
  if (then == nullptr || s.since() <= 2 * memorised || generalisation_of(*then) > 0.9)
    return " It learned them along with the training " + s.noun() + ", without memorising first.";
  return " When it had learned the training " + s.noun() + ", at step " + grouped(memorised) +
         ", it answered " + share_text(generalisation_of(*then)) +
         " of the others; the rest took a short wait.";
}

Verdict about_done(const Situation& s) {
  constexpr double kStillThere = 0.95;
  Verdict verdict;
  if (generalisation_of(s.now) < kStillThere) {  // the phase waits whether that lasts; the sentence does not
    return {"It had generalised at step " + grouped(s.since()) + ".",
            "Now it answers only " + share_text(generalisation_of(s.now)) + " of the " + s.noun() +
                " that it has never been shown."};
  }
  verdict.fact = "Generalised at step " + grouped(s.since()) + ".";
  verdict.sentence = all_right(generalisation_of(s.now))
                         ? "It answers every one of the " + s.noun() + " that it has never been shown."
                         : "It answers " + share_text(generalisation_of(s.now)) + " of the " + s.noun() +
                               " that it has never been shown.";
  if (const std::int64_t memorised = memorised_before(s); memorised >= 0) {
    verdict.sentence += " It understood " + grouped(s.since() - memorised) +
                        " steps after it had memorised, at step " + grouped(memorised) + ".";
  } else if (s.find_before(Phase::done) == nullptr) {
    verdict.sentence += how_it_came_without_a_plateau(s);
  }
  verdict.sentence += about_an_earlier_time(s);
  return verdict;
}

Verdict about_divergence(const Situation& s) {
  return {"Training broke down at step " + grouped(s.since()) + ".",
          "By now " + why_diverged(s.now) + ". A smaller learning rate usually helps."};
}

Verdict about_phase(const Situation& s) {
  switch (s.phase()) {
    case Phase::starting:
      break;
    case Phase::memorising:
      return s.now.step == 0 ? about_start(s) : about_memorising(s);
    case Phase::plateau:
      return about_plateau(s);
    case Phase::generalising:
      return about_generalising(s);
    case Phase::done:
      return about_done(s);
    case Phase::diverged:
      return about_divergence(s);
  }
  return {};
}

/// What was changed, the last of a drag for all of it: the newest two in words, how many came before.
std::string about_the_changes(const Situation& s) {
  std::vector<const Event*> changes;
  std::string subject;
  for (const Event& event : s.history.events()) {
    if (!is_intervention(event) || event.step > s.step) continue;
    const Intervention change = intervention_of(event);
    const InterventionKind* kind = find_intervention_kind(change.kind);
    const std::string of = kind == nullptr ? "" : kind->subject(change.detail);
    if (!changes.empty() && !of.empty() && of == subject) changes.pop_back();
    changes.push_back(&event);
    subject = of;
  }
  constexpr std::size_t kTold = 2;
  std::string text;
  for (std::size_t i = changes.size() > kTold ? changes.size() - kTold : 0; i < changes.size(); ++i)
    text += " " + sentence_of(*changes[i]);
  if (changes.size() > kTold)
    text += " Changes made before that: " + std::to_string(changes.size() - kTold) + ".";
  return text;
}

std::string about_the_end(const Situation& s) {
  for (const Event& event : s.history.events()) {
    if (event.kind != "stopped" || event.step > s.step || s.phase() == Phase::diverged) continue;
    const auto reason = event.detail.find("reason");
    const bool by_hand = reason != event.detail.end() && *reason == "interrupted";
    return (by_hand ? " The run was stopped at step " : " The run ended at step ") + grouped(event.step) +
           ".";
  }
  return "";
}

}  // namespace

Verdict verdict_at(const History& history, std::int64_t step) {
  const Evaluation* now = history.evaluation_at(step);
  if (now == nullptr) return {"Starting.", "Nothing has been measured yet."};
  const Situation situation{history, *now, config_at(history, step), phases_at(history, step), step};
  Verdict verdict = about_phase(situation);
  if (situation.phase() != Phase::diverged) verdict.sentence += findings_in_words(history, step);
  verdict.sentence += about_label_noise(situation) + about_the_changes(situation) + about_the_end(situation);
  return verdict;
}

}  // namespace grokscope

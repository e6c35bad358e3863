// What the verdict says, on planted histories: every sentence that it knows is said by one of them.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "curves.h"
#include "history/phases.h"

namespace grokscope {
namespace {

/// A run of 101 evaluations, every 10 steps; `fill` gives train accuracy, test accuracy and norm.
struct Point {
  double train = 0.0, test = 0.0, norm = 30.0;
};

History planted(const std::function<Point(std::int64_t step)>& fill, RunConfig config = {}) {
  History history{std::move(config)};
  for (std::int64_t step = 0; step <= 1000; step += 10) {
    const Point point = fill(step);
    add(history, step, point.train, point.test, point.norm);
  }
  return history;
}

/// Memorised at 90; `test` and `norm` from then on.
History memorised(double test, const std::function<double(double)>& norm, RunConfig config = {}) {
  return planted(
      [&](std::int64_t step) {
        const auto x = static_cast<double>(step);
        return Point{ramp(x, 0, 90), step < 90 ? 0.02 : test, norm(x)};
      },
      std::move(config));
}

double level(double) {
  return 30.0;
}
double growing(double step) {
  return 30.0 + 0.1 * step;
}

RunConfig with_decay(double decay) {
  RunConfig config;
  config.optimizer.weight_decay = decay;
  return config;
}

RunConfig held() {
  RunConfig config;
  config.optimizer.clamp_norm = 1.0;
  return config;
}

/// Grokked at 1000, lost it after a change at 2000.
History lost_again() {
  return ungrok_run();
}

/// Understood with a plateau, then lost, then a second time with a plateau of its own.
History twice() {
  History history{RunConfig{}};
  history.append(Event{2000, "set", {{"field", "task.train_fraction"}, {"value", 0.3}}});
  for (std::int64_t step = 0; step <= 8000; step += 10) {
    const auto x = static_cast<double>(step);
    add(history, step, ramp(x, 0, 90),
        0.02 + 0.98 * (ramp(x, 600, 1000) - ramp(x, 2300, 2900) + ramp(x, 5000, 6000)));
  }
  return history;
}

/// Understood at once; at 2000 it gets more to learn, which it learns by 2500.
History anew() {
  History history = grokking_run(2000);
  history.append(Event{2000, "set", {{"field", "task.train_fraction"}, {"value", 0.6}}});
  for (std::int64_t step = 2010; step <= 2500; step += 10) add(history, step, 0.7, 0.4);
  return history;
}

History along() {
  return planted([](std::int64_t step) {
    const double x = static_cast<double>(step);
    return Point{ramp(x, 0, 300), ramp(x, 0, 330)};
  });
}

/// Up to a half at 200 to 240, to all at 700 to 760, after it had memorised.
History in_two_stages() {
  return planted([](std::int64_t step) {
    const double x = static_cast<double>(step);
    return Point{ramp(x, 0, 90), 0.02 + 0.48 * ramp(x, 200, 240) + 0.5 * ramp(x, 700, 760)};
  });
}

/// An MLP whose last hidden layer loses its rank at 500 to 600, and finds it again at 800.
History with_ranks() {
  RunConfig config;
  config.model.kind = "mlp";
  config.model.width = 400;
  config.model.depth = 3;
  History history = memorised(0.02, level, config);
  for (std::int64_t step = 0; step <= 1000; step += 10) {
    const auto x = static_cast<double>(step);
    history.append(ProbeScalars{
        step, "layers", {{"hidden.3.rank", 390.0 - 300.0 * ramp(x, 500, 600) + 200.0 * ramp(x, 800, 820)}}});
  }
  return history;
}

History with_forecast(int right, int wrong) {
  History history = memorised(0.02, level);
  history.append(
      Event{300, "forecast", {{"from", 500}, {"to", 800}, {"runs", 20}, {"right", right}, {"wrong", wrong}}});
  return history;
}

History mirrored() {
  History history{RunConfig{}};
  for (int i = 0; i <= 60; ++i) {
    Evaluation e;
    e.step = 10 * i;
    e.train_accuracy = i < 9 ? 0.5 : 1.0;
    e.train_loss = 1.0;
    e.test_accuracy = i < 9 ? 0.1 : 0.3;
    e.unmirrored_test_accuracy = 0.0;
    e.weight_norm = 30.0;
    e.train_count = 1000;
    history.append(e);
  }
  return history;
}

History ended(const char* reason) {
  History history = grokking_run(400);
  history.append(Event{400, "stopped", {{"reason", reason}}});
  return history;
}

History broken() {
  History history = planted([](std::int64_t step) {
    return step < 500 ? Point{0.6, 0.02} : Point{std::nan(""), std::nan(""), std::nan("")};
  });
  return history;
}

/// Guesses throughout, while the training loss goes from `first` to `last` on a straight line.
History guessing(double first, double last) {
  History history{RunConfig{}};
  for (std::int64_t step = 0; step <= 1000; step += 10) {
    Evaluation e;
    e.step = step;
    e.train_accuracy = e.test_accuracy = 0.02;
    e.train_loss = first + (last - first) * static_cast<double>(step) / 1000.0;
    e.test_loss = 5.0;
    e.weight_norm = 30.0;
    history.append(e);
  }
  return history;
}

/// Memorised at 90; at 500 something breaks, and it guesses everything.
History forgotten() {
  return planted([](std::int64_t step) {
    return step < 500 ? Point{ramp(static_cast<double>(step), 0, 90), 0.02} : Point{0.02, 0.02};
  });
}

RunConfig with_label_noise() {
  RunConfig config;
  config.task.label_noise = 0.3;
  return config;
}

/// Weight decay dragged over two values, then the learning rate, then weight decay again.
History changed_thrice() {
  History history = grokking_run();
  for (const auto& [step, field, value] : {std::tuple{500, "optimizer.weight_decay", 0.5},
                                           {510, "optimizer.weight_decay", 0.0},
                                           {700, "optimizer.learning_rate", 0.01},
                                           {900, "optimizer.weight_decay", 2.0}}) {
    history.append(Event{step, "set", {{"field", field}, {"value", value}}});
  }
  return history;
}

/// As preset more-data: memorised at 40 with 37 % of the rest, which come until 290.
History short_wait() {
  return planted([](std::int64_t step) {
    const auto x = static_cast<double>(step);
    return Point{ramp(x, 0, 40), 0.03 + 0.34 * ramp(x, 30, 40) + 0.18 * ramp(x, 40, 50) +
                                     0.33 * ramp(x, 50, 150) + 0.12 * ramp(x, 150, 290)};
  });
}

/// Test accuracy rises, falls and rises again while noisy labels are fitted.
History descending_twice() {
  return planted(
      [](std::int64_t step) {
        const double x = static_cast<double>(step);
        const double test = 0.8 * ramp(x, 0, 200) - 0.2 * ramp(x, 300, 500) + 0.3 * ramp(x, 600, 800);
        return Point{0.75 * ramp(x, 0, 200) + 0.25 * ramp(x, 400, 700), test};
      },
      with_label_noise());
}

struct Said {
  const char* when;
  Verdict verdict;
};

/// One for each branch of the verdict.
std::vector<Said> all_said() {
  const double nothing = std::nan("");
  const auto at_1000 = [](const History& history) { return verdict_at(history, 1000); };
  History shrunk = planted([](std::int64_t step) {
    return Point{0.02, 0.02, 30.0 * std::exp(-0.005 * static_cast<double>(step))};
  });
  History fallen = grokking_run(2000);
  add(fallen, 2010, 1.0, 0.62, 20.0);
  RunConfig short_run;
  short_run.train.steps = 1000;
  return {
      {"nothing measured", verdict_at(History{RunConfig{}}, 0)},
      {"untrained", verdict_at(grokking_run(), 0)},
      {"untrained, nothing kept back", verdict_at(memorised(nothing, level), 0)},
      {"memorising, guessing", at_1000(planted([](std::int64_t step) {
         return Point{0.6 * ramp(static_cast<double>(step), 0, 900), 0.02};
       }))},
      {"memorising, nothing kept back", at_1000(planted([&](std::int64_t step) {
         return Point{0.6 * ramp(static_cast<double>(step), 0, 900), nothing};
       }))},
      {"memorising, both rise", verdict_at(along(), 200)},
      {"memorising, the rest rises less", at_1000(planted([](std::int64_t step) {
         return Point{0.9 * ramp(static_cast<double>(step), 0, 900), 0.3};
       }))},
      {"memorising anew", verdict_at(anew(), 2500)},
      {"not learning", at_1000(planted(
                           [](std::int64_t) {
                             return Point{0.02, 0.02};
                           },
                           short_run))},
      {"collapsed", at_1000(shrunk)},
      {"guessing, loss falls", at_1000(guessing(5.0, 3.0))},
      {"guessing, too early to tell", verdict_at(guessing(5.0, 5.0), 100)},
      {"forgotten", at_1000(forgotten())},
      {"plateau, label noise", at_1000(memorised(0.02, level, with_label_noise()))},
      {"plateau, norm falls", verdict_at(grokking_run(), 400)},
      {"plateau, norm grows", at_1000(memorised(0.02, growing, with_decay(1.0)))},
      {"plateau, norm grows, no decay", at_1000(memorised(0.02, growing, with_decay(0.0)))},
      {"plateau, knows nothing", at_1000(memorised(0.0, level, with_decay(1.0)))},
      {"plateau, norm falls, no decay",
       at_1000(memorised(
           0.02, [](double step) { return 30.0 - 0.01 * step; }, with_decay(0.0)))},
      {"memorising, knows nothing", at_1000(planted([](std::int64_t step) {
         return Point{0.6 * ramp(static_cast<double>(step), 0, 900), 0.0};
       }))},
      {"plateau, no decay", at_1000(memorised(0.02, level, with_decay(0.0)))},
      {"plateau, norm held", at_1000(memorised(0.4, level, held()))},
      {"plateau, nothing kept back", at_1000(memorised(nothing, level))},
      {"plateau, mirrors", verdict_at(mirrored(), 600)},
      {"plateau, lost", verdict_at(lost_again(), 4000)},
      {"generalising", verdict_at(grokking_run(), 850)},
      {"generalising along", verdict_at(along(), 320)},
      {"generalising, come to a stop", at_1000(planted([](std::int64_t step) {
         const double x = static_cast<double>(step);
         return Point{ramp(x, 0, 90), 0.02 + 0.66 * ramp(x, 200, 400)};
       }))},
      {"generalised after a short wait", at_1000(short_wait())},
      {"three changes", verdict_at(changed_thrice(), 2000)},
      {"generalised", verdict_at(grokking_run(), 2000)},
      {"generalised along", at_1000(along())},
      {"generalised, most", at_1000(planted([](std::int64_t step) {
         const double x = static_cast<double>(step);
         return Point{ramp(x, 0, 90), 0.995 * ramp(x, 400, 600)};
       }))},
      {"generalised a second time", verdict_at(twice(), 8000)},
      {"fallen at once", verdict_at(fallen, 2010)},
      {"two stages", at_1000(in_two_stages())},
      {"the second stage goes on", verdict_at(in_two_stages(), 800)},
      {"rank has fallen", verdict_at(with_ranks(), 780)},
      {"rank rises", verdict_at(with_ranks(), 830)},
      {"forecast", verdict_at(with_forecast(17, 3), 400)},
      {"forecast without a record", verdict_at(with_forecast(0, 0), 400)},
      {"forecast that was wrong", verdict_at(with_forecast(17, 3), 900)},
      {"risen again", verdict_at(descending_twice(), 500)},
      {"double descent", at_1000(descending_twice())},
      {"broken down", at_1000(broken())},
      {"ended", verdict_at(ended("steps"), 400)},
      {"stopped", verdict_at(ended("interrupted"), 400)},
  };
}

/// The string literals of a source that look like words for people: with a blank, and not only one.
std::vector<std::string> phrases_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  for (std::string line; std::getline(file, line);) {
    if (line.find("#include") == line.npos) text << line.substr(0, line.find("//")) << '\n';
  }
  const std::string source = text.str();
  static const std::regex literal(R"re("((?:[^"\\]|\\.)*)")re");
  std::vector<std::string> phrases;
  for (auto it = std::sregex_iterator(source.begin(), source.end(), literal); it != std::sregex_iterator();
       ++it) {
    const std::string phrase = (*it)[1];
    if (phrase.find_first_not_of(' ') != phrase.npos && phrase.find(' ') != phrase.npos)
      phrases.push_back(phrase);
  }
  return phrases;
}

TEST(Verdict, EverySentenceThatItKnowsIsSaidByAPlantedRun) {
  std::string said;
  for (const Said& one : all_said()) said += one.verdict.fact + "\n" + one.verdict.sentence + "\n";
  std::vector<std::string> phrases = phrases_of(GROKSCOPE_SOURCE_DIR "/src/history/verdict.cpp");
  EXPECT_GT(phrases.size(), 40u);
  for (std::string& phrase : phrases_of(GROKSCOPE_SOURCE_DIR "/src/history/verdict_findings.cpp"))
    phrases.push_back(std::move(phrase));
  for (const std::string& phrase : phrases) EXPECT_NE(said.find(phrase), said.npos) << phrase << "\n" << said;
}

TEST(Verdict, EverySentenceIsWhole) {
  for (const Said& one : all_said()) {
    for (const std::string& text : {one.verdict.fact, one.verdict.sentence}) {
      SCOPED_TRACE(std::string(one.when) + ": " + text);
      ASSERT_FALSE(text.empty());
      EXPECT_TRUE(std::isupper(static_cast<unsigned char>(text.front())));
      EXPECT_EQ(text.back(), '.');
      EXPECT_EQ(text.find("  "), text.npos);
      EXPECT_EQ(text.find("nan"), text.npos);
      EXPECT_EQ(text.find("-1"), text.npos);
    }
  }
}

TEST(Verdict, CountsTheStages) {
  const std::string sentence = verdict_at(in_two_stages(), 1000).sentence;
  EXPECT_NE(
      sentence.find(" Test accuracy rose in two stages: to 50 % by step 240, and to 100 % by step 760."),
      sentence.npos)
      << sentence;
  EXPECT_EQ(verdict_at(in_two_stages(), 600).sentence.find("stages"), std::string::npos) << "one so far";
  EXPECT_EQ(verdict_at(lost_again(), 4000).sentence.find("stages"), std::string::npos) << "it fell between";
}

TEST(Verdict, AStageThatGoesOnSaysHowFarItHasCome) {
  // Just now it answers a little less than at its best.
  History history = planted([](std::int64_t step) {
    const double x = static_cast<double>(step);
    return Point{ramp(x, 0, 90),
                 0.02 + 0.48 * ramp(x, 200, 240) + 0.3 * ramp(x, 700, 900) - 0.04 * ramp(x, 920, 940)};
  });
  const std::string sentence = verdict_at(history, 950).sentence;
  EXPECT_NE(sentence.find(" to 50 % by step 240, and up to 80 % since step 7"), sentence.npos) << sentence;
  const std::string rank = verdict_at(with_ranks(), 560).sentence;
  EXPECT_NE(rank.find("The feature rank of its last hidden layer has fallen from 390 to "), rank.npos)
      << rank;
}

TEST(Verdict, ARunThatEndsWhileItGeneralisesIsNotSimplySaidToHaveMemorised) {
  RunConfig config;
  config.train.steps = 1000;
  History rising{config}, flat{config};
  for (std::int64_t step = 0; step <= 1000; step += 10) {
    const auto x = static_cast<double>(step);
    add(rising, step, ramp(x, 0, 90), 0.02 + 0.7 * ramp(x, 500, 1000));
    add(flat, step, ramp(x, 0, 90), 0.02);
  }
  EXPECT_EQ(kind_of_learning_in_words(rising, 900), "");
  EXPECT_EQ(kind_of_learning_in_words(rising, 1000),
            "Kind of learning: memorisation, because it ended before 90 % of the rest were right.");
  EXPECT_EQ(kind_of_learning_in_words(flat, 1000), "Kind of learning: memorisation.");
}

TEST(Verdict, WhatLearnsTheRestAtTheSameTimeDoesNotMemorise) {
  const Verdict verdict = verdict_at(along(), 150);
  EXPECT_EQ(verdict.fact.find("Learning: 5"), 0u) << verdict.fact;
  EXPECT_NE(verdict.sentence.find("It learns the rest at the same time: "), std::string::npos)
      << verdict.sentence;
}

TEST(Verdict, SaysTheForecastOnlyWhileItIsOne) {
  EXPECT_NE(
      verdict_at(with_forecast(17, 3), 400)
          .sentence.find(
              " Forecast: it generalises between steps 500 and 800 (right in 17 of 20 runs like this one)."),
      std::string::npos);
  EXPECT_EQ(verdict_at(with_forecast(17, 3), 290).sentence.find("orecast"), std::string::npos)
      << "not made yet";
  History came = grokking_run();
  came.append(Event{300, "forecast", {{"from", 500}, {"to", 900}, {"right", 17}, {"wrong", 3}}});
  EXPECT_EQ(verdict_at(came, 2000).sentence.find("orecast"), std::string::npos) << "it has come";
}

TEST(Verdict, SpeaksOfTheFallingNormOnThePlateau) {
  const Verdict verdict = verdict_at(grokking_run(), 400);
  EXPECT_EQ(verdict.fact, "Memorised at step 90.");
  EXPECT_EQ(verdict.sentence,
            "It answers every training pair, and is still guessing on the rest. Its weights shrink: weight "
            "decay pushes "
            "it towards a simpler solution.");
}

TEST(Verdict, OfTwoAnswersTwoThirdsRightIsNoGuessing) {
  RunConfig config;
  config.task.kind = "text";
  for (const auto& [test_accuracy, words] :
       {std::pair{0.54, "still guessing on the rest"}, std::pair{0.66, "66 % of the rest"}}) {
    History history{config};
    for (int i = 0; i <= 100; ++i) add(history, i * 10, i < 9 ? 0.5 : 1.0, test_accuracy, 30.0);
    const Verdict verdict = verdict_at(history, 1000);
    EXPECT_NE(verdict.sentence.find(words), std::string::npos) << verdict.sentence;
  }
}

TEST(Verdict, WithoutWeightDecayNothingPushes) {
  RunConfig config;
  config.optimizer.weight_decay = 0.0;
  History history{config};
  for (int i = 0; i <= 100; ++i) add(history, i * 10, i < 9 ? 0.5 : 1.0, 0.02, 30.0 + 0.1 * i);
  EXPECT_EQ(verdict_at(history, 1000).sentence,
            "It answers every training pair, and is still guessing on the rest. Its weights grow: nothing "
            "pushes it "
            "towards a simpler solution.");
}

TEST(Verdict, GeneralisingAndDone) {
  const History history = grokking_run();
  EXPECT_EQ(verdict_at(history, 850).fact.find("Generalising since step "), 0u);
  const Verdict done = verdict_at(history, 2000);
  EXPECT_EQ(done.fact, "Generalised at step 1\u2009000.");
  EXPECT_NE(done.sentence.find("steps after it had memorised, at step 90."), std::string::npos)
      << done.sentence;
}

TEST(Verdict, SaysWhenNothingIsLearned) {
  RunConfig config;
  config.train.steps = 2000;
  History still{config}, shrunk{config};
  for (int i = 0; i <= 200; ++i) {
    add(still, i * 10, 0.02, 0.02, 30.0);
    add(shrunk, i * 10, 0.02, 0.02, 30.0 * std::exp(-0.05 * i));
  }
  EXPECT_EQ(verdict_at(still, 100).fact, "Still guessing: 2 % of the training pairs are right.")
      << "it may yet begin";
  const Verdict stuck = verdict_at(still, 2000);
  EXPECT_EQ(stuck.fact, "Not learning: 2 % of the training pairs are right, as by guessing.");
  EXPECT_EQ(stuck.sentence.find("The training loss has fallen by less than 2 % since step 1\u2009000."), 0u)
      << stuck.sentence;
  const Verdict collapsed = verdict_at(shrunk, 2000);
  EXPECT_EQ(collapsed.fact, "Collapsed: the weights are nearly zero.");
  EXPECT_EQ(collapsed.sentence.find("Their norm fell from 30 to "), 0u) << collapsed.sentence;
}

TEST(Verdict, ASlowFallOfTheLossIsNotDenied) {
  // What 1e-5 as learning rate did: the loss fell by 1.6 % in half of the steps.
  const std::string slow = verdict_at(guessing(5.0, 4.85), 1000).sentence;
  EXPECT_EQ(slow.find("The training loss has fallen by less than 2 % since step 500."), 0u) << slow;
}

TEST(Verdict, WhatWasForgottenIsNotBeingLearned) {
  const Verdict verdict = verdict_at(forgotten(), 1000);
  EXPECT_EQ(verdict.fact, "It has forgotten what it had memorised at step 90.");
  EXPECT_EQ(verdict.sentence.find("Now 2 % of the training pairs are right, as by guessing."), 0u)
      << verdict.sentence;
}

TEST(Verdict, TheLastTwoChangesAreTold) {
  const std::string sentence = verdict_at(changed_thrice(), 2000).sentence;
  EXPECT_NE(sentence.find(" Learning rate was changed to 0.01 at step 700. Weight decay was changed to 2 at "
                          "step 900. Changes "
                          "made before that: 1."),
            std::string::npos)
      << sentence;
}

TEST(Verdict, AStopInTheRiseIsSaid) {
  const History history = planted([](std::int64_t step) {
    const double x = static_cast<double>(step);
    return Point{ramp(x, 0, 90), 0.02 + 0.66 * ramp(x, 200, 400)};
  });
  EXPECT_EQ(verdict_at(history, 1000).fact, "It has come to a stop at 68 %.");
}

TEST(Verdict, GeneralisedFallsAtOnceWhenAccuracyDoes) {
  History history = grokking_run(2000);
  add(history, 2010, 1.0, 0.62, 20.0);
  EXPECT_EQ(phases_at(history, 2010).back().phase, Phase::done) << "one evaluation may be a spike";
  const Verdict verdict = verdict_at(history, 2010);
  EXPECT_EQ(verdict.fact, "It had generalised at step 1\u2009000.");
  EXPECT_EQ(verdict.sentence, "Now it answers only 62 % of the pairs that it has never been shown.");
}

TEST(Verdict, ASecondTimeIsToldFromTheFirst) {
  History history = grokking_run(2000);
  history.append(Event{2000, "set", {{"field", "task.train_fraction"}, {"value", 0.6}}});
  for (std::int64_t step = 2010; step <= 2500; step += 10) add(history, step, 0.7, 0.4);
  for (std::int64_t step = 2510; step <= 3000; step += 10) add(history, step, 1.0, 1.0);
  ASSERT_EQ(phases_at(history, 3000).back().phase, Phase::done);
  const std::string sentence = verdict_at(history, 3000).sentence;
  EXPECT_EQ(sentence.find("after it had memorised"), std::string::npos) << sentence;
  EXPECT_EQ(sentence.find("without memorising first"), std::string::npos) << sentence;
  EXPECT_NE(sentence.find("It had generalised before, at step 1\u2009000."), std::string::npos) << sentence;
}

TEST(Verdict, MirrorsThatComeFreeAreNamed) {
  const History history = mirrored();
  EXPECT_EQ(verdict_at(history, 600)
                .sentence.find("It answers every training pair, and almost none of the rest. Pairs "
                               "whose mirror (b, a) it is "
                               "trained on come free and do not count."),
            0u)
      << verdict_at(history, 600).sentence;
}

TEST(Verdict, ImagesAreCalledImagesAndTheEndIsTold) {
  RunConfig config;
  config.task.kind = "images";
  History history{config};
  for (int i = 0; i <= 50; ++i) add(history, i * 100, i < 9 ? 0.5 : 1.0, 0.4);
  Event stopped{5000, "stopped", Json::object()};
  stopped.detail["reason"] = "steps";
  history.append(stopped);
  const Verdict verdict = verdict_at(history, 5000);
  EXPECT_EQ(verdict.sentence.find("It answers every training image, and 40 % of the rest."), 0u)
      << verdict.sentence;
  EXPECT_NE(verdict.sentence.find("The run ended at step 5\u2009000."), std::string::npos);
}

TEST(Verdict, NothingToTestOn) {
  History history{RunConfig{}};
  for (int i = 0; i <= 50; ++i) add(history, i * 10, i < 9 ? 0.5 : 1.0, std::nan(""));
  EXPECT_EQ(verdict_at(history, 500).sentence.find("It answers every training pair; no others are kept back"),
            0u);
}

TEST(Verdict, ReadsTheIntervention) {
  History history = grokking_run();
  Event event{500, "set", Json::object()};
  event.detail["field"] = "optimizer.weight_decay";
  event.detail["value"] = 0;
  history.append(event);
  EXPECT_EQ(verdict_at(history, 490).sentence.find("was changed"), std::string::npos);
  EXPECT_NE(verdict_at(history, 510).sentence.find("Weight decay was changed to 0 at step 500."),
            std::string::npos);
}

}  // namespace
}  // namespace grokscope

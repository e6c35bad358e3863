// ClassScores: what an evaluation says of each class of examples, summed in the order of the examples. Not
// the scoring of one example (scoring.h). Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "data/split.h"

namespace grokscope {

/// Loss (mean per example) and accuracy of the train, test and formerly-trained classes; NaN for an empty
/// class.
struct ClassScores {
  double train_loss, train_accuracy, test_loss, test_accuracy, formerly_trained_loss,
      formerly_trained_accuracy;
  /// Of the test examples whose mirror (b, a) never was trained on; NaN where that has no meaning.
  double unmirrored_test_accuracy;
};

struct ExampleScore {
  double loss = 0.0;
  bool right = false;
};

/// Sums of one class.
class ScoreSum {
 public:
  void add(const ExampleScore& score) {
    loss_ += score.loss;
    right_ += score.right ? 1 : 0;
    ++count_;
  }
  double mean_loss() const { return mean(loss_); }
  double accuracy() const { return mean(static_cast<double>(right_)); }

 private:
  double mean(double sum) const {
    return count_ == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count_);
  }

  double loss_ = 0.0;
  std::int64_t right_ = 0, count_ = 0;
};

/// `score_of(i)`: the ExampleScore of example i; asked for those that belong to a class.
template <typename ScoreOf>
ClassScores class_scores(const Split& split, const std::vector<Membership>& membership,
                         const ScoreOf& score_of) {
  const std::vector<std::uint8_t> unmirrored = split.unmirrored_test();
  ScoreSum train, formerly_trained, test, unmirrored_test;
  for (std::size_t i = 0; i < membership.size(); ++i) {
    if (membership[i] == Membership::unused) continue;
    const ExampleScore score = score_of(i);
    if (membership[i] == Membership::train) train.add(score);
    if (membership[i] == Membership::formerly_trained) formerly_trained.add(score);
    if (membership[i] == Membership::test) test.add(score);
    if (!unmirrored.empty() && unmirrored[i] != 0) unmirrored_test.add(score);
  }
  return {train.mean_loss(),
          train.accuracy(),
          test.mean_loss(),
          test.accuracy(),
          formerly_trained.mean_loss(),
          formerly_trained.accuracy(),
          unmirrored_test.accuracy()};
}

}  // namespace grokscope

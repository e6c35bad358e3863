// StudyJob: a newer question takes the place of an older one; images are read once; a fit and its errors
// come.
#include "theory/study_job.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>

#include "theory/pattern_learning.h"

namespace grokscope::theory {
namespace {

class StudyJobs : public ::testing::Test {
 protected:
  StudyJobOptions options() {
    return {[this] {
              const std::lock_guard lock(mutex_);
              ++told_;
              changed_.notify_all();
            },
            [this]() -> Result<LabelledImages> {
              ++reads_;
              return failure("there are no images here");
            }};
  }
  /// The first news for which that holds; the time limit of the test ends what never comes.
  template <typename Condition>
  StudyNews wait_for(const StudyJob& job, Condition holds) {
    std::unique_lock lock(mutex_);
    for (;;) {
      const int told = told_;
      lock.unlock();
      StudyNews news = job.news();
      lock.lock();
      if (holds(news)) return news;
      changed_.wait(lock, [&] { return told_ != told; });
    }
  }
  static StudyRequest request(std::string_view name, const std::vector<std::string>& settings) {
    const Study& study = *find_study(name);
    StudyRequest made{&study, initial_values(study), nullptr};
    for (const std::string& one : settings)
      EXPECT_TRUE(set_parameter_from_text(study, made.values, one)) << one;
    return made;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int told_ = 0;
  std::atomic<int> reads_ = 0;
};

TEST_F(StudyJobs, TheLastQuestionIsAnsweredWhole) {
  StudyJob job(options());
  for (const char* trials : {"trials=2000", "trials=1000", "trials=3"})
    job.ask(request("linear_regression", {trials}));
  const StudyRequest last = request("linear_regression", {"trials=3"});
  const StudyNews news = wait_for(job, [&](const StudyNews& one) { return one.of == last && !one.busy; });
  ASSERT_NE(news.result, nullptr);
  EXPECT_TRUE(news.result->complete);
  EXPECT_EQ(news.result->plots.front().series.back().name, "mean of 3 training sets");
}

TEST_F(StudyJobs, ImagesAreReadOnceAndTheirErrorIsTold) {
  StudyJob job(options());
  const auto mnist = request("random_features", {"data=mnist", "n=50"});
  job.ask(mnist);
  EXPECT_EQ(wait_for(job, [&](const StudyNews& one) { return !one.error.empty(); }).error,
            "there are no images here");
  const auto drawn = request("random_features", {"n=50", "test=100"});
  job.ask(drawn);
  const StudyNews news = wait_for(job, [&](const StudyNews& one) { return one.of == drawn && !one.busy; });
  EXPECT_EQ(news.error, "");
  EXPECT_NE(news.result->caption.find("Gaussian mixture"), std::string::npos);
  EXPECT_EQ(reads_, 1);
}

TEST_F(StudyJobs, AFitComesOrSaysWhyNot) {
  StudyJob job(options());
  StudyRequest fit = request("pattern_learning", {});
  job.fit(fit);
  EXPECT_NE(
      wait_for(job, [](const StudyNews& one) { return !one.fit_error.empty(); }).fit_error.find("no run"),
      std::string::npos);
  auto run = std::make_shared<RunCurves>();
  run->name = "planted";
  for (int i = 0; i <= 100; ++i) {
    run->steps.push_back(30.0 * i);
    run->train_accuracy.push_back(train_accuracy(grokking_patterns(), 3.0 * i));
    run->test_accuracy.push_back(test_accuracy(grokking_patterns(), 3.0 * i));
  }
  fit.run = run;
  job.fit(fit);
  const StudyNews news = wait_for(job, [](const StudyNews& one) { return one.fit != nullptr; });
  EXPECT_LT(news.fit->residual, 1e-3);
  EXPECT_EQ(news.fit->estimates.size(), 12u);
  EXPECT_EQ(news.fit_error, "");
}

}  // namespace
}  // namespace grokscope::theory

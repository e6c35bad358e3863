// Workload `theory`: the studies at their initial values, computed as the window has it: asked for on a
// thread of their own, from the move of a slider to the first thing that there is to draw and to the end.
// Images are made up: time depends on their number and size alone.
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>

#include "app/bench/workload_list.h"
#include "theory/study_job.h"

namespace grokscope::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr double kSliderMove_ms = 100.0;
constexpr double kWithImages_ms = 10'000.0;
constexpr std::size_t kTrainImages = 10'000, kTestImages = 2'000, kPixels = 784;
constexpr std::chrono::minutes kPatience{2};

theory::LabelledImages made_up_images() {
  theory::LabelledImages images;
  images.name = "made-up images";
  images.pixels = kPixels;
  images.train_count = kTrainImages;
  images.class_count = 10;
  std::mt19937 random(0);
  images.bytes.resize((kTrainImages + kTestImages) * kPixels);
  for (char& byte : images.bytes) byte = static_cast<char>(random() & 0xff);
  images.classes.resize(kTrainImages + kTestImages);
  for (int& label : images.classes) label = static_cast<int>(random() % 10);
  return images;
}

/// Asks and waits.
class Answers {
 public:
  Answers() : job_({[this] { wake(); }, [] { return Result<theory::LabelledImages>(made_up_images()); }}) {}

  struct Times {
    double first_ms = 0.0, whole_ms = 0.0;
  };
  /// An error: it cannot be computed, or not within minutes.
  Result<Times> measure(const theory::StudyRequest& request) {
    const Clock::time_point began = Clock::now();
    const auto passed_ms = [&] {
      return std::chrono::duration<double, std::milli>(Clock::now() - began).count();
    };
    job_.ask(request);
    Times times;
    while (passed_ms() < std::chrono::duration<double, std::milli>(kPatience).count()) {
      const theory::StudyNews news = job_.news();
      const bool answers = news.of == request && news.result != nullptr;
      if (!news.busy && news.of == request && !news.error.empty()) return failure(news.error);
      if (answers && times.first_ms == 0.0) times.first_ms = passed_ms();
      if (answers && news.result->complete) {
        times.whole_ms = passed_ms();
        return times;
      }
      wait();
    }
    return failure("the study was not computed within two minutes");
  }

 private:
  void wake() {
    {
      std::lock_guard lock(mutex_);
      news_ = true;
    }
    came_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    came_.wait_for(lock, std::chrono::milliseconds(100), [&] { return news_; });
    news_ = false;
  }

  std::mutex mutex_;
  std::condition_variable came_;
  bool news_ = false;
  theory::StudyJob job_;  // last: its thread wakes the others
};

/// The initial values and a neighbour: what a slider asks for is never what was asked before.
theory::StudyRequest request_of(const theory::Study& study, int round) {
  theory::StudyRequest request{&study, theory::initial_values(study), nullptr};
  const auto seed = std::find_if(study.parameters.begin(), study.parameters.end(),
                                 [](const theory::StudyParameter& one) { return one.name == "seed"; });
  const auto& moved = seed != study.parameters.end() ? *seed : study.parameters.front();
  const auto at = static_cast<std::size_t>(&moved - study.parameters.data());
  const double step = moved.whole ? 1.0 : (moved.maximum - moved.minimum) * 1e-3;
  request.values[at] = std::min(moved.initial + step * (1 + round), moved.maximum);
  return request;
}

void add(Outcome& outcome, const theory::Study& study, const std::vector<Answers::Times>& times) {
  std::vector<double> first, whole;
  for (const Answers::Times& one : times) {
    first.push_back(one.first_ms);
    whole.push_back(one.whole_ms);
  }
  const std::string name(study.name), title(study.title);
  const bool images = study.reads_images;  // these take their time
  const auto at_most = [](bool held, double ms) {
    return held ? std::optional(Target{false, ms}) : std::nullopt;
  };
  outcome.measures.push_back({title + ": a slider moves, the first picture", name + "_first", "ms",
                              spread_of(first), at_most(!images, kSliderMove_ms), ""});
  outcome.measures.push_back(
      {title + ": all of it", name + "_whole", "ms", spread_of(whole), at_most(images, kWithImages_ms), ""});
}

}  // namespace

Result<Outcome> run_theory_workload(const Request& request, std::string_view) {
  Outcome outcome;
  for (const theory::Study& study : theory::studies()) {
    Answers answers;
    if (const auto ready = answers.measure(request_of(study, -1)); !ready)
      return ready.error();  // reads images
    std::vector<Answers::Times> times;
    for (int round = 0; round < request.repeats; ++round) {
      auto measured = answers.measure(request_of(study, round));
      if (!measured) return measured.error();
      times.push_back(*measured);
    }
    add(outcome, study, times);
  }
  outcome.notes.emplace_back("made-up images stand for MNIST");
  return outcome;
}

}  // namespace grokscope::bench

// The jobs thread: what it makes itself, when it begins, how it ends.
#include "train/job_thread.h"

#include <gtest/gtest.h>

#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

#include "model/toy.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;
constexpr double kLongerThanATest_s = 1000.0;

ProbeRound round_of_answers() {
  ProbeInput input;
  input.config = toy::transformer_config();
  input.data = std::make_shared<const Dataset>(toy::pairs_dataset(5, 5));
  input.split = std::make_shared<const Split>(25, 0, 0, 10);
  const auto model = toy::model_of(input.config, *input.data);
  input.flat = model->initial_parameters(1);
  input.logits = at::zeros({25, 5});
  input.step = 40;
  std::vector<std::size_t> all;  // the model is left out: the torch side makes it
  for (std::size_t i = 0; i < probes().size(); ++i) all.push_back(i);
  return {std::move(input), std::move(all)};
}

struct FrameList {
  std::mutex mutex;
  std::vector<Frame> frames;

  JobThread::Sink sink() {
    return [this](Frame frame) {
      std::lock_guard lock(mutex);
      frames.push_back(std::move(frame));
    };
  }
};

TEST(JobThread, MakesTheModelThatTheTrainerDoesNotHave) {
  FrameList seen;
  JobThread jobs(seen.sink());
  jobs.submit(round_of_answers(), {});
  jobs.wait_idle({});
  ASSERT_EQ(seen.frames.size(), probes().size());
  for (std::size_t i = 0; i < seen.frames.size(); ++i) {
    EXPECT_EQ(seen.frames[i].probe, probes()[i].name);
    EXPECT_EQ(seen.frames[i].step, 40);
    EXPECT_EQ(seen.frames[i].not_applicable.find("could not be computed"), std::string::npos)
        << seen.frames[i].not_applicable;
  }
}

TEST(JobThread, LooksWhenItsTimeHasComeAndNotBefore) {
  FrameList seen;
  JobThread jobs(seen.sink(), 0.3);
  const auto start = std::chrono::steady_clock::now();
  jobs.submit(round_of_answers(), {});
  while (!jobs.idle()) std::this_thread::sleep_for(5ms);
  EXPECT_GE(std::chrono::steady_clock::now() - start, 250ms);
  EXPECT_EQ(seen.frames.size(), probes().size());
}

TEST(JobThread, DoesNotLetAnybodyWaitForItsTime) {
  FrameList seen;
  JobThread jobs(seen.sink(), kLongerThanATest_s);
  jobs.submit(round_of_answers(), {});
  jobs.wait_idle({});
  EXPECT_EQ(seen.frames.size(), probes().size());
  JobThread full(seen.sink(), kLongerThanATest_s);
  for (int i = 0; i < 4; ++i) full.submit(round_of_answers(), {});  // room for two
  JobThread unused(seen.sink(), kLongerThanATest_s);                // ends before it began
}

}  // namespace
}  // namespace grokscope

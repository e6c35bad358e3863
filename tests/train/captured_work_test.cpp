// What CapturedWork asks of a recorder, and that CUDA's way through a step gives the numbers of the other.
#include "train/torch_side/captured_work.h"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

#include "train/fused_case.h"

namespace grokscope {
namespace {

/// Writes down what it is asked for: w warm-up, r record, p replay. Replaying runs what was recorded.
class FakeRecorder final : public GraphRecorder {
 public:
  FakeRecorder(std::string& log, bool can_record) : log_(log), can_record_(can_record) {}
  void warm_up(const std::function<void()>& work) override {
    log_ += 'w';
    work();
  }
  void record(const std::function<void()>& work) override {
    log_ += 'r';
    if (!can_record_) throw std::runtime_error("an operation waits for the device");
    work_ = work;
  }
  void replay() override {
    log_ += 'p';
    work_();
  }

 private:
  std::string& log_;
  bool can_record_;
  std::function<void()> work_;
};

TEST(CapturedWork, WarmsUpRecordsOnceAndReplays) {
  std::string log;
  CapturedWork captured(std::make_unique<FakeRecorder>(log, true));
  int done = 0;
  for (int i = 0; i < 6; ++i) captured.run(100, [&] { ++done; });
  EXPECT_EQ(log, "wwwrppp");
  EXPECT_EQ(done, 6);
}

TEST(CapturedWork, AnotherShapeIsRecordedAnew) {
  std::string log;
  CapturedWork captured(std::make_unique<FakeRecorder>(log, true));
  int small = 0, large = 0;
  for (int i = 0; i < 4; ++i) captured.run(100, [&] { ++small; });
  for (int i = 0; i < 5; ++i) captured.run(200, [&] { ++large; });
  EXPECT_EQ(log, "wwwrpwwwrpp");
  EXPECT_EQ(small, 4);
  EXPECT_EQ(large, 5);
}

TEST(CapturedWork, WhatCannotBeRecordedIsRunAsItIs) {
  std::string log;
  CapturedWork captured(std::make_unique<FakeRecorder>(log, false));
  int done = 0;
  for (int i = 0; i < 6; ++i) captured.run(100, [&] { ++done; });
  EXPECT_EQ(log, "wwwr");
  EXPECT_EQ(done, 6);
}

TEST(CapturedWork, WithoutARecorderTheWorkIsRun) {
  CapturedWork captured(nullptr);
  int done = 0;
  captured.run(100, [&] { ++done; });
  EXPECT_EQ(done, 1);
}

std::vector<double> losses_of(const RunConfig& config, bool as_on_device, at::Tensor* flat) {
  const Dataset data = toy::pairs_dataset(11, 11);
  const auto model = toy::model_of(config, data);
  auto stepper =
      make_stepper(config, model, std::make_shared<const Dataset>(data), model->initial_parameters(2),
                   {.cuda = false, .threads = 1, .as_on_device = as_on_device});
  if (!stepper) throw std::runtime_error(stepper.error().message);
  RandomStream random(4, "batches");
  std::vector<double> losses;
  for (std::int64_t step = 0; step < 12; ++step) {
    std::vector<std::int64_t> batch = random.permutation(121);
    batch.resize(step < 6 ? 40 : 121);  // the batch grows, as the training fraction does
    (*stepper)->step(step, batch);
    double loss = 0.0;
    (*stepper)->gradient(batch, &loss);
    losses.push_back(loss);
  }
  *flat = (*stepper)->flat().clone();
  return losses;
}

TEST(CapturedWork, TheWayOfADeviceGivesTheSameNumbers) {
  for (const double dropout : {0.0, 0.2}) {
    RunConfig config = toy::transformer_config();
    config.train.engine = "autograd";
    config.model.dropout = dropout;
    at::Tensor host, device;
    EXPECT_EQ(losses_of(config, false, &host), losses_of(config, true, &device));
    EXPECT_TRUE(at::equal(host, device));
  }
}

}  // namespace
}  // namespace grokscope

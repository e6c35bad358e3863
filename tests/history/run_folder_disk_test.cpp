// The run folder on a disk that is full, slow or shared with other programs that start at the same moment.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <cerrno>
#include <cmath>
#include <condition_variable>
#include <filesystem>
#include <limits>
#include <mutex>
#include <new>
#include <set>
#include <thread>

#include "history/faulty_disk.h"
#include "history/run_folder.h"
#include "history/run_values.h"
#include "scratch.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr int kStarts = 8;

/// Starts so many runs at once; everybody arrives at making a folder whose name ends like this before anybody
/// makes it.
template <typename Start>
std::vector<Result<std::string>> start_together(const std::string& gate, Start start) {
  std::barrier gathering(kStarts);
  const FaultyDisk disk([&](const std::string& call, const std::string& path) {
    thread_local bool gathered = false;
    if (call == "mkdir" && path.ends_with(gate) && !std::exchange(gathered, true))
      gathering.arrive_and_wait();
    return 0;
  });
  std::vector<Result<std::string>> outcomes(kStarts, Result<std::string>(std::string()));
  std::vector<std::unique_ptr<RunFolderWriter>> writers(kStarts);
  {
    std::vector<std::jthread> starts;
    for (int i = 0; i < kStarts; ++i) {
      starts.emplace_back([&, i] {
        auto writer = start();
        outcomes[i] = writer ? Result<std::string>((*writer)->path()) : Result<std::string>(writer.error());
        if (writer) writers[i] = std::move(*writer);
      });
    }
  }
  return outcomes;
}

void expect_one_winner(const std::vector<Result<std::string>>& outcomes, const std::string& path) {
  int made = 0;
  for (const auto& outcome : outcomes) {
    made += outcome ? 1 : 0;
    if (outcome) continue;
    EXPECT_EQ(outcome.error().exit_code(), 2);
    EXPECT_EQ(outcome.error().message.find("cannot make the run folder: it "), 0u) << outcome.error().message;
  }
  EXPECT_EQ(made, 1);
  EXPECT_TRUE(open_run(path, false));
}

TEST(RunFolderStart, OfManyAtOnceWithOneNameOneGetsTheFolder) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  const auto start = [&] { return RunFolderWriter::create(path, recorded_config(), {}); };
  expect_one_winner(start_together("/run", start), path);
}

TEST(RunFolderStart, OfManyAtOnceOneGetsAnEmptyFolderThatWasThere) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  fs::create_directory(path);
  const auto start = [&] { return RunFolderWriter::create(path, recorded_config(), {}); };
  expect_one_winner(start_together("/run/frames", start), path);
}

TEST(RunFolderStart, ManyOfOneSecondGetANameEach) {
  const Scratch scratch;
  setenv("XDG_DATA_HOME", scratch.folder().c_str(), 1);
  const auto start = [] { return RunFolderWriter::create(recorded_config(), {}, {}); };
  const auto outcomes = start_together("-seed5", start);
  unsetenv("XDG_DATA_HOME");
  std::set<std::string> paths;
  for (const auto& outcome : outcomes) {
    ASSERT_TRUE(outcome) << outcome.error().message;
    paths.insert(*outcome);
    EXPECT_TRUE(open_run(*outcome, false));
  }
  EXPECT_EQ(paths.size(), static_cast<std::size_t>(kStarts));
}

/// A writer whose disk refuses what the test says, and which tells when something changed.
struct Refusing {
  explicit Refusing(std::string refused_call_, std::string refused_name_, int error_number_ = ENOSPC)
      : refused_call(std::move(refused_call_)),
        refused_name(std::move(refused_name_)),
        error_number(error_number_) {}

  WriterOptions options(std::chrono::milliseconds patience) {
    WriterOptions chosen;
    chosen.path = path;
    chosen.patience = patience;
    chosen.retry_every = 1ms;
    chosen.changed = [this] {
      std::lock_guard lock(mutex);
      changed.notify_all();
    };
    return chosen;
  }
  template <typename Condition>
  void wait_until(Condition holds) {
    std::unique_lock lock(mutex);
    while (!holds()) changed.wait_for(lock, 1ms);
  }

  const Scratch scratch;
  const std::string path = scratch.path("run");
  const std::string refused_call, refused_name;
  const int error_number;
  std::atomic<bool> refuses{true};
  std::mutex mutex;
  std::condition_variable changed;
  const FaultyDisk disk{[this](const std::string& call, const std::string& about) {
    return refuses && call == refused_call && about.find(refused_name) != std::string::npos ? error_number
                                                                                            : 0;
  }};
};

std::unique_ptr<RunFolderWriter> writer_of(WriterOptions options, RunConfig config = recorded_config()) {
  auto writer = RunFolderWriter::create(config, {}, std::move(options));
  EXPECT_TRUE(writer) << writer.error().message;
  return std::move(*writer);
}

std::size_t lines_of(const std::string& path) {
  const std::string text = text_of_file(path);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

TEST(RunFolderDisk, NumbersWaitForRoomAndNoneIsLost) {
  Refusing full("write", "metrics.jsonl");
  auto writer = writer_of(full.options(24h));
  for (int step = 0; step < 10; ++step) writer->write(evaluation(step));
  writer->write(Event{9, "note", Json{{"text", "n"}}});
  full.wait_until([&] { return !writer->report().waiting.empty(); });
  EXPECT_EQ(writer->report().waiting, "No space left on device");
  EXPECT_EQ(lines_of(full.path + "/events.jsonl"), 0u) << "in order: nothing overtakes what waits";
  full.refuses = false;
  writer->flush();
  EXPECT_TRUE(writer->status());
  EXPECT_EQ(writer->report().waiting, "");
  EXPECT_EQ(lines_of(full.path + "/metrics.jsonl"), 10u);
  EXPECT_EQ(lines_of(full.path + "/events.jsonl"), 1u);
}

TEST(RunFolderDisk, AfterItsPatienceTheRecordEndsAndIsStillSavedWhenRoomReturns) {
  Refusing full("write", "metrics.jsonl");
  auto writer = writer_of(full.options(0ms));
  writer->write(evaluation(0));
  full.wait_until([&] { return !writer->status(); });
  EXPECT_EQ(writer->status().error().message,
            "cannot append to the file: No space left on device: " + full.path + "/metrics.jsonl");
  writer->write(evaluation(1));
  writer->write(Checkpoint{1, weights()});
  full.refuses = false;
  writer->flush();
  EXPECT_FALSE(writer->status()) << "it stays known that the run ended early";
  EXPECT_EQ(lines_of(full.path + "/metrics.jsonl"), 2u);
  EXPECT_EQ(writer->report().lines_lost, 0);
  EXPECT_TRUE(read_checkpoint(full.path, 1));
}

TEST(RunFolderDisk, WhatNeverGotRoomIsCountedAndTheWeightsAreTriedAllTheSame) {
  Refusing full("write", "metrics.jsonl");
  auto writer = writer_of(full.options(0ms));
  for (int step = 0; step < 3; ++step) writer->write(evaluation(step));
  writer->write(Checkpoint{2, weights()});
  writer->flush();
  EXPECT_EQ(writer->report().lines_lost, 3);
  EXPECT_TRUE(read_checkpoint(full.path, 2));
}

TEST(RunFolderDisk, AnErrorThatCannotPassIsNotWaitedFor) {
  Refusing broken("write", "metrics.jsonl", EFBIG);
  auto writer = writer_of(broken.options(24h));
  writer->write(evaluation(0));
  writer->flush();
  ASSERT_FALSE(writer->status());
  EXPECT_EQ(writer->status().error().message,
            "cannot append to the file: File too large: " + broken.path + "/metrics.jsonl");
}

TEST(RunFolderDisk, AFrameThatCannotBeWrittenIsLeftOutAndItsNumbersAreKept) {
  Refusing full("write", "/frames/");
  auto writer = writer_of(full.options(24h));
  writer->write(frame("fourier", 0, 0.5));
  full.wait_until([&] { return writer->report().frames_lost == 1; });
  full.refuses = false;
  writer->write(frame("fourier", 10, 0.75));
  writer->flush();
  EXPECT_TRUE(writer->status()) << "the record goes on";
  EXPECT_NE(writer->report().lost_because.find("No space left on device"), std::string::npos);
  const auto run = open_run(full.path, false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->history.frames("fourier").size(), 1u);
  EXPECT_EQ(run->history.series("fourier.gini")->size(), 2u);
}

TEST(RunFolderDisk, OfCheckpointsThatCannotBeWrittenTheLastIsTriedUntilThereIsRoom) {
  Refusing full("write", "/checkpoints/");
  auto writer = writer_of(full.options(24h));
  writer->write(Checkpoint{10, weights()});
  writer->write(evaluation(11));
  writer->write(Checkpoint{20, weights()});
  full.wait_until([&] { return writer->report().checkpoints_lost == 1; });
  writer->begin_flush();
  full.wait_until([&] { return !writer->report().waiting.empty(); });
  EXPECT_FALSE(writer->idle());
  full.refuses = false;
  full.wait_until([&] { return writer->idle(); });
  EXPECT_TRUE(writer->status());
  EXPECT_EQ(complete_checkpoints(full.path), std::vector<std::int64_t>{20});
  EXPECT_EQ(lines_of(full.path + "/metrics.jsonl"), 1u) << "numbers do not wait for weights";
}

TEST(RunFolderDisk, NumbersAreOnTheDiskBeforeTheCheckpointOfTheirStep) {
  const Scratch scratch;
  std::vector<std::string> calls;
  std::mutex mutex;
  const FaultyDisk disk([&](const std::string& call, const std::string& path) {
    std::lock_guard lock(mutex);
    calls.push_back(call + " " + fs::path(path).filename().string());
    return 0;
  });
  WriterOptions options;
  options.path = scratch.path("run");
  auto writer = writer_of(options);
  writer->write(evaluation(40));
  writer->write(Checkpoint{40, weights()});
  writer->flush();
  std::lock_guard lock(mutex);
  const auto at = [&](const char* call) { return std::find(calls.begin(), calls.end(), call); };
  ASSERT_NE(at("rename step_00000040.safetensors"), calls.end());
  EXPECT_LT(at("write metrics.jsonl"), at("fdatasync metrics.jsonl"));
  EXPECT_LT(at("fdatasync metrics.jsonl"), at("rename step_00000040.safetensors"));
}

TEST(RunFolderDisk, WhatIsQueuedIsLimitedInBytesAndItIsToldWhenThereIsRoomAgain) {
  Refusing full("write", "metrics.jsonl");
  WriterOptions options = full.options(24h);
  options.queue_bytes = 10'000;
  auto writer = writer_of(options);
  writer->write(evaluation(0));
  full.wait_until([&] { return !writer->report().waiting.empty(); });
  EXPECT_TRUE(writer->has_room());
  EXPECT_FALSE(writer->report().behind);
  writer->write(Checkpoint{0, weights(5'000)});
  EXPECT_FALSE(writer->has_room()) << "one checkpoint of 20 kB is more than a queue of 10 kB";
  EXPECT_TRUE(writer->report().behind);
  full.refuses = false;
  full.wait_until([&] { return writer->has_room(); });
  writer->flush();
  EXPECT_TRUE(read_checkpoint(full.path, 0));
}

TEST(RunFolderDisk, NoMemoryOnTheWritersThreadIsAnErrorOfTheRun) {
  const Scratch scratch;
  const FaultyDisk disk([](const std::string& call, const std::string& path) -> int {
    if (call == "write" && path.ends_with("metrics.jsonl")) throw std::bad_alloc();
    return 0;
  });
  WriterOptions options;
  options.path = scratch.path("run");
  auto writer = writer_of(options);
  writer->write(evaluation(0));
  writer->flush();
  ASSERT_FALSE(writer->status());
  EXPECT_EQ(writer->status().error().message,
            "there was not enough memory to write the record: " + options.path);
}

TEST(RunFolderDisk, CheckpointsAreHeldToTheirBytesAndTheFirstAndTheLastStay) {
  const Scratch scratch;
  WriterOptions options;
  options.path = scratch.path("run");
  RunConfig config = recorded_config();
  config.train.checkpoint_bytes = 22'000;  // five of about 4 kB
  auto writer = writer_of(options, config);
  for (int step = 10; step <= 200; step += 10) writer->write(Checkpoint{step, weights(1'000)});
  writer->flush();
  const auto steps = complete_checkpoints(options.path);
  ASSERT_EQ(steps.size(), 5u);
  EXPECT_EQ(steps.front(), 10);
  EXPECT_EQ(steps.back(), 200);
  std::int64_t widest = 0;
  for (std::size_t i = 1; i < steps.size(); ++i) widest = std::max(widest, steps[i] - steps[i - 1]);
  EXPECT_LE(widest, 100) << "spread over the run, not all from its end";
}

TEST(RunFolderScalars, EveryNumberOfEveryLookIsThereAgainHoweverFewFramesAre) {
  const Scratch scratch;
  WriterOptions options;
  options.path = scratch.path("run");
  auto writer = writer_of(options);
  History live(recorded_config());
  constexpr double kInf = std::numeric_limits<double>::infinity();
  for (int look = 0; look < 2000; ++look) {
    const double value = look == 7 ? std::nan("") : look == 8 ? kInf : look == 9 ? -kInf : 1.0 / (1 + look);
    const FramePtr seen = frame("fourier", look, value);
    live.append(seen);
    writer->write(seen);
  }
  writer->write(frame("fourier", 1000, -5.0));  // looked at again
  live.append(frame("fourier", 1000, -5.0));
  writer->flush();
  const auto run = open_run(options.path, false);
  ASSERT_TRUE(run) << run.error().message;
  const Series &there = *run->history.series("fourier.gini"), &here = *live.series("fourier.gini");
  ASSERT_EQ(here.size(), 2000u);
  ASSERT_EQ(there.size(), 2000u);
  for (std::size_t i = 0; i < 2000; ++i) {
    ASSERT_EQ(there.at(i).x, here.at(i).x);
    ASSERT_TRUE(there.at(i).y == here.at(i).y || (std::isnan(there.at(i).y) && std::isnan(here.at(i).y)))
        << i;
  }
  EXPECT_EQ(there.at(1000).y, -5.0);
  EXPECT_LE(run->history.frames("fourier").size(), History::kFramesPerProbe);
}

TEST(RunFolderScalars, ARunWithoutTheirFileTakesThemFromItsFrames) {
  const Scratch scratch;
  WriterOptions options;
  options.path = scratch.path("run");
  auto writer = writer_of(options);
  for (int step = 0; step < 5; ++step) writer->write(frame("fourier", step, step));
  writer->flush();
  writer.reset();
  fs::remove(options.path + "/scalars.jsonl");
  const auto run = open_run(options.path, false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->history.series("fourier.gini")->size(), 5u);
}

TEST(RunFolderScalars, WhatIsSeenAfterTheRunIsAddedAfterATornLine) {
  const Scratch scratch;
  WriterOptions options;
  options.path = scratch.path("run");
  auto writer = writer_of(options);
  writer->write(frame("fourier", 0, 0.5));
  writer->flush();
  writer.reset();
  const std::string file = options.path + "/scalars.jsonl", whole = text_of_file(file);
  write_text(file, whole + "{\"step\":1,\"pro");
  const auto looked = open_run(options.path, false);
  ASSERT_TRUE(looked);
  EXPECT_EQ(looked->repairs, std::vector<std::string>{"dropped a torn last line of scalars.jsonl (line 2)"});
  ASSERT_TRUE(add_frame(options.path, *frame("landscape", 0, 0.25)));
  EXPECT_EQ(text_of_file(file), whole + "{\"step\":0,\"probe\":\"landscape\",\"scalars\":{\"gini\":0.25}}\n");
}

}  // namespace
}  // namespace grokscope

// A run from config to end through the one door that window and command line use.
#include "session/session.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <thread>

#include "base/tally.h"
#include "failing_threads.h"
#include "history/faulty_disk.h"
#include "history/interventions/set.h"
#include "history/scratch.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;

RunConfig small_session_config(std::int64_t steps = 60) {
  RunConfig config;
  config.task.modulus = 11;
  config.model.width = 16;
  config.model.heads = 2;
  config.model.mlp_width = 32;
  config.train.steps = steps;
  config.seed = 3;
  return config;
}

SessionOptions options_for(const std::string& run_path) {
  SessionOptions options;
  options.trainer.threads = 1;
  options.write_run_folder = !run_path.empty();
  options.run_path = run_path;
  return options;
}

std::unique_ptr<Session> started(const RunConfig& config, SessionOptions options) {
  auto session = Session::start(config, std::move(options));
  EXPECT_TRUE(session) << session.error().message;
  return std::move(*session);
}

/// Pumps whenever there is news until it holds; false if the run ended first.
template <typename Condition>
bool eventually(Session& session, Condition holds) {
  while (!session.wait(10ms)) {
    if (holds()) return true;
  }
  return holds();
}

std::size_t count_of(const Session& session, const std::string& kind) {
  std::size_t count = 0;
  for (const Event& event : session.history().events()) count += event.kind == kind ? 1 : 0;
  return count;
}

TEST(Session, AThreadThatCannotStartIsASentenceAndLeavesNoFolder) {
  const Scratch scratch;
  {
    const FewThreads few(0);
    const auto session = Session::start(small_session_config(), options_for(scratch.path("run")));
    ASSERT_FALSE(session);
    EXPECT_NE(session.error().message.find("ulimit -u"), std::string::npos) << session.error().message;
  }
  EXPECT_FALSE(std::filesystem::exists(scratch.path("run")));
}

TEST(Session, ARecordMayNotAskForMoreThreadsThanAnOption) {
  const Scratch scratch;
  SessionOptions options = options_for(scratch.path("run"));
  options.trainer.threads = 1 << 20;
  EXPECT_FALSE(Session::start(small_session_config(), options));
}

TEST(Session, RunsToTheEndAndRecordsEverything) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  auto session = started(small_session_config(), options_for(path));
  ASSERT_TRUE(session->wait(60s));
  EXPECT_EQ(session->status().state, RunState::stopped);
  EXPECT_EQ(session->status().stopped, "steps");
  EXPECT_EQ(session->status().step, 60);
  EXPECT_EQ(session->status().error, "");
  EXPECT_EQ(session->history().last()->step, 60);
  EXPECT_EQ(session->history().events().back().kind, "stopped");
  EXPECT_NE(session->history().latest_at("answers", 60), nullptr);
  ASSERT_TRUE(session->facts());
  EXPECT_EQ(session->facts()->total_examples, 121);
  EXPECT_TRUE(session->flush());

  const auto run = open_run(path, false);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->history.evaluations().size(), session->history().evaluations().size());
  EXPECT_EQ(run->history.last()->train_loss, session->history().last()->train_loss);
  EXPECT_EQ(run->history.events().size(), session->history().events().size());
  EXPECT_EQ(run->checkpoint_steps, std::vector<std::int64_t>{60});
  EXPECT_EQ(run->provenance.threads, 1);
}

TEST(Session, KeepsEveryFrameOfEveryProbeRound) {
  RunConfig config = small_session_config();
  config.train.probe_every = 1;  // every evaluation, whatever it costs
  Tally wakes;
  SessionOptions options = options_for("");
  options.wake = wakes.adder();
  auto session = started(config, std::move(options));
  wakes.wait_for(30);  // a reader that looks away while there were ten evaluations and some rounds of frames
  ASSERT_TRUE(session->wait(60s));
  std::vector<std::int64_t> steps;
  for (const FramePtr& frame : session->history().frames("ranks")) steps.push_back(frame->step);
  EXPECT_EQ(steps, (std::vector<std::int64_t>{0, 1, 2, 5, 10, 20, 30, 40, 50, 60}));
}

TEST(Session, PauseStepSetAndResumeAreAnsweredWithEvents) {
  const Scratch scratch;
  SessionOptions options = options_for(scratch.path("run"));
  options.trainer.start_paused = true;
  auto session = started(small_session_config(), options);
  ASSERT_TRUE(eventually(*session, [&] { return session->status().state == RunState::paused; }));
  EXPECT_EQ(session->status().steps_per_second, 0.0);
  session->send(StepOnce{});
  ASSERT_TRUE(eventually(*session, [&] { return session->status().step == 1; }));
  EXPECT_EQ(session->status().state, RunState::paused);
  session->send(setting_change("optimizer.weight_decay", 0.125));
  ASSERT_TRUE(eventually(*session, [&] { return session->config().optimizer.weight_decay == 0.125; }));
  EXPECT_EQ(session->history().config().optimizer.weight_decay, 1.0);
  session->send(setting_change("model.width", std::int64_t{128}));
  ASSERT_TRUE(eventually(*session, [&] { return count_of(*session, "note") == 1; }));
  EXPECT_EQ(session->config().model.width, 16);
  session->send(Resume{});
  ASSERT_TRUE(session->wait(60s));
  EXPECT_EQ(session->status().stopped, "steps");
  ASSERT_TRUE(session->flush());
  const auto run = open_run(scratch.path("run"), false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->history.config().optimizer.weight_decay, 1.0);  // as at the start
}

TEST(Session, ItsOwnEventsReplayToTheSameNumbers) {
  SessionOptions options = options_for("");
  options.trainer.start_paused = true;
  auto live = started(small_session_config(), options);
  live->send(setting_change("task.train_fraction", 0.6));
  for (int single = 0; single < 7; ++single) live->send(StepOnce{});
  live->send(setting_change("optimizer.learning_rate", 1e-3));
  live->send(setting_change("optimizer.weight_decay", 0.5));
  live->send(Resume{});
  ASSERT_TRUE(live->wait(60s));
  EXPECT_EQ(count_of(*live, "set"), 3u);

  options.trainer.start_paused = false;
  for (const Event& event : live->history().events()) {
    if (is_intervention(event)) options.trainer.scripted.push_back(event);
  }
  auto again = started(small_session_config(), options);
  ASSERT_TRUE(again->wait(60s));
  ASSERT_EQ(again->history().evaluations().size(), live->history().evaluations().size());
  for (std::size_t line = 0; line < again->history().evaluations().size(); ++line) {
    EXPECT_EQ(again->history().evaluations()[line].train_loss,
              live->history().evaluations()[line].train_loss);
    EXPECT_EQ(again->history().evaluations()[line].weight_norm,
              live->history().evaluations()[line].weight_norm);
    EXPECT_EQ(again->history().evaluations()[line].test_count,
              live->history().evaluations()[line].test_count);
  }
}

/// The lines of a run's file without what is a time.
std::string lines_without_times(const std::string& path) {
  std::string text = text_of_file(path), kept;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string line = text.substr(0, end);
    text.erase(0, end == std::string::npos ? text.size() : end + 1);
    const std::size_t time = line.find("\"elapsed_s\":");
    if (time != std::string::npos) line.erase(time, line.find(',', time) - time);
    if (line.find("\"note\"") == std::string::npos) kept += line + "\n";
  }
  return kept;
}

TEST(Session, ARunThatGoesOnLeavesTheRecordOfOneThatNeverStopped) {
  const Scratch scratch;
  const std::string whole = scratch.path("whole"), halves = scratch.path("halves");
  SessionOptions options = options_for(whole);
  options.trainer.scripted = {{20, "set", {{"field", "optimizer.weight_decay"}, {"value", 0.25}}}};
  auto at_once = started(small_session_config(60), options);
  ASSERT_TRUE(at_once->wait(60s));
  ASSERT_TRUE(at_once->flush());

  options.run_path = halves;
  auto first = started(small_session_config(33), options);  // a step that no other evaluation falls on
  ASSERT_TRUE(first->wait(60s));
  ASSERT_TRUE(first->flush());
  const auto evaluations = first->history().evaluations();
  ASSERT_EQ(evaluations.back().step, 33);  // made again: time goes on from the one before
  const double seconds_before = evaluations[evaluations.size() - 2].elapsed_s;
  first.reset();
  auto run = continue_run(halves, 60);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->step, 33);
  auto rest = Session::go_on(std::move(*run), halves, options_for(halves));
  ASSERT_TRUE(rest) << rest.error().message;
  EXPECT_EQ((*rest)->config().optimizer.weight_decay, 0.25);
  ASSERT_TRUE((*rest)->wait(60s));
  EXPECT_EQ((*rest)->status().error, "");
  EXPECT_EQ((*rest)->status().stopped, "steps");
  EXPECT_GE((*rest)->history().last()->elapsed_s, seconds_before);
  ASSERT_TRUE((*rest)->flush());
  for (const char* file : {"/metrics.jsonl", "/events.jsonl"})
    EXPECT_EQ(lines_without_times(halves + file), lines_without_times(whole + file)) << file;
  const auto again = open_run(halves, false);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->repairs.empty());
  EXPECT_EQ(again->history.config().train.steps, 60);
  EXPECT_EQ(again->checkpoint_steps, (std::vector<std::int64_t>{33, 60}));
}

TEST(Session, APausedRunGoesOnAtItsPace) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  SessionOptions options = options_for(path);
  options.trainer.start_paused = true;
  auto session = started(small_session_config(), options);
  for (int single = 0; single < 12; ++single) session->send(StepOnce{});
  const auto newest = [&] { return session->history().last(); };
  ASSERT_TRUE(eventually(*session, [&] { return newest() != nullptr && newest()->step == 12; }));
  session->request_stop();
  ASSERT_TRUE(session->wait(20s));
  ASSERT_TRUE(session->flush());
  session.reset();
  auto run = continue_run(path);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->run.history.events().back().kind, "resume") << "it is not paused any more";
  options = options_for(path);
  options.trainer.steps_per_second = 1e-3;  // a story of hours: it does not wait for where it is already
  auto rest = Session::go_on(std::move(*run), path, options);
  ASSERT_TRUE(rest);
  ASSERT_TRUE(eventually(**rest, [&] { return (*rest)->status().step == 13; }));
}

TEST(Session, WhatCannotGoOnSaysWhyAndKeepsItsRecord) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  auto session = started(small_session_config(20), options_for(path));
  ASSERT_TRUE(session->wait(60s));
  ASSERT_TRUE(session->flush());
  session.reset();
  const std::string before = text_of_file(path + "/metrics.jsonl");
  const auto too_short = continue_run(path, 20);
  ASSERT_FALSE(too_short);
  EXPECT_NE(too_short.error().message.find("step 20"), std::string::npos) << too_short.error().message;
  std::filesystem::remove_all(path + "/checkpoints");
  const auto without_weights = continue_run(path);
  ASSERT_FALSE(without_weights);
  EXPECT_NE(without_weights.error().message.find("no weights"), std::string::npos);
  EXPECT_FALSE(continue_run(scratch.path("nothing")));
  EXPECT_EQ(text_of_file(path + "/metrics.jsonl"), before);
}

TEST(Session, WhatIsChangedWhilePausedIsSeenAtOnceAndNotRecorded) {
  const Scratch scratch;
  SessionOptions options = options_for(scratch.path("run"));
  options.trainer.start_paused = true;
  auto session = started(small_session_config(), options);
  for (int single = 0; single < 3; ++single) session->send(StepOnce{});
  const auto newest = [&] { return session->history().last(); };
  ASSERT_TRUE(eventually(*session, [&] { return newest() != nullptr && newest()->step == 3; }));
  session->send(setting_change("task.train_fraction", 0.2));
  ASSERT_TRUE(eventually(*session, [&] { return newest()->formerly_trained_count > 0; }));
  EXPECT_EQ(newest()->step, 3);
  session->send(Resume{});
  ASSERT_TRUE(session->wait(60s));
  ASSERT_TRUE(session->flush());
  EXPECT_EQ(text_of_file(scratch.path("run") + "/metrics.jsonl").find("\"step\":3,"), std::string::npos);
  EXPECT_EQ(open_run(scratch.path("run"), false)->history.evaluations().size(),
            session->history().evaluations().size());
}

TEST(Session, AStopLeavesACompleteRecord) {
  const Scratch scratch;
  auto session = started(small_session_config(1'000'000), options_for(scratch.path("run")));
  ASSERT_TRUE(eventually(*session, [&] { return session->status().step > 20; }));
  session->request_stop();
  ASSERT_TRUE(session->wait(20s));
  EXPECT_EQ(session->status().stopped, "interrupted");
  ASSERT_TRUE(session->flush());
  const auto run = open_run(scratch.path("run"), false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->history.last()->step, session->status().step);
  EXPECT_EQ(run->checkpoint_steps, std::vector<std::int64_t>{session->status().step});
}

/// A disk on which nothing more goes into metrics.jsonl until the test lets it.
struct FullForMetrics {
  std::atomic<bool> full{true};
  const FaultyDisk disk{[this](const std::string& call, const std::string& path) {
    return full && call == "write" && path.ends_with("metrics.jsonl") ? ENOSPC : 0;
  }};
};

TEST(Session, AFullDiskIsSaidAndTheRunIsCompleteWhenRoomReturns) {
  const Scratch scratch;
  FullForMetrics full_disk;
  SessionOptions options = options_for(scratch.path("run"));
  options.disk_patience = 24h;
  auto session = started(small_session_config(), options);
  const auto waits = [&] {
    return session->status().disk == "disk full, waiting" && session->status().state == RunState::stopped;
  };
  while (!waits()) ASSERT_FALSE(session->settle(10ms)) << "it did not wait for room";
  EXPECT_EQ(session->status().error, "");
  EXPECT_FALSE(session->at_rest());
  full_disk.full = false;
  while (!session->settle(100ms)) {
  }
  EXPECT_EQ(session->status().disk, "");
  EXPECT_EQ(session->status().error, "");
  const auto run = open_run(scratch.path("run"), false);
  ASSERT_TRUE(run);
  EXPECT_EQ(run->history.evaluations().size(), session->history().evaluations().size());
  EXPECT_EQ(run->checkpoint_steps, std::vector<std::int64_t>{60});
}

TEST(Session, WithoutPatienceAFullDiskEndsTheRunWithOneSentenceAndItsWeights) {
  const Scratch scratch;
  FullForMetrics full_disk;
  SessionOptions options = options_for(scratch.path("run"));
  options.disk_patience = 0ms;
  auto session = started(small_session_config(1'000'000), options);
  ASSERT_TRUE(session->wait(60s));
  while (!session->settle(100ms)) {
  }
  EXPECT_EQ(session->status().error,
            "cannot append to the file: No space left on device: " + scratch.path("run/metrics.jsonl"));
  EXPECT_GT(session->record().lines_lost, 0);
  EXPECT_EQ(complete_checkpoints(scratch.path("run")).size(), 1u) << "the weights are tried all the same";
}

TEST(Session, NothingButTheWritersThreadWaitsForAStalledDisk) {
  const Scratch scratch;
  std::mutex mutex;
  std::condition_variable opened;
  bool stalls = true;  // guarded by mutex
  const FaultyDisk disk([&](const std::string& call, const std::string& path) {
    if (call != "write" || !path.ends_with("metrics.jsonl")) return 0;
    std::unique_lock lock(mutex);
    opened.wait(lock, [&] { return !stalls; });
    return 0;
  });
  SessionOptions options = options_for(scratch.path("run"));
  options.disk_queue_bytes = 1;  // one value waits for the disk, the others with the trainer
  auto session = started(small_session_config(), options);
  ASSERT_TRUE(eventually(*session, [&] { return session->status().disk == "disk slow"; }));
  for (int pumps = 0; pumps < 100; ++pumps) session->pump(1ms);  // would never return if it waited
  EXPECT_LE(session->history().evaluations().size(), 3u) << "what the disk does not take is not taken";
  {
    std::lock_guard lock(mutex);
    stalls = false;
  }
  opened.notify_all();
  ASSERT_TRUE(session->wait(60s));
  ASSERT_TRUE(session->flush());
  EXPECT_EQ(open_run(scratch.path("run"), false)->history.last()->step, 60);
}

TEST(Session, DestroyingOneWhoseReaderLookedAwayEndsItWithACompleteRecord) {
  const Scratch scratch;
  RunConfig config = small_session_config(1'000'000);
  config.train.eval_every = 1;
  Tally wakes;
  SessionOptions options = options_for(scratch.path("run"));
  options.trainer.probes = false;
  options.wake = wakes.adder();
  auto session = started(config, std::move(options));
  ASSERT_TRUE(eventually(*session, [&] { return session->status().step > 0; }));
  wakes.wait_for(wakes.count() + 500);  // queues are full: nobody pumps
  session.reset();                      // a million steps would be waited for
  const auto run = open_run(scratch.path("run"), false);
  ASSERT_TRUE(run);
  ASSERT_FALSE(run->history.events().empty());
  EXPECT_EQ(run->history.events().back().kind, "stopped");
  EXPECT_EQ(run->history.last()->step, run->history.events().back().step);
  EXPECT_EQ(run->checkpoint_steps.back(), run->history.last()->step);
}

TEST(Session, WhatAShortLookLeavesInTheQueueIsAnnouncedOnceMore) {
  RunConfig config = small_session_config(400);
  config.train.eval_every = 1;
  Tally wakes;
  SessionOptions options = options_for("");
  options.trainer.probes = false;
  options.wake = wakes.adder();
  auto session = started(config, std::move(options));
  wakes.wait_for(401);  // everything was published, and most of it announced
  while (session->history().evaluations().size() < 401) {
    const std::int64_t before = wakes.count();
    const std::size_t had = session->history().evaluations().size();
    session->pump(0us);  // takes one thing at most
    const std::size_t has = session->history().evaluations().size();
    if (has > had && has < 401) {
      ASSERT_GT(wakes.count(), before) << "nobody would look again";
    }
  }
  EXPECT_EQ(session->history().evaluations().size(), 401u);
}

TEST(Session, ARunThatCannotStartLeavesNothing) {
  const Scratch scratch;
  RunConfig config = small_session_config();
  config.task.kind = "table";
  config.task.path = scratch.path("missing.csv");
  auto session = Session::start(config, options_for(scratch.path("a/run")));
  if (session) {
    ASSERT_TRUE((*session)->wait(20s));
    EXPECT_NE((*session)->status().error.find("missing.csv"), std::string::npos);
    EXPECT_EQ((*session)->run_path(), "");
  }
  EXPECT_TRUE(scratch.empty());
}

TEST(Session, AnInvalidConfigIsRefusedAtOnce) {
  RunConfig config = small_session_config();
  config.model.heads = 3;  // does not divide 16
  EXPECT_FALSE(Session::start(config, options_for("")));
}

TEST(Session, AnUnwritableFolderStopsTheRun) {
  for (const char* path : {"/proc/grokscope-run", "/dev/full", "/dev/null/run"}) {
    auto session = started(small_session_config(1'000'000), options_for(path));
    ASSERT_TRUE(session->wait(20s));
    EXPECT_NE(session->status().error.find(path), std::string::npos) << session->status().error;
    EXPECT_EQ(session->run_path(), "");
  }
}

TEST(Session, AFolderThatHoldsARunIsNotTouched) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  started(small_session_config(10), options_for(path))->wait(60s);
  const std::string before = text_of_file(path + "/metrics.jsonl");
  auto second = started(small_session_config(20), options_for(path));
  ASSERT_TRUE(second->wait(60s));
  EXPECT_NE(second->status().error, "");
  EXPECT_EQ(text_of_file(path + "/metrics.jsonl"), before);
}

TEST(Session, ARecordedRunIsThereToLookAt) {
  const Scratch scratch;
  SessionOptions options = options_for(scratch.path("run"));
  options.trainer.scripted = {{20, "set", {{"field", "optimizer.weight_decay"}, {"value", 0.5}}}};
  started(small_session_config(), options)->wait(60s);
  auto run = open_run(scratch.path("run"), false);
  ASSERT_TRUE(run);
  auto session = Session::recorded(std::move(*run), scratch.path("run"));
  EXPECT_FALSE(session->live());
  EXPECT_EQ(session->status().state, RunState::stopped);
  EXPECT_EQ(session->status().stopped, "steps");
  EXPECT_EQ(session->status().step, 60);
  EXPECT_EQ(session->config().optimizer.weight_decay, 0.5);
  session->send(Pause{});
  EXPECT_FALSE(session->pump(1ms));
  EXPECT_TRUE(session->wait(1ms));
}

TEST(Session, ARecordedRunKnowsWhatTheLiveOneKnew) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  auto live = started(small_session_config(20), options_for(path));
  ASSERT_TRUE(live->wait(60s));
  ASSERT_TRUE(live->facts());
  ASSERT_TRUE(live->flush());
  auto run = open_run(path, false);
  ASSERT_TRUE(run);
  const auto recorded = Session::recorded(std::move(*run), path);
  ASSERT_TRUE(recorded->facts());
  EXPECT_EQ(text_from_facts(*recorded->facts()), text_from_facts(*live->facts()));
  EXPECT_GT(recorded->facts()->parameter_count, 0);
  EXPECT_GT(recorded->facts()->majority_share, 0.0);
}

TEST(Session, ARunWithoutFactsOrWithDamagedOnesOpensWithWhatItsConfigTells) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  started(small_session_config(20), options_for(path))->wait(60s);
  std::ofstream(path + "/facts.json") << "{\"schema\":\"grokscope.facts/1\",\"title\":7}";
  auto damaged = open_run(path, false);
  ASSERT_TRUE(damaged);
  ASSERT_EQ(damaged->repairs.size(), 1u);
  EXPECT_EQ(damaged->repairs[0].find("left out the facts of the run: \"title\" is not a short text"), 0u)
      << damaged->repairs[0];
  std::filesystem::remove(path + "/facts.json");
  auto old = open_run(path, false);
  ASSERT_TRUE(old);
  EXPECT_TRUE(old->repairs.empty());
  for (const auto* opened : {&*damaged, &*old}) {
    const auto& facts = opened->history.facts();
    ASSERT_TRUE(facts);
    EXPECT_EQ(facts->title, "a + b mod " + std::to_string(opened->history.config().task.modulus));
    EXPECT_EQ(facts->device, "CPU");
    EXPECT_EQ(facts->threads, opened->provenance.threads);
  }
}

TEST(Session, WhatIsSeenOfARecordedRunIsShownAndItsFolderLeftToTheCaller) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  started(small_session_config(20), options_for(path))->wait(60s);
  auto run = open_run(path, false);
  ASSERT_TRUE(run);
  const auto session = Session::recorded(std::move(*run), path);
  Frame frame;
  frame.probe = "landscape";
  frame.scalars["done"] = 1.0;
  session->add(std::make_shared<const Frame>(frame));
  EXPECT_NE(session->history().latest_at("landscape", 0), nullptr);
  ASSERT_TRUE(write_frame(session->run_path(), frame));
  const auto again = open_run(path, false);
  ASSERT_TRUE(again);
  EXPECT_NE(again->history.latest_at("landscape", 0), nullptr);
}

}  // namespace
}  // namespace grokscope

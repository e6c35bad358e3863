// The pool trains every run once, gives each to the caller, and ends early when it is stopped.
#include "sweep/run_pool.h"

#include <gtest/gtest.h>

#include <new>
#include <set>

#include "config/presets.h"
#include "failing_threads.h"

namespace grokscope {
namespace {

PoolRun short_run(std::int64_t seed, std::int64_t steps) {
  PoolRun run;
  run.config = *load_config("quickstart");
  run.config.task.modulus = 11;
  run.config.model.width = 16;
  run.config.model.mlp_width = 32;
  run.config.train.steps = steps;
  run.config.seed = seed;
  return run;
}

TEST(RunPool, TrainsEveryRunOnceAndTellsWhichIsWhich) {
  const std::vector<PoolRun> runs = {short_run(0, 20), short_run(1, 30), short_run(2, 40)};
  std::set<std::size_t> seen;
  const Status status = train_all(runs, {.workers = 2}, [&](std::size_t place, const Session& session) {
    EXPECT_TRUE(seen.insert(place).second);
    EXPECT_EQ(session.config().seed, static_cast<std::int64_t>(place));
    EXPECT_EQ(session.status().step, runs[place].config.train.steps);
    EXPECT_EQ(session.status().stopped, "steps");
    EXPECT_TRUE(session.run_path().empty());
  });
  EXPECT_TRUE(status);
  EXPECT_EQ(seen.size(), runs.size());
}

TEST(RunPool, FewerThreadsTrainFewerAtOnceAndNoneIsASentence) {
  const std::vector<PoolRun> runs = {short_run(0, 20), short_run(1, 20)};
  const FewThreads few(0);
  std::size_t ended = 0;
  const Status status = train_all(runs, {.workers = 2}, [&](std::size_t, const Session&) { ++ended; });
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("ulimit -u"), std::string::npos) << status.error().message;
  EXPECT_EQ(ended, 0u);
}

TEST(RunPool, TheNumbersDoNotDependOnHowManyTrainAtOnce) {
  const std::vector<PoolRun> runs = {short_run(0, 50), short_run(1, 50)};
  double loss[2][2] = {};
  for (const int workers : {1, 2}) {
    EXPECT_TRUE(train_all(runs, {.workers = workers}, [&](std::size_t place, const Session& session) {
      loss[workers - 1][place] = session.history().evaluations().back().test_loss;
    }));
  }
  EXPECT_EQ(loss[0][0], loss[1][0]);
  EXPECT_EQ(loss[0][1], loss[1][1]);
  EXPECT_NE(loss[0][0], loss[0][1]);
}

TEST(RunPool, StoppingEndsRunsThatWouldTakeHours) {
  std::stop_source stop;
  const std::vector<PoolRun> runs = {short_run(0, 20), short_run(1, 1'000'000'000),
                                     short_run(2, 1'000'000'000)};
  std::set<std::size_t> ended;
  const Status status = train_all(runs, {.workers = 2, .stop = stop.get_token()},
                                  [&](std::size_t place, const Session& session) {
                                    ended.insert(place);
                                    EXPECT_EQ(session.status().stopped, place == 0 ? "steps" : "interrupted");
                                    stop.request_stop();
                                  });
  EXPECT_FALSE(status);
  EXPECT_TRUE(ended.contains(0));
  EXPECT_FALSE(ended.contains(2)) << "what had not begun never does";
}

TEST(RunPool, AnExceptionOnAWorkerIsAnErrorAndTheOthersGoOn) {
  const std::vector<PoolRun> runs = {short_run(0, 20), short_run(1, 20)};
  std::size_t ended = 0;
  const Status status = train_all(runs, {.workers = 1}, [&](std::size_t place, const Session&) {
    if (place == 0) throw std::bad_alloc();
    ++ended;
  });
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message.find("not enough memory"), std::string::npos) << status.error().message;
  EXPECT_EQ(ended, 1u);
}

TEST(RunPool, ARunThatCannotStartIsTold) {
  PoolRun run = short_run(0, 20);
  run.config.task.kind = "table";
  run.config.task.path = "/nowhere/at/all.csv";
  std::string error;
  EXPECT_TRUE(train_all(std::span(&run, 1), {},
                        [&](std::size_t, const Session& session) { error = session.status().error; }));
  EXPECT_NE(error.find("/nowhere/at/all.csv"), std::string::npos);
}

}  // namespace
}  // namespace grokscope

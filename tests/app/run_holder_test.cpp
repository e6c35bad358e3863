// The runs behind the window: started again at once, and while the disk of the one before does not answer.
#include "app/run_holder.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>

#include "base/tally.h"
#include "history/faulty_disk.h"
#include "history/scratch.h"

namespace grokscope {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

RunConfig endless_config() {
  RunConfig config;
  config.task.modulus = 11;
  config.model.width = 16;
  config.model.heads = 2;
  config.model.mlp_width = 32;
  config.train.steps = 1'000'000'000;
  return config;
}

/// While it is closed, nothing that a run writes gets through.
class Gate {
 public:
  explicit Gate(std::string folder)
      : disk_([this, folder = std::move(folder)](const std::string&, const std::string& path) {
          if (!path.starts_with(folder)) return 0;
          std::unique_lock lock(mutex_);
          changed_.wait(lock, [this] { return open_; });
          return 0;
        }) {}
  ~Gate() { set(true); }
  void set(bool open) {
    {
      const std::lock_guard lock(mutex_);
      open_ = open;
    }
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = true;  // guarded by mutex_
  FaultyDisk disk_;
};

class Holder : public ::testing::Test {
 protected:
  Holder() {
    setenv("XDG_DATA_HOME", scratch_.folder().c_str(), 1);
    TrainerOptions options;
    options.threads = 1;
    options.probes = false;
    files_.emplace("files", news_.adder());
    runs_.emplace(options, *files_, news_.adder());
  }
  ~Holder() override {
    runs_.reset();
    unsetenv("XDG_DATA_HOME");
  }
  void start() { ASSERT_TRUE(runs_->start(endless_config(), "", 0.0, {})); }
  template <typename Condition>
  void pump_until(Condition holds) {
    for (std::int64_t seen = news_.count(); !holds(); seen = news_.count()) {
      runs_->pump(1ms);
      if (!holds()) news_.wait_for(seen + 1);
    }
  }
  std::vector<std::string> folders() const {
    std::vector<std::string> found;
    const std::string runs = scratch_.folder() + "/grokscope/runs";
    if (!fs::exists(runs)) return found;
    for (const auto& entry : fs::directory_iterator(runs)) found.push_back(entry.path().string());
    return found;
  }

  const Scratch scratch_;
  Gate gate_{scratch_.folder()};
  Tally news_;
  std::optional<BackgroundWork> files_;
  std::optional<RunHolder> runs_;
};

TEST_F(Holder, RunsThatAreStartedAtOnceGetFoldersOfTheirOwn) {
  for (int i = 0; i < 3; ++i) {
    start();
    pump_until([&] { return !runs_->view().run_path.empty(); });
    EXPECT_EQ(runs_->view().status->error, "");
  }
  pump_until([&] { return runs_->view().status->step > 0; });
  runs_.reset();
  ASSERT_EQ(folders().size(), 3u);
  for (const std::string& folder : folders()) {
    const auto run = open_run(folder, false);
    ASSERT_TRUE(run) << run.error().message;
    ASSERT_FALSE(run->history.events().empty()) << folder;
    EXPECT_EQ(run->history.events().back().kind, "stopped");
  }
}

TEST_F(Holder, ARunThatIsStartedAgainKeepsItsNumberOfThreads) {
  TrainerOptions chosen_anew;
  chosen_anew.probes = false;
  runs_.emplace(chosen_anew, *files_, news_.adder());
  RunFacts facts = facts_from_settings(endless_config());
  facts.threads = 3;  // what no small step chooses on its own
  OpenedRun recorded{History(endless_config()), {}, {}, {}};
  recorded.history.learn(facts);
  const auto threads_of = [&](RunConfig config) {
    EXPECT_TRUE(runs_->start(config, "", 0.0, {}));
    pump_until([&] { return runs_->view().status->step > 0; });
    return runs_->view().facts->threads;
  };
  runs_->show_recorded(std::move(recorded), scratch_.folder() + "/recorded");
  RunConfig other_seed = endless_config();
  other_seed.seed = 7;
  EXPECT_EQ(threads_of(endless_config()), 3);
  EXPECT_EQ(threads_of(other_seed), 3);
  RunConfig wider = endless_config();
  wider.model.width = 32;
  EXPECT_NE(threads_of(wider), 3);
}

TEST_F(Holder, AStalledDiskHoldsNeitherWhatIsShownNorWhatIsStarted) {
  start();
  pump_until([&] { return runs_->view().status->step > 0 && !runs_->view().run_path.empty(); });
  const std::string first = runs_->view().run_path;
  gate_.set(false);
  start();  // the one before cannot bring its end to the disk; this one cannot even have a folder
  pump_until([&] { return runs_->view().history->last() != nullptr; });
  runs_->send(Pause{});
  pump_until([&] { return runs_->view().status->state == RunState::paused; });
  EXPECT_EQ(runs_->view().status->error, "");
  EXPECT_EQ(runs_->view().run_path, "");
  start();
  pump_until([&] { return runs_->view().history->last() != nullptr; });
  gate_.set(true);
  pump_until([&] { return !runs_->view().run_path.empty(); });
  runs_.reset();
  EXPECT_EQ(folders().size(), 3u);
  const auto run = open_run(first, false);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->history.events().back().kind, "stopped");
  EXPECT_EQ(run->checkpoint_steps.back(), run->history.last()->step);
}

}  // namespace
}  // namespace grokscope

// The run folder: written and read back, refused where it must not be made, mended, and honest about full
// disks.
#include "history/run_folder.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "history/run_values.h"
#include "history/step_files.h"
#include "scratch.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

void write_small_run(const std::string& path) {
  auto writer =
      RunFolderWriter::create(path, recorded_config(), {"0.1.0", "1.13", "OpenBLAS", "CPU", "now", 2});
  ASSERT_TRUE(writer) << writer.error().message;
  for (int i = 0; i < 5; ++i) (*writer)->write(evaluation(i * 10));
  Event event{20, "set", Json::object()};
  event.detail["field"] = "optimizer.weight_decay";
  event.detail["value"] = 0.5;
  (*writer)->write(event);
  (*writer)->write(frame("fourier", 0));
  (*writer)->write(frame("fourier", 40));
  (*writer)->write(Checkpoint{40, weights()});
  (*writer)->flush();
  EXPECT_TRUE((*writer)->status());
}

std::string mistake(const std::string& path) {
  const auto run = open_run(path, true);
  return run ? "no error" : run.error().message;
}

TEST(RunFolder, WrittenAndReadBack) {
  const Scratch scratch;
  const std::string path = scratch.path("deep/er/run");
  write_small_run(path);
  auto run = open_run(path, true);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->repairs.empty());
  EXPECT_EQ(run->history.evaluations().size(), 5u);
  EXPECT_EQ(run->history.last()->train_loss, 1.0 / 41.0);
  ASSERT_EQ(run->history.events().size(), 1u);
  EXPECT_EQ(run->history.events()[0].detail["value"], 0.5);
  EXPECT_EQ(run->history.config().seed, 5);
  EXPECT_EQ(run->provenance.torch_version, "1.13");
  EXPECT_EQ(run->history.frames("fourier").size(), 2u);
  EXPECT_EQ(run->history.series("fourier.gini")->size(), 2u);
  EXPECT_EQ(run->checkpoint_steps, std::vector<std::int64_t>{40});
  EXPECT_EQ(read_checkpoint(path, 40)->tensors.at("theta").bytes.size(), 8u);
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    EXPECT_EQ(entry.path().filename().string().find(".tmp"), std::string::npos) << entry.path();
  }
}

TEST(RunFolder, RefusesWhatIsTaken) {
  const Scratch scratch;
  write_small_run(scratch.path("run"));
  const std::string metrics = text_of_file(scratch.path("run/metrics.jsonl"));
  const auto again = RunFolderWriter::create(scratch.path("run"), recorded_config(), {});
  ASSERT_FALSE(again);
  EXPECT_EQ(
      again.error().message,
      "cannot make the run folder: it already holds a run; choose another name: " + scratch.path("run"));
  EXPECT_EQ(again.error().exit_code(), 2);
  EXPECT_EQ(text_of_file(scratch.path("run/metrics.jsonl")), metrics);

  write_text(scratch.path("file"), "x");
  EXPECT_EQ(RunFolderWriter::create(scratch.path("file"), recorded_config(), {}).error().message,
            "cannot make the run folder: a file of that name is in the way: " + scratch.path("file"));
  fs::create_directory(scratch.path("full"));
  write_text(scratch.path("full/thesis.txt"), "x");
  EXPECT_EQ(
      RunFolderWriter::create(scratch.path("full"), recorded_config(), {}).error().message,
      "cannot make the run folder: it exists and is not empty; choose another name: " + scratch.path("full"));
  EXPECT_TRUE(fs::exists(scratch.path("full/thesis.txt")));
  fs::create_directory(scratch.path("empty"));
  EXPECT_TRUE(RunFolderWriter::create(scratch.path("empty/"), recorded_config(), {}));
  EXPECT_FALSE(RunFolderWriter::create("", recorded_config(), {}));
}

/// Runs `body` in a child whose files cannot grow beyond `limit_bytes`; returns its exit code.
template <typename Body>
int exit_code_with_file_limit(rlim_t limit_bytes, Body body) {
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{limit_bytes, limit_bytes};
    setrlimit(RLIMIT_FSIZE, &limit);
    _exit(body());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

TEST(RunFolder, CreateThatCannotWriteLeavesNothingBehind) {
  const Scratch scratch;
  EXPECT_EQ(exit_code_with_file_limit(
                0,
                [&] {
                  const auto writer = RunFolderWriter::create(scratch.path("a/b/run"), recorded_config(), {});
                  return writer ? 1 : writer.error().message.find("cannot write the file") == 0 ? 0 : 2;
                }),
            0);
  EXPECT_TRUE(scratch.empty()) << "parents that were made are removed too";
  fs::create_directory(scratch.path("mine"));
  EXPECT_EQ(
      exit_code_with_file_limit(
          0, [&] { return RunFolderWriter::create(scratch.path("mine"), recorded_config(), {}) ? 1 : 0; }),
      0);
  EXPECT_TRUE(fs::is_empty(scratch.path("mine"))) << "a folder that was there stays, empty as before";
}

TEST(RunFolder, CreateInAReadOnlyFolderFails) {
  const Scratch scratch;
  using fs::perms;
  fs::permissions(scratch.folder(),
                  perms::owner_read | perms::owner_exec | perms::others_read | perms::others_exec);
  constexpr uid_t kNobody = 65534;  // the superuser may write everywhere, so the child becomes somebody else
  const int code = exit_code_with_file_limit(RLIM_INFINITY, [&] {
    if (geteuid() == 0 && setuid(kNobody) != 0) return 3;
    const auto writer = RunFolderWriter::create(scratch.path("run"), recorded_config(), {});
    const std::string message = "cannot make the run folder: Permission denied: " + scratch.path("run");
    return writer ? 1 : writer.error().message == message ? 0 : 2;
  });
  fs::permissions(scratch.folder(), perms::owner_all);
  EXPECT_EQ(code, 0);
  EXPECT_TRUE(scratch.empty());
}

TEST(RunFolder, ThatCannotExistIsRefused) {
  const auto writer = RunFolderWriter::create("/proc/no/run", recorded_config(), {});
  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().message.find("cannot make the run folder: "), 0u) << writer.error().message;
}

TEST(RunFolder, AFileThatMayNotGrowEndsTheRecordWithWholeLines) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  EXPECT_EQ(exit_code_with_file_limit(
                8192,
                [&] {
                  auto writer = RunFolderWriter::create(path, recorded_config(), {});
                  if (!writer) return 1;
                  for (int i = 0; i < 500; ++i) (*writer)->write(evaluation(i));
                  (*writer)->flush();
                  const Status status = (*writer)->status();
                  if (status) return 2;
                  (*writer)->write(
                      Event{500, "pause", Json::object()});  // room for this one, but nothing more is written
                  (*writer)->flush();
                  const bool same_error = (*writer)->status().error().message == status.error().message;
                  const std::string said =
                      "cannot append to the file: File too large: " + path + "/metrics.jsonl";
                  return same_error && status.error().message == said ? 0 : 3;
                }),
            0);
  const std::string metrics = text_of_file(path + "/metrics.jsonl");
  EXPECT_GT(metrics.size(), 7000u);
  EXPECT_EQ(metrics.back(), '\n');
  EXPECT_EQ(text_of_file(path + "/events.jsonl"), "");
  const auto run = open_run(path, true);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->repairs.empty()) << run->repairs[0];
  EXPECT_GT(run->history.evaluations().size(), 10u);
}

TEST(RunFolder, TornLastLinesAreMendedOnDiskOnlyWhenAsked) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  write_small_run(path);
  const std::string metrics = text_of_file(path + "/metrics.jsonl"),
                    events = text_of_file(path + "/events.jsonl");
  write_text(path + "/metrics.jsonl", metrics + "{\"step\":50,\"train_lo");
  write_text(path + "/events.jsonl", events + std::string(100, '\0'));

  const auto looked = open_run(path, false);
  ASSERT_TRUE(looked);
  EXPECT_EQ(looked->repairs, (std::vector<std::string>{"dropped a torn last line of metrics.jsonl (line 6)",
                                                       "dropped a torn last line of events.jsonl (line 2)"}));
  EXPECT_NE(text_of_file(path + "/metrics.jsonl"), metrics);
  const auto mended = open_run(path, true);
  ASSERT_TRUE(mended);
  EXPECT_EQ(mended->history.evaluations().size(), 5u);
  EXPECT_EQ(text_of_file(path + "/metrics.jsonl"), metrics);
  EXPECT_EQ(text_of_file(path + "/events.jsonl"), events);
  EXPECT_TRUE(open_run(path, true)->repairs.empty());
}

TEST(RunFolder, DamageThatIsNotTheLastLineIsAnErrorAndTouchesNothing) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  write_small_run(path);
  std::string metrics = text_of_file(path + "/metrics.jsonl");
  metrics[metrics.find("\n{\"step\":20") + 3] = '\x01';
  metrics += "{\"torn";
  write_text(path + "/metrics.jsonl", metrics);
  EXPECT_EQ(mistake(path).find("damaged line 3 of metrics.jsonl: "), 0u) << mistake(path);
  EXPECT_EQ(text_of_file(path + "/metrics.jsonl"), metrics);
}

TEST(RunFolder, MissingMetricsAreAnEmptyRunAndAMissingConfigIsNoRun) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  write_small_run(path);
  fs::remove(path + "/metrics.jsonl");
  fs::remove(path + "/events.jsonl");
  fs::remove_all(path + "/frames");
  fs::remove_all(path + "/checkpoints");
  const auto run = open_run(path, true);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_TRUE(run->history.evaluations().empty());
  write_text(path + "/config.json", "{\"schema\":");
  EXPECT_EQ(mistake(path).find("damaged config.json: not valid JSON at line 1"), 0u) << mistake(path);
  fs::remove(path + "/config.json");
  EXPECT_EQ(mistake(path), "cannot open the run: the folder holds no config.json: " + path);
  EXPECT_EQ(mistake(scratch.path("absent")),
            "cannot open the run: there is no such folder: " + scratch.path("absent"));
}

TEST(RunFolder, DamagedFramesAndCheckpointsAreLeftOutAndNamed) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  write_small_run(path);
  const std::string frame_path = path + "/frames/fourier/" + step_file_name(40);
  fs::resize_file(frame_path, fs::file_size(frame_path) - 1);
  fs::copy_file(path + "/frames/fourier/" + step_file_name(0),
                path + "/frames/fourier/" + step_file_name(10));
  const std::string checkpoint = checkpoint_path(path, 40);
  fs::copy_file(checkpoint, checkpoint_path(path, 50));
  fs::resize_file(checkpoint, fs::file_size(checkpoint) - 1);
  write_text(path + "/checkpoints/.step_00000060.safetensors.1.1.tmp", "half");

  const auto run = open_run(path, true);
  ASSERT_TRUE(run) << run.error().message;
  EXPECT_EQ(run->history.frames("fourier").size(), 1u);
  EXPECT_EQ(run->checkpoint_steps, std::vector<std::int64_t>{50});
  EXPECT_EQ(run->repairs,
            (std::vector<std::string>{
                "left out 2 frames; the first: damaged frame: its probe or step is not that of its name: " +
                    path + "/frames/fourier/" + step_file_name(10),
                "left out a checkpoint: damaged safetensors file: it ends inside its data: " + checkpoint}));
  EXPECT_EQ(read_checkpoint(path, 40).error().message,
            "damaged safetensors file: it ends inside its data: " + checkpoint);
  EXPECT_EQ(read_checkpoint(path, 7).error().message,
            "the run has no checkpoint of step 7: " + checkpoint_path(path, 7));
}

TEST(RunFolder, ProbeNamesCannotLeaveTheFolder) {
  const Scratch scratch;
  auto writer = RunFolderWriter::create(scratch.path("run"), recorded_config(), {});
  ASSERT_TRUE(writer);
  (*writer)->write(frame("../../escape", 0));
  (*writer)->flush();
  EXPECT_EQ((*writer)->report().lost_because, "cannot write the frame of a probe named '../../escape'");
  EXPECT_EQ(text_of_file(scratch.path("run/scalars.jsonl")), "");
  EXPECT_FALSE(fs::exists(scratch.path("escape")));
}

TEST(RunFolder, ANewRunIsNamedAfterItsTimeItsPresetAndItsSeed) {
  const Scratch scratch;
  setenv("XDG_DATA_HOME", scratch.folder().c_str(), 1);
  RunConfig c = recorded_config();
  c.preset = "a/../b";
  const auto writer = RunFolderWriter::create(c, {}, {});
  unsetenv("XDG_DATA_HOME");
  ASSERT_TRUE(writer) << writer.error().message;
  const std::string path = (*writer)->path();
  EXPECT_EQ(path.find(scratch.folder() + "/grokscope/runs/20"), 0u) << path;
  EXPECT_NE(path.find("Z-a----b-seed5"), std::string::npos) << path;
}

/// A child writes as fast as it can; the parent kills it at some moment.
void write_until_killed(const std::string& path, int ready, std::int64_t ready_at) {
  RunConfig config = recorded_config();
  config.train.steps = 1'000'000'000;
  auto writer = RunFolderWriter::create(path, config, {});
  if (!writer) _exit(1);
  for (std::int64_t step = 0;; ++step) {
    if (step == ready_at) {
      (*writer)->flush();  // so many lines are there, whatever the machine is doing
      if (write(ready, "x", 1) != 1) _exit(2);
    }
    (*writer)->write(evaluation(step));
    if (step % 7 == 0) (*writer)->write(Event{step, "note", Json{{"text", "n"}}});
    if (step % 50 == 0) (*writer)->write(frame("fourier", step));
    if (step % 100 == 0) (*writer)->write(Checkpoint{step, weights()});
  }
}

TEST(RunFolder, SurvivesBeingKilledAtAnyMoment) {
  std::size_t evaluations = 0;
  for (int round = 0; round < 20; ++round) {
    const Scratch scratch;
    const std::string path = scratch.path("run");
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(path, ends[1], round * round * 23);
    close(ends[1]);
    char byte;
    ASSERT_EQ(read(ends[0], &byte, 1), 1);
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[0]);

    const std::string before = text_of_file(path + "/metrics.jsonl");
    const auto run = open_run(path, true);
    ASSERT_TRUE(run) << "round " << round << ": " << run.error().message;
    const std::string after = text_of_file(path + "/metrics.jsonl");
    EXPECT_EQ(before.find(after), 0u);
    const auto breaks = static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
    EXPECT_EQ(run->history.evaluations().size(), breaks)
        << "every whole line counts, at most the last is lost";
    for (std::size_t i = 0; i < breaks; ++i)
      ASSERT_EQ(run->history.evaluations()[i].step, static_cast<std::int64_t>(i));
    for (const std::int64_t step : run->checkpoint_steps) EXPECT_TRUE(read_checkpoint(path, step));
    const auto again = open_run(path, true);
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->repairs.empty()) << again->repairs[0];
    evaluations += breaks;
  }
  EXPECT_GT(evaluations, 20'000u)
      << "the children were killed before they wrote anything: the test shows nothing";
}

}  // namespace
}  // namespace grokscope

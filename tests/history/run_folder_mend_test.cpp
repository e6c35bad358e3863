// A run folder that is about to be written again.
#include "history/run_folder_mend.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "history/run_folder.h"
#include "history/run_values.h"
#include "history/step_files.h"
#include "scratch.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

std::string dead_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  waitpid(child, nullptr, 0);
  return std::to_string(child);
}

void write_run(const std::string& path) {
  auto writer = RunFolderWriter::create(path, recorded_config(), {});
  ASSERT_TRUE(writer) << writer.error().message;
  (*writer)->write(evaluation(0));
  (*writer)->write(frame("fourier", 0));
  (*writer)->write(frame("fourier", 10));
  (*writer)->write(Checkpoint{10, weights()});
  (*writer)->flush();
}

TEST(MendRun, RemovesTheTemporaryFilesOfKilledProgramsAndNothingElse) {
  const Scratch scratch;
  const std::string path = scratch.path("run"), dead = dead_process();
  write_run(path);
  const std::vector<std::string> left_behind = {
      path + "/.config.json." + dead + ".1.tmp",
      path + "/.snapshot.json." + dead + ".12.tmp",
      path + "/checkpoints/.step_00000020.safetensors." + dead + ".3.tmp",
      path + "/frames/fourier/.step_00000020.safetensors." + dead + ".4.tmp",
  };
  const std::vector<std::string> foreign = {
      path + "/.config.json." + std::to_string(getpid()) + ".1.tmp",  // of a program that runs
      path + "/.thesis.tex." + dead + ".1.tmp",
      path + "/.config.json." + dead + "x.1.tmp",
      path + "/config.json." + dead + ".1.tmp",
      path + "/notes.tmp",
  };
  for (const auto& names : {left_behind, foreign}) {
    for (const std::string& name : names) write_text(name, "half");
  }
  write_text(scratch.path("outside"), "x");
  fs::create_symlink(scratch.path("outside"), path + "/.facts.json." + dead + ".1.tmp");
  const auto mended = mend_run(path);
  ASSERT_TRUE(mended) << mended.error().message;
  EXPECT_EQ(*mended, std::vector<std::string>{"removed temporary files of a program that was killed: 4"});
  for (const std::string& name : left_behind) EXPECT_FALSE(fs::exists(name)) << name;
  for (const std::string& name : foreign) EXPECT_TRUE(fs::exists(name)) << name;
  EXPECT_TRUE(fs::is_symlink(path + "/.facts.json." + dead + ".1.tmp"));
  EXPECT_EQ(text_of_file(scratch.path("outside")), "x");
  EXPECT_TRUE(mend_run(path)->empty());
}

TEST(MendRun, ChangesNothingThroughALink) {
  const Scratch scratch;
  const std::string path = scratch.path("run"), elsewhere = scratch.path("elsewhere");
  write_run(path);
  fs::rename(path + "/checkpoints", elsewhere);
  fs::create_directory_symlink(elsewhere, path + "/checkpoints");
  const std::string checkpoint = elsewhere + "/" + step_file_name(10);
  fs::resize_file(checkpoint, 1);
  const std::string temporary = elsewhere + "/.step_00000020.safetensors." + dead_process() + ".3.tmp";
  write_text(temporary, "half");
  const auto mended = mend_run(path);
  ASSERT_TRUE(mended) << mended.error().message;
  EXPECT_TRUE(mended->empty());
  EXPECT_TRUE(fs::exists(checkpoint));
  EXPECT_TRUE(fs::exists(temporary));
}

TEST(MendRun, CutsTornLinesAndSetsDamagedFilesAside) {
  const Scratch scratch;
  const std::string path = scratch.path("run");
  write_run(path);
  const std::string metrics = text_of_file(path + "/metrics.jsonl");
  write_text(path + "/metrics.jsonl", metrics + "{\"step\":5");
  const std::string frame_file = path + "/frames/fourier/" + step_file_name(10);
  const std::string checkpoint = checkpoint_path(path, 10);
  for (const std::string& file : {frame_file, checkpoint}) fs::resize_file(file, fs::file_size(file) - 1);
  const auto mended = mend_run(path);
  ASSERT_TRUE(mended) << mended.error().message;
  EXPECT_EQ(*mended,
            (std::vector<std::string>{"dropped a torn last line of metrics.jsonl (line 2)",
                                      "set a damaged frame aside: " + frame_file + ".damaged",
                                      "set a damaged checkpoint aside: " + checkpoint + ".damaged"}));
  EXPECT_EQ(text_of_file(path + "/metrics.jsonl"), metrics);
  const auto run = open_run(path, false);
  ASSERT_TRUE(run);
  EXPECT_TRUE(run->repairs.empty()) << run->repairs[0];
  EXPECT_TRUE(fs::exists(checkpoint + ".damaged")) << "nothing is thrown away";
}

}  // namespace
}  // namespace grokscope

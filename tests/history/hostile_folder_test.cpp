// Run folders that were made to do harm: links out of the folder, files that never end, claims of gigabytes,
// counts that no run has. Each is one sentence before anything large is read.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "history/run_files.h"
#include "history/run_folder.h"
#include "history/run_text.h"
#include "history/step_files.h"
#include "scratch.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

std::string metrics_line(std::int64_t step) {
  Evaluation e;
  e.step = step;
  return line_from_evaluation(e) + "\n";
}

Frame frame_of_step(std::int64_t step) {
  Frame frame;
  frame.probe = "fourier";
  frame.step = step;
  frame.scalars["gini"] = 0.5;
  return frame;
}

/// A run with three evaluations and one frame.
class HostileFolder : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(run + "/frames/fourier");
    fs::create_directories(run + "/checkpoints");
    fs::create_directories(elsewhere);
    write_text(run + "/config.json", text_from_config_file({RunConfig{}, {}}));
    write_text(run + "/metrics.jsonl", metrics_line(0) + metrics_line(10) + metrics_line(20));
    write_text(run + "/events.jsonl", "");
    ASSERT_TRUE(write_frame(run, frame_of_step(10)));
    ASSERT_TRUE(open_run(run, false));
  }

  std::string refusal() const {
    const auto opened = open_run(run, false);
    return opened ? "opened" : opened.error().message;
  }
  void move_away_and_link(const std::string& name) {
    fs::rename(run + "/" + name, elsewhere + "/moved");
    fs::create_symlink(elsewhere + "/moved", run + "/" + name);
  }

  const Scratch scratch;
  const std::string run = scratch.path("run"), elsewhere = scratch.path("elsewhere");
};

TEST_F(HostileFolder, NothingIsReadThroughALink) {
  for (const std::string name : {"config.json", "metrics.jsonl", "events.jsonl", "frames", "checkpoints",
                                 "frames/fourier", "frames/fourier/step_00000010.safetensors"}) {
    if (name == "checkpoints") continue;  // told, not refused: see below
    move_away_and_link(name);
    EXPECT_EQ(refusal(), "a run is not read or written through links, and this is one: " + run + "/" + name);
    fs::remove(run + "/" + name);
    fs::rename(elsewhere + "/moved", run + "/" + name);
    EXPECT_EQ(refusal(), "opened");
  }
}

TEST_F(HostileFolder, LinkedCheckpointsAreNotListedAndTold) {
  TensorFile weights;
  weights.tensors["w"] = {ScalarType::u8, {1}, {1}};
  ASSERT_TRUE(write_tensor_file(checkpoint_path(run, 10), weights));
  EXPECT_EQ(complete_checkpoints(run).size(), 1u);
  move_away_and_link("checkpoints");
  const auto opened = open_run(run, false);
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->checkpoint_steps.empty());
  ASSERT_EQ(opened->repairs.size(), 1u);
  EXPECT_NE(opened->repairs[0].find("through links"), std::string::npos);
  EXPECT_FALSE(read_checkpoint(run, 10));
}

TEST_F(HostileFolder, TheFolderItselfMayBeNamedThroughALink) {
  fs::create_symlink(run, scratch.path("latest"));
  EXPECT_TRUE(open_run(scratch.path("latest"), false));
}

TEST_F(HostileFolder, NothingIsWrittenThroughALink) {
  write_text(elsewhere + "/victim", "precious");
  fs::create_symlink(elsewhere + "/victim", run + "/snapshot.json");
  EXPECT_FALSE(write_run_file(run, "snapshot.json", "{}"));
  fs::create_directories(run + "/frames/landscape");
  fs::create_symlink(elsewhere + "/victim", run + "/frames/landscape/" + step_file_name(0));
  Frame landscape;
  landscape.probe = "landscape";
  EXPECT_FALSE(write_frame(run, landscape));
  EXPECT_EQ(text_of_file(elsewhere + "/victim"), "precious");

  fs::remove_all(run + "/frames");
  fs::create_symlink(elsewhere, run + "/frames");
  EXPECT_FALSE(write_frame(run, landscape));
  EXPECT_FALSE(fs::exists(elsewhere + "/landscape"));
  EXPECT_FALSE(write_run_file(run, "../elsewhere/victim", "x"));
}

TEST_F(HostileFolder, WhatIsWrittenIsThereAndNothingElse) {
  ASSERT_TRUE(write_run_file(run, "snapshot.json", "old"));
  ASSERT_TRUE(write_run_file(run, "snapshot.json", "new"));
  EXPECT_EQ(text_of_file(run + "/snapshot.json"), "new");
  const auto names = RunFiles::open(run)->names_in(".");
  EXPECT_FALSE(names);  // "." is no name within a run
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(run)) count += entry.exists() ? 1 : 0;
  EXPECT_EQ(count, 6u);
}

TEST_F(HostileFolder, PipesAndFoldersInPlaceOfFilesAreOneError) {
  for (const std::string name : {"config.json", "metrics.jsonl", "events.jsonl"}) {
    const std::string content = text_of_file(run + "/" + name);
    fs::remove(run + "/" + name);
    ASSERT_EQ(mkfifo((run + "/" + name).c_str(), 0600), 0);
    EXPECT_NE(refusal().find("it is a pipe (FIFO), not an ordinary file"), std::string::npos) << refusal();
    fs::remove(run + "/" + name);
    fs::create_directory(run + "/" + name);
    EXPECT_NE(refusal().find("it is a folder"), std::string::npos) << refusal();
    fs::remove(run + "/" + name);
    write_text(run + "/" + name, content);
  }
  fs::remove_all(run + "/frames");
  write_text(run + "/frames", "");
  EXPECT_EQ(refusal(), "in a run this must be a folder, and it is something else: " + run + "/frames");
}

TEST_F(HostileFolder, FilesThatClaimGigabytesAreRefusedByTheirLength) {
  fs::resize_file(run + "/metrics.jsonl", std::uintmax_t{1} << 40);
  EXPECT_NE(refusal().find("larger than the limit"), std::string::npos) << refusal();
  write_text(run + "/metrics.jsonl", metrics_line(0));
  fs::resize_file(run + "/events.jsonl", std::uintmax_t{1} << 40);
  EXPECT_NE(refusal().find("larger than the limit"), std::string::npos) << refusal();
}

TEST_F(HostileFolder, ALineThatNeverEndsIsRefused) {
  for (const std::string name : {"metrics.jsonl", "events.jsonl", "scalars.jsonl"}) {
    const std::string before = fs::exists(run + "/" + name) ? text_of_file(run + "/" + name) : std::string();
    write_text(run + "/" + name, before);
    fs::resize_file(run + "/" + name, std::uintmax_t{50} << 20);
    EXPECT_EQ(refusal(),
              "the file is damaged: a line of it is longer than 1048576 bytes: " + run + "/" + name);
    write_text(run + "/" + name, before);
  }
}

TEST_F(HostileFolder, MoreKeysAndNumbersThanThereAreAreRefused) {
  std::string keys, numbers;
  for (int i = 0; i < 1001; ++i) {
    keys += ",\"k" + std::to_string(i) + "\":1";
    numbers += (i == 0 ? "\"s" : ",\"s") + std::to_string(i) + "\":1";
  }
  const std::string good = text_of_file(run + "/events.jsonl");
  write_text(run + "/events.jsonl",
             "{\"step\":1,\"kind\":\"x\"" + keys + "}\n{\"step\":1,\"kind\":\"pause\"}\n");
  EXPECT_NE(refusal().find("has more than 256 keys, more than an event has"), std::string::npos) << refusal();
  write_text(run + "/events.jsonl", good);
  const std::string look = "{\"step\":1,\"probe\":\"fourier\",\"scalars\":{" + numbers + "}}\n";
  write_text(run + "/scalars.jsonl", look + look);
  EXPECT_NE(refusal().find("it has more than 1000 numbers, more than a look has"), std::string::npos)
      << refusal();
}

TEST_F(HostileFolder, MoreEventsThanARunHasAreCountedBeforeTheyAreRead) {
  std::string events;
  for (std::size_t i = 0; i <= kMostEvents; ++i) events += "{\"step\":1,\"kind\":\"pause\"}\n";
  write_text(run + "/events.jsonl", events);
  EXPECT_EQ(refusal(), "there are more than 200000 lines, more than a run has: " + run + "/events.jsonl");
}

TEST_F(HostileFolder, SparseFramesStayWithinTheBytesOfAllTogether) {
  // 40 frames that each claim 32 MiB of zeros: 1.25 GiB, of which a fifth is believed.
  for (int step = 0; step < 40; ++step) {
    const std::uint64_t floats = std::uint64_t{8} << 20;
    std::string text =
        "{\"__metadata__\":{\"schema\":\"grokscope.frame/1\",\"probe\":\"fourier\",\"step\":\"" +
        std::to_string(step) +
        "\",\"scalars\":\"{}\",\"texts\":\"{}\"},\"zeros\":{\"dtype\":\"F32\",\"shape\":[" +
        std::to_string(floats) + "],\"data_offsets\":[0," + std::to_string(4 * floats) + "]}}";
    std::string bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
      bytes[static_cast<std::size_t>(i)] = static_cast<char>(text.size() >> (8 * i));
    const std::string path = run + "/frames/fourier/" + step_file_name(step);
    write_text(path, bytes + text);
    fs::resize_file(path, bytes.size() + text.size() + 4 * floats);
  }
  const auto opened = open_run(run, false);
  ASSERT_TRUE(opened) << opened.error().message;
  std::size_t kept = 0;
  for (const FramePtr& frame : opened->history.frames("fourier"))
    kept += frame->arrays.at("zeros").values.size() * sizeof(float);
  EXPECT_GT(kept, 0u);
  EXPECT_LE(kept, std::size_t{128} << 20);
  EXPECT_EQ(opened->history.frames("fourier").back()->step, 39);
}

TEST_F(HostileFolder, ThousandsOfNamesOfNumbersAreRefused) {
  Frame frame = frame_of_step(20);
  for (int i = 0; i < 1000; ++i) frame.scalars["s" + std::to_string(i)] = 1.0;
  ASSERT_TRUE(write_frame(run, frame));
  EXPECT_EQ(refusal(), "the run names more than 1000 numbers of probes, more than there are: " + run);
}

TEST_F(HostileFolder, StepsBeyondTheEndOfTheRunAreRefused) {
  write_text(run + "/metrics.jsonl", metrics_line(0) + metrics_line(std::int64_t{1} << 53));
  EXPECT_NE(refusal().find("its settings end it at step"), std::string::npos) << refusal();
  write_text(run + "/metrics.jsonl", metrics_line(0));
  write_text(run + "/events.jsonl", "{\"step\":9007199254740992,\"kind\":\"pause\"}\n");
  EXPECT_NE(refusal().find("its settings end it at step"), std::string::npos) << refusal();
}

TEST_F(HostileFolder, MoreThreadsThanTheOptionTakesAreRefused) {
  Provenance made_by;
  made_by.threads = 257;
  write_text(run + "/config.json", text_from_config_file({RunConfig{}, made_by}));
  EXPECT_NE(refusal().find("\"made_by.threads\" is more than 256"), std::string::npos) << refusal();
}

}  // namespace
}  // namespace grokscope

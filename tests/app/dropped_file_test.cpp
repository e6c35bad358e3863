// What becomes of each kind of file that is dropped on the window or opened by its path.
#include "app/dropped_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/look_around.h"
#include "base/files.h"
#include "config/config_json.h"
#include "history/run_folder.h"
#include "history/scratch.h"
#include "ui/synthetic_run.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

class Dropped : public ::testing::Test {
 protected:
  Dropped() : history_(testing::synthetic_run(300)), run_(scratch_.path("run")) {
    auto writer = RunFolderWriter::create(run_, history_.config(), {}, testing::synthetic_facts());
    EXPECT_TRUE(writer) << writer.error().message;
    for (const Evaluation& evaluation : history_.evaluations()) (*writer)->write(evaluation);
    for (const Event& event : history_.events()) (*writer)->write(event);
    (*writer)->write(history_.latest_at("fourier", 300));
    TensorFile weights;
    StoredTensor flat;
    flat.shape = {1};
    flat.bytes.resize(4);
    weights.tensors["flat"] = flat;
    (*writer)->write(Checkpoint{200, weights});
    (*writer)->flush();
  }
  RunView view() const {
    return {.history = &history_, .config = &history_.config(), .status = &status_, .live = false};
  }
  std::string write(const std::string& name, const std::string& text) const {
    write_text(scratch_.path(name), text);
    return scratch_.path(name);
  }
  template <typename Kind>
  Kind opened(const std::string& path) const {
    auto file = read_dropped(path);
    EXPECT_TRUE(file) << file.error().message;
    Kind* found = file ? std::get_if<Kind>(&*file) : nullptr;
    EXPECT_NE(found, nullptr) << "it is taken for something else: " << path;
    if (found == nullptr) std::abort();
    return std::move(*found);
  }
  std::string said(const std::string& path) const {
    const auto file = read_dropped(path);
    EXPECT_FALSE(file) << path;
    return file ? "" : file.error().message;
  }

  Scratch scratch_;
  History history_;
  std::string run_;
  SessionStatus status_;
};

TEST_F(Dropped, EveryFileOfARunFolderShowsTheRun) {
  EXPECT_EQ(opened<RecordedRun>(run_).run.history.last()->step, 300);
  EXPECT_EQ(opened<RecordedRun>(run_ + "/").path, run_);
  for (const char* name :
       {"/metrics.jsonl", "/events.jsonl", "/facts.json", "/checkpoints", "/frames/fourier"})
    EXPECT_EQ(opened<RecordedRun>(run_ + name).run.history.evaluations().size(),
              history_.evaluations().size())
        << name;
  const RecordedRun at = opened<RecordedRun>(checkpoint_path(run_, 200));
  EXPECT_EQ(at.step, 200);
  EXPECT_EQ(at.path, run_);
}

TEST_F(Dropped, ASnapshotShowsItsRunAtItsStepOrMakesItAgain) {
  const std::string text = run_snapshot_text(view(), 150, "2026-01-01T00:00:00Z");
  write_text(run_ + "/snapshot.json", text);
  const RecordedRun there = opened<RecordedRun>(run_ + "/snapshot.json");
  EXPECT_EQ(there.step, 150);
  const ReopenedPicture alone = opened<ReopenedPicture>(write("sent.json", text));
  EXPECT_EQ(alone.config.seed, history_.config().seed);
  EXPECT_EQ(alone.events.size(), 1u);
}

TEST_F(Dropped, AnSvgCarriesItsRun) {
  const auto svg = picture_bytes(view(), ViewState{}, {1280, 720, 1.0f, "", ""}, PictureFormat::svg);
  ASSERT_TRUE(svg);
  const ReopenedPicture picture = opened<ReopenedPicture>(write("picture.SVG", *svg));
  EXPECT_EQ(text_from_json(json_from_config(picture.config)),
            text_from_json(json_from_config(history_.config())));
  EXPECT_EQ(picture.events.size(), 1u);
  EXPECT_NE(said(write("other.svg", "<svg></svg>")).find("carries no run"), std::string::npos);
}

TEST_F(Dropped, SettingsStartARun) {
  RunConfig config = history_.config();
  config.train.steps = 77;
  const std::string path = write("mine.json", text_from_json(json_from_config(config)));
  EXPECT_EQ(opened<RunConfig>(path).train.steps, 77);
  EXPECT_EQ(opened<RunConfig>("quickstart").preset, "quickstart");
}

TEST_F(Dropped, ATableIsATask) {
  const RunConfig config = opened<RunConfig>(write("mine.csv", "a,b,answer\n0,1,1\n1,0,1\n"));
  EXPECT_EQ(config.task.kind, "table");
  EXPECT_EQ(config.task.path, scratch_.path("mine.csv"));
  EXPECT_TRUE(validate(config));
  EXPECT_NE(said(write("exported.csv", "elapsed_s,step,train_loss\n0,0,1\n")).find("folder of the run"),
            std::string::npos);
}

TEST_F(Dropped, WhatItDoesNotOpenIsToldWhatItIs) {
  EXPECT_NE(said(write("events.jsonl", "{}\n")).find("--events"), std::string::npos);
  EXPECT_NE(said(write("step_00000010.safetensors", "x")).find("folder of the run"), std::string::npos);
  EXPECT_NE(said(write("plan.json", "{\"base\":\"quickstart\",\"axes\":[]}")).find("sweep"),
            std::string::npos);
  EXPECT_NE(said(write("song.mp3", "x")).find("opens run folders"), std::string::npos);
  EXPECT_NE(said(scratch_.folder()).find("holds no run"), std::string::npos);
  EXPECT_NE(said("/nowhere/at/all").find("no such file"), std::string::npos);
  for (const char* name : {"empty.json", "empty.png", "empty.svg", "empty.csv", "empty.jsonl"}) {
    const auto file = read_dropped(write(name, ""));
    EXPECT_TRUE(file || !file.error().message.empty()) << name;
  }
}

TEST_F(Dropped, TheHomeFolderMayBeATilde) {
  const char* before = std::getenv("HOME");
  const std::string home = before == nullptr ? "" : before;
  ::setenv("HOME", scratch_.folder().c_str(), 1);
  EXPECT_EQ(opened<RecordedRun>("~/run").path, run_);
  const auto seen = look_around("~/", {{run_}, {"/nowhere"}, {scratch_.folder()}});
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->names, std::vector<std::string>{"run/"});
  ASSERT_EQ(seen->recent.size(), 3u);
  EXPECT_TRUE(seen->recent[0].there);
  EXPECT_EQ(seen->recent[0].label, "quickstart, seed 0, to step 300");
  EXPECT_FALSE(seen->recent[1].there);
  EXPECT_FALSE(seen->recent[2].there) << "a folder, but no run";
  if (!home.empty()) ::setenv("HOME", home.c_str(), 1);
}

}  // namespace
}  // namespace grokscope

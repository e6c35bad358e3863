// What belongs to the record of a run, by whichever name it is reached.
#include "history/record_files.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "scratch.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

TEST(RecordFiles, AreFoundByEveryName) {
  const Scratch scratch;
  const std::string run = fs::canonical(fs::path(scratch.path("run")).parent_path()).string() + "/run";
  fs::create_directories(run + "/frames/fourier");
  for (const char* name : {"config.json", "metrics.jsonl", "events.jsonl"})
    std::ofstream(run + "/" + name) << "{}";
  for (const char* name : {"/metrics.jsonl", "/config.json", "/frames/fourier/step_00000001.safetensors",
                           "/checkpoints/step_00000001.safetensors", "/frames", "/./frames/../metrics.jsonl"})
    EXPECT_EQ(record_that_holds(run + name), run) << name;
  fs::create_symlink(run + "/metrics.jsonl", scratch.path("link"));
  EXPECT_EQ(record_that_holds(scratch.path("link")), run);
  fs::create_symlink(run, scratch.path("other-name"));
  EXPECT_EQ(record_that_holds(scratch.path("other-name/events.jsonl")), run);
}

TEST(RecordFiles, OtherFilesBelongToNone) {
  const Scratch scratch;
  const std::string run = scratch.path("run");
  fs::create_directories(run);
  EXPECT_EQ(record_that_holds(run + "/metrics.jsonl"), "") << "no run yet";
  for (const char* name : {"config.json", "metrics.jsonl"}) std::ofstream(run + "/" + name) << "{}";
  EXPECT_EQ(record_that_holds(run + "/snapshot.json"), "");
  EXPECT_EQ(record_that_holds(run + "/pictures/metrics.jsonl"), "");
  EXPECT_EQ(record_that_holds(scratch.path("metrics.jsonl")), "");
  EXPECT_EQ(record_that_holds("/dev/null"), "");
}

}  // namespace
}  // namespace grokscope

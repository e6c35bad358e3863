// Outcomes, their keys, their lines, shards and claims. Trains nothing.
#include "sweep/outcome.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "config/presets.h"
#include "sweep/outcome_key.h"
#include "sweep/outcome_shard.h"
#include "sweep/outcome_store.h"
#include "sweep/run_claims.h"

namespace grokscope {
namespace {

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "grokscope-sweep-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

std::string key_of(int number) {
  char key[33];
  std::snprintf(key, sizeof key, "%032d", number);
  return key;
}

std::string outcome_key(const RunConfig& config, const std::string& until, const std::string& data) {
  PlannedRun run;
  run.until = until;
  run.config = config;
  return grokscope::outcome_key(run, data);
}

Outcome outcome_with(const std::string& key) {
  Outcome outcome;
  outcome.key = key;
  outcome.stopped = "until";
  outcome.version = "0.1.0";
  outcome.numerics = kNumericsVersion;
  outcome.engine = "fused";
  outcome.settings["optimizer.weight_decay"] = 0.3;
  outcome.seed = 4;
  outcome.until = "test_accuracy>=0.99";
  outcome.events.push_back({{"step", 7}, {"kind", "rescale_norm"}, {"value", 20.0}});
  outcome.first.test_99 = 120;
  outcome.last.step = 130;
  outcome.last.test_accuracy = 0.995;
  outcome.last.train_loss = INFINITY;
  outcome.last.train_count = 17;
  outcome.best_test_accuracy = 0.996;
  outcome.phase = "grokking";
  outcome.seconds = 1.25;
  outcome.record = {"test_accuracy"};
  outcome.series = {{"test_accuracy", {0, 10}, {0.5, NAN}}};
  return outcome;
}

TEST(OutcomeKey, IsTheSameInEveryVersionOfTheseNumbers) {
  // Whoever changes this changes what counts as trained: kNumericsVersion says so, or a setting came.
  EXPECT_EQ(outcome_key(RunConfig{}, "test_accuracy>=0.99", ""), "438ddc0d65e8a9890f1b373fc7e8471d");
}

TEST(OutcomeKey, OfWhatLooksInsideToo) {
  // The same for probes and kProbesVersion.
  PlannedRun run;
  run.probes = true;
  run.looks_with = {"layers"};
  EXPECT_EQ(grokscope::outcome_key(run, ""), "3be1a8fc957afa485f76a8c5165a93e7");
}

TEST(OutcomeKey, DiffersWhereTheNumbersMayAndNowhereElse) {
  const RunConfig base;
  const std::string key = outcome_key(base, "", "");
  RunConfig other = base;
  other.seed = 1;
  EXPECT_NE(outcome_key(other, "", ""), key);
  other = base;
  other.optimizer.weight_decay = std::nextafter(base.optimizer.weight_decay, 2.0);
  EXPECT_NE(outcome_key(other, "", ""), key);
  other = base;
  other.train.precision = "float64";
  EXPECT_NE(outcome_key(other, "", ""), key);
  other = base;
  other.train.eval_every += 1;
  EXPECT_NE(outcome_key(other, "", ""), key);
  EXPECT_NE(outcome_key(base, "test_accuracy>=0.99", ""), key);
  EXPECT_NE(outcome_key(base, "", "0123"), key);
  other = base;
  other.preset = "quickstart";
  other.train.probe_every = 7;
  other.train.checkpoint_every = 7;
  EXPECT_EQ(outcome_key(other, "", ""), key);
}

TEST(OutcomeKey, EventsAndProbesMakeAnotherRun) {
  PlannedRun run;
  const std::string key = grokscope::outcome_key(run, "");
  EXPECT_EQ(key, outcome_key(RunConfig{}, "", ""));
  PlannedRun changed = run;
  changed.events = {{100, "set", {{"field", "optimizer.weight_decay"}, {"value", 1.0}}}};
  const std::string at_100 = grokscope::outcome_key(changed, "");
  EXPECT_NE(at_100, key);
  changed.events[0].step = 200;
  EXPECT_NE(grokscope::outcome_key(changed, ""), at_100);
  PlannedRun looked = run;
  looked.probes = true;
  const std::string all = grokscope::outcome_key(looked, "");
  EXPECT_NE(all, key);
  looked.looks_with = {"layers"};
  const std::string layers = grokscope::outcome_key(looked, "");
  EXPECT_NE(layers, all);
  looked.config.train.probe_every = 7;  // when something looks, that is what is kept
  EXPECT_NE(grokscope::outcome_key(looked, ""), layers);
}

TEST(OutcomeKey, AChangedTableIsAnotherRunAndAMovedOneIsNot) {
  const Folder folder;
  std::ofstream(folder / "a.csv") << "1,2\n";
  std::filesystem::copy_file(folder / "a.csv", folder / "b.csv");
  const std::string before = fingerprint_of_data(folder / "a.csv");
  EXPECT_EQ(fingerprint_of_data(folder / "b.csv"), before);
  RunConfig a, b;
  a.task.path = folder / "a.csv";
  b.task.path = folder / "b.csv";
  EXPECT_EQ(outcome_key(a, "", before), outcome_key(b, "", before));
  std::ofstream(folder / "a.csv") << "1,3\n";
  EXPECT_NE(fingerprint_of_data(folder / "a.csv"), before);
  EXPECT_EQ(fingerprint_of_data("mnist-of-no-folder"), "");
}

TEST(OutcomeLine, ComesBackAsItWas) {
  const Outcome outcome = outcome_with(key_of(1));
  const std::string line = line_from_outcome(outcome);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto again = outcome_from_line(line, "here");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(line_from_outcome(*again), line);
  EXPECT_TRUE(std::isinf(again->last.train_loss));
  EXPECT_TRUE(std::isnan(again->last.weight_norm));
  EXPECT_TRUE(std::isnan(again->series[0].values[1]));
  EXPECT_EQ(again->events, outcome.events);
  EXPECT_EQ(again->last.train_count, 17);
  EXPECT_EQ(again->first.test_99, 120);
  EXPECT_EQ(again->first.test_50, -1);
}

TEST(OutcomeLine, PointsAreCopiedAndTheSameWhenAnotherWritesThem) {
  Outcome outcome;
  outcome.key = std::string(32, 'a');
  outcome.stopped = "steps";
  outcome.error = R"(",\"series\":{ in a text)";
  outcome.seed = 3;
  outcome.series = {{"test_accuracy", {0, 10}, {0.25, 1e-9}},
                    {"test_loss", {0, 10, 20}, {1.5, NAN, INFINITY}}};
  const std::string line = line_from_outcome(outcome);
  const auto parsed = parse_json(line, "line", 1u << 20);
  ASSERT_TRUE(parsed);
  Json other = *parsed;  // the same in another order: not as this program writes it
  Json turned = Json::object();
  turned["test_accuracy"] = {{"value", other["series"]["test_accuracy"]["value"]},
                             {"step", other["series"]["test_accuracy"]["step"]}};
  turned["test_loss"] = other["series"]["test_loss"];
  other["series"] = turned;
  for (const std::string& text : {line, text_from_json(other)}) {
    const auto read = outcome_and_points(text, "line");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->outcome.seed, 3);
    EXPECT_EQ(read->outcome.error, outcome.error);
    ASSERT_EQ(read->series.size(), 2u);
    EXPECT_EQ(read->series[0].name, "test_accuracy");
    EXPECT_EQ(read->series[0].points, R"({"step":[0,10],"value":[0.25,1e-09]})");
    EXPECT_EQ(read->series[1].points, R"({"step":[0,10,20],"value":[1.5,"NaN","inf"]})");
  }
  const std::string uneven = R"(,"series":{"a":{"step":[0,1],"value":[1.0]}}})";
  const auto cut = line.substr(0, line.find(R"(,"series":{"test)"));
  const auto read = outcome_and_points(cut + uneven, "line");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->series[0].points, R"({"step":[0,1],"value":[1.0]})") << "as it stands there";
}

TEST(OutcomeLine, OneThatFailedSaysWhyAndWhoMayChangeThat) {
  OutcomeRequest request;
  request.key = key_of(1);
  for (const Error& error : {usage_error("a table has no column 'b'"), failure("the disk is full")}) {
    const std::string line = line_from_outcome(failed_outcome(request, RunConfig{}, error));
    const auto again = outcome_from_line(line, "here");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_TRUE(again->failed());
    EXPECT_EQ(again->error, error.message);
    EXPECT_EQ(again->blame, error.blame);
    EXPECT_EQ(line_from_outcome(*again), line);
  }
}

TEST(OutcomeLine, TheHeadIsReadWithoutTheRest) {
  const std::string line = line_from_outcome(outcome_with(key_of(3)));
  const auto head = head_of_line(line);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->key, key_of(3));
  EXPECT_EQ(head->stopped, "until");
  EXPECT_TRUE(covers(head->record, {"test_accuracy"}));
  EXPECT_TRUE(covers(head->record, {}));
  EXPECT_FALSE(covers(head->record, {"accuracy"}));
  for (std::size_t length = 0; length < line.size(); ++length)
    EXPECT_FALSE(outcome_from_line(std::string_view(line).substr(0, length), "here")) << length;
}

void append_to(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::app) << text;
}

TEST(OutcomeStore, FindsWhatIsWantedPassesOverTornLinesAndReadsOn) {
  const Folder folder;
  const std::string shard = folder / "a-1.jsonl", first = line_from_outcome(outcome_with(key_of(1))),
                    second = line_from_outcome(outcome_with(key_of(2)));
  append_to(shard, first + "\n" + "not json\n" + second.substr(0, 100));
  OutcomeStore store(folder.path(), "", {"test_accuracy"});
  store.want(key_of(1));
  store.want(key_of(2));
  ASSERT_TRUE(store.refresh());
  EXPECT_EQ(store.find(key_of(1)), OutcomeStore::Where::own);
  EXPECT_EQ(store.find(key_of(2)), OutcomeStore::Where::nowhere);
  EXPECT_EQ(store.find(key_of(3)), OutcomeStore::Where::nowhere);
  EXPECT_EQ(store.damaged(), 1u);
  EXPECT_EQ(*store.line_of(key_of(1)), first);
  append_to(shard, second.substr(100) + "\n");
  ASSERT_TRUE(store.refresh());
  EXPECT_EQ(*store.line_of(key_of(2)), second);
  EXPECT_EQ(store.damaged(), 1u);
}

TEST(OutcomeStore, OneWithoutTheWantedSeriesIsNone) {
  const Folder folder;
  append_to(folder / "a.jsonl", line_from_outcome(outcome_with(key_of(1))) + "\n");
  OutcomeStore store(folder.path(), "", {"train_loss"});
  store.want(key_of(1));
  ASSERT_TRUE(store.refresh());
  EXPECT_EQ(store.find(key_of(1)), OutcomeStore::Where::nowhere);
}

TEST(OutcomeStore, AnotherVersionIsAnErrorInTheSweepAndNothingInTheCache) {
  const Folder folder;
  append_to(folder / "a.jsonl", "{\"schema\":\"grokscope.outcome/2\",\"key\":1}\n");
  OutcomeStore own(folder.path(), "", {});
  const Status read = own.refresh();
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("grokscope.outcome/2"), std::string::npos);
  EXPECT_TRUE(read.error().message.ends_with("a.jsonl"));
  OutcomeStore shared(folder / "none", folder.path(), {});
  EXPECT_TRUE(shared.refresh());
}

TEST(OutcomeStore, WhatFailedGivesWayToWhatWasTrained) {
  const Folder folder;
  Outcome failed = outcome_with(key_of(1));
  failed.stopped = Outcome::kFailed;
  append_to(folder / "a.jsonl", line_from_outcome(failed) + "\n");
  OutcomeStore store(folder.path(), "", {});
  store.want(key_of(1));
  ASSERT_TRUE(store.refresh());
  EXPECT_TRUE(store.failed(key_of(1)));
  append_to(folder / "a.jsonl",
            line_from_outcome(outcome_with(key_of(1))) + "\n" + line_from_outcome(failed) + "\n");
  ASSERT_TRUE(store.refresh());
  EXPECT_FALSE(store.failed(key_of(1)));
}

TEST(OutcomeShard, TwoWritersHaveTwoFilesAndOneIsTakenUpAgain) {
  const Folder folder;
  std::string first_path;
  {
    auto first = OutcomeShard::take_one_in(folder.path());
    auto second = OutcomeShard::take_one_in(folder.path());
    ASSERT_TRUE(first && second);
    EXPECT_NE(first->path(), second->path());
    first_path = first->path();
    EXPECT_TRUE(first->append("a"));
  }
  append_to(first_path, "torn");
  auto again = OutcomeShard::take_one_in(folder.path());
  ASSERT_TRUE(again);
  EXPECT_EQ(again->path(), first_path);
  EXPECT_TRUE(again->append("b"));
  std::stringstream text;
  text << std::ifstream(first_path).rdbuf();
  EXPECT_EQ(text.str(), "a\nb\n");
}

TEST(RunClaims, OneHoldsARunUntilItGivesItBack) {
  const Folder folder;
  const auto claims = RunClaims::in(folder.path());
  ASSERT_TRUE(claims);
  {
    auto first = claims->claim(key_of(1));
    ASSERT_TRUE(first && *first);
    auto second = claims->claim(key_of(1));
    ASSERT_TRUE(second);
    EXPECT_FALSE(*second);
    auto other = claims->claim(key_of(2));
    ASSERT_TRUE(other);
    EXPECT_TRUE(*other);
  }
  auto again = claims->claim(key_of(1));
  ASSERT_TRUE(again);
  EXPECT_TRUE(*again);
}

TEST(RunClaims, WhatAKilledProcessHeldIsTakenOver) {
  const Folder folder;
  const auto claims = RunClaims::in(folder.path());
  ASSERT_TRUE(claims);
  const pid_t child = ::fork();
  if (child == 0) {
    auto held = claims->claim(key_of(1));
    ::_exit(held && *held ? 0 : 1);  // no destructor runs
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(WEXITSTATUS(status), 0);
  ASSERT_TRUE(std::filesystem::exists(folder / (key_of(1) + ".claim")));
  auto taken = claims->claim(key_of(1));
  ASSERT_TRUE(taken);
  EXPECT_TRUE(*taken);
}

TEST(RunClaims, OneOfAnotherMachineLivesAsLongAsItIsTouched) {
  const Folder folder;
  const auto claims = RunClaims::in(folder.path());
  ASSERT_TRUE(claims);
  const std::string path = folder / (key_of(1) + ".claim");
  append_to(path, R"({"boot":"elsewhere","pid":1,"start":"1"})");
  auto fresh = claims->claim(key_of(1));
  ASSERT_TRUE(fresh);
  EXPECT_FALSE(*fresh);
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::seconds(kClaimLives_s + 60));
  auto old = claims->claim(key_of(1));
  ASSERT_TRUE(old);
  EXPECT_TRUE(*old);
}

}  // namespace
}  // namespace grokscope

// Split: the counts always add up, and nobody who was trained on becomes test again.
#include "data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <vector>

#include "base/random.h"

namespace grokscope {
namespace {

std::vector<std::int64_t> copy_of(std::span<const std::int64_t> part) {
  return {part.begin(), part.end()};
}

void expect_consistent(const Split& split) {
  std::vector<Membership> expected(static_cast<std::size_t>(split.total()), Membership::unused);
  std::set<std::int64_t> seen;
  const auto mark = [&](std::span<const std::int64_t> part, Membership membership) {
    for (const auto example : part) {
      EXPECT_TRUE(seen.insert(example).second) << "example " << example << " is in two classes";
      expected.at(static_cast<std::size_t>(example)) = membership;
    }
  };
  mark(split.train(), Membership::train);
  mark(split.formerly_trained(), Membership::formerly_trained);
  mark(split.test(), Membership::test);
  EXPECT_EQ(split.membership(), expected);
  if (split.total() == split.pool_size()) {
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(split.total()));
  }
}

TEST(Split, RaisingTakesFromTest) {
  Split split(100, 0, 1, 30);
  const auto train = copy_of(split.train()), test = copy_of(split.test());
  ASSERT_EQ(train.size(), 30u);
  ASSERT_EQ(test.size(), 70u);
  split.set_train_count(50);
  EXPECT_EQ(split.train().size(), 50u);
  EXPECT_EQ(split.test().size(), 50u);
  EXPECT_TRUE(split.formerly_trained().empty());
  EXPECT_TRUE(std::equal(train.begin(), train.end(), split.train().begin())) << "who was trained on stays";
  EXPECT_TRUE(std::equal(test.begin(), test.begin() + 20, split.train().begin() + 30))
      << "newcomers were test";
}

TEST(Split, LoweringMakesFormerlyTrainedNeverTest) {
  Split split(100, 0, 1, 50);
  const auto train = copy_of(split.train()), test = copy_of(split.test());
  split.set_train_count(20);
  EXPECT_EQ(copy_of(split.test()), test);
  EXPECT_EQ(copy_of(split.formerly_trained()), std::vector(train.begin() + 20, train.end()));
  split.set_train_count(40);
  EXPECT_EQ(copy_of(split.train()), std::vector(train.begin(), train.begin() + 40))
      << "formerly trained come back first";
  EXPECT_EQ(split.formerly_trained().size(), 10u);
  EXPECT_EQ(copy_of(split.test()), test);
  split.set_train_count(60);
  EXPECT_TRUE(split.formerly_trained().empty());
  EXPECT_EQ(split.test().size(), 40u);
}

TEST(Split, AnyHistoryAddsUpAndNothingReturnsToTest) {
  for (const std::int64_t held_out : {0, 25}) {
    Split split(60, held_out, 7, 20);
    RandomStream random(3, "test");
    std::set<std::int64_t> ever_trained;
    for (int i = 0; i < 200; ++i) {
      split.set_train_count(static_cast<std::int64_t>(random.below(80)) - 5);
      expect_consistent(split);
      ever_trained.insert(split.train().begin(), split.train().end());
      for (const auto example : split.test()) EXPECT_FALSE(ever_trained.contains(example));
      EXPECT_EQ(split.train().size() + split.formerly_trained().size(), ever_trained.size());
    }
  }
}

TEST(Split, ImagesKeepTheirTestSet) {
  Split split(10, 4, 1, 3);
  EXPECT_EQ(copy_of(split.test()), (std::vector<std::int64_t>{10, 11, 12, 13}));
  const auto membership = split.membership();
  EXPECT_EQ(std::count(membership.begin(), membership.end(), Membership::unused), 7);
  EXPECT_EQ(std::count(membership.begin(), membership.end(), Membership::train), 3);
  EXPECT_EQ(std::count(membership.begin(), membership.end(), Membership::test), 4);
}

TEST(Split, Clamps) {
  Split pairs(10, 0, 1, 10);
  EXPECT_EQ(pairs.train().size(), 9u) << "one stays test";
  pairs.set_train_count(-3);
  EXPECT_EQ(pairs.train().size(), 1u);
  Split images(10, 4, 1, 99);
  EXPECT_EQ(images.train().size(), 10u);
  for (const std::int64_t pool : {0, 1}) {
    Split tiny(pool, 0, 1, 1);
    EXPECT_TRUE(tiny.train().empty());
    EXPECT_EQ(tiny.test().size(), static_cast<std::size_t>(pool));
  }
}

TEST(Split, GenerationGrowsWithEveryChange) {
  Split split(10, 0, 1, 5);
  const auto first = split.generation();
  split.set_train_count(5);
  EXPECT_EQ(split.generation(), first);
  split.set_train_count(4);
  EXPECT_GT(split.generation(), first);
}

TEST(Split, SeedDecidesTheOrder) {
  EXPECT_EQ(copy_of(Split(100, 0, 1, 30).train()), copy_of(Split(100, 0, 1, 30).train()));
  EXPECT_NE(copy_of(Split(100, 0, 1, 30).train()), copy_of(Split(100, 0, 2, 30).train()));
}

TEST(Split, WantedCount) {
  EXPECT_EQ(wanted_train_count(0.3, 0, 113 * 113), 3830) << "Nanda et al. 2023";
  EXPECT_EQ(wanted_train_count(0.5, 0, 97 * 96), 4656) << "Power et al. 2022, figure 1";
  EXPECT_EQ(wanted_train_count(0.29, 0, 100), 29);
  EXPECT_EQ(wanted_train_count(0.3, 1000, 60000), 1000);
  EXPECT_EQ(wanted_train_count(0.3, 1000, 10), 10);
  EXPECT_EQ(wanted_train_count(2.0, 0, 10), 10);
  EXPECT_EQ(wanted_train_count(0.0, 0, 10), 0);
}

/// Of all pairs of `tokens` numbers, (a, b) at a * tokens + b.
std::shared_ptr<const Mirrors> all_mirrors(std::int64_t tokens) {
  auto mirrors = std::make_shared<Mirrors>();
  for (std::int64_t a = 0; a < tokens; ++a) {
    for (std::int64_t b = 0; b < tokens; ++b) mirrors->push_back(b * tokens + a);
  }
  return mirrors;
}

TEST(Split, UnorderedPairsAreAlwaysOnOneSide) {
  const auto mirrors = all_mirrors(9);
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    Split split(81, 0, seed, 30, mirrors, SplitBy::unordered);
    for (const std::int64_t count : {30, 31, 50, 17, 1, 80, 81, 33}) {
      split.set_train_count(count);
      expect_consistent(split);
      EXPECT_LE(
          std::abs(static_cast<std::int64_t>(split.train().size()) - std::clamp<std::int64_t>(count, 1, 80)),
          1);
      const auto classes = split.membership();
      for (std::size_t i = 0; i < 81; ++i)
        EXPECT_EQ(classes[i], classes[static_cast<std::size_t>((*mirrors)[i])]) << count << " " << i;
      EXPECT_TRUE(split.unmirrored_test().empty());
    }
  }
}

TEST(Split, KnowsWhichTestPairsHaveNoTrainedMirror) {
  const auto mirrors = all_mirrors(9);
  Split split(81, 0, 3, 40, mirrors);
  EXPECT_EQ(copy_of(split.train()), copy_of(Split(81, 0, 3, 40).train())) << "the papers' split stays";
  split.set_train_count(20);  // what was trained on once is no longer new
  const auto classes = split.membership();
  const auto unmirrored = split.unmirrored_test();
  ASSERT_EQ(unmirrored.size(), 81u);
  std::size_t free = 0;
  for (std::size_t i = 0; i < 81; ++i) {
    const bool mirror_is_test = classes[static_cast<std::size_t>((*mirrors)[i])] == Membership::test;
    EXPECT_EQ(unmirrored[i] != 0, classes[i] == Membership::test && mirror_is_test) << i;
    free += classes[i] == Membership::test && !mirror_is_test ? 1 : 0;
  }
  EXPECT_GT(free, 5u);
  EXPECT_TRUE(Split(81, 0, 3, 40).unmirrored_test().empty()) << "no mirrors are known";
}

}  // namespace
}  // namespace grokscope

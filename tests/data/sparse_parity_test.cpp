// The sparse parity task: exactly one choice of k bits explains all answers, and what cannot be is refused.
#include <gtest/gtest.h>

#include <vector>

#include "data/dataset.h"

namespace grokscope {
namespace {

TaskConfig parity_of(std::int64_t parity, std::int64_t bits, std::int64_t examples = 0) {
  TaskConfig task;
  task.kind = "sparse_parity";
  task.parity = parity;
  task.bits = bits;
  task.examples = examples;
  return task;
}

/// Whether the class of every example is the parity of the negative ones among these bits.
bool explains(const Dataset& data, const std::vector<std::int64_t>& bits) {
  const at::Tensor rows = rows_of_numbers(data.inputs);
  at::Tensor negative = at::zeros({rows.size(0)}, at::kLong);
  for (const std::int64_t bit : bits) negative += rows.select(1, bit).lt(0).to(at::kLong);
  return at::equal(negative.remainder(2), data.targets);
}

/// All sets of three of ten bits that explain the answers.
std::vector<std::vector<std::int64_t>> explanations(const Dataset& data) {
  std::vector<std::vector<std::int64_t>> found;
  for (std::int64_t a = 0; a < 10; ++a) {
    for (std::int64_t b = a + 1; b < 10; ++b) {
      for (std::int64_t c = b + 1; c < 10; ++c) {
        if (explains(data, {a, b, c})) found.push_back({a, b, c});
      }
    }
  }
  return found;
}

TEST(SparseParity, IsTheParityOfExactlyOneChoiceOfBits) {
  const auto first = make_dataset(parity_of(3, 10, 500), 1), second = make_dataset(parity_of(3, 10, 500), 2);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(explanations(**first).size(), 1u);
  ASSERT_EQ(explanations(**second).size(), 1u);
  EXPECT_NE(explanations(**first), explanations(**second)) << "drawn from the seed";
  EXPECT_TRUE(at::equal((*first)->targets, (*make_dataset(parity_of(3, 10, 500), 1))->targets));
}

TEST(SparseParity, IsAsPublished) {
  const auto data = make_dataset(parity_of(3, 40), 0);
  ASSERT_TRUE(data);
  const at::Tensor rows = rows_of_numbers((*data)->inputs);
  EXPECT_EQ(rows.sizes(), (at::IntArrayRef{2000, 40}));
  EXPECT_TRUE(rows.abs().eq(1.0).all().item<bool>());
  EXPECT_NEAR(rows.mean().item<double>(), 0.0, 0.02);
  EXPECT_EQ((*data)->class_count, 2);
  EXPECT_NEAR((*data)->targets.to(at::kDouble).mean().item<double>(), 0.5, 0.05);
  EXPECT_EQ((*data)->title, "Parity of 3 of 40 bits");
}

TEST(SparseParity, WhatCannotBeIsRefused) {
  EXPECT_EQ(make_dataset(parity_of(5, 4), 0).error().message, "task.parity is 5: it must be in 1 .. 4");
  EXPECT_EQ(make_dataset(parity_of(3, 40, 1), 0).error().message,
            "task.examples is 1: a parity needs at least 2");
  EXPECT_NE(make_dataset(parity_of(3, 1000, 1'000'000), 0).error().message.find("too many numbers"),
            std::string::npos);
}

}  // namespace
}  // namespace grokscope

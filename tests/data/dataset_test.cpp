// Datasets of pairs: every operation against a definition written out here, label noise, tables, errors.
#include "data/dataset.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "config/operations.h"
#include "data/formats/permutations.h"
#include "data/idx_files.h"
#include "data/tasks/task_makers.h"

namespace grokscope {
namespace {

using SharedDataset = std::shared_ptr<const Dataset>;

TEST(TaskMakers, EveryRowHasItsMakerAndEveryMakerItsRow) {
  EXPECT_EQ(task_makers().size(), task_kinds().size());
  for (const TaskKind& kind : task_kinds()) EXPECT_NE(find_task_maker(kind.name), nullptr) << kind.name;
}

SharedDataset built(const TaskConfig& task, std::uint64_t seed = 0) {
  auto dataset = make_dataset(task, seed);
  EXPECT_TRUE(dataset.ok()) << dataset.error().message;
  return dataset.ok() ? *dataset : nullptr;
}

Error build_error(const TaskConfig& task) {
  const auto dataset = make_dataset(task, 0);
  return dataset.ok() ? failure("no error") : dataset.error();
}

TaskConfig modular_task(const std::string& operation, std::int64_t p) {
  return {.kind = "modular", .operation = operation, .modulus = p};
}

// c answers (a, b); quotients are checked by multiplying back.
using Check = std::function<bool(long long a, long long b, long long c, long long p)>;

bool same(long long x, long long y, long long p) {
  return (x - y) % p == 0;
}

struct OperationCase {
  const char* name;
  const char* title;
  bool skips_zero;
  Check check;
};

const OperationCase kOperationCases[] = {
    {"+", "a + b mod 11", false, [](auto a, auto b, auto c, auto p) { return same(a + b, c, p); }},
    {"-", "a − b mod 11", false, [](auto a, auto b, auto c, auto p) { return same(a - b, c, p); }},
    {"*", "a · b mod 11", false, [](auto a, auto b, auto c, auto p) { return same(a * b, c, p); }},
    {"/", "a / b mod 11", true, [](auto a, auto b, auto c, auto p) { return b != 0 && same(b * c, a, p); }},
    {"x^2+y^2", "a² + b² mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a * a + b * b, c, p); }},
    {"x^2+xy+y^2", "a² + ab + b² mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a * a + a * b + b * b, c, p); }},
    {"x^2+xy+y^2+x", "a² + ab + b² + a mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a * a + a * b + b * b + a, c, p); }},
    {"x^3+xy", "a³ + ab mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a * a * a + a * b, c, p); }},
    {"x^3+xy^2+y", "a³ + ab² + b mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a * a * a + a * b * b + b, c, p); }},
    {"x/y if y odd else x-y", "a / b if b is odd, else a − b mod 11", false,
     [](auto a, auto b, auto c, auto p) { return b & 1 ? same(b * c, a, p) : same(a - b, c, p); }},
    {"+*", "a + b if a is even, else a · b mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a & 1 ? a * b : a + b, c, p); }},
    {"+-", "a + b if a is even, else a − b mod 11", false,
     [](auto a, auto b, auto c, auto p) { return same(a & 1 ? a - b : a + b, c, p); }},
};

TEST(Dataset, ModularOperationsMatchTheirDefinitions) {
  for (const OperationCase& known : kOperationCases) {
    const auto dataset = built(modular_task(known.name, 11));
    ASSERT_TRUE(dataset) << known.name;
    EXPECT_EQ(dataset->title, known.title);
    EXPECT_EQ(dataset->pool_size, known.skips_zero ? 11 * 10 : 11 * 11) << known.name;
    EXPECT_EQ(dataset->cyclic_order, 11);
    EXPECT_EQ(dataset->is_modular_addition, std::string(known.name) == "+");
    ASSERT_EQ(inputs_as<PairInputs>(dataset->inputs).pairs.sizes(), (at::IntArrayRef{dataset->pool_size, 2}));
    const auto pairs = inputs_as<PairInputs>(dataset->inputs).pairs.accessor<std::int64_t, 2>();
    const auto targets = dataset->targets.accessor<std::int64_t, 1>();
    std::int64_t previous = -1;
    for (std::int64_t i = 0; i < dataset->pool_size; ++i) {
      EXPECT_TRUE(known.check(pairs[i][0], pairs[i][1], targets[i], 11))
          << known.name << ' ' << pairs[i][0] << ' ' << pairs[i][1];
      EXPECT_TRUE(targets[i] >= 0 && targets[i] < 11);
      EXPECT_GT(pairs[i][0] * 11 + pairs[i][1], previous) << "ordered, and no pair twice";
      previous = pairs[i][0] * 11 + pairs[i][1];
    }
  }
}

TEST(Dataset, EveryListedOperationCanBeBuilt) {
  for (const Operation& operation : operations()) {
    EXPECT_TRUE(built({.kind = operation.kind, .operation = operation.name, .modulus = 5})) << operation.name;
  }
}

TEST(Dataset, PublishedSizes) {
  EXPECT_EQ(built(modular_task("/", 97))->pool_size, 9312) << "Power et al. 2022: p(p-1) equations";
  EXPECT_EQ(built(modular_task("+", 97))->pool_size, 9409);
  EXPECT_EQ(built({.kind = "s5", .operation = "product"})->pool_size, 14400);
}

TEST(Dataset, PairsDescribeThemselves) {
  const auto dataset = built(modular_task("+", 7));
  EXPECT_EQ(kind_of(dataset->inputs), InputKind::pairs);
  EXPECT_EQ(dataset->left_tokens, 7);
  EXPECT_EQ(dataset->right_tokens, 7);
  EXPECT_EQ(dataset->token_count, 7);
  EXPECT_EQ(dataset->class_count, 7);
  EXPECT_EQ(dataset->held_out, 0);
  EXPECT_EQ(dataset->token_names, (std::vector<std::string>{"0", "1", "2", "3", "4", "5", "6"}));
  EXPECT_EQ(dataset->class_names, dataset->token_names);
  EXPECT_TRUE(dataset->targets.equal(dataset->train_targets));
}

TEST(MajorityShare, IsTheShareOfTheCommonestTrueAnswer) {
  EXPECT_DOUBLE_EQ(majority_share(*built(modular_task("+", 7))), 1.0 / 7);
  EXPECT_DOUBLE_EQ(majority_share(*built(modular_task("*", 5))), 9.0 / 25) << "zero comes up more often";
  EXPECT_EQ(majority_share(*built({.kind = "teacher_student"})), 0.0) << "numbers have no majority";
}

TEST(MajorityShare, DoesNotSeeLabelNoise) {
  TaskConfig task = modular_task("*", 5);
  task.label_noise = 1.0;
  EXPECT_DOUBLE_EQ(majority_share(*built(task)), 9.0 / 25);
}

TEST(Dataset, MirrorsAreThereWhereTheOrderDoesNotMatter) {
  TaskConfig task;
  task.modulus = 7;
  for (const auto& [operation, symmetric] : {std::pair("+", true),
                                             {"*", true},
                                             {"x^2+xy+y^2", true},
                                             {"-", false},
                                             {"/", false},
                                             {"x^3+xy", false}}) {
    task.operation = operation;
    const auto data = make_dataset(task, 0);
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_EQ((*data)->mirrors != nullptr, symmetric) << operation;
  }
  task.operation = "+";
  const auto data = *make_dataset(task, 0);
  for (std::int64_t i = 0; i < 49; ++i)
    EXPECT_EQ((*data->mirrors)[static_cast<std::size_t>(i)], i % 7 * 7 + i / 7);
}

TEST(Dataset, WhereTheOrderMattersUnorderedPairsArePairs) {
  TaskConfig task;
  task.modulus = 7;
  task.split = "unordered";
  task.operation = "-";
  const auto data = make_dataset(task, 0);
  ASSERT_TRUE(data) << data.error().message;
  EXPECT_EQ((*data)->mirrors, nullptr) << "nothing comes free, so nothing is kept together";
}

TEST(Dataset, S5Operations) {
  for (const std::string name : {"product", "conjugate", "aba"}) {
    const auto dataset = built({.kind = "s5", .operation = name});
    ASSERT_TRUE(dataset);
    EXPECT_EQ(dataset->class_count, 120);
    EXPECT_EQ(dataset->cyclic_order, 0);
    EXPECT_EQ(dataset->token_names[6], "(0 2 1 3 4)");
    const auto targets = dataset->targets.accessor<std::int64_t, 1>();
    for (int i = 0; i < 14400; i += 7) {
      const auto a = s5_element(i / 120), b = s5_element(i % 120),
                 c = s5_element(static_cast<int>(targets[i]));
      for (std::size_t k = 0; k < 5; ++k) {
        const bool right = name == "product"     ? c[k] == b[a[k]]
                           : name == "conjugate" ? a[c[k]] == b[a[k]]  // c·a = a·b
                                                 : c[k] == a[b[a[k]]];
        ASSERT_TRUE(right) << name << " at pair " << i;
      }
    }
  }
}

TEST(Dataset, FormulaLeavesOutPairsWithoutAnswer) {
  const auto dataset = built({.kind = "formula", .modulus = 6, .formula = "a / b"});
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->pool_size, 12) << "only 1 and 5 have an inverse mod 6";
  EXPECT_EQ(dataset->title, "a / b mod 6");
  EXPECT_EQ(dataset->cyclic_order, 6);
  EXPECT_FALSE(dataset->is_modular_addition);
}

TEST(Dataset, LabelNoiseReplacesAShareByOtherClasses) {
  auto task = modular_task("+", 31);
  at::Tensor earlier, earlier_labels;
  for (const double share : {0.0, 0.1, 0.35, 1.0}) {
    task.label_noise = share;
    const auto dataset = built(task, 5);
    const at::Tensor wrong = dataset->targets.ne(dataset->train_targets);
    EXPECT_EQ(wrong.sum().item<std::int64_t>(), std::llround(share * 961)) << "always another class";
    EXPECT_GE(dataset->train_targets.min().item<std::int64_t>(), 0);
    EXPECT_LT(dataset->train_targets.max().item<std::int64_t>(), 31);
    if (earlier.defined()) {
      EXPECT_FALSE(earlier.logical_and(wrong.logical_not()).any().item<bool>())
          << "more noise keeps the earlier";
      EXPECT_TRUE(
          at::equal(dataset->train_targets.masked_select(earlier), earlier_labels.masked_select(earlier)))
          << "with the same wrong answers";
    }
    earlier = wrong;
    earlier_labels = dataset->train_targets;
  }
  task.label_noise = 0.35;
  EXPECT_TRUE(built(task, 5)->train_targets.equal(built(task, 5)->train_targets));
  EXPECT_FALSE(built(task, 5)->train_targets.equal(built(task, 6)->train_targets));
}

TEST(Dataset, LabelNoiseIsUniformOverTheOtherClasses) {
  auto task = modular_task("+", 101);
  task.label_noise = 1.0;
  const auto dataset = built(task);
  const at::Tensor shift = (dataset->train_targets - dataset->targets).remainder(101);
  const at::Tensor counts = at::bincount(shift, {}, 101);
  EXPECT_EQ(counts[0].item<std::int64_t>(), 0);
  const double expected = 101.0 * 101.0 / 100.0, largest = counts.max().item<double>();
  EXPECT_LT(largest, expected + 6 * std::sqrt(expected));
  EXPECT_GT(counts.slice(0, 1).min().item<double>(), expected - 6 * std::sqrt(expected));
}

TEST(Dataset, TableFromAFile) {
  const ScratchFolder folder;
  const auto path = folder.write("group.csv", ",e,g\ne,e,g\ng,g,e\n");
  const auto dataset = built({.kind = "table", .path = path});
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->title, "group.csv");
  EXPECT_EQ(dataset->token_names, (std::vector<std::string>{"e", "g"}));
  EXPECT_EQ(dataset->class_names, (std::vector<std::string>{"e", "g"}));
  EXPECT_EQ(dataset->cyclic_order, 0);
  const auto targets = dataset->targets.accessor<std::int64_t, 1>();
  EXPECT_EQ(targets[0] * 8 + targets[1] * 4 + targets[2] * 2 + targets[3], 6);
}

TEST(Dataset, TableWithDifferentRowsAndColumns) {
  const ScratchFolder folder;
  const auto path = folder.write("t.csv", "op,x,y,z\n1,a,b,a\n2,b,a,\n");
  const auto dataset = built({.kind = "table", .path = path});
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->token_names, (std::vector<std::string>{"1", "2", "x", "y", "z"}));
  EXPECT_EQ(dataset->left_tokens, 2);
  EXPECT_EQ(dataset->right_tokens, 5);
  EXPECT_EQ(dataset->pool_size, 5);
}

TEST(Dataset, ErrorsAreWholeSentences) {
  const auto expect = [](const TaskConfig& task, const std::string& message) {
    const Error error = build_error(task);
    EXPECT_EQ(error.message, message);
    EXPECT_EQ(error.blame, Blame::usage) << message;
  };
  expect({.kind = "modulr"}, "unknown task.kind 'modulr': did you mean 'modular'?");
  std::string all;
  for (const TaskKind& kind : task_kinds()) all += (all.empty() ? "" : ", ") + std::string(kind.name);
  expect({.kind = ""}, "unknown task.kind '': choose one of " + all);
  expect(
      modular_task("foo", 7),
      "task.operation 'foo' is unknown for arithmetic mod p: choose one of +, -, *, /, x^2+y^2, x^2+xy+y^2, "
      "x^2+xy+y^2+x, x^3+xy, x^3+xy^2+y, x/y if y odd else x-y, +*, +-");
  expect({.kind = "s5", .operation = "+"},
         "task.operation '+' is unknown for S5: choose product, conjugate or aba");
  expect(modular_task("+", 1), "task.modulus is 1: it must be in 2 .. 1024");
  expect(modular_task("+", 5000), "task.modulus is 5000: it must be in 2 .. 1024");
  expect({.kind = "formula", .formula = ""},
         "the formula is empty: write one in a and b, for example 'a^2 + 3*b'");
  expect({.kind = "formula", .formula = "a + c"},
         "unknown name 'c' at character 5 of the formula 'a + c': known are a, b, p, min, max, abs and gcd");
  expect({.kind = "formula", .modulus = 7, .formula = "a / 0"},
         "the formula 'a / 0' has an answer mod 7 for 0 of 49 pairs: at least 2 are needed");
  expect({.kind = "formula", .modulus = 53, .formula = "a^40 > b"},
         "the formula 'a^40 > b' compares numbers beyond 2^62 at a = 3, b = 0: reduce them first, for "
         "example with '% p'");
  expect({.kind = "table"},
         "the task 'table' needs a CSV file: set task.path to one with the columns a, b, answer");
  auto noisy = modular_task("+", 7);
  noisy.label_noise = 1.5;
  expect(noisy, "task.label_noise is 1.5: it must be in 0 .. 1");
}

TEST(Dataset, AMissingTableIsAFailure) {
  const Error error = build_error({.kind = "table", .path = "/nonexistent/table.csv"});
  EXPECT_EQ(error.blame, Blame::failure);
  EXPECT_TRUE(error.message.ends_with(": /nonexistent/table.csv")) << error.message;
}

}  // namespace
}  // namespace grokscope

// The rows task.*: what is learned, and from how much of it.
#include "config/field_table.h"
#include "config/operations.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  for (const Operation& operation : operations()) names.push_back(operation.name);
  return names;
}

std::vector<std::string> task_names() {
  std::vector<std::string> names;
  for (const TaskKind& kind : task_kinds()) names.emplace_back(kind.name);
  return names;
}

std::string what_is_learned() {
  std::string text;
  for (const TaskKind& kind : task_kinds()) {
    const bool last = &kind == &task_kinds().back();
    text += text.empty() ? "" : last ? ", or " : ", ";
    text += kind.help;
  }
  return text;
}

void add_real_data_fields(std::vector<Field>& table) {
  constexpr auto task = &RunConfig::task;
  table.push_back(in_decades(integer_row("task.examples", "Examples in all", task, &TaskConfig::examples,
                                         {0, 10'000'000}, {0, 10'000}, "examples",
                                         "teacher_student, sparse_parity, text and molecules: how many "
                                         "examples there are, train and test together; 0 "
                                         "takes all of a file, 200 of a teacher, or 2000 of a parity. The "
                                         "training fraction divides them (Liu et al. 2022, Omnigrok).")));
  table.push_back(in_decades(real_row(
      "task.tolerance", "Right below", task, &TaskConfig::tolerance, {1e-9, 1e3}, {1e-4, 1.0},
      "squared error",
      "Regression: an answer counts as right when its mean squared error is below this, so that there is an "
      "accuracy to watch (0.01 in Omnigrok's text, 0.001 in its code; Liu et al. 2022).")));
  table.push_back(text_row("task.target", "Property", task, &TaskConfig::target,
                           "molecules: the column or property to predict; empty takes polarizability from "
                           "QM9, the polar surface area from the NCI file, and the only column of numbers of "
                           "any other table (Liu et al. 2022, Omnigrok)."));
  table.push_back(integer_row(
      "task.max_atoms", "Largest molecule", task, &TaskConfig::max_atoms, {0, 999}, {0, 30}, "atoms",
      "molecules: take only those with at most this many atoms, hydrogen not counted; 0 takes all. QM9, on "
      "which Liu et al. 2022 (Omnigrok) worked, has at most 9; small molecules train faster."));
  table.push_back(in_decades(integer_row(
      "task.vocabulary", "Words", task, &TaskConfig::vocabulary, {10, 100'000}, {100, 10'000}, "words",
      "text: the most frequent words that get a vector of their own; all others are left out (1000 in Liu et "
      "al. 2022, Omnigrok).")));
  table.push_back(in_decades(integer_row("task.length", "Review length", task, &TaskConfig::length,
                                         {1, 10'000}, {10, 1000}, "words",
                                         "text: reviews are cut, or padded in front, to this many words. "
                                         "Half the length is twice as fast (500 in "
                                         "Liu et al. 2022, Omnigrok).")));
  table.push_back(
      integer_row("task.bits", "Bits", task, &TaskConfig::bits, {2, 1000}, {10, 100}, "bits",
                  "sparse_parity: n, how many bits of ±1 an example has (40 in Merrill, Tsilivis and Shukla "
                  "2023). All but a few of them mean nothing."));
  table.push_back(integer_row(
      "task.parity", "Bits that count", task, &TaskConfig::parity, {1, 20}, {1, 6}, "bits",
      "sparse_parity: k, of how many bits, drawn once from the seed, the product is the answer (3 "
      "in Merrill, Tsilivis and Shukla 2023; Barak et al. 2022)."));
}

}  // namespace

void add_task_fields(std::vector<Field>& table) {
  constexpr auto task = &RunConfig::task;
  table.push_back(choice_row("task.kind", "Task", task, &TaskConfig::kind, task_names(),
                             "What is learned: " + what_is_learned() +
                                 ". Start with modular: it groks in seconds (Power et al. 2022)."));
  table.push_back(choice_row("task.operation", "Operation", task, &TaskConfig::operation, operation_names(),
                             "The answer to find from a and b. Operations that do not care about the order "
                             "of a and b are learned from fewer "
                             "examples; product, conjugate and aba belong to task.kind = s5 (Power et al. "
                             "2022, A.1.1 and Figure 2)."));
  table.push_back(integer_row("task.modulus", "Modulus p", task, &TaskConfig::modulus, {2, 1009}, {11, 113},
                              "",
                              "Numbers run from 0 to p − 1, so there are p × p pairs. A larger p means more "
                              "pairs and slower steps, but fewer per "
                              "cent of them are needed; 53 is quick, 97 and 113 are the published ones "
                              "(Power et al. 2022; Nanda et al. 2023)."));
  table.push_back(text_row("task.formula", "Formula", task, &TaskConfig::formula,
                           "For task.kind = formula: whole-number arithmetic in a and b, such as a^2 + 3*b, "
                           "taken modulo p. Try to guess "
                           "beforehand whether the network will find the rule or only memorise."));
  table.push_back(
      text_row("task.path", "Data", task, &TaskConfig::path,
               "For task.kind = table a CSV file, for images a folder with the four IDX files "
               "(plain or .gz) that MNIST and "
               "Fashion-MNIST use or with the six batches of CIFAR-10's binary version, or the "
               "name of a set that scripts/fetch-data got (mnist, fashion-mnist, emoji); for text "
               "and molecules a file or folder. Left empty, text and "
               "molecules look in the data folder that scripts/fetch-data fills."));
  table.push_back(changes_live(real_row("task.train_fraction", "Training fraction", task,
                                        &TaskConfig::train_fraction, {0.01, 0.99}, {0.05, 0.95}, "fraction",
                                        "The share of all pairs that the network may see; the rest is the "
                                        "test. A little below the critical share it only "
                                        "memorises, a little above it groks late, far above it understands "
                                        "at once (Power et al. 2022, Figure 1).")));
  table.push_back(choice_row(
      "task.split", "Split by", task, &TaskConfig::split, {"pairs", "unordered"},
      "What is drawn for training: pairs as in the papers (of an operation that does not care about the "
      "order, "
      "(b, a) comes free when (a, b) is trained on, so that memorising alone scores about the training "
      "fraction), or unordered pairs, which keep (a, b) and (b, a) always on the same side; where the order "
      "matters "
      "the two are the same. The accuracy on test pairs without a trained mirror is reported besides (Gromov "
      "2023 and Power et al. 2022 split by "
      "pairs)."));
  table.push_back(in_decades(integer_row("task.train_size", "Training examples", task,
                                         &TaskConfig::train_size, {0, 10'000'000}, {0, 10'000}, "examples",
                                         "The exact number of training examples; 0 leaves it to the training "
                                         "fraction. Papers on pictures state a count, "
                                         "usually 1000 (Liu et al. 2022, Omnigrok).")));
  table.push_back(changes_live(real_row(
      "task.label_noise", "Label noise", task, &TaskConfig::label_noise, {0.0, 1.0}, {0.0, 0.6}, "fraction",
      "The share of training answers that are replaced by a wrong one. Some noise makes double descent "
      "visible; with "
      "enough weight decay a network can still find the rule and refuse the lies (Nakkiran et al. 2019). In "
      "mid-run the labels become those of a run that began with it.")));
  table.push_back(in_decades(integer_row(
      "task.test_size", "Test examples", task, &TaskConfig::test_size, {0, 10'000'000}, {0, 10'000},
      "examples",
      "Tasks with test examples of their own: at most this many of them are scored, the same ones for every "
      "seed; 0 scores all. Fewer make every evaluation cheaper and the test curve rougher: of 1000 the "
      "accuracy is known to about 1.5 % (MNIST-1D has 12 000: Greydanus 2020).")));
  table.push_back(integer_row(
      "task.channels", "Channels", task, &TaskConfig::channels, {0, 3}, {0, 3}, "channels",
      "images: 0 takes pictures as the file has them; 3 repeats grey ones in three channels, so that a "
      "network for colour pictures reads them (as for CIFAR-10 in Nakkiran et al. 2019)."));
  add_real_data_fields(table);
  for (Field& field : table) {
    if (field.name.rfind("task.", 0) != 0) continue;
    field.applies = [name = field.name](const RunConfig& config) {
      return task_has_setting(config.task, name);
    };
  }
}

}  // namespace grokscope

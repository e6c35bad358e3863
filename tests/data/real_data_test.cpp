// The tasks on real data: text and molecules from small files, and from the fetched sets where they are
// there.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <set>
#include <string>

#include "base/files.h"
#include "data/data_folder.h"
#include "data/dataset.h"
#include "data/formats/smiles.h"
#include "data/formats/smiles_table.h"
#include "data/idx_files.h"
#include "data/molecule_files.h"
#include "data/tasks/words.h"

namespace grokscope {
namespace {

std::shared_ptr<const Dataset> task_of(const TaskConfig& task, std::uint64_t seed = 0) {
  auto dataset = make_dataset(task, seed);
  EXPECT_TRUE(dataset.ok()) << dataset.error().message;
  return dataset.ok() ? *dataset : nullptr;
}

std::string task_error(const TaskConfig& task) {
  const auto dataset = make_dataset(task, 0);
  return dataset.ok() ? "no error" : dataset.error().message;
}

TEST(Words, LettersOnly) {
  std::vector<std::string> words;
  for_each_word("Don't!<br />It's 10 <b>GREAT</b> caf\xC3\xA9s",
                [&](const std::string& w) { words.push_back(w); });
  EXPECT_EQ(words, (std::vector<std::string>{"dont", "its", "b", "great", "b", "caf", "s"}));
}

TEST(Words, TheMostFrequentHaveNumbersAndPaddingStandsInFront) {
  const std::vector<Review> reviews = {{"b a b c", true}, {"c b d", false}};
  const Vocabulary vocabulary = vocabulary_of(reviews, 3);
  EXPECT_EQ(vocabulary.names, (std::vector<std::string>{"", "b", "c", "a"}))
      << "a before d: the alphabet decides";
  std::vector<std::int64_t> tokens;
  append_tokens("d a b", vocabulary, 4, tokens);
  append_tokens("b b c c a", vocabulary, 4, tokens);
  EXPECT_EQ(tokens, (std::vector<std::int64_t>{0, 0, 3, 1, 1, 1, 2, 2}));
}

// Twelve reviews; the i-th has i + 1 times the word "good" or "bad".
std::string reviews_json() {
  std::string json = "[";
  for (int i = 0; i < 12; ++i) {
    json += std::string(i > 0 ? "," : "") + "{\"t\":\"";
    for (int k = 0; k <= i; ++k) json += i % 2 == 0 ? "good " : "bad ";
    json += "\",\"s\":" + std::to_string(1 - i % 2) + "}";
  }
  return json + "]";
}

TEST(TextTask, ABalancedSeededChoice) {
  const ScratchFolder folder;
  const std::string path = folder.write("reviews.json", reviews_json());
  TaskConfig task{.kind = "text", .path = path, .examples = 6, .vocabulary = 10, .length = 5};
  const auto data = task_of(task);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(kind_of(data->inputs), InputKind::text);
  EXPECT_EQ(inputs_as<TextInputs>(data->inputs).tokens.sizes(), (at::IntArrayRef{6, 5}));
  EXPECT_EQ(data->pool_size, 6);
  EXPECT_EQ(data->targets.sum().item<std::int64_t>(), 3) << "half of each";
  EXPECT_EQ(data->token_count, 3);
  EXPECT_EQ(std::set<std::string>(data->token_names.begin(), data->token_names.end()),
            (std::set<std::string>{"", "bad", "good"}));
  for (std::int64_t i = 0; i < 6; ++i) {
    const bool kind = data->targets[i].item<std::int64_t>() == 1;
    const auto last =
        static_cast<std::size_t>(inputs_as<TextInputs>(data->inputs).tokens[i][4].item<std::int64_t>());
    EXPECT_EQ(data->token_names.at(last), kind ? "good" : "bad") << "words stand at the end";
  }
  EXPECT_TRUE(
      inputs_as<TextInputs>(task_of(task)->inputs).tokens.equal(inputs_as<TextInputs>(data->inputs).tokens));
  EXPECT_FALSE(inputs_as<TextInputs>(task_of(task, 1)->inputs)
                   .tokens.equal(inputs_as<TextInputs>(data->inputs).tokens))
      << "another seed chooses others";
  task.examples = 0;
  EXPECT_EQ(task_of(task)->pool_size, 12);
  task.examples = 14;
  EXPECT_EQ(
      task_error(task),
      "task.examples = 14 takes half of each class, but there are 6 kind and 6 unkind reviews here: " + path);
}

TEST(TextTask, FoldersOfReviews) {
  const ScratchFolder folder;
  for (int i = 0; i < 3; ++i) {
    folder.write("aclImdb/train/pos/" + std::to_string(i) + "_8.txt", "good film");
    folder.write("aclImdb/train/neg/" + std::to_string(i) + "_2.txt", "bad film");
  }
  TaskConfig task{
      .kind = "text", .path = folder.path() + "/aclImdb", .examples = 4, .vocabulary = 10, .length = 3};
  const auto data = task_of(task);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->pool_size, 4);
  EXPECT_EQ(data->token_names.at(1), "film");
  EXPECT_EQ(data->targets.sum().item<std::int64_t>(), 2);
}

TEST(MoleculesTask, SmilesBecomePaddedGraphs) {
  const ScratchFolder folder;
  const std::string path = folder.write("my.csv", "SMILES,size\nC,1\nC=O,2\nc1cc[nH]c1,6\n");
  TaskConfig task{.kind = "molecules", .path = path, .tolerance = 0.25};
  const auto data = task_of(task);
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(kind_of(data->inputs), InputKind::graphs);
  EXPECT_EQ(data->tolerance, 0.25);
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).nodes.sizes(), (at::IntArrayRef{3, 5, 11}));
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).edges.sizes(), (at::IntArrayRef{3, 10, 4}));
  EXPECT_TRUE(at::allclose(data->target_vectors.mean(), at::zeros({}), 0, 1e-6)) << "standardised";
  EXPECT_NEAR(at::square(data->target_vectors).mean().item<double>(), 1.0, 1e-5);
  const std::int64_t pyrrole = data->target_vectors.argmax().item<std::int64_t>();
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).node_mask[pyrrole].sum().item<double>(), 5.0);
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).edge_mask[pyrrole].sum().item<double>(), 10.0);
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).edges[pyrrole].select(1, 3).sum().item<double>(), 10.0)
      << "all aromatic, both ways";
  const at::Tensor nitrogen = at::tensor(std::vector<float>{0, 0, 1, 0, 0, 7, 1, 0, 1, 0, 1});
  EXPECT_TRUE(inputs_as<GraphInputs>(data->inputs).nodes[pyrrole][3].equal(nitrogen))
      << inputs_as<GraphInputs>(data->inputs).nodes[pyrrole][3];
  const std::int64_t methane = data->target_vectors.argmin().item<std::int64_t>();
  EXPECT_EQ(inputs_as<GraphInputs>(data->inputs).edge_mask[methane].sum().item<double>(), 0.0);
}

TEST(MoleculesTask, Qm9AsSdfAndAsXyz) {
  const ScratchFolder folder;
  folder.write("qm9/gdb9.sdf", methane_sdf() + nitromethane_sdf() + methane_sdf());
  folder.write("qm9/gdb9.sdf.csv", "mol_id,alpha,mu\ngdb_1,13.2,0\ngdb_2,20,1\ngdb_3,13.5,2\n");
  TaskConfig task{.kind = "molecules", .path = folder.path() + "/qm9"};
  EXPECT_EQ(task_of(task)->pool_size, 3);
  EXPECT_EQ(inputs_as<GraphInputs>(task_of(task)->inputs).nodes.sizes(), (at::IntArrayRef{3, 5, 11}));
  const auto data = task_of(task);
  const at::Tensor atoms = inputs_as<GraphInputs>(data->inputs).node_mask.sum(1);  // (molecule)
  EXPECT_EQ(atoms[data->target_vectors.flatten().argmax().item<std::int64_t>()].item<double>(), 4.0)
      << "alpha = 20 is that of nitromethane, whose hydrogens the file leaves out";
  std::string list;
  for (int i = 0; i < 9; ++i) list += "heading\n";
  folder.write("qm9/uncharacterized.txt", list + "  1 C\n");
  EXPECT_EQ(task_of(task)->pool_size, 2) << "what is on the list is left out";
  task.target = "mu";
  EXPECT_EQ(task_of(task)->title, "mu of 2 molecules of QM9");
  folder.write("qm9/gdb9.sdf", methane_sdf() + nitromethane_sdf());
  EXPECT_EQ(task_error(task),
            "the SDF file has 2 molecules but its table 3 rows; take both from the same set: " +
                folder.path() + "/qm9/gdb9.sdf");
  folder.write("xyz/dsgdb9nsd_000001.xyz", methane_xyz());
  folder.write("xyz/dsgdb9nsd_000002.xyz", benzene_xyz());
  EXPECT_EQ(inputs_as<GraphInputs>(task_of({.kind = "molecules", .path = folder.path() + "/xyz"})->inputs)
                .nodes.sizes(),
            (at::IntArrayRef{2, 12, 11}));
  EXPECT_EQ(task_error({.kind = "molecules", .path = folder.path() + "/xyz", .target = "alhpa"}),
            "QM9's xyz files have no property 'alhpa': did you mean 'alpha'?: " + folder.path() + "/xyz");
}

TEST(MoleculesTask, LargeMoleculesAreLeftOut) {
  const ScratchFolder folder;
  const std::string path =
      folder.write("my.csv", "C,1\nCCCCCC,6\nC=O,2\nc1cc[nH]c1,5\n[H]C([H])([H])C,2.5\n");
  EXPECT_EQ(task_of({.kind = "molecules", .path = path})->pool_size, 5);
  EXPECT_EQ(task_of({.kind = "molecules", .path = path, .max_atoms = 5})->pool_size, 4);
  EXPECT_EQ(task_of({.kind = "molecules", .path = path, .max_atoms = 2})->pool_size, 3) << "without hydrogen";
  EXPECT_EQ(task_of({.kind = "molecules", .path = path, .examples = 2, .max_atoms = 2})->pool_size, 2);
  EXPECT_EQ(
      task_error({.kind = "molecules", .path = path, .examples = 4, .max_atoms = 2}),
      "task.examples = 4, but 3 molecules here have at most task.max_atoms = 2 atoms other than hydrogen: " +
          path);
  folder.write("qm9/gdb9.sdf", methane_sdf() + nitromethane_sdf() + methane_sdf());
  folder.write("qm9/gdb9.sdf.csv", "mol_id,alpha,mu\ngdb_1,13.2,0\ngdb_2,20,1\ngdb_3,13.5,2\n");
  EXPECT_EQ(task_of({.kind = "molecules", .path = folder.path() + "/qm9", .max_atoms = 1})->pool_size, 2);
  EXPECT_EQ(task_of({.kind = "molecules", .path = folder.path() + "/qm9", .examples = 2})->pool_size, 2);
  folder.write("xyz/dsgdb9nsd_000001.xyz", methane_xyz());
  folder.write("xyz/dsgdb9nsd_000002.xyz", benzene_xyz());
  EXPECT_EQ(
      task_error({.kind = "molecules", .path = folder.path() + "/xyz", .examples = 2, .max_atoms = 5}),
      "task.examples = 2, but 1 molecules here have at most task.max_atoms = 5 atoms other than hydrogen: " +
          folder.path() + "/xyz");
}

TEST(MoleculesTask, Errors) {
  const ScratchFolder folder;
  const std::string same = folder.write("same.csv", "C,1\nCC,1\n");
  EXPECT_EQ(task_error({.kind = "molecules", .path = same}),
            "the chosen molecules all have the same value of this property: there is nothing to learn");
  const std::string large = folder.write("large.csv", "C,1e308\nCC,-1e308\nCCC,1\n");
  EXPECT_EQ(
      task_error({.kind = "molecules", .path = large}),
      "the values of this property are too large to have a mean and a deviation: give them in another unit");
  const std::string bad = folder.write("bad.csv", "# one\nC(,1\nCC,2\n");
  EXPECT_EQ(task_error({.kind = "molecules", .path = bad}),
            "the SMILES 'C(' is wrong at character 2: this branch is never closed: row 2 of " + bad);
  EXPECT_EQ(task_error({.kind = "molecules", .path = same, .examples = 3}),
            "task.examples = 3, but there are 2 molecules here: " + same);
  EXPECT_EQ(
      task_error({.kind = "molecules", .path = folder.path()}),
      "there are no molecules here: task.path must be a folder with gdb9.sdf or with *.xyz files of QM9, "
      "or a CSV file with columns of SMILES and of values: " +
          folder.path());
}

TEST(RealData, WhatASystemLeavesBesideTheFilesIsPassedOver) {
  const ScratchFolder folder;
  const std::string apple("\0\5\x16\7\0\2\0\0Mac OS X", 16);
  folder.write("xyz/dsgdb9nsd_000001.xyz", methane_xyz());
  folder.write("xyz/dsgdb9nsd_000002.xyz", benzene_xyz());
  for (const char* name : {"xyz/._dsgdb9nsd_000001.xyz", "xyz/.DS_Store", "xyz/__MACOSX/dsgdb9nsd_000003.xyz",
                           "aclImdb/train/pos/._0_8.txt", "aclImdb/train/neg/._0_2.txt",
                           "aclImdb/train/pos/.DS_Store", "aclImdb/__MACOSX/pos/0_8.txt"}) {
    folder.write(name, apple);
  }
  EXPECT_EQ(task_of({.kind = "molecules", .path = folder.path() + "/xyz"})->pool_size, 2);
  for (int i = 0; i < 2; ++i) {
    folder.write("aclImdb/train/pos/" + std::to_string(i) + "_8.txt", "good film");
    folder.write("aclImdb/train/neg/" + std::to_string(i) + "_2.txt", "bad film");
  }
  const auto reviews =
      task_of({.kind = "text", .path = folder.path() + "/aclImdb", .vocabulary = 10, .length = 3});
  EXPECT_EQ(reviews->pool_size, 4);
}

TEST(RealData, AFifoIsOneSentenceInEveryTask) {
  const ScratchFolder folder;
  const std::string fifo = folder.path() + "/fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const char* kind : {"table", "molecules", "text"}) {
    EXPECT_EQ(task_error({.kind = kind, .path = fifo}),
              "cannot read the file: it is a pipe (FIFO), not an ordinary file: " + fifo)
        << kind;
    EXPECT_EQ(task_error({.kind = kind, .path = "/dev/zero"}),
              "cannot read the file: it is a device, not an ordinary file: /dev/zero")
        << kind;
  }
  ASSERT_EQ(::mkfifo((folder.path() + "/train-images-idx3-ubyte").c_str(), 0600), 0);
  EXPECT_EQ(task_error({.kind = "images", .path = folder.path()}),
            "cannot read the file: it is a pipe (FIFO), not an ordinary file: " + folder.path() +
                "/train-images-idx3-ubyte");
}

TEST(RealData, ATaskSaysHowItReadItsFiles) {
  const ScratchFolder folder;
  const std::string table = folder.write("t.csv", ",a,b,answer\n0,0,0,0\n1,0,1,1\n2,1,0,1\n3,1,1,0\n");
  EXPECT_EQ(
      task_of({.kind = "table", .path = table})->reading,
      "a list: a is column 2, 'a'; b is column 3, 'b'; the answer is column 4, 'answer'; column 1 is passed "
      "over; 4 pairs, 2 symbols, 2 answers; cells parted by commas");
  const std::string molecules = folder.write("m.csv", "id,size,smiles\nM0,1,C\nM1,2,CC\n");
  EXPECT_EQ(task_of({.kind = "molecules", .path = molecules})->reading,
            "2 molecules: SMILES in column 3, 'smiles'; values in column 2, 'size'; cells parted by commas");
  EXPECT_EQ(task_of({.kind = "modular"})->reading, "");
}

TEST(FetchedData, EveryNciMoleculeIsRead) {
  const std::string path = fetched_folder("molecules") + "/first_5k.tpsa.csv";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << "run scripts/fetch-data molecules";
  const auto text = read_file(path, 1u << 20);
  ASSERT_TRUE(text.ok());
  const auto table = smiles_table_from_text(*text, "", path);
  ASSERT_TRUE(table.ok()) << table.error().message;
  EXPECT_EQ(table->rows.size(), 4999u);
  for (const SmilesRow& row : table->rows) {
    const auto molecule = molecule_from_smiles(row.smiles, "row " + std::to_string(row.row));
    EXPECT_TRUE(molecule.ok()) << molecule.error().message;
  }
  const auto data = task_of({.kind = "molecules", .examples = 100});
  ASSERT_NE(data, nullptr);
  EXPECT_EQ(data->title, "polar surface area of 100 molecules");
}

TEST(FetchedData, Emoji) {
  if (!std::filesystem::exists(fetched_folder("emoji"))) GTEST_SKIP() << "run scripts/fetch-data emoji";
  const auto emoji = task_of({.kind = "images", .path = "emoji"});
  ASSERT_NE(emoji, nullptr);
  EXPECT_EQ(emoji->title, "Emoji");
  EXPECT_EQ(emoji->pool_size, 1525);
  EXPECT_EQ(emoji->held_out, 381);
  EXPECT_EQ(emoji->class_count, 9);
  EXPECT_EQ(emoji->class_names.at(2), "Flags");
  EXPECT_EQ(rows_of_numbers(emoji->inputs).sizes(), (at::IntArrayRef{1906, 3072}));
  const at::Tensor counts = at::bincount(emoji->targets);
  EXPECT_EQ(counts[5].item<std::int64_t>(), 386) << "people without the variations of skin";
}

TEST(FetchedData, MnistAndImdb) {
  if (!std::filesystem::exists(fetched_folder("mnist"))) GTEST_SKIP() << "run scripts/fetch-data mnist";
  const auto mnist = task_of({.kind = "images", .path = "mnist"});
  ASSERT_NE(mnist, nullptr);
  EXPECT_EQ(mnist->title, "MNIST");
  EXPECT_EQ(rows_of_numbers(mnist->inputs).sizes(), (at::IntArrayRef{70000, 784}));
  EXPECT_TRUE(mnist->targets.slice(0, 0, 5).equal(at::tensor(std::vector<std::int64_t>{5, 0, 4, 1, 9})));
  if (!std::filesystem::exists(fetched_folder("imdb"))) GTEST_SKIP() << "run scripts/fetch-data imdb";
  const auto imdb = task_of({.kind = "text", .examples = 1000, .vocabulary = 1000, .length = 100});
  ASSERT_NE(imdb, nullptr);
  EXPECT_EQ(inputs_as<TextInputs>(imdb->inputs).tokens.sizes(), (at::IntArrayRef{1000, 100}));
  EXPECT_EQ(imdb->token_names.at(1), "the");
  EXPECT_EQ(imdb->targets.sum().item<std::int64_t>(), 500);
}

}  // namespace
}  // namespace grokscope

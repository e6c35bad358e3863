// CIFAR-10's binary format: a tiny folder of it is read as it is written, and everything that can be wrong
// with one is one sentence.
#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "data/dataset.h"
#include "data/idx_files.h"

namespace grokscope {
namespace {

constexpr std::size_t kPixels = 3072;

/// A record: red, green and blue are `shade`, shade + 1 and shade + 2; its first pixel is 0 in all three.
std::string record(int label, int shade) {
  std::string bytes(1, static_cast<char>(label));
  for (int channel = 0; channel < 3; ++channel)
    bytes += '\0' + std::string(kPixels / 3 - 1, static_cast<char>(shade + channel));
  return bytes;
}

void write_cifar(const ScratchFolder& folder) {
  for (int batch = 1; batch <= 5; ++batch) {
    folder.write("set/data_batch_" + std::to_string(batch) + ".bin",
                 record(batch - 1, 10 * batch) + record(batch, 10 * batch + 5));
  }
  folder.write("set/test_batch.bin", record(9, 200) + record(0, 210) + record(2, 220));
}

std::string cifar_error(const ScratchFolder& folder, Blame blame) {
  const auto made = make_dataset({.kind = "images", .path = folder.path() + "/set"}, 0);
  if (made.ok()) return "no error";
  EXPECT_EQ(made.error().blame, blame) << made.error().message;
  std::string message = made.error().message;
  for (std::size_t at = 0; (at = message.find(folder.path())) != std::string::npos;)
    message.replace(at, folder.path().size(), "~");
  return message;
}

TEST(Cifar, ABatchIsReadAsItIsWritten) {
  const ScratchFolder folder;
  write_cifar(folder);
  const auto made = make_dataset({.kind = "images", .path = folder.path() + "/set"}, 0, at::kDouble);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const Dataset& data = **made;
  EXPECT_EQ(data.title, "set");
  EXPECT_EQ(data.pool_size, 10);
  EXPECT_EQ(data.held_out, 3);
  EXPECT_EQ(data.class_count, 10);
  EXPECT_EQ(data.class_names[9], "9");
  EXPECT_TRUE(
      data.targets.equal(at::tensor(std::vector<std::int64_t>{0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 9, 0, 2})));
  const auto& images = inputs_as<ImageInputs>(data.inputs);
  EXPECT_EQ(images.channels, 3);
  EXPECT_EQ(images.height, 32);
  EXPECT_EQ(images.width, 32);
  ASSERT_EQ(images.pixels.sizes(), (at::IntArrayRef{13, 3072}));
  const at::Tensor picture = images.pixels[3].view({3, 32, 32});  // (channel, row, column): shade 25
  EXPECT_EQ(picture[0][0][0].item<double>(), 0.0);
  EXPECT_EQ(picture[0][0][1].item<double>(), 25 / 255.0);
  EXPECT_EQ(picture[1][31][31].item<double>(), 26 / 255.0);
  EXPECT_EQ(picture[2][0][0].item<double>(), 0.0);
  EXPECT_EQ(picture[2][0][1].item<double>(), 27 / 255.0);
}

TEST(Cifar, NamesComeFromTheMetaFile) {
  const ScratchFolder folder;
  write_cifar(folder);
  std::string names;
  for (const char* name : {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship"})
    names += std::string(name) + "\r\n";
  folder.write("set/batches.meta.txt", names + "truck\n\n");
  std::filesystem::rename(folder.path() + "/set", folder.path() + "/cifar-10-batches-bin");
  const auto made = make_dataset({.kind = "images", .path = folder.path() + "/cifar-10-batches-bin"}, 0);
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_EQ((*made)->title, "CIFAR-10");
  EXPECT_EQ((*made)->class_count, 10);
  EXPECT_EQ((*made)->class_names[0], "airplane");
  EXPECT_EQ((*made)->class_names[9], "truck");
}

TEST(Cifar, WhatIsWrongIsOneSentence) {
  const ScratchFolder folder;
  write_cifar(folder);
  std::filesystem::remove(folder.path() + "/set/data_batch_4.bin");
  EXPECT_EQ(cifar_error(folder, Blame::failure),
            "the file data_batch_4.bin is missing; a folder of pictures in CIFAR-10's binary format has "
            "data_batch_1.bin to data_batch_5.bin and test_batch.bin: ~/set");
  folder.write("set/data_batch_4.bin", record(1, 1));
  EXPECT_EQ(cifar_error(folder, Blame::failure),
            "the batch has 1 records, but data_batch_1.bin has 2: training batches have equally many; get a "
            "fresh copy: ~/set/data_batch_4.bin");
  folder.write("set/data_batch_4.bin", (record(1, 1) + record(1, 1)).substr(1));
  EXPECT_EQ(
      cifar_error(folder, Blame::failure),
      "the batch has 6145 bytes, which are no whole records of 3073 (a label and 3 x 32 x 32 pixels): it "
      "is cut off or something else; get a fresh copy of CIFAR-10's binary version: "
      "~/set/data_batch_4.bin");
  folder.write("set/data_batch_4.bin", "");
  EXPECT_EQ(cifar_error(folder, Blame::failure),
            "the batch of pictures is empty; get a fresh copy: ~/set/data_batch_4.bin");
  folder.write("set/data_batch_4.bin", record(1, 1) + record(10, 1));
  EXPECT_EQ(
      cifar_error(folder, Blame::failure),
      "record 2 of the batch has the label 10, and labels go from 0 to 9: this is no batch of CIFAR-10's "
      "binary version, or a damaged one; get a fresh copy: ~/set/data_batch_4.bin");
}

TEST(Cifar, NamesAndLabelsGoTogether) {
  const ScratchFolder folder;
  write_cifar(folder);
  folder.write("set/batches.meta.txt", "one\ntwo\nthree\n");
  EXPECT_EQ(
      cifar_error(folder, Blame::failure),
      "record 2 of the batch has the label 3, and labels go from 0 to 2: this is no batch of CIFAR-10's "
      "binary version, or a damaged one; get a fresh copy: ~/set/data_batch_3.bin");
  folder.write("set/batches.meta.txt", "one\n");
  EXPECT_EQ(cifar_error(folder, Blame::usage),
            "1 names of classes, one a line, where 2 to 10 are needed: ~/set/batches.meta.txt");
  folder.write("set/batches.meta.txt", "one\ntw\x1bo\n");
  EXPECT_EQ(cifar_error(folder, Blame::usage),
            "the name 'tw\\x1bo' of a class is not one line of UTF-8 of at most 64 bytes: "
            "~/set/batches.meta.txt");
}

TEST(Cifar, ASetOfOneClassTeachesNothing) {
  const ScratchFolder folder;
  for (int batch = 1; batch <= 5; ++batch)
    folder.write("set/data_batch_" + std::to_string(batch) + ".bin", record(0, batch));
  folder.write("set/test_batch.bin", record(0, 9));
  EXPECT_EQ(cifar_error(folder, Blame::usage),
            "every image has the label 0: there is nothing to learn: ~/set");
}

}  // namespace
}  // namespace grokscope

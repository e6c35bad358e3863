// Images: tiny folders in every naming, everything that can be wrong with one, and the installed
// Fashion-MNIST.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include "data/dataset.h"
#include "data/idx_files.h"

namespace grokscope {
namespace {

Result<std::shared_ptr<const Dataset>> images_of(const std::string& path) {
  return make_dataset({.kind = "images", .path = path}, 0);
}

void write_tiny_set(const ScratchFolder& folder, const std::string& inside, const std::string& separator,
                    bool packed) {
  const auto write = [&](const std::string& stem, const std::string& kind, const std::string& content) {
    folder.write(inside + "/" + stem + separator + kind + (packed ? ".gz" : ""),
                 packed ? gzipped(content) : content);
  };
  write("train-images", "idx3-ubyte", idx_file({3, 1, 2}, std::string("\x00\xFF\x33\x66\x99\xCC", 6)));
  write("train-labels", "idx1-ubyte", idx_file({3}, std::string("\0\2\1", 3)));
  write("t10k-images", "idx3-ubyte", idx_file({1, 1, 2}, "\x01\x02"));
  write("t10k-labels", "idx1-ubyte", idx_file({1}, "\2"));
}

std::string image_error(const ScratchFolder& folder, Blame blame) {
  const auto dataset = images_of(folder.path() + "/set");
  if (dataset.ok()) return "no error";
  EXPECT_EQ(dataset.error().blame, blame) << dataset.error().message;
  std::string message = dataset.error().message;
  for (std::size_t at = 0; (at = message.find(folder.path())) != std::string::npos;)
    message.replace(at, folder.path().size(), "~");
  return message;
}

TEST(Images, EveryNamingLoads) {
  for (const std::string separator : {"-", "."}) {
    for (const bool packed : {false, true}) {
      const ScratchFolder folder;
      write_tiny_set(folder, "digits", separator, packed);
      const auto result = images_of(folder.path() + "/digits");
      ASSERT_TRUE(result.ok()) << result.error().message;
      const Dataset& dataset = **result;
      EXPECT_EQ(kind_of(dataset.inputs), InputKind::images);
      EXPECT_EQ(dataset.title, "digits");
      EXPECT_EQ(dataset.pool_size, 3);
      EXPECT_EQ(dataset.held_out, 1);
      EXPECT_EQ(inputs_as<ImageInputs>(dataset.inputs).height, 1);
      EXPECT_EQ(inputs_as<ImageInputs>(dataset.inputs).width, 2);
      EXPECT_EQ(dataset.class_count, 3);
      EXPECT_EQ(dataset.class_names, (std::vector<std::string>{"0", "1", "2"}));
      const auto expected =
          at::tensor(std::vector<float>{0, 255, 51, 102, 153, 204, 1, 2}).view({4, 2}) / 255.0f;
      EXPECT_TRUE(at::allclose(rows_of_numbers(dataset.inputs), expected)) << rows_of_numbers(dataset.inputs);
      EXPECT_TRUE(dataset.targets.equal(at::tensor(std::vector<std::int64_t>{0, 2, 1, 2})));
    }
  }
}

TEST(Images, GreyOnesHaveThreeChannelsWhereTheyAreAskedFor) {
  const ScratchFolder folder;
  write_tiny_set(folder, "digits", "-", false);
  const auto made =
      make_dataset({.kind = "images", .path = folder.path() + "/digits", .channels = 3}, 0, at::kDouble);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const auto& images = inputs_as<ImageInputs>((*made)->inputs);
  EXPECT_EQ(images.channels, 3);
  ASSERT_EQ(images.pixels.sizes(), (at::IntArrayRef{4, 6}));
  const at::Tensor grey = images.pixels.narrow(1, 0, 2).clone();
  EXPECT_EQ(grey[1][1].item<double>(), 0x66 / 255.0);
  EXPECT_TRUE(at::equal(images.pixels, at::cat({grey, grey, grey}, 1)));
  EXPECT_NE((*made)->reading.find("1 x 2 pixels in 3 channels"), std::string::npos) << (*made)->reading;
}

TEST(Images, SomeOfTheTestImagesAreTheSameForEverySeed) {
  const ScratchFolder folder;
  write_tiny_set(folder, "digits", "-", false);
  folder.write("digits/t10k-images-idx3-ubyte", idx_file({9, 1, 2}, "aAbBcCdDeEfFgGhHiI"));
  folder.write("digits/t10k-labels-idx1-ubyte", idx_file({9}, std::string("\0\1\2\0\1\2\0\1\2", 9)));
  const auto made_with = [&](std::uint64_t seed) {
    return *make_dataset({.kind = "images", .path = folder.path() + "/digits", .test_size = 4}, seed);
  };
  const auto data = made_with(1);
  EXPECT_EQ(data->held_out, 4);
  const at::Tensor bytes = (rows_of_numbers(data->inputs) * 255).round().to(at::kLong);
  ASSERT_EQ(bytes.size(0), 7);
  for (std::int64_t i = 3; i < 7; ++i) {
    const auto upper = bytes[i][1].item<std::int64_t>();
    EXPECT_EQ(bytes[i][0].item<std::int64_t>(), upper + 32) << "a picture in one piece";
    EXPECT_EQ(data->targets[i].item<std::int64_t>(), (upper - 'A') % 3) << "with its own label";
  }
  EXPECT_TRUE(at::equal(rows_of_numbers(made_with(2)->inputs), rows_of_numbers(data->inputs)));
  EXPECT_TRUE(data->reading.ends_with("; 4 of the test examples are scored")) << data->reading;
}

TEST(Images, InFloat64APixelIsItsByteOver255) {
  const ScratchFolder folder;
  write_tiny_set(folder, "digits", "-", false);
  const auto made = make_dataset({.kind = "images", .path = folder.path() + "/digits"}, 0, at::kDouble);
  ASSERT_TRUE(made.ok()) << made.error().message;
  const at::Tensor& pixels = inputs_as<ImageInputs>((*made)->inputs).pixels;
  ASSERT_EQ(pixels.scalar_type(), at::kDouble);
  EXPECT_EQ(pixels[1][1].item<double>(), 0x66 / 255.0);
  EXPECT_EQ(pixels[3][0].item<double>(), 1 / 255.0);
}

TEST(Images, NoiseStaysInThePool) {
  const ScratchFolder folder;
  write_tiny_set(folder, "digits", "-", true);
  const auto result =
      make_dataset({.kind = "images", .path = folder.path() + "/digits", .label_noise = 1.0}, 0);
  ASSERT_TRUE(result.ok());
  const auto wrong = (*result)->targets.ne((*result)->train_targets);
  EXPECT_TRUE(wrong.equal(at::tensor(std::vector<std::int64_t>{1, 1, 1, 0}).to(at::kBool)));
}

TEST(Images, FashionNamesFollowTheFolder) {
  const ScratchFolder folder;
  write_tiny_set(folder, "Fashion-MNIST", "-", true);
  const auto result = images_of(folder.path() + "/Fashion-MNIST/");
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ((*result)->title, "Fashion-MNIST");
  EXPECT_EQ((*result)->class_names, (std::vector<std::string>{"T-shirt/top", "Trouser", "Pullover"}));
}

TEST(Images, Errors) {
  const ScratchFolder folder;
  EXPECT_EQ(image_error(folder, Blame::failure),
            "there is no such folder of images: set task.path to mnist, fashion-mnist, emoji, or one with "
            "train-images-idx3-ubyte or data_batch_1.bin and its companions: ~/set");
  write_tiny_set(folder, "set", "-", false);
  std::filesystem::remove(folder.path() + "/set/t10k-labels-idx1-ubyte");
  EXPECT_EQ(image_error(folder, Blame::failure),
            "the file t10k-labels-idx1-ubyte (or with .gz) is missing; a folder of images needs "
            "train-images, train-labels, "
            "t10k-images and t10k-labels, or the batches of CIFAR-10's binary version: ~/set");
  folder.write("set/t10k-labels-idx1-ubyte", idx_file({2}, "\1\2"));
  EXPECT_EQ(image_error(folder, Blame::usage),
            "there are 1 t10k images but 2 labels; take both files from the same set: ~/set");
  folder.write("set/t10k-labels-idx1-ubyte", idx_file({1}, "\1"));
  folder.write("set/t10k-images-idx3-ubyte", idx_file({1, 2, 2}, "abcd"));
  EXPECT_EQ(image_error(folder, Blame::usage),
            "the training images are 1 x 2 pixels but the test images 2 x 2; take both files from the same "
            "set: ~/set");
  folder.write("set/t10k-images-idx3-ubyte", idx_file({1, 1, 2}, "a"));
  EXPECT_EQ(image_error(folder, Blame::failure),
            "the IDX file is cut off: it has 1 of 2 bytes; get a fresh copy: "
            "~/set/t10k-images-idx3-ubyte");
  folder.write("set/t10k-images-idx3-ubyte", idx_file({1, 1, 2}, "ab"));
  folder.write("set/t10k-labels-idx1-ubyte", idx_file({1}, std::string(1, '\0')));
  folder.write("set/train-labels-idx1-ubyte", idx_file({3}, std::string(3, '\0')));
  EXPECT_EQ(image_error(folder, Blame::usage),
            "every image has the label 0: there is nothing to learn: ~/set");
}

/// Room for so many more bytes than the process has now.
class AddressSpaceLimit {
 public:
  explicit AddressSpaceLimit(std::uint64_t more) {
    ::getrlimit(RLIMIT_AS, &before_);
    std::ifstream statm("/proc/self/statm");
    std::uint64_t pages = 0;
    statm >> pages;
    const rlimit limit{pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE)) + more, before_.rlim_max};
    ::setrlimit(RLIMIT_AS, &limit);
  }
  ~AddressSpaceLimit() { ::setrlimit(RLIMIT_AS, &before_); }

 private:
  rlimit before_{};
};

TEST(Images, WhatASetNeedsIsSaidBeforeItIsTaken) {
  const ScratchFolder folder;
  for (const std::string stem : {"train", "t10k"}) {
    folder.write("set/" + stem + "-images-idx3-ubyte", idx_file({512, 1024, 1024}, ""));
    folder.write("set/" + stem + "-labels-idx1-ubyte", idx_file({512}, std::string(512, '\1')));
  }
  const AddressSpaceLimit limit(256u << 20);
  const std::string said = image_error(folder, Blame::failure);
  EXPECT_TRUE(said.starts_with("the set of images needs 5.4 GB of memory, but only ")) << said;
  EXPECT_TRUE(said.ends_with(" MB are free; take a smaller one, or close other programs: ~/set")) << said;
}

TEST(Images, AnAnnouncementAloneTakesNoMemory) {
  const ScratchFolder folder;
  for (const std::string stem : {"train", "t10k"}) {
    folder.write("set/" + stem + "-images-idx3-ubyte.gz", gzipped(idx_file({16, 1024, 1024}, "few")));
    folder.write("set/" + stem + "-labels-idx1-ubyte", idx_file({16}, std::string(16, '\1')));
  }
  EXPECT_EQ(image_error(folder, Blame::failure),
            "the IDX file is cut off: it has 3 of 16777216 bytes; get a fresh copy: "
            "~/set/train-images-idx3-ubyte.gz");
}

TEST(Images, WhatMacOsLeavesBesideThemIsPassedOver) {
  const ScratchFolder folder;
  write_tiny_set(folder, "set", "-", true);
  for (const char* name :
       {"set/._train-images-idx3-ubyte", "set/.DS_Store", "set/__MACOSX/._train-images-idx3-ubyte"})
    folder.write(name, std::string("\0\5\x16\7", 4));
  EXPECT_EQ((*images_of(folder.path() + "/set"))->pool_size, 3);
}

TEST(Images, UnknownNamesSayWhatIsKnown) {
  const auto result = images_of("no-such-set");
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().message,
            "there is no such folder of images: set task.path to mnist, fashion-mnist, emoji, or one with "
            "train-images-idx3-ubyte or data_batch_1.bin and its companions: no-such-set");
}

TEST(Images, InstalledFashionMnist) {
  const std::string folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  for (const std::string& path : {std::string(), folder}) {
    const auto result = images_of(path);
    ASSERT_TRUE(result.ok()) << result.error().message;
    const Dataset& dataset = **result;
    EXPECT_EQ(dataset.title, "Fashion-MNIST");
    EXPECT_EQ(dataset.pool_size, 60000);
    EXPECT_EQ(dataset.held_out, 10000);
    EXPECT_EQ(rows_of_numbers(dataset.inputs).sizes(), (at::IntArrayRef{70000, 784}));
    EXPECT_EQ(dataset.class_names.at(9), "Ankle boot");
    const auto first = dataset.targets.slice(0, 0, 5);
    EXPECT_TRUE(first.equal(at::tensor(std::vector<std::int64_t>{9, 0, 0, 3, 0}))) << "as published";
    EXPECT_TRUE(at::bincount(dataset.targets.slice(0, 60000)).equal(at::full({10}, 1000, at::kLong)));
    EXPECT_FLOAT_EQ(rows_of_numbers(dataset.inputs).max().item<float>(), 1.0f);
  }
}

}  // namespace
}  // namespace grokscope

// Task `images`: the four IDX files of MNIST or Fashion-MNIST, plain or gzipped, or the six batches of
// CIFAR-10, of a fetched set or a folder of one's own. What the set trains on is the pool, its test images
// are always test.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/memory.h"
#include "base/outside_text.h"
#include "base/read_file.h"
#include "data/data_folder.h"
#include "data/formats/cifar.h"
#include "data/formats/idx.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDefaultImages = "fashion-mnist";
constexpr std::array<const char*, 10> kFashionNames = {
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"};

// Two files whose headers were read: nothing is unpacked before all four are known to go together.
struct ImageFiles {
  IdxReader images, labels;
};

// A set's name, or a folder.
Result<std::string> image_folder(const std::string& path) {
  const std::string name = path.empty() ? kDefaultImages : path;
  RealData set{};
  if (is_set_of_images(name, set)) return find_data(name, set);
  std::error_code error;
  if (fs::is_directory(name, error)) return name;
  if (error && error != std::errc::no_such_file_or_directory) {
    return failure(fmt::format("the folder of images cannot be looked at: {}: {}", error.message(), name));
  }
  return failure(fmt::format(
      "there is no such folder of images: set task.path to mnist, fashion-mnist, emoji, or one with "
      "train-images-idx3-ubyte or data_batch_1.bin and its companions: {}",
      name));
}

// train-images-idx3-ubyte, train-images.idx3-ubyte, each also with .gz.
std::optional<fs::path> find_idx_file(const fs::path& folder, const std::string& stem,
                                      const std::string& kind) {
  for (const char* separator : {"-", "."}) {
    for (const char* packed : {"", ".gz"}) {
      std::string name = stem;
      name.append(separator).append(kind).append(packed);
      fs::path candidate = folder / name;
      std::error_code ignored;
      if (fs::exists(candidate, ignored)) return candidate;
    }
  }
  return std::nullopt;
}

Result<IdxReader> open_idx(const fs::path& folder, const std::string& stem, const std::string& kind,
                           std::size_t dimensions) {
  const auto path = find_idx_file(folder, stem, kind);
  if (!path) {
    return failure(fmt::format(
        "the file {}-{} (or with .gz) is missing; a folder of images needs train-images, "
        "train-labels, t10k-images and t10k-labels, or the batches of CIFAR-10's binary version: {}",
        stem, kind, folder.string()));
  }
  auto file = open_ordinary_file(path->string());
  if (!file) return file.error();
  return IdxReader::open(source_of(std::move(*file), path->string()), dimensions, path->string());
}

Result<ImageFiles> open_image_files(const fs::path& folder, const std::string& stem) {
  auto images = open_idx(folder, stem + "-images", "idx3-ubyte", 3);
  if (!images) return images.error();
  auto labels = open_idx(folder, stem + "-labels", "idx1-ubyte", 1);
  if (!labels) return labels.error();
  if (images->sizes()[0] != labels->sizes()[0]) {
    return usage_error(
        fmt::format("there are {} {} images but {} labels; take both files from the same set: {}",
                    images->sizes()[0], stem, labels->sizes()[0], folder.string()));
  }
  return ImageFiles{std::move(*images), std::move(*labels)};
}

Status check_sizes(const ImageFiles& train, const ImageFiles& test, const fs::path& folder) {
  const auto &a = train.images.sizes(), &b = test.images.sizes();
  if (a[1] == b[1] && a[2] == b[2]) return {};
  return usage_error(
      fmt::format("the training images are {} x {} pixels but the test images {} x {}; take both files from "
                  "the same set: {}",
                  a[1], a[2], b[1], b[2], folder.string()));
}

// A byte, and its number from 0 to 1, for each pixel; a few whole numbers for each label.
std::uint64_t memory_for(std::uint64_t pixels, std::uint64_t labels) {
  return pixels * (1 + sizeof(float)) + labels * (1 + 4 * sizeof(std::int64_t));
}

/// Whether there is room for what `examples` is about to hold, in `channels` channels, and room for its
/// bytes.
Status make_room(Examples& examples, std::int64_t channels, const fs::path& folder) {
  const auto count = static_cast<std::uint64_t>(examples.pool_size + examples.held_out);
  const std::uint64_t area = static_cast<std::uint64_t>(examples.image_height * examples.image_width) * count;
  const std::uint64_t memory = memory_for(area * static_cast<std::uint64_t>(channels), count);
  if (Status room = memory_suffices("the set of images", memory,
                                    "take a smaller one, or close other programs: " + folder.string());
      !room) {
    return room;
  }
  examples.pixels.reserve(area * static_cast<std::uint64_t>(examples.image_channels));
  examples.reading =
      fmt::format("{} training and {} test images of {} x {} pixels{}; {} of memory", examples.pool_size,
                  examples.held_out, examples.image_height, examples.image_width,
                  channels == 1 ? "" : fmt::format(" in {} channels", channels), text_of_bytes(memory));
  return {};
}

/// How many channels the pictures get: `wanted` where it is more than they have.
std::int64_t channels_of(const Examples& examples, std::int64_t wanted) {
  return std::max(examples.image_channels, wanted);
}

Result<Examples> idx_examples(const fs::path& folder, std::int64_t channels) {
  auto train = open_image_files(folder, "train");
  if (!train) return train.error();
  auto test = open_image_files(folder, "t10k");
  if (!test) return test.error();
  if (Status status = check_sizes(*train, *test, folder); !status) return status.error();
  Examples examples;
  examples.pool_size = train->images.sizes()[0];
  examples.held_out = test->images.sizes()[0];
  examples.image_height = train->images.sizes()[1];
  examples.image_width = train->images.sizes()[2];
  if (Status room = make_room(examples, channels_of(examples, channels), folder); !room) return room.error();
  std::string classes;
  for (ImageFiles* files : {&*train, &*test}) {
    if (Status status = files->images.append_to(examples.pixels); !status) return status.error();
    if (Status status = files->labels.append_to(classes); !status) return status.error();
  }
  for (const char label : classes) examples.targets.push_back(static_cast<unsigned char>(label));
  return examples;
}

Result<Examples> cifar_examples(const fs::path& folder, std::int64_t channels) {
  auto reader = CifarReader::open(folder.string());
  if (!reader) return reader.error();
  Examples examples;
  examples.pool_size = reader->train_count();
  examples.held_out = reader->test_count();
  examples.image_channels = kCifarChannels;
  examples.image_height = examples.image_width = kCifarSide;
  examples.class_names = reader->names();
  if (Status room = make_room(examples, channels_of(examples, channels), folder); !room) return room.error();
  if (Status read = reader->append_to(examples.pixels, examples.targets); !read) return read.error();
  return examples;
}

/// Every grey picture `channels` times, one behind the other.
void repeat_channels(Examples& examples, std::int64_t channels) {
  if (examples.image_channels >= channels) return;
  const auto area = static_cast<std::size_t>(examples.image_height * examples.image_width);
  std::string repeated;
  repeated.reserve(examples.pixels.size() * static_cast<std::size_t>(channels));
  for (std::size_t at = 0; at < examples.pixels.size(); at += area) {
    for (std::int64_t i = 0; i < channels; ++i) repeated.append(examples.pixels, at, area);
  }
  examples.pixels = std::move(repeated);
  examples.image_channels = channels;
}

void name_images(Examples& examples, const fs::path& folder) {
  std::string name = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
  std::string lower = name;
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const bool fashion = lower.find("fashion") != std::string::npos && examples.class_count <= 10;
  examples.title = lower == "fashion-mnist"          ? "Fashion-MNIST"
                   : lower == "mnist"                ? "MNIST"
                   : lower == "cifar-10-batches-bin" ? "CIFAR-10"
                   : lower == "emoji"                ? "Emoji"
                                                     : name;
  if (!examples.class_names.empty()) return;
  for (std::int64_t label = 0; label < examples.class_count; ++label) {
    examples.class_names.push_back(fashion ? kFashionNames[static_cast<std::size_t>(label)]
                                           : std::to_string(label));
  }
}

}  // namespace

Result<Examples> image_examples(const TaskConfig& task, std::uint64_t) {
  const auto found = image_folder(task.path);
  if (!found) return found.error();
  const fs::path folder(*found);
  auto examples =
      is_cifar_folder(*found) ? cifar_examples(folder, task.channels) : idx_examples(folder, task.channels);
  if (!examples) return examples.error();
  const std::int64_t largest = *std::max_element(examples->targets.begin(), examples->targets.end());
  if (largest == 0) {
    return usage_error(
        fmt::format("every image has the label 0: there is nothing to learn: {}", folder.string()));
  }
  const auto named = static_cast<std::int64_t>(examples->class_names.size());
  examples->class_count = std::max(largest + 1, named);
  name_images(*examples, folder);
  repeat_channels(*examples, task.channels);
  return examples;
}

}  // namespace grokscope

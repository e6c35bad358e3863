// Words: reviews become lower-case words, words become numbers. Torch-free. Any thread; pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "data/formats/reviews.h"

namespace grokscope {

/// Calls `take` for each word: letters only (a to z, lower case), apostrophes inside a word dropped ("don't"
/// is "dont"), <br /> and everything else parts words.
void for_each_word(std::string_view text, const std::function<void(const std::string&)>& take);

struct Vocabulary {
  std::vector<std::string> names;  ///< [0] is the padding, "", then the most frequent word first
  std::unordered_map<std::string, std::int64_t> numbers;
};

/// The `most` most frequent words of all reviews; of equally frequent ones the earlier in the alphabet.
Vocabulary vocabulary_of(const std::vector<Review>& reviews, std::size_t most);

/// Appends exactly `length` numbers: the first `length` words that are in the vocabulary, the others left
/// out, with zeros in front (Omnigrok's code).
void append_tokens(std::string_view text, const Vocabulary& vocabulary, std::size_t length,
                   std::vector<std::int64_t>& tokens);

}  // namespace grokscope

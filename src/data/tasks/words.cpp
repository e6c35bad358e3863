// Words: see words.h.
#include "data/tasks/words.h"

#include <algorithm>
#include <utility>

namespace grokscope {
namespace {

constexpr std::size_t kLongestWord = 40;  // longer runs of letters are no words; they are cut
constexpr std::string_view kLineBreak = "<br />";

char lower_letter(char c) {
  if (c >= 'A' && c <= 'Z') return static_cast<char>(c - 'A' + 'a');
  return c >= 'a' && c <= 'z' ? c : '\0';
}

}  // namespace

void for_each_word(std::string_view text, const std::function<void(const std::string&)>& take) {
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) take(word);
    word.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (const char letter = lower_letter(text[at]); letter != '\0') {
      if (word.size() < kLongestWord) word += letter;
      continue;
    }
    if (text[at] == '\'' && !word.empty()) continue;
    if (text.substr(at).starts_with(kLineBreak)) at += kLineBreak.size() - 1;
    finish();
  }
  finish();
}

Vocabulary vocabulary_of(const std::vector<Review>& reviews, std::size_t most) {
  std::unordered_map<std::string, std::int64_t> counts;
  for (const Review& review : reviews) {
    for_each_word(review.text, [&](const std::string& word) { ++counts[word]; });
  }
  std::vector<std::pair<std::string, std::int64_t>> words(counts.begin(), counts.end());
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (words.size() > most) words.resize(most);
  Vocabulary vocabulary;
  vocabulary.names.emplace_back();
  for (auto& [word, count] : words) {
    vocabulary.numbers.emplace(word, static_cast<std::int64_t>(vocabulary.names.size()));
    vocabulary.names.push_back(word);
  }
  return vocabulary;
}

void append_tokens(std::string_view text, const Vocabulary& vocabulary, std::size_t length,
                   std::vector<std::int64_t>& tokens) {
  std::vector<std::int64_t> known;
  for_each_word(text, [&](const std::string& word) {
    const auto found = vocabulary.numbers.find(word);
    if (found != vocabulary.numbers.end() && known.size() < length) known.push_back(found->second);
  });
  tokens.insert(tokens.end(), length - known.size(), 0);
  tokens.insert(tokens.end(), known.begin(), known.end());
}

}  // namespace grokscope

// Formula tokens: see formula_tokens.h.
#include "data/formats/formula_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/outside_text.h"

namespace grokscope {
namespace {

constexpr std::size_t kMostDigits = 18;

bool is_formula_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_formula_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Longest spelling first.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kFormulaSigns = {{
    {"**", "^"}, {"<=", "<="}, {">=", ">="}, {"==", "=="}, {"!=", "!="}, {"&&", "&&"}, {"||", "||"},
    {"≤", "<="}, {"≥", ">="},  {"≠", "!="},  {"−", "-"},   {"×", "*"},   {"·", "*"},   {"÷", "/"},
    {"+", "+"},  {"-", "-"},   {"*", "*"},   {"/", "/"},   {"%", "%"},   {"^", "^"},   {"(", "("},
    {")", ")"},  {",", ","},   {"?", "?"},   {":", ":"},   {"<", "<"},   {">", ">"},
}};

class FormulaScanner {
 public:
  explicit FormulaScanner(std::string_view text) : text_(text), rest_(text) {}

  Result<std::vector<FormulaToken>> scan() {
    std::vector<FormulaToken> tokens;
    for (;;) {
      while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) take(1);
      FormulaToken token;
      token.position = position_;
      if (rest_.empty()) {
        tokens.push_back(std::move(token));
        return tokens;
      }
      if (Status status = read(token); !status) return status.error();
      tokens.push_back(std::move(token));
    }
  }

 private:
  std::string_view take(std::size_t bytes) {
    const std::string_view taken = rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
    // Every byte but a continuation byte starts a character.
    position_ += static_cast<std::size_t>(
        std::count_if(taken.begin(), taken.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    return taken;
  }

  std::string_view take_while(bool (*belongs)(char)) {
    const auto stop = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    return take(static_cast<std::size_t>(stop - rest_.begin()));
  }

  Status read(FormulaToken& token) {
    if (is_formula_digit(rest_.front())) return read_number(token);
    if (is_formula_letter(rest_.front())) {
      token.kind = FormulaTokenKind::name;
      token.written = take_while(is_formula_letter);
      token.text = token.written;
      return {};
    }
    for (const auto& [written, meant] : kFormulaSigns) {
      if (!rest_.starts_with(written)) continue;
      token.kind = FormulaTokenKind::sign;
      token.written = take(written.size());
      token.text = meant;
      return {};
    }
    return unknown_character();
  }

  Status read_number(FormulaToken& token) {
    token.kind = FormulaTokenKind::number;
    token.written = take_while(is_formula_digit);
    token.text = token.written;
    if (token.written.size() > kMostDigits) {
      return usage_error(fmt::format(
          "the number {} at character {} of {} is too large: write at most {} digits",
          in_quotes(token.written, 30), token.position, formula_excerpt(text_, token.position), kMostDigits));
    }
    for (const char digit : token.written) token.number = token.number * 10 + (digit - '0');
    return {};
  }

  Error unknown_character() const {
    const std::size_t length = std::max<std::size_t>(1, utf8_length(rest_));
    const std::string where = fmt::format("{} at character {} of {}", in_quotes(rest_.substr(0, length)),
                                          position_, formula_excerpt(text_, position_));
    if (rest_.front() == '=') return usage_error("unexpected " + where + ": a comparison is written '=='");
    if (rest_.front() == '.') return usage_error("unexpected " + where + ": only whole numbers can be used");
    return usage_error("unexpected " + where + ": this character has no meaning in a formula");
  }

  std::string_view text_, rest_;
  std::size_t position_ = 1;
};

}  // namespace

std::string formula_excerpt(std::string_view text, std::size_t character) {
  constexpr std::size_t kShown = 80, kBefore = 30;
  if (text.size() <= kShown) return "the formula " + in_quotes(text, kShown);
  std::size_t skip = character > kBefore ? character - kBefore : 0;
  std::string_view rest = text;
  const bool cut = skip > 0;
  while (skip-- > 0 && !rest.empty()) rest.remove_prefix(std::max<std::size_t>(1, utf8_length(rest)));
  std::string shown = in_quotes(rest, kShown - kBefore);
  if (cut) shown.insert(1, "…");
  return "the formula " + shown;
}

Result<std::vector<FormulaToken>> formula_tokens(std::string_view text) {
  return FormulaScanner(text).scan();
}

}  // namespace grokscope

// Formula: the parser, by recursive descent; the grammar stands in docs/tasks.md. See formula.h.
#include "data/formats/formula.h"

#include <fmt/format.h>

#include <initializer_list>
#include <iterator>
#include <optional>
#include <span>
#include <utility>

#include "base/outside_text.h"
#include "data/formats/formula_tokens.h"

namespace grokscope {
namespace {

constexpr std::string_view kWantedOperand = "a, b, p, a number, a function or '('";

struct FormulaSign {
  std::string_view text;
  FormulaOperator op;
};
constexpr FormulaSign kComparisons[] = {
    {"<", FormulaOperator::less},    {"<=", FormulaOperator::less_equal},
    {">", FormulaOperator::greater}, {">=", FormulaOperator::greater_equal},
    {"==", FormulaOperator::equal},  {"!=", FormulaOperator::not_equal}};
constexpr FormulaSign kSums[] = {{"+", FormulaOperator::add}, {"-", FormulaOperator::subtract}};
constexpr FormulaSign kProducts[] = {
    {"*", FormulaOperator::multiply}, {"/", FormulaOperator::divide}, {"%", FormulaOperator::remainder}};
constexpr FormulaSign kBoth[] = {{"&&", FormulaOperator::both}};
constexpr FormulaSign kEither[] = {{"||", FormulaOperator::either}};

struct FormulaFunction {
  std::string_view name;
  FormulaOperator op;
  int arguments;
};
constexpr FormulaFunction kFunctions[] = {{"min", FormulaOperator::minimum, 2},
                                          {"max", FormulaOperator::maximum, 2},
                                          {"abs", FormulaOperator::absolute, 1},
                                          {"gcd", FormulaOperator::gcd, 2}};
constexpr FormulaSign kVariables[] = {
    {"a", FormulaOperator::a}, {"b", FormulaOperator::b}, {"p", FormulaOperator::p}};

// Every parse function returns the index of the node it made, or -1 after noting the (first) error.
class FormulaParser {
 public:
  FormulaParser(std::string_view text, std::vector<FormulaToken> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  Result<std::vector<FormulaNode>> parse() {
    const int root = condition();
    if (root >= 0 && !at_end()) unexpected("an operator or the end of the formula");
    if (error_) return *error_;
    return std::move(nodes_);
  }

 private:
  using Level = int (FormulaParser::*)();

  const FormulaToken& token() const { return tokens_[next_]; }
  bool at_end() const { return token().kind == FormulaTokenKind::end; }
  bool at(std::string_view sign) const {
    return token().kind == FormulaTokenKind::sign && token().text == sign;
  }

  std::optional<FormulaOperator> take_one_of(std::span<const FormulaSign> signs) {
    for (const FormulaSign& sign : signs) {
      if (at(sign.text)) return ++next_, sign.op;
    }
    return std::nullopt;
  }

  bool expect(std::string_view sign, std::string_view wanted) {
    if (!at(sign)) return unexpected(wanted), false;
    ++next_;
    return true;
  }

  int unexpected(std::string_view wanted) {
    if (error_) return -1;
    const std::string formula = formula_excerpt(text_, token().position);
    if (at_end()) {
      error_ = usage_error(
          fmt::format("{} ends too early: expected {} at character {}", formula, wanted, token().position));
      return -1;
    }
    const bool operand = token().kind != FormulaTokenKind::sign || at("(");
    const bool product_missing = operand && wanted.starts_with("an operator");
    error_ = usage_error(fmt::format("unexpected {} at character {} of {}: expected {}{}",
                                     in_quotes(token().written, 30), token().position, formula, wanted,
                                     product_missing ? "; write '*' for a product" : ""));
    return -1;
  }

  int add(FormulaOperator op, std::initializer_list<int> operands, std::int64_t number = 0) {
    FormulaNode node{.op = op, .number = number};
    int* const slots[] = {&node.first, &node.second, &node.third};
    std::size_t filled = 0;
    for (const int operand : operands) {
      if (operand < 0 || filled == std::size(slots)) return -1;
      *slots[filled++] = operand;
    }
    nodes_.push_back(node);
    return static_cast<int>(nodes_.size()) - 1;
  }

  bool deeper() {
    if (++depth_ <= Formula::kDeepest) return true;
    if (!error_) {
      error_ = usage_error(fmt::format("{} is nested too deeply at character {}: at most {} levels",
                                       formula_excerpt(text_, token().position), token().position,
                                       Formula::kDeepest));
    }
    return false;
  }

  // condition = either [ "?" condition ":" condition ]
  int condition() {
    if (!deeper()) return -1;
    int node = either();
    if (node >= 0 && at("?")) {
      ++next_;
      const int yes = condition();
      if (yes < 0 || !expect(":", "an operator or ':' and what to take otherwise")) return -1;
      node = add(FormulaOperator::choose, {node, yes, condition()});
    }
    --depth_;
    return node;
  }

  int left_to_right(Level operand, std::span<const FormulaSign> signs) {
    int node = (this->*operand)();
    while (node >= 0) {
      const auto op = take_one_of(signs);
      if (!op) break;
      node = add(*op, {node, (this->*operand)()});
    }
    return node;
  }

  int either() { return left_to_right(&FormulaParser::both, kEither); }
  int both() { return left_to_right(&FormulaParser::comparison, kBoth); }
  int sum() { return left_to_right(&FormulaParser::product, kSums); }
  int product() { return left_to_right(&FormulaParser::signed_power, kProducts); }

  int comparison() {
    int node = sum();
    if (node < 0) return -1;
    if (const auto op = take_one_of(kComparisons)) {
      node = add(*op, {node, sum()});
      for (const FormulaSign& sign : kComparisons) {
        if (node >= 0 && at(sign.text)) return unexpected("one comparison at a time, as in 'a < b && b < 5'");
      }
    }
    return node;
  }

  // signed_power = "-" signed_power | primary [ "^" signed_power ]: -a^2 is -(a^2), a^-1 is the inverse
  int signed_power() {
    if (at("-")) return ++next_, add(FormulaOperator::negate, {nested_power()});
    const int node = primary();
    if (node < 0 || !at("^")) return node;
    ++next_;
    return add(FormulaOperator::power, {node, nested_power()});
  }

  int nested_power() {
    if (!deeper()) return -1;
    const int node = signed_power();
    --depth_;
    return node;
  }

  int primary() {
    if (token().kind == FormulaTokenKind::number) {
      const std::int64_t number = token().number;
      ++next_;
      return add(FormulaOperator::number, {}, number);
    }
    if (token().kind == FormulaTokenKind::name) return name();
    if (!at("(")) return unexpected(kWantedOperand);
    ++next_;
    const int node = condition();
    return node >= 0 && expect(")", "an operator or ')'") ? node : -1;
  }

  int name() {
    const FormulaToken& word = token();
    for (const FormulaSign& variable : kVariables) {
      if (word.text == variable.text) return ++next_, add(variable.op, {});
    }
    for (const FormulaFunction& function : kFunctions) {
      if (word.text == function.name) return ++next_, call(function);
    }
    error_ = usage_error(
        fmt::format("unknown name {} at character {} of {}: known are a, b, p, min, max, abs and gcd",
                    in_quotes(word.text, 30), word.position, formula_excerpt(text_, word.position)));
    return -1;
  }

  int call(const FormulaFunction& function) {
    if (!expect("(", fmt::format("'(' after {}", function.name))) return -1;
    const int first = condition();
    if (first < 0) return -1;
    if (function.arguments == 1) return expect(")", "an operator or ')'") ? add(function.op, {first}) : -1;
    if (!expect(",", fmt::format("an operator or ',' and the second argument of {}", function.name)))
      return -1;
    const int second = condition();
    return second >= 0 && expect(")", "an operator or ')'") ? add(function.op, {first, second}) : -1;
  }

  std::string_view text_;
  std::vector<FormulaToken> tokens_;
  std::size_t next_ = 0;
  int depth_ = -1;  // the whole formula is level 0
  std::vector<FormulaNode> nodes_;
  std::optional<Error> error_;
};

}  // namespace

Result<Formula> Formula::parse(std::string_view text) {
  if (text.find_first_not_of(" \t") == std::string_view::npos) {
    return usage_error("the formula is empty: write one in a and b, for example 'a^2 + 3*b'");
  }
  if (text.size() > kLongest) {
    return usage_error(
        fmt::format("the formula is {} bytes long: at most {} are allowed", text.size(), kLongest));
  }
  auto tokens = formula_tokens(text);
  if (!tokens) return tokens.error();
  auto nodes = FormulaParser(text, std::move(*tokens)).parse();
  if (!nodes) return nodes.error();
  return Formula(std::string(text), std::move(*nodes));
}

}  // namespace grokscope

// The formula language: every operator against arithmetic written out here, and every error with its whole
// text.
#include "data/formats/formula.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>

namespace grokscope {
namespace {

constexpr long long kUndefined = 1LL << 60;  // no rule below answers that

// Walks all pairs; `expected` returns kUndefined where there must be no answer.
void expect_everywhere(const char* text, int p,
                       const std::function<long long(long long, long long)>& expected) {
  const auto formula = Formula::parse(text);
  ASSERT_TRUE(formula.ok()) << formula.error().message;
  for (int a = 0; a < p; ++a) {
    for (int b = 0; b < p; ++b) {
      const FormulaAnswer answer = formula->evaluate(a, b, p);
      const long long wanted = expected(a, b);
      if (wanted == kUndefined) {
        EXPECT_EQ(answer.outcome, FormulaOutcome::no_answer) << text << " at " << a << ", " << b;
      } else {
        ASSERT_EQ(answer.outcome, FormulaOutcome::answer) << text << " at " << a << ", " << b;
        ASSERT_EQ(answer.value, ((wanted % p) + p) % p) << text << " at " << a << ", " << b;
      }
    }
  }
}

// Searches for the quotient instead of computing it.
long long quotient_by_search(long long x, long long y, long long p) {
  long long found = kUndefined;
  for (long long z = 0; z < p; ++z) {
    if ((y * z - x) % p != 0) continue;
    if (found != kUndefined) return kUndefined;  // more than one: y has no inverse
    found = z;
  }
  return found;
}

long long power_by_repetition(long long base, long long exponent, long long p) {
  long long result = 1;
  for (long long i = 0; i < exponent; ++i) result = result * base % p;
  return result;
}

std::string error_of(const std::string& text) {
  const auto formula = Formula::parse(text);
  if (formula.ok()) return "no error";
  EXPECT_EQ(formula.error().blame, Blame::usage);
  return formula.error().message;
}

FormulaAnswer value_of(const char* text, std::int64_t a, std::int64_t b, std::int64_t p) {
  const auto formula = Formula::parse(text);
  EXPECT_TRUE(formula.ok()) << formula.error().message;
  return formula.ok() ? formula->evaluate(a, b, p) : FormulaAnswer{FormulaOutcome::no_answer, -1};
}

TEST(Formula, RingOperations) {
  expect_everywhere("a + b", 7, [](auto a, auto b) { return a + b; });
  expect_everywhere("a - b", 7, [](auto a, auto b) { return a - b; });
  expect_everywhere("a*b", 7, [](auto a, auto b) { return a * b; });
  expect_everywhere("-a - -b", 7, [](auto a, auto b) { return -a + b; });
  expect_everywhere("2*(a + 3)*b - 1", 11, [](auto a, auto b) { return 2 * (a + 3) * b - 1; });
  expect_everywhere("a − b × 2 · a", 11, [](auto a, auto b) { return a - b * 2 * a; });
  expect_everywhere("a**2 + a*b**2 + b", 13, [](auto a, auto b) { return a * a + a * b * b + b; });
}

TEST(Formula, PrecedenceIsTheUsualOne) {
  expect_everywhere("-a^2", 7, [](auto a, auto) { return -(a * a); });
  expect_everywhere("2^a^b", 5, [](auto a, auto b) {
    long long exponent = 1;
    for (int i = 0; i < b; ++i) exponent *= a;
    return power_by_repetition(2, exponent, 5);
  });
  expect_everywhere("a - b - 1", 7, [](auto a, auto b) { return a - b - 1; });
  expect_everywhere("1 + a % 3 * b", 7, [](auto a, auto b) { return 1 + (a % 3) * b; });
  expect_everywhere("a + 1 < b || a == 3 && b != 2", 7,
                    [](auto a, auto b) { return a + 1 < b || (a == 3 && b != 2) ? 1 : 0; });
  expect_everywhere("a < 2 ? 5 : b < 2 ? 6 : 4", 7, [](auto a, auto b) { return a < 2 ? 5 : b < 2 ? 6 : 4; });
}

TEST(Formula, DivisionIsModularAndHasNoAnswerWithoutInverse) {
  for (const int p : {7, 12}) {
    expect_everywhere("a / b", p, [p](auto a, auto b) { return quotient_by_search(a, b, p); });
    expect_everywhere("b^-1 * a", p, [p](auto a, auto b) { return quotient_by_search(a, b, p); });
  }
  expect_everywhere("b % 2 == 1 ? a / b : a - b", 11,
                    [](auto a, auto b) { return b % 2 == 1 ? quotient_by_search(a, b, 11) : a - b; });
}

TEST(Formula, PowersOfEverySize) {
  expect_everywhere("a^b", 11, [](auto a, auto b) { return power_by_repetition(a, b, 11); });
  expect_everywhere("2^(a + b)", 11, [](auto a, auto b) { return power_by_repetition(2, a + b, 11); });
  expect_everywhere("a^5000", 11, [](auto a, auto) { return power_by_repetition(a, 5000, 11); });
  EXPECT_EQ(value_of("a^999999999999999999", 2, 0, 2147483647).outcome, FormulaOutcome::answer);
  EXPECT_EQ(value_of("0^0", 0, 0, 7).value, 1);
  EXPECT_EQ(value_of("a^-1", 0, 0, 7).outcome, FormulaOutcome::no_answer);
}

TEST(Formula, RemainderMinMaxAbsGcdUseTheTrueNumbers) {
  expect_everywhere("(a + b) % 2", 7, [](auto a, auto b) { return (a + b) % 2; });
  expect_everywhere("(a - b) % 5", 7, [](auto a, auto b) { return ((a - b) % 5 + 5) % 5; });
  expect_everywhere("abs(a - b)", 7, [](auto a, auto b) { return a < b ? b - a : a - b; });
  expect_everywhere("max(a - b, 0) + min(a, 100)", 7, [](auto a, auto b) { return (a > b ? a - b : 0) + a; });
  expect_everywhere("gcd(a, b)", 13, [](auto a, auto b) {
    for (auto d = std::max(a, b); d > 1; --d) {
      if (a % d == 0 && b % d == 0) return d;
    }
    return a == 0 && b == 0 ? decltype(a){0} : decltype(a){1};
  });
  expect_everywhere("a * b > 20", 7, [](auto a, auto b) { return a * b > 20 ? 1 : 0; });
  expect_everywhere("a >= b", 7, [](auto a, auto b) { return a >= b ? 1 : 0; });
  expect_everywhere("a <= b", 7, [](auto a, auto b) { return a <= b ? 1 : 0; });
  expect_everywhere("p - a", 7, [](auto a, auto) { return -a; });
  expect_everywhere("a % b", 7, [](auto a, auto b) { return b == 0 ? kUndefined : a % b; });
}

TEST(Formula, NumbersBeyondTheLimitStayRightModPAndAreNeverCompared) {
  EXPECT_EQ(value_of("(a^40 * b^40) - a^40 * b^40 + 3", 50, 49, 53).value, 3);
  EXPECT_EQ(value_of("a^40 > 5", 50, 0, 53).outcome, FormulaOutcome::too_large);
  EXPECT_EQ(value_of("a^40 % p > 5", 50, 0, 53).outcome, FormulaOutcome::answer);
  EXPECT_EQ(value_of("2^(a^40)", 50, 0, 53).outcome, FormulaOutcome::too_large);
  EXPECT_EQ(value_of("a^40 ? 1 : 2", 50, 0, 53).outcome, FormulaOutcome::too_large);
  EXPECT_EQ(value_of("1 && a^40", 50, 0, 53).outcome, FormulaOutcome::too_large);
  EXPECT_EQ(value_of("abs(-2^61 - 2^61)", 0, 0, 53).outcome, FormulaOutcome::too_large);
  EXPECT_EQ(value_of("-2^61 - 2^61 - 2^62 - 2^62", 0, 0, 2).value, 0);
}

TEST(Formula, OnlyTheSideThatCountsIsEvaluated) {
  EXPECT_EQ(value_of("b == 0 ? 4 : a / b", 3, 0, 7).value, 4);
  EXPECT_EQ(value_of("b == 0 || a / b == 2", 3, 0, 7).value, 1);
  EXPECT_EQ(value_of("b != 0 && a / b == 2", 3, 0, 7).value, 0);
}

TEST(Formula, ErrorsPointAtTheCharacter) {
  EXPECT_EQ(error_of("a + b)"),
            "unexpected ')' at character 6 of the formula 'a + b)': expected an operator or the end of the "
            "formula");
  EXPECT_EQ(error_of("a + * b"),
            "unexpected '*' at character 5 of the formula 'a + * b': expected a, b, p, a number, "
            "a function or '('");
  EXPECT_EQ(error_of("(a + b"),
            "the formula '(a + b' ends too early: expected an operator or ')' at character 7");
  EXPECT_EQ(error_of("a +"),
            "the formula 'a +' ends too early: expected a, b, p, a number, a function or '(' at character 4");
  EXPECT_EQ(error_of("2a"),
            "unexpected 'a' at character 2 of the formula '2a': expected an operator or the end of the "
            "formula; write '*' for a product");
  EXPECT_EQ(
      error_of("a × c"),
      "unknown name 'c' at character 5 of the formula 'a × c': known are a, b, p, min, max, abs and gcd");
  EXPECT_EQ(error_of("ab"),
            "unknown name 'ab' at character 1 of the formula 'ab': known are a, b, p, min, max, abs and gcd");
  EXPECT_EQ(error_of("a = b"),
            "unexpected '=' at character 3 of the formula 'a = b': a comparison is written '=='");
  EXPECT_EQ(error_of("0.5*a"),
            "unexpected '.' at character 2 of the formula '0.5*a': only whole numbers can be used");
  EXPECT_EQ(
      error_of("a $ b"),
      "unexpected '$' at character 3 of the formula 'a $ b': this character has no meaning in a formula");
  EXPECT_EQ(error_of("a < b < 3"),
            "unexpected '<' at character 7 of the formula 'a < b < 3': expected one comparison at "
            "a time, as in 'a < b && b < 5'");
  EXPECT_EQ(error_of("a ? b"),
            "the formula 'a ? b' ends too early: expected an operator or ':' and what to take otherwise "
            "at character 6");
  EXPECT_EQ(error_of("min a"),
            "unexpected 'a' at character 5 of the formula 'min a': expected '(' after min");
  EXPECT_EQ(error_of("min(a)"),
            "unexpected ')' at character 6 of the formula 'min(a)': expected an operator or ',' and the "
            "second argument of min");
  EXPECT_EQ(error_of("abs(a, b)"),
            "unexpected ',' at character 6 of the formula 'abs(a, b)': expected an operator or ')'");
}

TEST(Formula, ErrorsOfSize) {
  EXPECT_EQ(error_of("  \t"), "the formula is empty: write one in a and b, for example 'a^2 + 3*b'");
  EXPECT_EQ(error_of(std::string(1001, 'a')), "the formula is 1001 bytes long: at most 1000 are allowed");
  EXPECT_EQ(error_of("1234567890123456789"),
            "the number '1234567890123456789' at character 1 of the formula "
            "'1234567890123456789' is too large: write at most 18 digits");
  EXPECT_EQ(error_of(std::string(65, '(') + "a" + std::string(65, ')')),
            "the formula '…" + std::string(29, '(') + "a" + std::string(20, ')') +
                "…' is nested too deeply at character 66: at most 64 levels");
  EXPECT_EQ(error_of(std::string(64, '(') + "a" + std::string(64, ')')), "no error");
  EXPECT_EQ(error_of(std::string(64, '-') + "a"), "no error");
  EXPECT_NE(error_of(std::string(65, '-') + "a"), "no error");
}

TEST(Formula, UntrustedBytesNeverReachTheMessage) {
  EXPECT_EQ(
      error_of("a + \x01"),
      "unexpected '\\x01' at character 5 of the formula 'a + \\x01': this character has no meaning in a "
      "formula");
  EXPECT_EQ(
      error_of("a + \xFF"),
      "unexpected '\\xff' at character 5 of the formula 'a + \\xff': this character has no meaning in a "
      "formula");
}

}  // namespace
}  // namespace grokscope

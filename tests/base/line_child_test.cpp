// A child that is talked to in lines: what is heard, how it ends, that its input ends with us.
#include "base/line_child.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

namespace grokscope {
namespace {

std::vector<std::string> hear_until_silent(LineChild& child) {
  std::vector<std::string> all;
  while (!child.silent()) {
    pollfd waiting{child.descriptor(), POLLIN, 0};
    ::poll(&waiting, 1, -1);
    for (std::string& line : child.hear()) all.push_back(std::move(line));
  }
  return all;
}

TEST(LineChild, AnswersLineByLine) {
  auto child =
      LineChild::start({"/bin/sh", "-c", "while read a; do echo \"<$a>\"; done; printf torn; exit 7"});
  ASSERT_TRUE(child) << child.error().message;
  EXPECT_TRUE(child->tell("one"));
  EXPECT_TRUE(child->tell("two words"));
  child->close_input();
  EXPECT_EQ(hear_until_silent(*child), (std::vector<std::string>{"<one>", "<two words>"}));
  EXPECT_EQ(child->exit_code(), 7);
  EXPECT_EQ(child->exit_code(), 7);
}

TEST(LineChild, OneThatIsKilledSaysByWhat) {
  auto child = LineChild::start({"/bin/sh", "-c", "read a"});
  ASSERT_TRUE(child);
  ::kill(child->process(), SIGKILL);
  EXPECT_TRUE(hear_until_silent(*child).empty());
  EXPECT_EQ(child->exit_code(), 128 + SIGKILL);
}

TEST(LineChild, NoOtherChildKeepsItsInputOpen) {
  auto first = LineChild::start({"/bin/sh", "-c", "read a; echo over"});
  auto second = LineChild::start({"/bin/sh", "-c", "read a"});
  ASSERT_TRUE(first && second);
  first->close_input();
  EXPECT_EQ(hear_until_silent(*first), std::vector<std::string>{"over"});
}

TEST(LineChild, AProgramThatIsNotThereIsAnError) {
  const auto child = LineChild::start({"/nowhere/grokscope"});
  ASSERT_FALSE(child);
  EXPECT_TRUE(child.error().message.ends_with("/nowhere/grokscope"));
}

}  // namespace
}  // namespace grokscope

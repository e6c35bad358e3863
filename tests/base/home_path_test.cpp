// "~" in a path that was typed.
#include "base/home_path.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace grokscope {
namespace {

TEST(HomePath, StandsForTheHomeFolderAtTheBeginningAlone) {
  const char* before = std::getenv("HOME");
  const std::string home = before == nullptr ? "" : before;
  ::setenv("HOME", "/home/ada", 1);
  EXPECT_EQ(with_home("~"), "/home/ada");
  EXPECT_EQ(with_home("~/runs/a b"), "/home/ada/runs/a b");
  for (const char* other : {"", "a~", "/~/x", "./~", "~ada/x", "x/~/y"}) EXPECT_EQ(with_home(other), other);
  ::unsetenv("HOME");
  EXPECT_EQ(with_home("~/x"), "~/x");
  if (!home.empty()) ::setenv("HOME", home.c_str(), 1);
}

}  // namespace
}  // namespace grokscope

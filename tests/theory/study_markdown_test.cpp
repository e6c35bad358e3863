// docs/theory.md is what the tables of the studies say.
#include "theory/study_markdown.h"

#include <gtest/gtest.h>

#include <cstdlib>

#include "base/files.h"
#include "base/read_file.h"

namespace grokscope::theory {
namespace {

TEST(StudyMarkdown, EqualsTheCommittedPage) {
  const std::string path = GROKSCOPE_SOURCE_DIR "/docs/theory.md";
  if (std::getenv("GROKSCOPE_REGENERATE") != nullptr) {
    ASSERT_TRUE(write_file_atomic(path, study_markdown()));
  }
  const auto page = read_file(path, 1u << 20);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(*page == study_markdown())
      << "docs/theory.md is out of date: run GROKSCOPE_REGENERATE=1 test_theory "
         "--gtest_filter='StudyMarkdown.*'";
}

}  // namespace
}  // namespace grokscope::theory

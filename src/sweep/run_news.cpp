#include "sweep/run_news.h"

namespace grokscope {

std::string_view name_of(RunNews news) {
  switch (news) {
    case RunNews::begun:
      return "begun";
    case RunNews::trained:
      return "trained";
    case RunNews::failed:
      return "failed";
    case RunNews::found:
      return "found";
    case RunNews::busy:
      return "busy";
  }
  return "";
}

std::optional<RunNews> run_news_named(std::string_view name) {
  for (const RunNews news :
       {RunNews::begun, RunNews::trained, RunNews::failed, RunNews::found, RunNews::busy}) {
    if (name_of(news) == name) return news;
  }
  return std::nullopt;
}

}  // namespace grokscope

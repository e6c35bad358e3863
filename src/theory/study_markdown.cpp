// See study_markdown.h.
#include "theory/study_markdown.h"

#include <fmt/format.h>

#include "theory/study.h"

namespace grokscope::theory {
namespace {

/// "10 .. 500 examples", "`mnist`, `mixture`".
std::string values_cell(const StudyParameter& one) {
  std::string list;
  for (const std::string_view option : one.options)
    list += fmt::format("{}`{}`", list.empty() ? "" : ", ", option);
  if (!list.empty()) return list;
  return fmt::format("{} .. {}{}{}", text_of_parameter(one, one.minimum), text_of_parameter(one, one.maximum),
                     one.unit.empty() ? "" : " ", one.unit);
}

std::string section_of(const Study& study) {
  std::string text = fmt::format("\n## {}\n\n`grokscope theory {}`. {}\n\nSource: {}.\n\n{}\n", study.title,
                                 study.name, study.help, study.source, study.formulas);
  text += "\n| parameter | default | values | what it does |\n|---|---|---|---|\n";
  for (const StudyParameter& one : study.parameters) {
    text += fmt::format("| `{}` | `{}` | {} | {}. {} |\n", one.name, text_of_parameter(one, one.initial),
                        values_cell(one), one.title, one.help);
  }
  text += "\n| button | sets |\n|---|---|\n";
  for (const StudySetting& setting : study.settings) {
    std::string sets;
    for (const auto& [name, value] : setting.values)
      sets += fmt::format("{}`{}={}`", sets.empty() ? "" : ", ", name, value);
    text += fmt::format("| {} | {} |\n", setting.title, sets.empty() ? "the defaults" : sets);
  }
  return text;
}

}  // namespace

std::string study_markdown() {
  std::string text =
      "<!-- Generated from the tables in src/theory; tests/theory checks that the two agree. -->\n"
      "# Theory\n\n"
      "What is computed and not trained: double descent and patterns of learning in closed form. In the "
      "window it is\n"
      "the panel *Theory* (key Y) with a slider for each parameter; on the command line `grokscope theory "
      "STUDY\n"
      "--set NAME=VALUE`, with `--json`, `--csv` or `-o FILE.png`. The sentence below the title is made from "
      "the\n"
      "result and says what that result shows.\n";
  for (const Study& study : studies()) text += section_of(study);
  return text;
}

}  // namespace grokscope::theory

#include "config/settings_markdown.h"

#include <fmt/format.h>

#include "config/fields.h"
#include "config/operations.h"
#include "config/presets.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

std::string section_of(const std::string& name) {
  return name.substr(0, name.find('.'));
}

/// A bar would end the table's cell.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\\|");
  return text;
}

std::string code(const std::string& text) {
  return text.empty() ? "" : fmt::format("`{}`", text);
}

std::string range_cell(const Field& field) {
  if (field.type == FieldType::text) return "text";
  if (field.type == FieldType::choice) {
    std::string list;
    for (const std::string& choice : field.choices) list += (list.empty() ? "" : ", ") + code(choice);
    return list;
  }
  const std::string unit = field.unit.empty() ? "" : " " + field.unit;
  return field.type == FieldType::boolean ? "`true`, `false`" : range_text(field) + unit;
}

std::string field_rows() {
  const RunConfig defaults;
  std::string text, section;
  for (const Field& field : fields()) {
    if (section_of(field.name) != section) {
      section = section_of(field.name);
      text += fmt::format("\n## {}\n\n| setting | default | values | what it does |\n|---|---|---|---|\n",
                          section);
    }
    text += fmt::format("| `{}`{} | {} | {} | {} |\n", field.name, field.live ? " ⚡" : "",
                        code(text_of(field.get(defaults))), cell(range_cell(field)), cell(field.help));
  }
  return text;
}

bool has_modulus(const std::string& kind) {
  TaskConfig task;
  task.kind = kind;
  return task_has_setting(task, "task.modulus");
}

std::string operation_rows() {
  std::string text =
      "\n## Operations\n\nOther spellings are understood and become the name: `add`, `x−y`, `a*b`, "
      "`x**2+y**2`, `s5conj`.\n\n"
      "| task.kind | task.operation | answer | from |\n|---|---|---|---|\n";
  for (const Operation& operation : operations()) {
    text += fmt::format("| {} | `{}` | {}{} | {} |\n", operation.kind, operation.name, operation.title,
                        has_modulus(operation.kind) ? ", modulo p" : "", operation.paper);
  }
  return text + "\nDivision leaves out b = 0 and needs a prime p.\n";
}

std::string preset_rows() {
  std::string text =
      "\n## Presets\n\n| preset | what it is | paper | look for | where it differs from what was "
      "published |\n|---|---|---|---|---|\n";
  for (const Preset& preset : presets()) {
    text += fmt::format("| `{}` | {} | {} | {} | {} |\n", preset.name, cell(preset.title), cell(preset.paper),
                        cell(preset.look_for), cell(preset.differs));
  }
  return text;
}

}  // namespace

std::string settings_markdown() {
  return "<!-- Generated from the field table in src/config; tests/config checks that the two agree. -->\n"
         "# Settings\n\n"
         "Every setting has a dotted name. It is given on the command line as `--set "
         "optimizer.weight_decay=0.5`, in a JSON\n"
         "file as `{\"optimizer\": {\"weight_decay\": 0.5}}`, and in the window under its label. A file may "
         "start from a\n"
         "preset with `\"parent\": \"quickstart\"` and then needs only what differs. Settings marked ⚡ can "
         "be changed while\n"
         "the run trains. The defaults below are those of a file without a parent.\n" +
         field_rows() + operation_rows() + preset_rows();
}

}  // namespace grokscope

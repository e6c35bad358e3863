#include "app/commands/number_options.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "base/number_text.h"
#include "base/outside_text.h"

namespace grokscope {

CLI::Validator whole_number(std::int64_t least, std::int64_t most) {
  return CLI::Validator(
      [=](std::string& text) -> std::string {
        const auto number = whole_number_from_text(text);
        if (!number || *number < least || *number > most)
          return fmt::format("needs a whole number from {} to {}, not {}", least, most, in_quotes(text));
        text = std::to_string(*number);
        return {};
      },
      "");
}

CLI::Validator real_number(double least, double most) {
  return CLI::Validator(
      [=](std::string& text) -> std::string {
        const auto number = number_from_text(text);
        if (!number || !(*number >= least && *number <= most))
          return fmt::format("needs a number from {} to {}, not {}", least, most, in_quotes(text));
        text = fmt::format("{}", *number);
        return {};
      },
      "");
}

}  // namespace grokscope

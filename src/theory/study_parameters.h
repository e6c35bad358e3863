// How the tables of studies are written: a row for each kind of number, as the field table of a run has them.
// Constant expressions; no values. Any thread.
#pragma once

#include <string_view>

#include "theory/study.h"

namespace grokscope::theory {

struct StudyRange {
  double minimum = 0.0, maximum = 1.0, initial = 0.0;
};

constexpr StudyParameter real_number(std::string_view name, std::string_view title, std::string_view unit,
                                     StudyRange range, std::string_view help) {
  return {.name = name,
          .title = title,
          .unit = unit,
          .minimum = range.minimum,
          .maximum = range.maximum,
          .initial = range.initial,
          .help = help};
}

constexpr StudyParameter whole_number(std::string_view name, std::string_view title, std::string_view unit,
                                      StudyRange range, std::string_view help) {
  StudyParameter row = real_number(name, title, unit, range, help);
  row.whole = true;
  return row;
}

/// Its slider moves in decades.
constexpr StudyParameter in_decades(StudyParameter row) {
  row.log_scale = true;
  return row;
}

constexpr StudyParameter seed_of(std::string_view what) {
  return whole_number("seed", "Seed", "", {0, 1e6, 0}, what);
}

}  // namespace grokscope::theory

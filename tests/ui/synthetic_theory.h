// A study that was computed: for the tests of panels and pictures.
#pragma once

#include <memory>

#include "ui/theory_view.h"

namespace grokscope::testing {

inline const TheoryView& synthetic_theory() {
  static const TheoryView view = [] {
    TheoryView made;
    const theory::Study& study = *theory::find_study("two_scale");
    made.news.generation = 1;
    made.news.of = {&study, theory::initial_values(study), nullptr};
    made.news.result =
        std::make_shared<const theory::StudyResult>(*theory::compute_study(study, made.news.of.values, {}));
    return made;
  }();
  return view;
}

}  // namespace grokscope::testing

// TheoryView: what is computed of the chosen study, as the panel sees it; borrowed for one frame. Main
// thread.
#pragma once

#include "theory/study_job.h"

namespace grokscope {

struct TheoryView {
  theory::StudyNews news;
};

}  // namespace grokscope

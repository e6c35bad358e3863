// The studies, one function each; their order is that of study.cpp. Any thread.
#pragma once

#include "theory/study.h"

namespace grokscope::theory {

Study linear_regression_study();
Study random_features_study();
Study two_scale_study();
Study pattern_learning_study();

}  // namespace grokscope::theory

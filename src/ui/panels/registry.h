// Every panel file's one line in the list of panels.cpp. Main thread.
#pragma once

#include "ui/panel.h"

namespace grokscope::panel {

extern const Panel kTimeline, kLu, kFourier, kTokens, kRanks, kAnswers, kProgress, kRepresentation;

}  // namespace grokscope::panel

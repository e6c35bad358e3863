// The names of the probes in panel order, for those who count them without running them. Torch-free.
#pragma once

#include <array>
#include <string_view>

namespace grokscope {

struct ProbeName {
  std::string_view name;
  double guess_s;  ///< what a look takes on a small run, before anybody knows; 0: no guess is good enough
};

/// probes.cpp has one entry for each, and does not compile otherwise.
inline constexpr std::array<ProbeName, 6> kProbeNames{{{"fourier", 0.002},
                                                       {"ranks", 0.015},
                                                       {"lu", 0.0},
                                                       {"answers", 0.002},
                                                       {"progress", 0.003},
                                                       {"representation", 0.001}}};

}  // namespace grokscope

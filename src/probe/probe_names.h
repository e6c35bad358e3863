// The names of the probes in panel order, for those who count them without running them. Torch-free.
#pragma once

#include <array>
#include <string_view>

namespace grokscope {

struct ProbeName {
  std::string_view name;
  bool is_cheap;  ///< takes a few evaluations at most: may be promised before anybody knows what it takes
};

/// probes.cpp has one entry for each, and does not compile otherwise.
inline constexpr std::array<ProbeName, 6> kProbeNames{{{"fourier", true},
                                                       {"ranks", false},
                                                       {"lu", false},
                                                       {"answers", true},
                                                       {"progress", true},
                                                       {"representation", true}}};

}  // namespace grokscope

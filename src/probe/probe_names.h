// The names of the probes in panel order, for those who count them without running them. Torch-free.
#pragma once

#include <array>
#include <string_view>

namespace grokscope {

/// probes.cpp has one entry for each, and does not compile otherwise.
inline constexpr std::array<std::string_view, 6> kProbeNames{"fourier", "ranks",    "lu",
                                                             "answers", "progress", "representation"};

}  // namespace grokscope

// The key of a run of a sweep: two runs with the same key have the same numbers, so that one of them is
// enough. Any thread; the data file of a task is read.
#pragma once

#include <string>

#include "sweep/plan.h"

namespace grokscope {

/// Grows when the same settings and seed train to other numbers than before: outcomes of then are not those
/// of now.
inline constexpr int kNumericsVersion = 1;
/// Grows when a probe sees other numbers in the same weights than before.
inline constexpr int kProbesVersion = 1;

/// What a file or folder that a task reads contains; "" if the path names none (data sets are found by name).
/// Of a folder: names, sizes and times of what lies in it. To be asked once for many runs.
std::string fingerprint_of_data(const std::string& path);

/// 32 hexadecimal digits over every setting that the numbers depend on, seed, stop condition, events,
/// numerics version, and that it is trained by one thread of the CPU; of a run that looks inside also which
/// probes look and when. What only keeps (checkpoints), what looks if nothing does, and the preset's name are
/// not in it.
std::string outcome_key(const PlannedRun& run, const std::string& data);

}  // namespace grokscope

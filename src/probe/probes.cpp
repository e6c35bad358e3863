// The registry: one line a probe, in panel order.
#include <array>

#include "probe/answers.h"
#include "probe/fourier.h"
#include "probe/lu.h"
#include "probe/probe.h"
#include "probe/probe_names.h"
#include "probe/progress.h"
#include "probe/ranks.h"
#include "probe/representation.h"

namespace grokscope {

namespace {

constexpr std::array<Probe, 6> kProbes{{
    {"fourier", "Fourier power of the embedding", look_at_fourier},
    {"ranks", "Feature ranks", look_at_ranks},
    {"lu", "Loss along the ray of weight norms", look_at_lu},
    {"answers", "Answers", look_at_answers},
    {"progress", "Progress measures", look_at_progress},
    {"representation", "Representation of plain addition", look_at_representation},
}};

constexpr bool are_named_in_order() {
  bool same = kProbes.size() == kProbeNames.size();
  for (std::size_t i = 0; same && i < kProbes.size(); ++i) same = kProbes[i].name == kProbeNames[i].name;
  return same;
}
static_assert(are_named_in_order(), "probe_names.h lists the same probes in the same order");

}  // namespace

std::span<const Probe> probes() {
  return kProbes;
}

}  // namespace grokscope

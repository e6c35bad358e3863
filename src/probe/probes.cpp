// The registry: one line a probe, in panel order.
#include <array>

#include "probe/answers.h"
#include "probe/fourier.h"
#include "probe/lu.h"
#include "probe/probe.h"
#include "probe/progress.h"
#include "probe/ranks.h"
#include "probe/representation.h"

namespace grokscope {

std::span<const Probe> probes() {
  static constexpr std::array<Probe, 6> kProbes{{
      {"fourier", "Fourier power of the embedding", look_at_fourier},
      {"ranks", "Feature ranks", look_at_ranks},
      {"lu", "Loss along the ray of weight norms", look_at_lu},
      {"answers", "Answers", look_at_answers},
      {"progress", "Progress measures", look_at_progress},
      {"representation", "Representation of plain addition", look_at_representation},
  }};
  return kProbes;
}

}  // namespace grokscope

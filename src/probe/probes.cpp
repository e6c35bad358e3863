// The probes of probe_names.h as one span.
#include <array>

#include "probe/probe.h"

namespace grokscope {

namespace {

#define GROKSCOPE_PROBE(name, guess_s, kind) Probe{#name, look_at_##name},
constexpr auto kProbes = std::to_array({GROKSCOPE_PROBES(GROKSCOPE_PROBE)});
#undef GROKSCOPE_PROBE

}  // namespace

std::span<const Probe> probes() {
  return kProbes;
}

}  // namespace grokscope

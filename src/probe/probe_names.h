// The list of probes: one line each, in panel order. Its own file has the function look_at_<name>; whoever
// counts probes without running them reads the names here. Torch-free.
#pragma once

#include <array>
#include <string_view>

/// Name, and what a look takes on a small run in seconds, before anybody knows (0: no guess is good enough).
// clang-format off
#define GROKSCOPE_PROBES(PROBE) \
  PROBE(fourier, 0.002)         \
  PROBE(ranks, 0.015)           \
  PROBE(lu, 0.0)                \
  PROBE(answers, 0.002)         \
  PROBE(progress, 0.003)        \
  PROBE(representation, 0.001)  \
  PROBE(layers, 0.05)           \
  PROBE(entropy, 0.003)         \
  PROBE(commutator, 0.0)        \
  PROBE(geometry, 0.0)          \
  PROBE(kernel, 0.0)            \
  PROBE(similarity, 0.015)
// clang-format on

namespace grokscope {

struct ProbeName {
  std::string_view name;
  double guess_s;
};

/// Whether a probe compares with its own previous look: the weights of that are kept for it.
constexpr bool compares_looks(std::string_view probe) {
  return probe == "kernel" || probe == "similarity";
}

#define GROKSCOPE_NAME(name, guess_s) ProbeName{#name, guess_s},
inline constexpr auto kProbeNames = std::to_array({GROKSCOPE_PROBES(GROKSCOPE_NAME)});
#undef GROKSCOPE_NAME

}  // namespace grokscope

// The list of probes: one line each, in panel order. Its own file has the function look_at_<name>; whoever
// counts probes without running them reads the names here. Torch-free.
#pragma once

#include <array>
#include <string_view>

/// Name, what a look takes on a small run in seconds before anybody knows (0: no guess is good enough), and
/// whether it is one of the usual probes, a steady one, which looks at every round as long as that costs
/// little because something waits for it (a forecast), or one of the dear ones, which save up for every look,
/// the first included, in a purse of their own.
// clang-format off
#define GROKSCOPE_PROBES(PROBE)         \
  PROBE(fourier, 0.002, usual)          \
  PROBE(ranks, 0.015, usual)            \
  PROBE(lu, 0.0, usual)                 \
  PROBE(answers, 0.002, usual)          \
  PROBE(progress, 0.003, usual)         \
  PROBE(representation, 0.001, usual)   \
  PROBE(layers, 0.05, dear)             \
  PROBE(entropy, 0.002, steady)         \
  PROBE(commutator, 0.1, dear)          \
  PROBE(geometry, 0.2, dear)            \
  PROBE(kernel, 0.2, dear)              \
  PROBE(similarity, 0.015, dear)
// clang-format on

namespace grokscope {

enum class ProbeKind { usual, steady, dear };

struct ProbeName {
  std::string_view name;
  double guess_s;
  ProbeKind kind = ProbeKind::usual;
};

/// Whether a probe compares with its own previous look: the weights of that are kept for it.
constexpr bool compares_looks(std::string_view probe) {
  return probe == "kernel" || probe == "similarity";
}

/// Whether a probe can look at a part of what there is: then it looks more often, also between evaluations.
constexpr bool looks_in_parts(std::string_view probe) {
  return probe == "layers";
}

#define GROKSCOPE_NAME(name, guess_s, kind) ProbeName{#name, guess_s, ProbeKind::kind},
inline constexpr auto kProbeNames = std::to_array({GROKSCOPE_PROBES(GROKSCOPE_NAME)});
#undef GROKSCOPE_NAME

}  // namespace grokscope

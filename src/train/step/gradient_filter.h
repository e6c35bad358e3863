// GradientFilter: which Grokfast filter a run uses and what it remembers. What it does to a gradient is
// LibTorch's (train/torch_side/gradient_filters.h, reached through torch_optimizer.h). Stepping thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/run_config.h"
#include "grokscope_aten.h"

namespace grokscope {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

enum class GradientFilterKind { none, grokfast_ema, grokfast_ma };

/// none | grokfast_ema | grokfast_ma.
inline Result<GradientFilterKind> gradient_filter_from(const std::string& name) {
  if (name == "none") return GradientFilterKind::none;
  if (name == "grokfast_ema") return GradientFilterKind::grokfast_ema;
  if (name == "grokfast_ma") return GradientFilterKind::grokfast_ma;
  return usage_error("optimizer.gradient_filter '" + name +
                     "' is unknown: use none, grokfast_ema or grokfast_ma");
}

/// Memory is taken at the first use: the window of grokfast_ma is `window_length` times the weights.
struct GradientFilter {
  GradientFilterKind kind = GradientFilterKind::none;
  std::int64_t window_length = 0;
  at::TensorOptions options;  ///< of the weights
  std::int64_t total = 0;     ///< numbers in the weights
  at::Tensor seen;            ///< (1) int64 on the CPU
  at::Tensor average;         ///< grokfast_ema: (total) as the weights
  at::Tensor window, sum;     ///< grokfast_ma: (window_length, total) as the weights; (total) float64

  bool on() const { return kind != GradientFilterKind::none; }
};

}  // namespace grokscope

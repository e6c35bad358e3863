// Dropout: which activations one training step forgets (Srivastava et al. 2014; in a transformer on what
// attention and MLP add to the residual: Power et al. 2022, Figure 2). Never used in evaluation. Masks depend
// on seed, step, place and the example itself, so cutting a batch into shards changes nothing. Const: any
// thread.
#pragma once

#include <cstdint>
#include <span>

#include "grokscope_aten.h"

namespace grokscope {

class Dropout {
 public:
  /// 0 <= rate < 1; `examples` (indices into the dataset) must outlive it.
  Dropout(double rate, std::uint64_t seed, std::int64_t step, std::span<const std::int64_t> examples)
      : rate_(rate), seed_(seed), step_(step), examples_(examples) {}

  /// x with a share `rate` of its entries set to 0 and the rest divided by 1 − rate. x: (example, width), or
  /// (1, width) for all examples; the result is (example, width). `site` numbers the places of a network: no
  /// two of them draw the same mask.
  at::Tensor apply(const at::Tensor& x, int site) const;

 private:
  template <typename Scalar>
  void draw(int site, std::int64_t width, Scalar* mask) const;

  double rate_;
  std::uint64_t seed_;
  std::int64_t step_;
  std::span<const std::int64_t> examples_;
};

}  // namespace grokscope

// FusedStepper: the Stepper around any fused::Core: optimizer, evaluation, scores. What the families differ
// in is the core. Trainer thread plus the core's team.
#pragma once

#include <functional>
#include <memory>

#include "train/kernels/core.h"
#include "train/step/fused_list.h"

namespace grokscope {

/// What a core is built from; the pointers live as long as the stepper. Scalar: float or double, as
/// train.precision says.
template <typename Scalar>
struct FusedParts {
  const RunConfig& config;
  const Dataset& data;
  const ParameterLayout& layout;
  const std::int64_t* pairs = nullptr;  ///< (example, 2), pairs only
  const std::int64_t* texts = nullptr;  ///< (example, position), texts only
  const Scalar* images = nullptr;       ///< (example, pixel or feature), images and features only
  int threads = 1;
  const Scalar* target_vectors = nullptr;  ///< (vector, output) when the loss compares with them
};

template <typename Scalar>
using MakeFusedCore = std::unique_ptr<fused::Core<Scalar>> (*)(const FusedParts<Scalar>& parts);

/// Defined for float and double.
template <typename Scalar>
Result<std::unique_ptr<Stepper>> make_fused_stepper(StepperParts parts, MakeFusedCore<Scalar> make_core);

/// Offset of a parameter in the flat vector; −1: the model has none of that name.
std::int64_t offset_of(const ParameterLayout& layout, const std::string& name);

}  // namespace grokscope

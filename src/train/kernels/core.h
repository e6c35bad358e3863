// Core: what every fused stepper's arithmetic offers, torch-free: raw numbers in, raw numbers out, float or
// double. One class a family of models implements it; FusedStepper (torch side) drives it. Stepping thread
// plus its team.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "train/kernels/team.h"

namespace grokscope::fused {

/// One finished row of logits, padded to a multiple of 16 numbers; the receiver may overwrite it. Called on
/// the worker that computed it, each place of the list once.
template <typename Scalar>
using LogitSink = std::function<void(std::size_t place, Scalar* row)>;
/// The same of a gradient's pass, which still needs the row: it is read only.
template <typename Scalar>
using LogitView = std::function<void(std::size_t place, const Scalar* row)>;

template <typename Scalar>
class Core {
 public:
  Core() = default;
  virtual ~Core() = default;
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  /// Mean loss over the examples, and its gradient over every parameter (overwritten). targets: by example.
  /// `seen` is shown every row of logits on the way; it may be empty.
  virtual double gradient(const Scalar* flat, std::span<const std::int64_t> examples,
                          const std::int64_t* targets, Scalar* gradient, const LogitView<Scalar>& seen) = 0;
  virtual void logits(const Scalar* flat, std::span<const std::int64_t> examples,
                      const LogitSink<Scalar>& sink) = 0;
  virtual Team& team() = 0;
  /// How many numbers the network keeps beside its weights (Model::buffer_layout()). With any, evaluation is
  /// another pass than training.
  virtual std::int64_t buffer_count() const { return 0; }
  /// Where they are: filled with their first values here, read by logits(), written by keep_statistics()
  /// alone.
  virtual void attach_buffers(Scalar* /*buffers*/) {}
  /// After the gradient() of a training step: its batch's statistics join those that are kept.
  virtual void keep_statistics() {}
};

}  // namespace grokscope::fused

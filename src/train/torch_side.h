// TorchSide: what of a training needs LibTorch's operations, as one table of functions. A fused training runs
// without them; LibTorch takes a second to load, so it is loaded when somebody asks for the table: the probes
// on their thread, or an autograd stepper, a gradient filter, a GPU. Everything else in the engine uses
// tensors as memory alone (data/host_tensor.h), which a test holds it to: libgrokscope_engine.so names no
// LibTorch library but libc10. Any thread.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "probe/probe.h"
#include "train/fused_list.h"
#include "train/gradient_filters.h"
#include "train/optimizer.h"

namespace grokscope {

struct TorchSide {
  EngineStamp stamp;
  /// LibTorch's part of limit_library_threads(), for the calling thread.
  void (*limit_threads)();
  bool (*has_cuda)();
  /// What LibTorch says about its BLAS, and what a multiply of 256 x 256 reaches in GFLOP/s.
  std::string (*blas_name)();
  double (*blas_gflops)();
  Result<std::shared_ptr<const Model>> (*make_model)(const RunConfig& config, const Dataset& data);
  Result<std::unique_ptr<Stepper>> (*make_autograd_stepper)(StepperParts parts);
  /// Runs one of probes(); fills in what of `input` only LibTorch can make. Never throws.
  Frame (*look)(std::size_t probe, ProbeInput& input);

  // Tensors wherever they are; for those in this process's memory see tensor_tools.h.
  at::Tensor (*zeros_like)(const at::Tensor& tensor);
  at::Tensor (*copy_of)(const at::Tensor& tensor);
  /// Contiguous and on the CPU.
  at::Tensor (*copy_on_host)(const at::Tensor& tensor, at::ScalarType type);
  at::Tensor (*on_device)(const at::Tensor& tensor, const at::Device& device);
  void (*copy_into)(at::Tensor& to, const at::Tensor& from);
  void (*scale)(at::Tensor& tensor, double factor);

  // What few optimizers ask for: see gradient_filters.h and optimizer_torch.h.
  void (*add_l1)(double l1, const at::Tensor& flat, at::Tensor& gradient);
  void (*clip_gradient)(double longest, at::Tensor& gradient);
  void (*drop_radial_part)(const ParameterLayout& layout, const at::Tensor& flat, at::Tensor& gradient);
  void (*apply_filter)(GradientFilter& filter, const OptimizerConfig& config, at::Tensor& gradient);
  NamedTensors (*filter_state)(GradientFilter& filter);
  void (*pull_part)(at::Tensor& target, const at::Tensor& towards, std::int64_t begin, std::int64_t size,
                    double factor);
  void (*update_on_device)(const UpdateRule& rule, std::int64_t begin, std::int64_t size, at::Tensor& flat,
                           const at::Tensor& gradient, at::Tensor& first, at::Tensor& second);
  void (*update_matrix)(const UpdateRule& rule, const ParameterSpec& spec, at::Tensor& flat,
                        const at::Tensor& gradient, at::Tensor& first);
  void (*clamp_on_device)(at::Tensor& flat, double norm);
};

/// Loads LibTorch at the first call, which takes about a second, and prepares the calling thread for it.
/// Throws std::runtime_error when it cannot be loaded.
const TorchSide& torch_side();

/// The table itself; only where LibTorch is linked (torch_side_table.cpp).
const TorchSide& linked_torch_side();

inline constexpr const char* kTorchSideFile = "libgrokscope_torch.so";
inline constexpr const char* kTorchSideSymbol = "grokscope_torch_side";  ///< extern "C" const TorchSide* ()

}  // namespace grokscope

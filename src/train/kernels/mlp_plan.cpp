#include "train/kernels/mlp_plan.h"

#include "train/kernels/gemm.h"

namespace grokscope::fused {

void add_bias(const RowKernels& kernels, const float* bias, float* rows, std::int64_t stride,
              std::int64_t count, std::int64_t width) {
  for (std::int64_t row = 0; bias != nullptr && row < count; ++row)
    kernels.add_scaled(1.0f, bias, rows + row * stride, width);
}

void add_rows(const RowKernels& kernels, const float* rows, std::int64_t stride, std::int64_t count,
              float* sum, std::int64_t width) {
  for (std::int64_t row = 0; row < count; ++row) kernels.add_scaled(1.0f, rows + row * stride, sum, width);
}

void affine(const RowKernels& kernels, const float* flat, const MlpLayer& layer, const float* x,
            std::int64_t x_stride, float* out, std::int64_t out_stride, std::int64_t count) {
  gemm(false, false, count, layer.out, layer.in, x, x_stride, flat + layer.W, layer.out, 0.0f, out,
       out_stride);
  add_bias(kernels, layer.b >= 0 ? flat + layer.b : nullptr, out, out_stride, count, layer.out);
}

double loss_of(const RowKernels& kernels, const MlpPlan& plan, float* row, std::int64_t target, float scale) {
  const std::int64_t outputs = plan.layers.back().out;
  if (plan.target_vectors != nullptr) {
    return kernels.squared_distance(row, outputs, plan.target_vectors + target * outputs, scale, row).loss;
  }
  const auto loss = plan.mean_squared_error ? kernels.squared_error : kernels.cross_entropy;
  return loss(row, outputs, target, scale, row).loss;
}

}  // namespace grokscope::fused

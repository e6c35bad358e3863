#include "train/kernels/mlp_plan.h"

#include "train/kernels/gemm.h"

namespace grokscope::fused {

template <typename Scalar>
void add_bias(const CommonKernels<Scalar>& kernels, const Scalar* bias, Scalar* rows, std::int64_t stride,
              std::int64_t count, std::int64_t width) {
  for (std::int64_t row = 0; bias != nullptr && row < count; ++row)
    kernels.add_scaled(Scalar{1}, bias, rows + row * stride, width);
}

template <typename Scalar>
void add_rows(const CommonKernels<Scalar>& kernels, const Scalar* rows, std::int64_t stride,
              std::int64_t count, Scalar* sum, std::int64_t width) {
  for (std::int64_t row = 0; row < count; ++row)
    kernels.add_scaled(Scalar{1}, rows + row * stride, sum, width);
}

template <typename Scalar>
void affine(const CommonKernels<Scalar>& kernels, const Scalar* flat, const MlpLayer& layer, const Scalar* x,
            std::int64_t x_stride, Scalar* out, std::int64_t out_stride, std::int64_t count) {
  gemm(false, false, count, layer.out, layer.in, x, x_stride, flat + layer.W, layer.out, Scalar{0}, out,
       out_stride);
  add_bias(kernels, layer.b >= 0 ? flat + layer.b : nullptr, out, out_stride, count, layer.out);
}

template <typename Scalar>
double loss_of(const CommonKernels<Scalar>& kernels, const MlpPlan<Scalar>& plan, Scalar* row,
               std::int64_t target, Scalar scale) {
  const std::int64_t outputs = plan.layers.back().out;
  if (plan.target_vectors != nullptr) {
    return kernels.squared_distance(row, outputs, plan.target_vectors + target * outputs, scale, row).loss;
  }
  const auto loss = plan.mean_squared_error ? kernels.squared_error : kernels.cross_entropy;
  return loss(row, outputs, target, scale, row).loss;
}

template void add_bias(const CommonKernels<float>&, const float*, float*, std::int64_t, std::int64_t,
                       std::int64_t);
template void add_rows(const CommonKernels<float>&, const float*, std::int64_t, std::int64_t, float*,
                       std::int64_t);
template void affine(const CommonKernels<float>&, const float*, const MlpLayer&, const float*, std::int64_t,
                     float*, std::int64_t, std::int64_t);
template double loss_of(const CommonKernels<float>&, const MlpPlan<float>&, float*, std::int64_t, float);
template void add_bias(const CommonKernels<double>&, const double*, double*, std::int64_t, std::int64_t,
                       std::int64_t);
template void add_rows(const CommonKernels<double>&, const double*, std::int64_t, std::int64_t, double*,
                       std::int64_t);
template void affine(const CommonKernels<double>&, const double*, const MlpLayer&, const double*,
                     std::int64_t, double*, std::int64_t, std::int64_t);
template double loss_of(const CommonKernels<double>&, const MlpPlan<double>&, double*, std::int64_t, double);

}  // namespace grokscope::fused

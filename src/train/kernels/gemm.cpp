#include "train/kernels/gemm.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "base/memory.h"
#include "base/statistics.h"
#include "base/threads.h"

#if GROKSCOPE_HAS_DNNL
#include <oneapi/dnnl/dnnl.h>
#endif
#include <cblas.h>

extern "C" {
void openblas_set_num_threads(int threads) __attribute__((weak));
void omp_set_num_threads(int threads) __attribute__((weak));
}

namespace grokscope::fused {
namespace {

enum class Kernel { openblas, onednn };

#if GROKSCOPE_HAS_DNNL
constexpr Kernel kKernel = Kernel::onednn;
#else
constexpr Kernel kKernel = Kernel::openblas;
#endif

thread_local MultiplyTime thread_multiplies;  // only ever grows

void multiply(Kernel kernel, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n,
              std::int64_t k, const float* a, std::int64_t lda, const float* b, std::int64_t ldb, float beta,
              float* c, std::int64_t ldc) {
#if GROKSCOPE_HAS_DNNL
  if (kernel == Kernel::onednn) {
    dnnl_sgemm(transpose_a ? 'T' : 'N', transpose_b ? 'T' : 'N', m, n, k, 1.0f, a, lda, b, ldb, beta, c, ldc);
    return;
  }
#endif
  (void)kernel;
  cblas_sgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
              static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), 1.0f, a, static_cast<int>(lda),
              b, static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

void multiply(Kernel, bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k,
              const double* a, std::int64_t lda, const double* b, std::int64_t ldb, double beta, double* c,
              std::int64_t ldc) {
  cblas_dgemm(CblasRowMajor, transpose_a ? CblasTrans : CblasNoTrans, transpose_b ? CblasTrans : CblasNoTrans,
              static_cast<int>(m), static_cast<int>(n), static_cast<int>(k), 1.0, a, static_cast<int>(lda), b,
              static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
}

/// Median of timed multiplies (512 x 128 x 512), in GFLOP/s: the best one may have had the machine to itself.
template <typename Scalar>
double rate_of(Kernel kernel, double seconds) {
  constexpr std::int64_t kRows = 512, kColumns = 128, kInner = 512;
  const std::vector<Scalar> a(kRows * kInner, Scalar{0.5}), b(kInner * kColumns, Scalar{0.25});
  std::vector<Scalar> c(kRows * kColumns);
  const auto multiply_once = [&] {
    multiply(kernel, false, false, kRows, kColumns, kInner, a.data(), kInner, b.data(), kColumns, Scalar{0},
             c.data(), kColumns);
  };
  multiply_once();
  multiply_once();
  std::vector<double> rates;
  const auto start = std::chrono::steady_clock::now();
  for (double spent = 0.0; spent < seconds;) {
    const auto before = std::chrono::steady_clock::now();
    multiply_once();
    const auto after = std::chrono::steady_clock::now();
    rates.push_back(2e-9 * kRows * kColumns * kInner / std::chrono::duration<double>(after - before).count());
    spent = std::chrono::duration<double>(after - start).count();
  }
  return median_of(rates);
}

}  // namespace

void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  counted_multiply(
      m, n, k, [&] { multiply(kKernel, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc); });
}

void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const double* a,
          std::int64_t lda, const double* b, std::int64_t ldb, double beta, double* c, std::int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  counted_multiply(m, n, k, [&] {
    multiply(Kernel::openblas, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc);
  });
}

void count_multiply(const MultiplyTime& one) {
  thread_multiplies.seconds += one.seconds;
  thread_multiplies.flop += one.flop;
}

MultiplyTime multiply_time() {
  return thread_multiplies;
}

template <>
std::string_view gemm_library<float>() {
  return kKernel == Kernel::onednn ? "oneDNN" : "OpenBLAS";
}

template <>
std::string_view gemm_library<double>() {
  return "OpenBLAS";
}

template <>
double gemm_peak_gflops<float>(double seconds) {
  use_one_blas_thread();
  double best = rate_of<float>(Kernel::openblas, seconds);
#if GROKSCOPE_HAS_DNNL
  best = std::max(best, rate_of<float>(Kernel::onednn, seconds));
#endif
  return best;
}

template <>
double gemm_peak_gflops<double>(double seconds) {
  use_one_blas_thread();
  return rate_of<double>(Kernel::openblas, seconds);
}

Status blas_buffers_fit(int threads) {
  constexpr std::uint64_t kBufferBytes = std::uint64_t{129} << 20;  // OpenBLAS, whatever is multiplied
  return address_space_suffices("multiplying matrices", static_cast<std::uint64_t>(threads) * kBufferBytes,
                                "allow more, or train with fewer threads (--threads 1)");
}

void wake_multiplies() {
  float one = 1.0f, out = 0.0f;
  gemm(false, false, 1, 1, 1, &one, 1, &one, 1, 0.0f, &out, 1);
}

double blas_gflops() {
  constexpr double kGlance_s = 0.001;  // two multiplies to warm up and one that counts take a slow one 30 ms
  use_one_blas_thread();
  return rate_of<float>(Kernel::openblas, kGlance_s);
}

void use_one_blas_thread() {
  flush_denormals_to_zero();
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(1);
  if (omp_set_num_threads != nullptr) omp_set_num_threads(1);
}

}  // namespace grokscope::fused

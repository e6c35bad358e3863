// Row-major matrix multiply on the calling thread only. In single precision oneDNN where the build has it,
// else OpenBLAS, in double always OpenBLAS (oneDNN has none): fixed at build time, because a choice by
// stopwatch could differ between two runs and break bit-identical replays. Workers call it side by side; it
// never starts threads of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "train/kernels/multiply_time.h"

namespace grokscope::fused {

/// C (m, n) = A (m, k) · B (k, n) + beta · C. `transpose_a`: A is stored (k, m); `transpose_b`: B is stored
/// (n, k). lda, ldb, ldc are the row strides of what is stored.
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c, std::int64_t ldc);
void gemm(bool transpose_a, bool transpose_b, std::int64_t m, std::int64_t n, std::int64_t k, const double* a,
          std::int64_t lda, const double* b, std::int64_t ldb, double beta, double* c, std::int64_t ldc);

/// How many of a result's columns gemm() should be asked for: one or two more than whole vectors (p = 97,
/// 113) would cost it a vector more in every row, and are better left to dot products.
constexpr std::int64_t columns_of_multiply(std::int64_t columns) {
  constexpr std::int64_t kVector = 16, kFewest = 3;
  const std::int64_t rest = columns % kVector;
  return columns > kVector && rest < kFewest ? columns - rest : columns;
}

/// Calls work(), which is so many multiplies and additions, and counts it.
template <typename Work>
void counted_work(double flop, const Work& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - before;
  count_multiply({elapsed.count(), flop});
}

/// Calls multiply(), which is one of (m, k) by (k, n), and counts it; gemm() does so itself.
template <typename Multiply>
void counted_multiply(std::int64_t m, std::int64_t n, std::int64_t k, const Multiply& multiply) {
  counted_work(2.0 * static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k), multiply);
}

/// "oneDNN" or "OpenBLAS": what multiplies numbers of this type.
template <typename Scalar>
std::string_view gemm_library();

/// The usual rate of a large multiply over `seconds` on the calling thread, in GFLOP/s, of the best
/// library in the build: the "peak" that `bench` prints.
template <typename Scalar>
double gemm_peak_gflops(double seconds);

/// An error where the BLAS could not have a buffer for each of so many threads: it waits for ever then.
/// Before any multiply.
Status blas_buffers_fit(int threads);

/// One multiply. The first one of a process makes oneDNN ask the dynamic loader for a profiler, and would
/// wait there for as long as another thread loads LibTorch.
void wake_multiplies();

/// The same of the BLAS that LibTorch multiplies with, over a few milliseconds at most.
double blas_gflops();

/// Makes this thread's BLAS and OpenMP regions run on this thread alone; denormal numbers count as zero on
/// it.
void use_one_blas_thread();

}  // namespace grokscope::fused

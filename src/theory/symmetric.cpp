// See symmetric.h.
#include "theory/symmetric.h"

#include <algorithm>
#include <cmath>

namespace grokscope::theory {
namespace {

constexpr int kMostSweeps = 60;  // six are usual: convergence is quadratic

/// Makes a[i, j] zero by a rotation of rows and columns i and j.
void rotate(std::vector<double>& a, std::size_t n, std::size_t i, std::size_t j) {
  const double off = a[i * n + j];
  if (off == 0.0) return;
  const double theta = (a[j * n + j] - a[i * n + i]) / (2.0 * off);
  const double t = (theta >= 0.0 ? 1.0 : -1.0) / (std::abs(theta) + std::sqrt(theta * theta + 1.0));
  const double c = 1.0 / std::sqrt(t * t + 1.0), s = t * c;
  for (std::size_t k = 0; k < n; ++k) {
    const double left = a[k * n + i], right = a[k * n + j];
    a[k * n + i] = c * left - s * right;
    a[k * n + j] = s * left + c * right;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double left = a[i * n + k], right = a[j * n + k];
    a[i * n + k] = c * left - s * right;
    a[j * n + k] = s * left + c * right;
  }
}

}  // namespace

std::vector<double> symmetric_eigenvalues(std::vector<double> matrix, std::int64_t size) {
  const auto n = static_cast<std::size_t>(size);
  double whole = 0.0;
  for (const double value : matrix) whole += value * value;
  for (int sweep = 0; sweep < kMostSweeps; ++sweep) {
    double off = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) off += matrix[i * n + j] * matrix[i * n + j];
    }
    if (off <= 1e-30 * whole) break;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) rotate(matrix, n, i, j);
    }
  }
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(matrix[i * n + i]);
  std::sort(values.begin(), values.end());
  return values;
}

}  // namespace grokscope::theory

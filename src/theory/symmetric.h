// Eigenvalues of small symmetric matrices without LibTorch (Eigen: tridiagonal form, then implicit QR). For
// tens of rows, not thousands. Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace grokscope::theory {

/// `matrix` is (size, size), symmetric and finite. Ascending.
std::vector<double> symmetric_eigenvalues(const std::vector<double>& matrix, std::int64_t size);

}  // namespace grokscope::theory

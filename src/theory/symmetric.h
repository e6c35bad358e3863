// Eigenvalues of small symmetric matrices without LibTorch: cyclic Jacobi rotations (Golub & Van Loan, 8.5).
// For tens of rows, not thousands. Pure; any thread.
#pragma once

#include <cstdint>
#include <vector>

namespace grokscope::theory {

/// `matrix` is row-major (size, size) and symmetric. Ascending.
std::vector<double> symmetric_eigenvalues(std::vector<double> matrix, std::int64_t size);

}  // namespace grokscope::theory

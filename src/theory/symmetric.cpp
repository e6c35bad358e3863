// See symmetric.h.
#include "theory/symmetric.h"

#include <Eigen/Eigenvalues>

namespace grokscope::theory {

std::vector<double> symmetric_eigenvalues(const std::vector<double>& matrix, std::int64_t size) {
  if (size == 0) return {};
  const Eigen::Map<const Eigen::MatrixXd> mapped(matrix.data(), size, size);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(mapped, Eigen::EigenvaluesOnly);
  return {solver.eigenvalues().begin(), solver.eigenvalues().end()};
}

}  // namespace grokscope::theory

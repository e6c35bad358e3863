// See random_features.h.
#include "theory/random_features.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include <Eigen/Dense>

#include "base/random.h"

namespace grokscope::theory {
namespace {

using Matrix = Eigen::MatrixXd;
using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double kCut = 1e-10;        // of squared singular values, of the largest
constexpr double kSafely = 1e-8;      // an estimate of the condition above which none lies below the cut
constexpr std::int64_t kBlock = 512;  // features made at a time

Eigen::Map<const RowMatrix> rows_of(const std::vector<double>& values, std::int64_t columns) {
  return {values.data(), static_cast<Eigen::Index>(values.size()) / columns, columns};
}

Matrix one_hot(const std::vector<int>& classes, int count) {
  Matrix Y = Matrix::Zero(static_cast<Eigen::Index>(classes.size()), count);
  for (std::size_t i = 0; i < classes.size(); ++i) Y(static_cast<Eigen::Index>(i), classes[i]) = 1.0;
  return Y;
}

double error_of(const Matrix& answers, const std::vector<int>& classes) {
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    Eigen::Index best = 0;
    answers.row(static_cast<Eigen::Index>(i)).maxCoeff(&best);
    wrong += best != classes[i] ? 1 : 0;
  }
  return classes.empty() ? 0.0 : static_cast<double>(wrong) / static_cast<double>(classes.size());
}

/// G⁺ B of a symmetric positive semidefinite G of which the lower triangle is filled in.
Matrix pseudo_solution(const Matrix& G, const Matrix& B, std::int64_t& rank) {
  rank = G.rows();
  // No eigenvalue below the cut: the pseudo-inverse is the inverse, which costs a twentieth.
  if (const Eigen::LLT<Matrix> cholesky(G.selfadjointView<Eigen::Lower>());
      cholesky.info() == Eigen::Success && cholesky.rcond() > kSafely)
    return cholesky.solve(B);
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(G);  // reads the lower triangle, ascending
  const Eigen::VectorXd& values = eigen.eigenvalues();
  const double least = kCut * values(values.size() - 1);
  rank = (values.array() > least).count();
  const auto kept = eigen.eigenvectors().rightCols(rank);
  const Matrix inside = kept.transpose() * B;
  return kept * (inside.array().colwise() / values.tail(rank).array()).matrix();
}

}  // namespace

struct RandomFeatures::Impl {
  Impl(Classification given, double width, std::uint64_t seed)
      : problem(std::move(given)), sigma(width), random(seed, "random_features features") {}

  void make(std::int64_t count);

  Classification problem;
  double sigma;
  RandomStream random;
  Matrix train, test;  // (example, feature): cos(v·x + b), without √(2/N)
  std::int64_t made = 0;
};

/// In blocks, a feature after the other, so that it does not matter how many are asked for at once.
void RandomFeatures::Impl::make(std::int64_t count) {
  const auto X = rows_of(problem.train, problem.inputs), T = rows_of(problem.test, problem.inputs);
  while (made < count) {
    if (made + kBlock > train.cols()) {
      const std::int64_t columns = std::max<std::int64_t>(2 * train.cols(), made + kBlock);
      train.conservativeResize(problem.train_size(), columns);
      test.conservativeResize(problem.test_size(), columns);
    }
    Matrix V(problem.inputs, kBlock);  // (input, feature)
    Eigen::RowVectorXd b(kBlock);
    for (std::int64_t k = 0; k < kBlock; ++k) {
      for (std::int64_t i = 0; i < problem.inputs; ++i) V(i, k) = random.normal() / sigma;
      b(k) = 2.0 * std::numbers::pi * random.uniform();
    }
    train.middleCols(made, kBlock) = ((X * V).rowwise() + b).array().cos();
    test.middleCols(made, kBlock) = ((T * V).rowwise() + b).array().cos();
    made += kBlock;
  }
}

RandomFeatures::RandomFeatures(Classification problem, double width, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(std::move(problem), width, seed)) {}
RandomFeatures::~RandomFeatures() = default;

FeatureFit RandomFeatures::fit(std::int64_t features) {
  impl_->make(features);
  const Classification& problem = impl_->problem;
  const double scale = std::sqrt(2.0 / static_cast<double>(features));
  const auto Phi = impl_->train.leftCols(features), Test = impl_->test.leftCols(features);
  const Matrix Y = one_hot(problem.train_class, problem.classes);
  FeatureFit fit{.features = features};
  // Φ⁺ = (ΦᵀΦ)⁺ Φᵀ = Φᵀ (ΦΦᵀ)⁺: the smaller of the two.
  Matrix W;  // (feature, class)
  if (features <= problem.train_size()) {
    Matrix G = Matrix::Zero(features, features);
    G.selfadjointView<Eigen::Lower>().rankUpdate(Phi.transpose(), scale * scale);
    W = pseudo_solution(G, scale * (Phi.transpose() * Y), fit.rank);
  } else {
    Matrix K = Matrix::Zero(problem.train_size(), problem.train_size());
    K.selfadjointView<Eigen::Lower>().rankUpdate(Phi, scale * scale);
    W = scale * (Phi.transpose() * pseudo_solution(K, Y, fit.rank));
  }
  fit.norm = W.norm();
  const Matrix tested = scale * (Test * W);
  fit.train_error = error_of(scale * (Phi * W), problem.train_class);
  fit.test_error = error_of(tested, problem.test_class);
  fit.test_mse = (tested - one_hot(problem.test_class, problem.classes)).squaredNorm() /
                 static_cast<double>(tested.size());
  return fit;
}

}  // namespace grokscope::theory

// See two_scale.h.
#include "theory/two_scale.h"

#include <cmath>

#include <Eigen/Dense>

#include "base/random.h"

namespace grokscope::theory {
namespace {

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

Vector drawn_direction(RandomStream& random, std::int64_t size, double norm) {
  Vector direction(size);
  for (double& one : direction) one = random.normal();
  return direction * (norm / direction.norm());
}

}  // namespace

struct TwoScale::Impl {
  Vector shrunk(double steps, double rate) const;

  TwoScaleProblem problem;
  Matrix X;                  // (example, feature)
  Vector y, theta, scale;    // (example), (feature), (feature)
  Matrix U;                  // eigenvectors of XᵀX / n
  Vector lambda, projected;  // eigenvalues, Uᵀ Xᵀ y / n
};

/// Uᵀ w_k: (1 - (1 - η λ)^k) / λ, and η k where λ is zero.
Vector TwoScale::Impl::shrunk(double steps, double rate) const {
  Vector result(lambda.size());
  for (Eigen::Index i = 0; i < lambda.size(); ++i) {
    const double one = rate * std::max(lambda(i), 0.0);
    // expm1 and log1p keep what is small; a step beyond 1/λ changes its sign every time.
    const double left = one < 1.0 ? std::exp(steps * std::log1p(-one))
                                  : std::pow(one - 1.0, steps) * (std::fmod(steps, 2.0) < 0.5 ? 1.0 : -1.0);
    const double done = one < 1.0 ? -std::expm1(steps * std::log1p(-one)) : 1.0 - left;
    result(i) = one > 0.0 ? done / lambda(i) * projected(i) : steps * rate * projected(i);
  }
  return result;
}

TwoScale::TwoScale(const TwoScaleProblem& problem, std::uint64_t seed) : impl_(std::make_unique<Impl>()) {
  RandomStream truth(seed, "two_scale truth"), data(seed, "two_scale data"), noise(seed, "two_scale noise");
  const std::int64_t n = problem.examples, p = problem.fast + problem.slow;
  Impl& it = *impl_;
  it.problem = problem;
  it.theta.resize(p);
  it.theta.head(problem.fast) = drawn_direction(truth, problem.fast, problem.fast_norm);
  it.theta.tail(problem.slow) = drawn_direction(truth, problem.slow, problem.slow_norm);
  it.scale.resize(p);
  it.scale.head(problem.fast).setConstant(problem.fast_scale);
  it.scale.tail(problem.slow).setConstant(problem.slow_scale);
  it.X.resize(n, p);
  for (double& x : it.X.reshaped()) x = data.normal();
  it.X = it.X * it.scale.asDiagonal();
  it.y = it.X * it.theta;
  for (double& one : it.y) one += problem.noise * noise.normal();
  Matrix covariance = Matrix::Zero(p, p);
  covariance.selfadjointView<Eigen::Lower>().rankUpdate(it.X.transpose(), 1.0 / static_cast<double>(n));
  const Eigen::SelfAdjointEigenSolver<Matrix> eigen(covariance);
  it.U = eigen.eigenvectors();
  it.lambda = eigen.eigenvalues();
  it.projected = it.U.transpose() * (it.X.transpose() * it.y) / static_cast<double>(n);
}

TwoScale::~TwoScale() = default;
TwoScale::TwoScale(TwoScale&&) noexcept = default;

double TwoScale::largest_curvature() const {
  return impl_->lambda(impl_->lambda.size() - 1);
}

std::vector<double> TwoScale::weights_after(double steps, double learning_rate) const {
  const Vector w = impl_->U * impl_->shrunk(steps, learning_rate);
  return {w.begin(), w.end()};
}

TwoScaleRisk TwoScale::risk_after(double steps, double learning_rate) const {
  const Vector w = impl_->U * impl_->shrunk(steps, learning_rate);
  const Vector off = (impl_->scale.array() * (w - impl_->theta).array()).square();
  return {off.head(impl_->problem.fast).sum(), off.tail(impl_->problem.slow).sum()};
}

double TwoScale::train_loss_after(double steps, double learning_rate) const {
  const auto n = static_cast<double>(impl_->problem.examples);
  // |y|²/n - 2 w·Xᵀy/n + wᵀ(XᵀX/n)w in the eigenbasis.
  const Vector z = impl_->shrunk(steps, learning_rate);
  return std::max(0.0, impl_->y.squaredNorm() / n - 2.0 * z.dot(impl_->projected) +
                           (impl_->lambda.array() * z.array().square()).sum());
}

std::vector<double> TwoScale::descended(std::int64_t steps, double learning_rate) const {
  Vector w = Vector::Zero(impl_->X.cols());
  const double rate = learning_rate / static_cast<double>(impl_->problem.examples);
  for (std::int64_t step = 0; step < steps; ++step)
    w -= rate * (impl_->X.transpose() * (impl_->X * w - impl_->y));
  return {w.begin(), w.end()};
}

}  // namespace grokscope::theory

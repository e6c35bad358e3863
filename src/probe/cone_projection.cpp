// See cone_projection.h. ActiveSet is a quadratic program in the weights λ >= 0: K = (y_i y_j x_i·x_j),
// u = (y_i x_i·t), least ½ λᵀKλ - uᵀλ.
#include "probe/cone_projection.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace grokscope {
namespace {

constexpr int kSweeps = 12;
constexpr double kIndependent = 1e-11;  // squared distance from the span of the others, over the squared norm
constexpr std::size_t kExchangesAPoint = 10;

/// In four sums, so that one addition need not wait for the other.
double dot(const double* a, const double* b, std::size_t n) {
  double sums[4] = {};
  std::size_t i = 0;
  for (; i + 4 <= n; i += 4) {
    for (std::size_t k = 0; k < 4; ++k) sums[k] += a[i + k] * b[i + k];
  }
  for (; i < n; ++i) sums[0] += a[i] * b[i];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

class ActiveSet {
 public:
  ActiveSet(std::span<const double> gram, std::span<const double> products, std::span<const double> signs)
      : n_(products.size()), K_(n_ * n_), u_(n_), norm_(n_), weights_(n_), factor_(n_ * n_), solution_(n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < n_; ++j) K_[i * n_ + j] = signs[i] * signs[j] * gram[i * n_ + j];
      u_[i] = signs[i] * products[i];
      norm_[i] = std::sqrt(std::max(K_[i * n_ + i], 0.0));
      if (norm_[i] > 0.0) scale_ = std::max(scale_, std::abs(u_[i]) / norm_[i]);
    }
    gain_ = u_;
  }

  /// Each λ_i in turn as if it were the last one.
  void descend() {
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (std::size_t i = 0; i < n_; ++i) {
        if (!(norm_[i] > 0.0) || (weights_[i] == 0.0 && gain_[i] <= 0.0)) continue;
        const double by = std::max(-weights_[i], gain_[i] / (norm_[i] * norm_[i]));
        weights_[i] += by;
        subtract(by, i);
      }
    }
    for (std::size_t i = 0; i < n_; ++i) {
      if (weights_[i] > 0.0 && !append(i)) weights_[i] = 0.0;  // the others can do what it does
    }
    settle();
  }

  /// Takes in the point that gains most, again and again. False: it did not come to an end.
  bool exchange() {
    std::vector<bool> useless(n_, false);  // since the set last changed
    for (std::size_t k = 0; k < kExchangesAPoint * n_; ++k) {
      const std::size_t best = most_gaining(useless);
      if (best == n_) return true;
      if (!append(best) || (settle(), weights_[best] <= 0.0)) {
        useless[best] = true;
      } else {
        useless.assign(n_, false);
      }
    }
    return false;
  }

  /// 2 p·t - ‖p‖²: what is missing of the projection p costs it in the second order only.
  double squared_norm() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < n_; ++i) sum += weights_[i] * (u_[i] + gain_[i]);
    return sum;
  }
  /// Nothing of t that the points can see is left.
  bool leaves_nothing() const {
    double most = 0.0;
    for (std::size_t i = 0; i < n_; ++i) {
      if (norm_[i] > 0.0) most = std::max(most, std::abs(gain_[i]) / norm_[i]);
    }
    return most <= 10.0 * kConeTolerance * scale_;
  }
  std::vector<double> take_weights() { return std::move(weights_); }

 private:
  double& L(std::size_t row, std::size_t column) { return factor_[row * n_ + column]; }

  void subtract(double weight, std::size_t i) {
    const double* row = &K_[i * n_];
    for (std::size_t j = 0; j < n_; ++j) gain_[j] -= weight * row[j];
  }

  std::size_t most_gaining(const std::vector<bool>& useless) const {
    std::size_t best = n_;
    double most = kConeTolerance * scale_;
    for (std::size_t i = 0; i < n_; ++i) {
      if (useless[i] || weights_[i] > 0.0 || !(gain_[i] > most * norm_[i])) continue;
      most = gain_[i] / norm_[i];
      best = i;
    }
    return best;
  }

  /// Extends the Cholesky factor of K over the members; false: the point lies in their span.
  bool append(std::size_t i) {
    const std::size_t p = members_.size();
    double square = norm_[i] * norm_[i];
    for (std::size_t r = 0; r < p; ++r) {
      const double value = K_[i * n_ + members_[r]] - dot(&factor_[r * n_], &factor_[p * n_], r);
      L(p, r) = value / L(r, r);
      square -= L(p, r) * L(p, r);
    }
    if (!(square > kIndependent * norm_[i] * norm_[i])) return false;
    L(p, p) = std::sqrt(square);
    members_.push_back(i);
    return true;
  }

  /// Takes a row and a column out of the factor, and turns what is left into a triangle again.
  void remove(std::size_t place) {
    members_.erase(members_.begin() + static_cast<std::ptrdiff_t>(place));
    const std::size_t p = members_.size();
    for (std::size_t r = place; r < p; ++r) {
      std::copy_n(&factor_[(r + 1) * n_], r + 2, &factor_[r * n_]);
    }
    for (std::size_t k = place; k < p; ++k) {
      const double length = std::hypot(L(k, k), L(k, k + 1));
      const double c = L(k, k) / length, s = L(k, k + 1) / length;
      for (std::size_t r = k; r < p; ++r) {
        const double a = L(r, k), b = L(r, k + 1);
        L(r, k) = c * a + s * b;
        L(r, k + 1) = c * b - s * a;
      }
    }
  }

  /// solution_ (member): where the gain of every member is 0.
  void solve() {
    const std::size_t p = members_.size();
    for (std::size_t r = 0; r < p; ++r) {
      solution_[r] = (u_[members_[r]] - dot(&factor_[r * n_], solution_.data(), r)) / L(r, r);
    }
    for (std::size_t r = p; r-- > 0;) {
      solution_[r] /= L(r, r);
      for (std::size_t c = 0; c < r; ++c) solution_[c] -= L(r, c) * solution_[r];
    }
  }

  /// Moves the weights of the members towards the solution; who would go below 0 leaves, until nobody does.
  void settle() {
    while (true) {
      solve();
      std::size_t first = members_.size();  // to reach 0
      double step = 1.0;
      for (std::size_t r = 0; r < members_.size(); ++r) {
        if (solution_[r] > 0.0) continue;
        const double now = weights_[members_[r]];
        const double way = now > 0.0 ? now / (now - solution_[r]) : 0.0;
        if (first < members_.size() && way >= step) continue;
        step = way;
        first = r;
      }
      const bool all_stay = first == members_.size();
      for (std::size_t r = members_.size(); r-- > 0;) {
        double& weight = weights_[members_[r]];
        weight = all_stay ? solution_[r] : weight + step * (solution_[r] - weight);
        if (r != first && weight > 0.0) continue;
        weight = 0.0;
        remove(r);
      }
      if (all_stay) break;
    }
    gain_ = u_;
    for (const std::size_t i : members_) subtract(weights_[i], i);
  }

  std::size_t n_;
  std::vector<double> K_, u_, norm_;  // norm_: ‖x_i‖
  std::vector<double> weights_;       // λ
  std::vector<double> gain_;          // u - K λ
  std::vector<std::size_t> members_;  // whose weights are not held at 0
  std::vector<double> factor_;        // row by row, lower triangle: L Lᵀ = K over the members
  std::vector<double> solution_;
  double scale_ = 0.0;
};

}  // namespace

ConeProjection project_on_cone(std::span<const double> gram, std::span<const double> products,
                               std::span<const double> signs) {
  ActiveSet set(gram, products, signs);
  set.descend();
  ConeProjection projection;
  projection.converged = set.exchange();
  projection.squared_norm = set.squared_norm();
  projection.fills_span = set.leaves_nothing();
  projection.weights = set.take_weights();
  return projection;
}

}  // namespace grokscope

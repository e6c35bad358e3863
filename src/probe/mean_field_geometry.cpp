// See mean_field_geometry.h.
#include "probe/mean_field_geometry.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "probe/cone_projection.h"

namespace grokscope {
namespace {

constexpr double kRoundingOfPoints = 1e-6;   // relative: a direction that only rounding to float32 has made
constexpr double kRoundingOfCentres = 1e-9;  // relative: what is left of a centre that was removed

/// The points and the directions in an orthonormal basis of what the points span, as far as float32 tells.
std::pair<at::Tensor, at::Tensor> in_own_basis(const at::Tensor& points, const at::Tensor& directions) {
  const auto [_, values, rows] = at::linalg_svd(points, /*full_matrices=*/false);
  const double largest = std::max(values[0].item<double>(), 1.0);  // 1: the length of the centre
  const auto rank = (values > kRoundingOfPoints * largest).sum().item<std::int64_t>();
  const at::Tensor basis = rows.narrow(0, 0, rank).t();  // (feature, rank)
  return {at::mm(points, basis), at::mm(directions, basis)};
}

/// s(t) for every draw: (draw, D). `products` (draw, point) of t with s̃.
at::Tensor support_of(const at::Tensor& points, const at::Tensor& products, std::int64_t& unconverged) {
  const std::int64_t count = points.size(0), draws = products.size(0);
  const auto n = static_cast<std::size_t>(count);
  const at::Tensor gram = (at::mm(points, points.t()) + 1.0).contiguous();
  const at::Tensor values = products.contiguous();
  const at::Tensor shares = at::zeros({draws, count}, points.options());
  const std::vector<double> signs(n, 1.0);
  for (std::int64_t k = 0; k < draws; ++k) {
    const double* own = values.data_ptr<double>() + k * count;
    double* share = shares.data_ptr<double>() + k * count;
    const ConeProjection found = project_on_cone({gram.data_ptr<double>(), n * n}, {own, n}, signs);
    unconverged += found.converged ? 0 : 1;
    double sum = 0.0;
    for (const double weight : found.weights) sum += weight;
    if (sum > 0.0) {
      for (std::size_t i = 0; i < n; ++i) share[i] = found.weights[i] / sum;
    } else {
      share[std::max_element(own, own + n) - own] = 1.0;
    }
  }
  return at::mm(shares, points);
}

/// Each manifold minus the mean of all points, without the directions that are removed from the centres.
std::vector<at::Tensor> apart(const at::Tensor& points, const std::vector<std::int64_t>& sizes,
                              std::int64_t removed) {
  std::vector<at::Tensor> manifolds, means;
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    manifolds.push_back(points.narrow(0, begin, size));
    means.push_back(manifolds.back().mean(0));
    begin += size;
  }
  const at::Tensor centres = at::stack(means);  // (manifold, feature)
  const at::Tensor rows =
      std::get<2>(at::linalg_svd(centres - centres.mean(0, true), /*full_matrices=*/false));
  const at::Tensor common = rows.narrow(0, 0, std::min(removed, rows.size(0)));  // (removed, feature)
  for (at::Tensor& manifold : manifolds) {
    manifold = manifold - points.mean(0, true);
    manifold = manifold - at::mm(at::mm(manifold, common.t()), common);
  }
  return manifolds;
}

}  // namespace

ManifoldMeasures manifold_measures(const at::Tensor& all_points, const ManifoldDraws& draws) {
  const auto [points, directions] = in_own_basis(all_points, draws.directions);
  const auto dimensions = static_cast<double>(points.size(1));
  const at::Tensor products = at::mm(directions, points.t()) + draws.centre.unsqueeze(1);
  ManifoldMeasures measures{0.0, 0.0, 0.0, 0};
  const at::Tensor support = support_of(points, products, measures.unconverged);  // (draw, D)
  const at::Tensor along = (directions * support).sum(1);                         // (draw) t·s
  const at::Tensor squares = support.square().sum(1);                             // (draw) ‖s‖²
  measures.inverse_capacity =
      ((along + draws.centre).clamp_min(0.0).square() / (squares + 1.0)).mean().item<double>();
  measures.radius = std::sqrt((support - support.mean(0, true)).square().sum(1).mean().item<double>());
  const at::Tensor lengths = (squares * directions.square().sum(1)).sqrt();
  const at::Tensor cosines = along / at::where(lengths > 0.0, lengths, at::ones_like(lengths));
  const double cosine = cosines.mean().item<double>();
  measures.dimension = dimensions * cosine * cosine;
  return measures;
}

MeanFieldMeasures mean_field_measures(const at::Tensor& points, const std::vector<std::int64_t>& sizes,
                                      std::int64_t removed, const ManifoldDraws& draws,
                                      const std::atomic<bool>* cancelled) {
  MeanFieldMeasures sum;
  const double size = points.norm().item<double>() / std::sqrt(static_cast<double>(points.size(0)));
  for (const at::Tensor& manifold : apart(points, sizes, removed)) {
    const at::Tensor centre = manifold.mean(0, true);
    const double length = centre.norm().item<double>();
    const bool stopped = cancelled != nullptr && *cancelled;
    if (stopped || !(length > kRoundingOfCentres * size)) {
      return {.undefined = stopped ? "the look was cancelled"
                                   : "without what the centres have in common, one of them is at the origin"};
    }
    const ManifoldMeasures own = manifold_measures((manifold - centre) / length, draws);
    sum.capacity += own.inverse_capacity;
    sum.radius += own.radius;
    sum.dimension += own.dimension;
    sum.unconverged += own.unconverged;
  }
  const auto count = static_cast<double>(sizes.size());
  if (!(sum.capacity > 0.0)) return {.undefined = "no direction that was drawn meets a manifold"};
  sum.capacity = count / sum.capacity;
  sum.radius /= count;
  sum.dimension /= count;
  return sum;
}

}  // namespace grokscope

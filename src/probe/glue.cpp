// See glue.h.
#include "probe/glue.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "probe/cone_projection.h"

namespace grokscope {
namespace {

constexpr double kFewestSeparable = 0.2;  // of the draws
constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
// What rounding alone can have made: of eigenvalues of a Gram matrix with 1 on its diagonal, and of squared
// lengths of axes, over those of the anchors that they are differences of.
constexpr double kRoundingOfGram = 1e-12, kRoundingOfAxes = 1e-24;

/// What the projections leave behind.
struct Anchors {
  at::Tensor points;                    // (draw, manifold, feature)
  std::vector<double> norms;            // (draw) ‖projection‖²
  std::vector<std::int64_t> separable;  // the draws whose dichotomy is
  std::int64_t unconverged = 0;
  bool complete = true;
};

at::Tensor sign_of_each_point(const at::Tensor& dichotomies, const std::vector<std::int64_t>& sizes) {
  std::vector<at::Tensor> columns;
  for (std::size_t k = 0; k < sizes.size(); ++k) {
    columns.push_back(dichotomies.narrow(1, static_cast<std::int64_t>(k), 1).expand({-1, sizes[k]}));
  }
  return at::cat(columns, 1).contiguous();  // (draw, point)
}

Anchors anchors_of(const at::Tensor& points, const std::vector<std::int64_t>& sizes, const GlueDraws& draws,
                   const std::atomic<bool>* cancelled) {
  const std::int64_t draw_count = draws.directions.size(0), count = points.size(0);
  const auto n = static_cast<std::size_t>(count);
  const at::Tensor gram = at::mm(points, points.t()).contiguous();                // (point, point)
  const at::Tensor products = at::mm(draws.directions, points.t()).contiguous();  // (draw, point)
  const at::Tensor signs = sign_of_each_point(draws.dichotomies, sizes);
  const at::Tensor shares = at::zeros({draw_count, count}, points.options());
  Anchors anchors;
  for (std::int64_t k = 0; k < draw_count; ++k) {
    if (cancelled != nullptr && *cancelled) {
      anchors.complete = false;
      return anchors;
    }
    const std::size_t at = static_cast<std::size_t>(k) * n;
    const ConeProjection found =
        project_on_cone({gram.data_ptr<double>(), n * n}, {products.data_ptr<double>() + at, n},
                        {signs.data_ptr<double>() + at, n});
    std::copy(found.weights.begin(), found.weights.end(), shares.data_ptr<double>() + at);
    anchors.norms.push_back(found.squared_norm);
    if (!found.fills_span) anchors.separable.push_back(k);
    anchors.unconverged += found.converged ? 0 : 1;
  }
  std::vector<at::Tensor> of_manifolds;  // (draw, feature) each
  std::int64_t begin = 0;
  for (const std::int64_t size : sizes) {
    const at::Tensor share = shares.narrow(1, begin, size), sum = share.sum(1, true);
    of_manifolds.push_back(
        at::mm(share / at::where(sum > 0.0, sum, at::ones_like(sum)), points.narrow(0, begin, size)));
    begin += size;
  }
  anchors.points = at::stack(of_manifolds, 1);
  return anchors;
}

/// Mean over draws of vᵀ G+ v; gram (draw, n, n), v (draw, n) in its range. Rows whose diagonal element is up
/// to `least` count as 0, the others are scaled to a diagonal of 1, which does not change the value.
double mean_of_forms(const at::Tensor& gram, const at::Tensor& v, double least) {
  const at::Tensor diagonal = gram.diagonal(0, 1, 2);  // (draw, n)
  const at::Tensor scale =
      at::where(diagonal > least, diagonal.clamp_min(least).rsqrt(), at::zeros_like(diagonal));
  const auto [values, vectors] =
      at::linalg_eigh(gram * scale.unsqueeze(1) * scale.unsqueeze(2));  // ascending
  const at::Tensor along =
      at::bmm(vectors.transpose(1, 2), (v * scale).unsqueeze(2)).squeeze(2);  // (draw, n)
  const at::Tensor counted = values > kRoundingOfGram;
  const at::Tensor parts = along.square() / at::where(counted, values, at::ones_like(values));
  return at::where(counted, parts, at::zeros_like(parts)).sum(1).mean().item<double>();
}

/// Rows of length 1; those of length 0 stay at 0.
at::Tensor rows_of_length_one(const at::Tensor& rows) {
  const at::Tensor norms = rows.norm(2, {-1}, true);
  return rows / at::where(norms > 0.0, norms, at::ones_like(norms));
}

/// Mean of |cos| over all pairs of different manifolds that have both a direction. a, b (draw, manifold,
/// feature).
double alignment_of(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = rows_of_length_one(a), y = rows_of_length_one(b);
  const at::Tensor cosines = at::bmm(x, y.transpose(1, 2)).abs();  // (draw, manifold, manifold)
  const at::Tensor there = at::bmm(x.square().sum(2, true), y.square().sum(2, true).transpose(1, 2)) > 0.5;
  const at::Tensor counted =
      there.logical_and(at::eye(a.size(1), a.options()).eq(0.0).unsqueeze(0)).to(at::kDouble);
  const double count = counted.sum().item<double>();
  return count > 0.0 ? (cosines * counted).sum().item<double>() / count : kNaN;
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double ratio(double above, double below) {
  return below > 0.0 ? above / below : kNaN;
}

}  // namespace

GlueMeasures glue_measures(const at::Tensor& points, const std::vector<std::int64_t>& sizes,
                           const GlueDraws& draws, const std::atomic<bool>* cancelled) {
  GlueMeasures measures{kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, kNaN, 0};
  const Anchors anchors = anchors_of(points, sizes, draws, cancelled);
  if (!anchors.complete) return measures;
  const auto manifolds = static_cast<double>(sizes.size());
  measures.unconverged = anchors.unconverged;
  measures.critical_dimension = mean_of(anchors.norms);
  measures.capacity = ratio(manifolds, measures.critical_dimension);
  measures.separable =
      static_cast<double>(anchors.separable.size()) / static_cast<double>(anchors.norms.size());
  if (measures.separable < kFewestSeparable) return measures;

  const at::Tensor kept = at::tensor(anchors.separable, at::kLong);
  const at::Tensor rows = anchors.points.index_select(0, kept);  // (draw, manifold, feature)
  const at::Tensor directions = draws.directions.index_select(0, kept).unsqueeze(2);  // (draw, feature, 1)
  const at::Tensor signs = draws.dichotomies.index_select(0, kept).unsqueeze(2);      // (draw, manifold, 1)
  const at::Tensor centres = rows.mean(0, true), axes = rows - centres;
  const at::Tensor signed_axes = axes * signs, signed_centres = centres * signs;
  const at::Tensor along = at::bmm(signed_axes, directions).squeeze(2);  // (draw, manifold)
  const at::Tensor gram = at::bmm(signed_axes, signed_axes.transpose(1, 2));
  const at::Tensor whole = gram + at::bmm(signed_centres, signed_centres.transpose(1, 2));
  const double least = kRoundingOfAxes * rows.square().sum(2).mean().item<double>();
  const double b = mean_of_forms(gram, along, least), c = mean_of_forms(whole, along, least);
  std::vector<double> norms;
  for (const std::int64_t k : anchors.separable) norms.push_back(anchors.norms[static_cast<std::size_t>(k)]);
  measures.dimension = b / manifolds;
  measures.utility = ratio(c, mean_of(norms));
  measures.radius = c > 0.0 ? std::sqrt(ratio(c, b - c)) : kNaN;
  measures.centre_alignment = alignment_of(centres, centres);
  measures.axis_alignment = alignment_of(axes, axes);
  measures.centre_axis_alignment = alignment_of(centres.expand_as(axes), axes);
  return measures;
}

}  // namespace grokscope

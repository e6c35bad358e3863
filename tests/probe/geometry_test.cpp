// Cone projections against every face in turn, geometry of manifolds whose capacity has a closed form, and
// the geometry probe on a real network.
#include "probe/geometry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>

#include "base/random.h"
#include "probe/cone_projection.h"
#include "probe/glue.h"
#include "probe/mean_field_geometry.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::mlp_input;
using planted::value;

at::Tensor normal(std::int64_t rows, std::int64_t columns, std::string_view stream) {
  RandomStream random(3, stream);
  at::Tensor numbers = at::empty({rows, columns}, at::kDouble);
  for (std::int64_t i = 0; i < numbers.numel(); ++i) numbers.data_ptr<double>()[i] = random.normal();
  return numbers;
}

GlueDraws draws_for(std::int64_t draws, std::int64_t features, std::int64_t manifolds) {
  return {normal(draws, features, "directions"), normal(draws, manifolds, "dichotomies").sign()};
}

ConeProjection project(const at::Tensor& rows, const at::Tensor& t, const std::vector<double>& signs) {
  const at::Tensor gram = at::mm(rows, rows.t()).contiguous(), products = at::mv(rows, t);
  const auto n = static_cast<std::size_t>(rows.size(0));
  return project_on_cone({gram.data_ptr<double>(), n * n}, {products.data_ptr<double>(), n}, signs);
}

/// The squared norm of the projection on the cone of the rows: the largest over all sets of independent rows
/// whose least squares have no negative weight.
double norm_by_faces(const at::Tensor& rows, const at::Tensor& t) {
  double best = 0.0;
  for (unsigned mask = 1; mask < (1U << rows.size(0)); ++mask) {
    std::vector<at::Tensor> chosen;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
      if ((mask >> i & 1U) != 0) chosen.push_back(rows[i]);
    }
    if (static_cast<std::int64_t>(chosen.size()) > rows.size(1)) continue;
    const at::Tensor face = at::stack(chosen), gram = at::mm(face, face.t());
    const at::Tensor weights = at::mm(at::linalg_inv(gram), at::mv(face, t).unsqueeze(1));
    if (weights.min().item<double>() < 0.0) continue;
    best = std::max(best, at::mv(face, t).dot(weights.squeeze(1)).item<double>());
  }
  return best;
}

TEST(ConeProjection, IsThatOfTheBestFace) {
  for (int k = 0; k < 10; ++k) {
    const at::Tensor rows = normal(8, 5, "rows" + std::to_string(k)) + 0.5;
    const at::Tensor t = normal(5, 1, "t" + std::to_string(k)).squeeze(1);
    std::vector<double> signs(8, 1.0);
    for (std::size_t i = 0; i < 4; ++i) signs[2 * i] = -1.0;
    const ConeProjection found = project(rows, t, signs);
    ASSERT_TRUE(found.converged);
    const at::Tensor y = at::tensor(signs, at::kDouble).unsqueeze(1);
    EXPECT_NEAR(found.squared_norm, norm_by_faces(rows * y, t), 1e-9) << k;
    const at::Tensor projection = at::mv((rows * y).t(), at::tensor(found.weights, at::kDouble));
    EXPECT_NEAR(projection.dot(projection).item<double>(), found.squared_norm, 1e-4);
    EXPECT_LT(at::mv(rows * y, t - projection).max().item<double>(), 1e-4)
        << "nothing is gained by any point";
    EXPECT_GE(*std::min_element(found.weights.begin(), found.weights.end()), 0.0);
  }
}

TEST(ConeProjection, OfTwinsAndOfPointsAtTheOrigin) {
  at::Tensor rows = normal(9, 4, "twins");
  rows[3] = rows[2];
  rows[4].zero_();
  const at::Tensor t = normal(4, 1, "t").squeeze(1);
  const ConeProjection found = project(rows, t, std::vector<double>(9, 1.0));
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.weights[4], 0.0);
  const at::Tensor single = at::cat({rows.narrow(0, 0, 3), rows.narrow(0, 5, 4)});
  EXPECT_NEAR(found.squared_norm, norm_by_faces(single, t), 1e-9);
  const ConeProjection none = project(at::zeros({3, 4}, at::kDouble), t, {1.0, 1.0, 1.0});
  EXPECT_TRUE(none.converged);
  EXPECT_EQ(none.squared_norm, 0.0);
}

TEST(Glue, PointsHaveCapacityTwo) {
  // Averaged over all dichotomies the cones of P independent points tile their span: E[a] = P / 2 exactly.
  const at::Tensor points = normal(16, 24, "points") + 0.7;
  const GlueMeasures found = glue_measures(points, std::vector<std::int64_t>(16, 1), draws_for(800, 24, 16));
  EXPECT_EQ(found.unconverged, 0);
  EXPECT_NEAR(found.critical_dimension, 8.0, 0.5);
  EXPECT_NEAR(found.capacity, 2.0, 0.13);
}

/// E over t0 ~ N(0, 1) and r = ‖t‖ of D numbers of value(t0, r).
template <typename Value>
double expectation(int dimensions, const Value& of) {
  double sum = 0.0, weights = 0.0;
  for (double t0 = -7.0; t0 <= 7.0; t0 += 0.01) {
    for (double r = 0.005; r < 8.0; r += 0.01) {
      const double weight = std::exp(-0.5 * (t0 * t0 + r * r)) * std::pow(r, dimensions - 1);
      weights += weight;
      sum += weight * of(t0, r);
    }
  }
  return sum / weights;
}

/// 1 / α of a ball of radius R in D dimensions around a centre of length 1 (Chung, Lee and Sompolinsky 2018).
double inverse_capacity_of_ball(double radius, int dimensions) {
  return expectation(dimensions, [&](double t0, double r) {
    if (t0 + radius * r <= 0.0) return 0.0;
    if (r <= radius * t0) return t0 * t0 + r * r;
    return (t0 + radius * r) * (t0 + radius * r) / (1.0 + radius * radius);
  });
}

/// (points, 2) evenly on a circle.
at::Tensor circle(std::int64_t points, double radius) {
  const at::Tensor angles =
      at::arange(points, at::kDouble) * (2.0 * std::numbers::pi / static_cast<double>(points));
  return at::stack({angles.cos(), angles.sin()}, 1) * radius;
}

TEST(MeanField, ACircleHasThePublishedCapacity) {
  const ManifoldDraws draws{normal(4000, 2, "directions"), normal(4000, 1, "centre").squeeze(1)};
  for (const double radius : {0.3, 1.0, 2.5}) {
    const ManifoldMeasures found = manifold_measures(circle(48, radius), draws);
    EXPECT_NEAR(found.inverse_capacity, inverse_capacity_of_ball(radius, 2), 0.06) << radius;
    EXPECT_NEAR(found.dimension, 2.0, 0.01) << "s lies along t: " << radius;
    const double spread = expectation(
        2, [&](double t0, double r) { return r <= radius * t0 ? r * r / (t0 * t0) : radius * radius; });
    EXPECT_NEAR(found.radius, std::sqrt(spread), 0.02 * radius) << radius;
    EXPECT_EQ(found.unconverged, 0);
  }
}

TEST(MeanField, APointHasNeitherRadiusNorDimension) {
  const ManifoldDraws draws{normal(4000, 3, "directions"), normal(4000, 1, "centre").squeeze(1)};
  const ManifoldMeasures found = manifold_measures(1e-9 * normal(12, 3, "rounding"), draws);
  EXPECT_NEAR(found.inverse_capacity, 0.5, 0.05) << "capacity 2";
  EXPECT_EQ(found.radius, 0.0);
  EXPECT_EQ(found.dimension, 0.0);
}

TEST(Glue, ManifoldsInSpacesOfTheirOwnAreSeparateBalls) {
  // Six circles, each around a centre and in a plane that no other touches: the cone is a product.
  const double radius = 0.8;
  const std::int64_t manifolds = 6, points = 40;
  at::Tensor all = at::zeros({manifolds * points, 3 * manifolds}, at::kDouble);
  for (std::int64_t k = 0; k < manifolds; ++k) {
    const at::Tensor own = all.narrow(0, k * points, points).narrow(1, 3 * k, 3);
    own.narrow(1, 0, 1).fill_(1.0);
    own.narrow(1, 1, 2).copy_(circle(points, radius));
  }
  const std::vector<std::int64_t> sizes(static_cast<std::size_t>(manifolds), points);
  const GlueMeasures found = glue_measures(all, sizes, draws_for(1000, 3 * manifolds, manifolds));
  const double expected = inverse_capacity_of_ball(radius, 2);
  EXPECT_NEAR(1.0 / found.capacity, expected, 0.06);
  EXPECT_NEAR(found.capacity, found.utility * (1.0 + 1.0 / (found.radius * found.radius)) / found.dimension,
              1e-6 * found.capacity)
      << "the identity of the paper";
  EXPECT_LT(found.centre_alignment, 1e-9);
  EXPECT_LT(found.axis_alignment, 1e-9);
  EXPECT_LT(found.centre_axis_alignment, 1e-9);
  // Without the mean of the centres, and one direction of them, that of the mean field are not far from it.
  const MeanFieldMeasures none =
      mean_field_measures(all, sizes, 0, {normal(1000, 18, "m"), normal(1000, 1, "c").squeeze(1)});
  EXPECT_EQ(none.undefined, "");
  const double length =
      std::sqrt(1.0 - 1.0 / static_cast<double>(manifolds));  // of a centre minus their mean
  EXPECT_NEAR(1.0 / none.capacity, inverse_capacity_of_ball(radius / length, 2), 0.08);
}

TEST(Glue, TheSameAtEveryScaleAndInEveryBasis) {
  at::Tensor points = normal(40, 12, "points");
  points.narrow(0, 0, 12).select(1, 0).add_(9.0);
  points.narrow(0, 12, 8).select(1, 1).add_(9.0);
  points.narrow(0, 20, 20).select(1, 2).add_(9.0);
  const std::vector<std::int64_t> sizes{12, 8, 20};
  const GlueDraws draws = draws_for(50, 12, 3);
  const GlueMeasures once = glue_measures(points, sizes, draws);
  const at::Tensor rotation = std::get<0>(at::linalg_qr(normal(12, 12, "rotation")));
  const GlueMeasures again = glue_measures(at::mm(points, rotation) * 1000.0, sizes,
                                           {at::mm(draws.directions, rotation), draws.dichotomies});
  EXPECT_EQ(once.separable, 1.0);
  EXPECT_NEAR(once.critical_dimension, again.critical_dimension, 1e-4);
  EXPECT_NEAR(once.dimension, again.dimension, 1e-3);
  EXPECT_NEAR(once.radius, again.radius, 1e-3);
  EXPECT_NEAR(once.axis_alignment, again.axis_alignment, 1e-3);
}

TEST(Glue, WhatCannotBeSeparatedHasNoAnchors) {
  // Two manifolds of 20 points each in three dimensions: every cone is all of the space.
  const at::Tensor points = normal(40, 3, "points");
  const GlueDraws draws = draws_for(60, 3, 2);
  const GlueMeasures found = glue_measures(points, {20, 20}, draws);
  EXPECT_EQ(found.separable, 0.0);
  EXPECT_NEAR(found.critical_dimension, draws.directions.square().sum(1).mean().item<double>(), 1e-4);
  EXPECT_TRUE(std::isnan(found.dimension));
  EXPECT_TRUE(std::isnan(found.axis_alignment));
}

TEST(Glue, ManifoldsThatAreOnePointHaveNoRadiusToSpeakOf) {
  const at::Tensor points = at::cat({at::ones({5, 3}, at::kDouble), at::zeros({5, 3}, at::kDouble)});
  const GlueMeasures found = glue_measures(points, {5, 5}, draws_for(50, 3, 2));
  EXPECT_GT(found.critical_dimension, 0.0);
  EXPECT_TRUE(std::isnan(found.centre_alignment)) << "one of the two has no direction";
  const GlueMeasures nothing = glue_measures(at::zeros({6, 3}, at::kDouble), {3, 3}, draws_for(50, 3, 2));
  EXPECT_EQ(nothing.critical_dimension, 0.0);
  EXPECT_TRUE(std::isnan(nothing.capacity));
  EXPECT_TRUE(std::isnan(nothing.radius));
}

TEST(MeanField, TwoClassesHaveNothingLeftOnceAComponentIsRemoved) {
  const at::Tensor points =
      normal(20, 6, "points") + at::arange(20, at::kDouble).gt(9).to(at::kDouble).unsqueeze(1);
  const ManifoldDraws draws{normal(40, 6, "m"), normal(40, 1, "c").squeeze(1)};
  EXPECT_EQ(mean_field_measures(points, {10, 10}, 0, draws).undefined, "");
  EXPECT_NE(mean_field_measures(points, {10, 10}, 1, draws).undefined, "");
}

TEST(Geometry, OfARealNetwork) {
  const Frame frame = look_at_geometry(mlp_input(64, 2));
  ASSERT_EQ(frame.not_applicable, "");
  EXPECT_EQ(frame.texts.at("layer"), "hidden.2");
  EXPECT_EQ(value(frame, "classes"), 10.0);
  EXPECT_EQ(value(frame, "draws"), 50.0);
  EXPECT_EQ(value(frame, "features"), 64.0);
  EXPECT_EQ(value(frame, "removed_components"), 1.0);
  for (const std::string part : {"test", "train"}) {
    SCOPED_TRACE(part);
    EXPECT_NEAR(value(frame, "capacity_" + part) * value(frame, "critical_dimension_" + part), 10.0, 1e-9);
    EXPECT_LT(value(frame, "capacity_" + part), 2.1) << "manifolds of points are harder than points";
    EXPECT_GT(value(frame, "critical_dimension_" + part), 4.5);
    EXPECT_LT(value(frame, "critical_dimension_" + part), 64.0);
    EXPECT_EQ(value(frame, "separable_" + part), 1.0);
    EXPECT_EQ(value(frame, "unconverged_" + part), 0.0);
    for (const char* name : {"dimension_", "radius_", "utility_", "mean_field_capacity_",
                             "mean_field_radius_", "mean_field_dimension_"}) {
      EXPECT_GT(value(frame, name + part), 0.0) << name;
    }
    for (const char* name : {"centre_alignment_", "axis_alignment_", "centre_axis_alignment_"}) {
      EXPECT_GT(value(frame, name + part), 0.0) << name;
      EXPECT_LE(value(frame, name + part), 1.0) << name;
    }
  }
  EXPECT_TRUE(planted::same(frame, look_at_geometry(mlp_input(64, 2)))) << "the same draws at every look";
}

TEST(Geometry, SeparatedClassesNeedFewerDimensions) {
  ProbeInput input = mlp_input(32, 2);
  const double before = value(look_at_geometry(input), "critical_dimension_test");
  input.data = planted::addition(11);
  const_cast<Dataset&>(*input.data).targets =
      inputs_as<PairInputs>(input.data->inputs).pairs.select(1, 0).clone();
  const_cast<Dataset&>(*input.data).train_targets = input.data->targets;
  EXPECT_LT(value(look_at_geometry(input), "critical_dimension_test"), before) << "the class is a itself";
}

TEST(Geometry, DeadUnitsWidthOneAndTwoClasses) {
  ProbeInput dead = mlp_input(16, 2);
  planted::parameter(dead, "hidden.2.b").fill_(-100.0);
  const Frame none = look_at_geometry(dead);
  EXPECT_EQ(none.not_applicable, "");
  EXPECT_EQ(none.texts.at("undefined_test"),
            "Not defined here, because every feature of every example is 0.");
  EXPECT_TRUE(std::isnan(value(none, "capacity_test")));
  ProbeInput constant = mlp_input(16, 1);
  planted::parameter(constant, "hidden.1.W").zero_();
  const Frame alike = look_at_geometry(constant);
  EXPECT_TRUE(std::isfinite(value(alike, "critical_dimension_test")));
  EXPECT_EQ(alike.texts.count("mean_field_undefined_test"), 1u);
  EXPECT_TRUE(std::isfinite(value(look_at_geometry(mlp_input(1, 1)), "critical_dimension_train")));

  auto two = planted::addition(11);
  two->targets = two->targets.remainder(2);
  two->train_targets = two->targets;
  two->class_count = 2;
  const Frame parity = look_at_geometry(planted::network_input(planted::mlp_config(16, 1), two, 60));
  EXPECT_EQ(value(parity, "classes"), 2.0);
  EXPECT_GT(value(parity, "capacity_test"), 0.0);
  EXPECT_EQ(parity.texts.count("mean_field_undefined_test"), 1u);
}

TEST(Geometry, AClassWithoutAnExampleAndNothingToTestOn) {
  auto data = planted::addition(11);
  data->class_count = 14;
  ProbeInput input = planted::network_input(planted::mlp_config(16, 1), data, 60);
  EXPECT_EQ(value(look_at_geometry(input), "classes"), 10.0);
  auto trained = planted::addition(11);
  trained->held_out = 0;
  ProbeInput all = planted::network_input(planted::mlp_config(16, 1), trained, 120);
  const Frame frame =
      look_at_geometry(all);  // one example is kept back: no class has one in both but its own
  EXPECT_EQ(frame.not_applicable, "Fewer than two classes have examples to compare.");
}

TEST(Geometry, SaysWhereItDoesNotApply) {
  ProbeInput broken = mlp_input(4, 2);
  broken.flat[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(look_at_geometry(broken).not_applicable,
            "Some weights are not finite at this step: training has diverged.");
  auto numbers = planted::addition(11);
  numbers->target_vectors = at::rand({11, 2});
  numbers->tolerance = 0.1;
  ProbeInput regression = planted::network_input(planted::mlp_config(4, 1), numbers, 60);
  EXPECT_EQ(look_at_geometry(regression).not_applicable, "The answers are numbers, not classes.");
}

TEST(Geometry, StopsWhenNobodyWaits) {
  const std::atomic<bool> cancelled{true};
  ProbeInput input = mlp_input(16, 2);
  input.cancelled = &cancelled;
  EXPECT_TRUE(std::isnan(value(look_at_geometry(input), "capacity_test")));
}

}  // namespace
}  // namespace grokscope

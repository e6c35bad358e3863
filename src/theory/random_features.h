// Random Fourier features: an RBF kernel machine through N random cosines, fitted to one-hot targets by the
// shortest least-squares solution (Belkin et al. 2019, "Reconciling modern machine learning practice and the
// bias-variance trade-off", section 3; Rahimi and Recht 2007). Pure; deterministic. Any thread.
//
//   φ_k(x) = √(2/N) cos(v_k·x + b_k), v_k ~ N(0, σ⁻² I), b_k ~ U[0, 2π)
//   W = Φ⁺ Y: singular values whose square is at most 1e-10 of the largest one's count as zero
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "theory/labelled_images.h"

namespace grokscope::theory {

/// Examples with their classes: what is fitted and what is tested, as rows of numbers.
struct Classification {
  std::string name;         ///< "MNIST", "Gaussian mixture"
  std::int64_t inputs = 0;  ///< numbers an example
  int classes = 0;
  std::vector<double> train, test;  ///< (example, input)
  std::vector<int> train_class, test_class;

  std::int64_t train_size() const { return static_cast<std::int64_t>(train_class.size()); }
  std::int64_t test_size() const { return static_cast<std::int64_t>(test_class.size()); }
};

/// Random images of the set, pixels 0 .. 1, from the stream "random_features images" of the seed. Error: it
/// has fewer.
Result<Classification> classification_of(const LabelledImages& images, std::int64_t train, std::int64_t test,
                                         std::uint64_t seed);
/// Ten classes of three Gaussian clouds each in 20 dimensions, whose centres are drawn: a problem that needs
/// no download and which nothing linear solves. Streams "random_features centres" and "... clouds".
Classification gaussian_mixture(std::int64_t train, std::int64_t test, std::uint64_t seed);
/// Gives that share of the training examples another class, from the stream "random_features noise".
void add_label_noise(Classification& problem, double share, std::uint64_t seed);

/// What came of N features.
struct FeatureFit {
  std::int64_t features = 0;
  double train_error = 0.0, test_error = 0.0;  ///< share of wrong classes, 0 .. 1
  double test_mse = 0.0;                       ///< mean over examples and classes
  double norm = 0.0;                           ///< |W|, Frobenius
  std::int64_t rank = 0;                       ///< singular values that count
};

/// The features of one seed, as many as were asked for so far; those of a smaller N are the first of them.
/// Not thread-safe: one owner.
class RandomFeatures {
 public:
  RandomFeatures(Classification problem, double width, std::uint64_t seed);
  ~RandomFeatures();
  RandomFeatures(const RandomFeatures&) = delete;
  RandomFeatures& operator=(const RandomFeatures&) = delete;

  FeatureFit fit(std::int64_t features);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace grokscope::theory

// The data of random_features.h: images that were read, a mixture that is drawn, wrong labels.
#include <fmt/format.h>

#include "base/random.h"
#include "base/text.h"
#include "theory/random_features.h"

namespace grokscope::theory {
namespace {

constexpr std::int64_t kInputs = 20;
constexpr int kClasses = 10, kCloudsPerClass = 3;
constexpr double kSpread = 1.0;  // of the centres, where a cloud has spread 1

/// Appends image `index`, pixels 0 .. 1.
void append_image(const LabelledImages& images, std::size_t index, std::vector<double>& rows,
                  std::vector<int>& classes) {
  for (std::size_t i = 0; i < images.pixels; ++i)
    rows.push_back(static_cast<unsigned char>(images.bytes[index * images.pixels + i]) / 255.0);
  classes.push_back(images.classes[index]);
}

}  // namespace

Result<Classification> classification_of(const LabelledImages& images, std::int64_t train, std::int64_t test,
                                         std::uint64_t seed) {
  const auto pool = static_cast<std::int64_t>(images.train_count);
  const auto held_out = static_cast<std::int64_t>(images.classes.size()) - pool;
  if (train > pool || test > held_out) {
    return usage_error(fmt::format("{} has {} training and {} test images: ask for fewer", images.name,
                                   grouped(pool), grouped(held_out)));
  }
  RandomStream random(seed, "random_features images");
  Classification problem{
      .name = images.name, .inputs = static_cast<std::int64_t>(images.pixels), .classes = images.class_count};
  const std::vector<std::int64_t> to_train = random.permutation(pool), to_test = random.permutation(held_out);
  for (std::int64_t i = 0; i < train; ++i)
    append_image(images, static_cast<std::size_t>(to_train[static_cast<std::size_t>(i)]), problem.train,
                 problem.train_class);
  for (std::int64_t i = 0; i < test; ++i)
    append_image(images, static_cast<std::size_t>(pool + to_test[static_cast<std::size_t>(i)]), problem.test,
                 problem.test_class);
  return problem;
}

Classification gaussian_mixture(std::int64_t train, std::int64_t test, std::uint64_t seed) {
  RandomStream centres(seed, "random_features centres"), clouds(seed, "random_features clouds");
  std::vector<double> centre(static_cast<std::size_t>(kClasses * kCloudsPerClass * kInputs));
  for (double& one : centre) one = kSpread * centres.normal();
  Classification problem{.name = "a Gaussian mixture", .inputs = kInputs, .classes = kClasses};
  const auto draw = [&](std::int64_t count, std::vector<double>& rows, std::vector<int>& classes) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto cloud = clouds.below(kClasses * kCloudsPerClass);
      for (std::int64_t j = 0; j < kInputs; ++j)
        rows.push_back(centre[cloud * kInputs + static_cast<std::size_t>(j)] + clouds.normal());
      classes.push_back(static_cast<int>(cloud) / kCloudsPerClass);
    }
  };
  draw(train, problem.train, problem.train_class);
  draw(test, problem.test, problem.test_class);
  return problem;
}

void add_label_noise(Classification& problem, double share, std::uint64_t seed) {
  RandomStream random(seed, "random_features noise");
  for (int& label : problem.train_class) {
    if (random.uniform() >= share) continue;
    const auto others = static_cast<std::uint64_t>(problem.classes - 1);
    const int other = static_cast<int>(random.below(others));
    label = other + (other >= label ? 1 : 0);
  }
}

}  // namespace grokscope::theory

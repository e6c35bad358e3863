// Task `teacher_student`: regression to what another network computes (Liu et al. 2022, Omnigrok, section 2).
// Teacher: 5-100-100-5, tanh, initialised as PyTorch does; inputs N(0, 1)^5. Teacher and inputs have streams
// of their own, so no student starts at its teacher.
#include <fmt/format.h>

#include <cmath>

#include "base/random.h"
#include "data/tasks/examples.h"

namespace grokscope {
namespace {

constexpr std::int64_t kTeacherInputs = 5, kTeacherWidth = 100, kTeacherOutputs = 5;
constexpr std::int64_t kDefaultTeacherExamples = 200;  // 100 to train on and 100 to test
constexpr std::int64_t kMostTeacherExamples = 1'000'000;

/// x W + b with W and b from U(±1/√in), as torch.nn.Linear starts.
struct TeacherLayer {
  std::int64_t in = 0, out = 0;
  std::vector<double> W, b;  // (in, out), (out)

  TeacherLayer(std::int64_t inputs, std::int64_t outputs, RandomStream& random) : in(inputs), out(outputs) {
    const double bound = 1.0 / std::sqrt(static_cast<double>(in));
    const auto draw = [&] { return (2.0 * random.uniform() - 1.0) * bound; };
    for (std::int64_t i = 0; i < in * out; ++i) W.push_back(draw());
    for (std::int64_t i = 0; i < out; ++i) b.push_back(draw());
  }

  std::vector<double> operator()(const std::vector<double>& x) const {
    std::vector<double> y = b;
    for (std::size_t i = 0; i < x.size(); ++i) {
      for (std::size_t j = 0; j < y.size(); ++j) y[j] += x[i] * W[i * y.size() + j];
    }
    return y;
  }
};

std::vector<double> tanh_of(std::vector<double> values) {
  for (double& value : values) value = std::tanh(value);
  return values;
}

}  // namespace

Result<Examples> teacher_student_examples(const TaskConfig& task, std::uint64_t seed) {
  const std::int64_t count = task.examples == 0 ? kDefaultTeacherExamples : task.examples;
  if (count < 2 || count > kMostTeacherExamples) {
    return usage_error(fmt::format("task.examples is {}: a teacher needs 2 .. {} (0 takes {})", count,
                                   kMostTeacherExamples, kDefaultTeacherExamples));
  }
  if (!(task.tolerance > 0.0)) {
    return usage_error(fmt::format("task.tolerance is {}: it must be above 0", task.tolerance));
  }
  RandomStream weights(seed, "teacher"), inputs(seed, "teacher_inputs");
  const TeacherLayer first(kTeacherInputs, kTeacherWidth, weights);
  const TeacherLayer second(kTeacherWidth, kTeacherWidth, weights);
  const TeacherLayer last(kTeacherWidth, kTeacherOutputs, weights);
  Examples examples;
  for (std::int64_t i = 0; i < count; ++i) {
    std::vector<double> x;
    // Rounded first: the teacher answers the numbers that the student will see.
    for (std::int64_t k = 0; k < kTeacherInputs; ++k) x.push_back(static_cast<float>(inputs.normal()));
    const std::vector<double> answer = last(tanh_of(second(tanh_of(first(x)))));
    examples.features.insert(examples.features.end(), x.begin(), x.end());
    examples.target_vectors.insert(examples.target_vectors.end(), answer.begin(), answer.end());
    examples.targets.push_back(i);
  }
  examples.feature_count = kTeacherInputs;
  examples.output_count = examples.class_count = kTeacherOutputs;
  examples.pool_size = count;
  examples.tolerance = task.tolerance;
  examples.title = "Teacher and student";
  return examples;
}

}  // namespace grokscope

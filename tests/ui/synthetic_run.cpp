#include "ui/synthetic_run.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace grokscope::testing {
namespace {

constexpr std::int64_t kP = 53, kK = 26;
constexpr std::int64_t kKeys[] = {19, 14, 6, 23};

double ramp(double step, double middle, double width) {
  return 1.0 / (1.0 + std::exp(-(std::log(step + 1.0) - std::log(middle)) / width));
}
/// A repeatable number in 0..1 for a pair.
double noise(std::int64_t a, std::int64_t b) {
  const double value =
      std::sin(static_cast<double>(a) * 12.9898 + static_cast<double>(b) * 78.233) * 43758.5453;
  return value - std::floor(value);
}
double learned(double step) {
  return ramp(step, 1500.0, 0.18);
}
double norm_at(double step) {
  return 30.0 + 14.0 * ramp(step, 60.0, 0.5) - 18.0 * ramp(step, 900.0, 0.45);
}

Evaluation evaluation_at(std::int64_t at, double wd) {
  const double step = static_cast<double>(at), memorised = ramp(step, 40.0, 0.25), rule = learned(step);
  Evaluation e;
  e.step = at;
  e.elapsed_s = step / 1000.0;
  e.train_accuracy = std::min(1.0, 0.02 + 0.985 * memorised);
  e.test_accuracy = std::min(1.0, 0.02 + 0.16 * memorised * (1.0 - rule) + 0.982 * rule);
  e.train_loss = 4.0 * std::pow(1.0 - memorised, 1.3) + 3e-6 * (1.0 + noise(at, 3)) + 1e-9;
  e.test_loss = (4.0 + 12.0 * memorised) * (1.0 - rule) + 2e-4;
  e.weight_norm = norm_at(step);
  e.learning_rate = 3e-3;
  e.weight_decay = wd;
  e.train_count = 1123;
  e.test_count = 1686;
  return e;
}

Array array(std::vector<std::int64_t> shape, std::vector<float> values) {
  return {std::move(shape), std::move(values)};
}

FramePtr fourier_frame(std::int64_t step) {
  Frame frame{"fourier", step};
  const double rule = ramp(static_cast<double>(step), 500.0, 0.6);
  std::vector<float> power(kK), cosine(kK), sine(kK);
  for (std::int64_t k = 1; k <= kK; ++k)
    power[static_cast<std::size_t>(k - 1)] =
        static_cast<float>(0.02 * (0.7 + 0.6 * noise(k, 1)) * (1.0 - 0.8 * rule) + 1e-3);
  for (std::size_t i = 0; i < 4; ++i)
    power[static_cast<std::size_t>(kKeys[i] - 1)] +=
        static_cast<float>(rule * (0.36 - 0.06 * static_cast<double>(i)));
  float sum = 0.0f, share = 0.0f;
  for (const float value : power) sum += value;
  for (std::size_t k = 0; k < power.size(); ++k) {
    power[k] /= sum;
    cosine[k] = std::sqrt(power[k]) * 8.0f;
    sine[k] = cosine[k] * static_cast<float>(0.8 + 0.3 * noise(static_cast<std::int64_t>(k), 9));
  }
  for (const std::int64_t key : kKeys) share += power[static_cast<std::size_t>(key - 1)];
  std::vector<float> circle, pca;
  for (std::int64_t token = 0; token < kP; ++token) {
    const double angle = 2.0 * std::numbers::pi * 19.0 * static_cast<double>(token) / kP;
    const double wobble = 1.0 - rule;
    const double radius = 1.0 + 0.9 * wobble * (noise(token, 5) - 0.5);
    circle.push_back(static_cast<float>(radius * std::cos(angle + 2.0 * wobble * (noise(token, 6) - 0.5))));
    circle.push_back(static_cast<float>(radius * std::sin(angle + 2.0 * wobble * (noise(token, 7) - 0.5))));
    pca.push_back(circle[circle.size() - 2] * 0.7f + 0.2f * static_cast<float>(noise(token, 8)));
    pca.push_back(circle.back() * 0.5f);
  }
  frame.arrays["power"] = array({kK}, power);
  frame.arrays["cos_norm"] = array({kK}, cosine);
  frame.arrays["sin_norm"] = array({kK}, sine);
  frame.arrays["key_frequencies"] = array({4}, {19, 14, 6, 23});
  frame.arrays["circle"] = array({kP, 2}, circle);
  frame.arrays["pca"] = array({kP, 2}, pca);
  frame.arrays["pca_variance"] = array({2}, {0.34f, 0.27f});
  frame.scalars = {{"key_count", 4},
                   {"key_share", share},
                   {"gini", 0.15 + 0.6 * rule},
                   {"strongest", 19},
                   {"top8_share", 0.35 + 0.6 * rule}};
  frame.texts["kind"] = "cyclic";
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr ranks_frame(std::int64_t step) {
  Frame frame{"ranks", step};
  const double rule = ramp(static_cast<double>(step), 700.0, 0.5);
  const struct {
    const char* tap;
    double start, end;
  } taps[] = {{"embedding", 48, 9}, {"attention", 57, 14}, {"mlp", 61, 20}};
  for (const auto& tap : taps) {
    const double rank = tap.start + (tap.end - tap.start) * rule;
    frame.scalars[std::string(tap.tap) + ".effective"] = rank;
    frame.scalars[std::string(tap.tap) + ".stable"] = rank / 4.0;
    frame.scalars[std::string(tap.tap) + ".numerical"] = std::round(rank * 1.1);
    std::vector<float> values;
    for (int i = 0; i < 64; ++i) values.push_back(static_cast<float>(std::exp(-3.0 * i / rank)));
    frame.arrays[std::string(tap.tap) + "/singular_values"] = array({64}, values);
  }
  frame.texts["taps"] = "embedding,attention,mlp";
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr lu_frame(std::int64_t step) {
  Frame frame{"lu", step};
  const double now = norm_at(static_cast<double>(step)), rule = learned(static_cast<double>(step));
  std::vector<float> norm, train, test, train_accuracy, test_accuracy;
  for (int i = 0; i < 41; ++i) {
    const double c = 0.1 * std::pow(32.0, i / 40.0), x = c * now;
    const double fit = 1.0 / (1.0 + std::pow(x / (0.55 * now), 6.0));
    norm.push_back(static_cast<float>(x));
    train.push_back(static_cast<float>(4.0 * fit * fit + 1e-6));
    test.push_back(static_cast<float>(4.0 * fit + (1.0 - rule) * 0.02 * std::pow(x, 1.6) * (1 - fit) + 1e-3));
    train_accuracy.push_back(static_cast<float>(1.0 - fit));
    test_accuracy.push_back(static_cast<float>((1.0 - fit) * (0.15 + 0.85 * rule)));
  }
  frame.arrays["norm"] = array({41}, norm);
  frame.arrays["train_loss"] = array({41}, train);
  frame.arrays["test_loss"] = array({41}, test);
  frame.arrays["train_accuracy"] = array({41}, train_accuracy);
  frame.arrays["test_accuracy"] = array({41}, test_accuracy);
  frame.scalars = {{"norm_now", now}, {"valley_low", 0.62 * now}, {"valley_high", 0.9 * now}};
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr answers_frame(std::int64_t step) {
  Frame frame{"answers", step};
  const Evaluation at = evaluation_at(step, 1.0);
  std::vector<float> guess, target, confidence, membership, classes, shares;
  double right = 0;
  for (std::int64_t a = 0; a < kP; ++a) {
    for (std::int64_t b = 0; b < kP; ++b) {
      const bool train = noise(a, b) < 0.4;
      const double accuracy = train ? at.train_accuracy : at.test_accuracy;
      const bool is_right = noise(b + 100, a) < accuracy;
      const auto answer = static_cast<float>((a + b) % kP);
      target.push_back(answer);
      guess.push_back(is_right ? answer : static_cast<float>((a + b + 7) % kP));
      confidence.push_back(static_cast<float>(is_right ? 0.6 + 0.4 * accuracy : 0.05));
      membership.push_back(train ? 0.0f : 2.0f);
      for (int i = 0; i < 3; ++i) {
        classes.push_back(static_cast<float>((static_cast<std::int64_t>(guess.back()) + i) % kP));
        shares.push_back(0.6f / static_cast<float>(i + 1));
      }
      right += is_right ? 1.0 : 0.0;
    }
  }
  frame.arrays["guess"] = array({kP, kP}, guess);
  frame.arrays["target"] = array({kP, kP}, target);
  frame.arrays["confidence"] = array({kP, kP}, confidence);
  frame.arrays["membership"] = array({kP, kP}, membership);
  frame.arrays["top_classes"] = array({kP, kP, 3}, classes);
  frame.arrays["top_probabilities"] = array({kP, kP, 3}, shares);
  frame.scalars["right_share"] = right / static_cast<double>(kP * kP);
  frame.texts["kind"] = "grid";
  return std::make_shared<const Frame>(std::move(frame));
}

/// Ten numbers that sort themselves from noise onto a line.
FramePtr representation_frame(std::int64_t step) {
  Frame frame{"representation", step};
  const double rule = ramp(static_cast<double>(step), 600.0, 0.5);
  std::vector<float> places;
  for (std::int64_t token = 0; token < 10; ++token) {
    const double sorted = (static_cast<double>(token) - 4.5) / 2.87, unsorted = 3.0 * noise(token, 17) - 1.5;
    places.push_back(static_cast<float>(rule * sorted + (1.0 - rule) * unsorted));
  }
  frame.arrays["embedding"] = array({10, 1}, places);
  frame.arrays["line"] = array({10}, places);
  frame.scalars = {{"rqi", rule}, {"predicted_accuracy", 0.8 + 0.2 * rule}, {"on_a_line", 1.0}};
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr progress_frame(std::int64_t step) {
  Frame frame{"progress", step};
  const double s = static_cast<double>(step), rule = ramp(s, 600.0, 0.5);
  const Evaluation at = evaluation_at(step, 1.0);
  frame.scalars = {{"restricted_loss", 4.0 * (1.0 - rule) + 1e-3},
                   {"excluded_loss", at.train_loss + 4.0 * rule},
                   {"full_train_loss", at.train_loss},
                   {"full_test_loss", at.test_loss},
                   {"gini_embedding", 0.15 + 0.6 * rule},
                   {"gini_neuron_to_logit", 0.2 + 0.55 * rule},
                   {"sum_of_squares", at.weight_norm * at.weight_norm}};
  frame.arrays["key_frequencies"] = array({4}, {19, 14, 6, 23});
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr layers_frame(std::int64_t step) {
  Frame frame{"layers", step};
  const double rule = ramp(static_cast<double>(step), 600.0, 0.5);
  const std::vector<std::string> layers{"embedding", "attention", "mlp", "residual", "output"};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const double depth = static_cast<double>(i) / 4.0;
    frame.scalars[layers[i] + ".rank"] = std::round(120.0 - 60.0 * rule * depth);
    frame.scalars[layers[i] + ".effective"] = 60.0 - 40.0 * rule * depth;
    frame.scalars[layers[i] + ".participation"] = 40.0 - 30.0 * rule * depth;
    std::vector<float> eigenvalues;
    for (int k = 0; k < 128; ++k)
      eigenvalues.push_back(
          static_cast<float>(std::exp(-static_cast<double>(k) * (0.03 + 0.1 * rule * depth))));
    frame.arrays[layers[i] + "/eigenvalues"] = array({128}, eigenvalues);
    frame.scalars[layers[i] + ".probe_train"] = 0.5 + 0.5 * rule;
    frame.scalars[layers[i] + ".probe_test"] = 0.1 + 0.8 * rule * (0.5 + 0.5 * depth);
  }
  frame.scalars["best_probe_test"] = 0.1 + 0.8 * rule;
  frame.scalars["readout_gap"] = 0.1 - 0.1 * rule;
  frame.texts = {{"layers", "embedding,attention,mlp,residual,output"}, {"best_layer", "output"}};
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr entropy_frame(std::int64_t step) {
  Frame frame{"entropy", step};
  const double rule = ramp(static_cast<double>(step), 600.0, 0.5);
  frame.scalars = {
      {"spectral", 0.78 - 0.25 * rule}, {"participation", 40.0 - 25.0 * rule}, {"features", 128.0}};
  frame.texts = {{"layer", "residual"}};
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr commutator_frame(std::int64_t step) {
  Frame frame{"commutator", step};
  const double rule = ramp(static_cast<double>(step), 400.0, 0.5);
  const double defect = 6.0 + 300.0 * rule + 2.0 * noise(step, 5);
  frame.scalars = {
      {"defect", defect}, {"defect_low", 0.8 * defect}, {"defect_high", 1.4 * defect}, {"batch", 512.0}};
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr geometry_frame(std::int64_t step) {
  Frame frame{"geometry", step};
  const double rule = ramp(static_cast<double>(step), 500.0, 0.6);
  for (const auto& [part, least] : {std::pair{"train", 2.0}, std::pair{"test", 4.0}}) {
    const double needed = least + 16.0 * (1.0 - rule);
    frame.scalars[std::string("critical_dimension_") + part] = needed;
    frame.scalars[std::string("capacity_") + part] = 10.0 / needed;
  }
  frame.scalars["classes"] = 10.0;
  frame.scalars["points_per_class"] = 30.0;
  return std::make_shared<const Frame>(std::move(frame));
}

FramePtr kernel_frame(std::int64_t step) {
  Frame frame{"kernel", step};
  const double early = ramp(static_cast<double>(step), 60.0, 0.8),
               rule = ramp(static_cast<double>(step), 600.0, 0.5);
  frame.scalars = {{"last_layer_alignment_train", 0.1 + 0.5 * early + 0.3 * rule},
                   {"last_layer_alignment_test", 0.1 + 0.1 * early + 0.65 * rule},
                   {"readout_train_bias", 0.4 * early - 0.35 * rule},
                   {"distance_from_start_train", 0.3 * early + 0.2 * rule},
                   {"distance_from_start_test", 0.28 * early + 0.2 * rule},
                   {"alignment_train", 0.4 * early},
                   {"alignment_test", 0.4 * rule}};
  return std::make_shared<const Frame>(std::move(frame));
}

}  // namespace

History synthetic_run(std::int64_t steps) {
  RunConfig config;
  config.preset = "quickstart";
  config.train.steps = 20000;
  config.optimizer.weight_decay = 0.3;
  History history(config);
  double look = 1.0;
  bool changed = false;
  for (std::int64_t step = 0; step <= steps; step += step < 50 ? 1 : 10) {
    if (step >= 220 && !changed) {
      history.append(Event{step, "set", {{"field", "optimizer.weight_decay"}, {"value", 1.0}}});
      changed = true;
    }
    history.append(evaluation_at(step, changed ? 1.0 : 0.3));
    if (static_cast<double>(step) < look && step != 0 && step + 10 <= steps) continue;
    look = std::max(1.0, static_cast<double>(step)) * 1.1;
    for (const auto make :
         {fourier_frame, ranks_frame, lu_frame, answers_frame, progress_frame, representation_frame,
          layers_frame, entropy_frame, commutator_frame, geometry_frame, kernel_frame})
      history.append(make(step));
  }
  return history;
}

RunFacts synthetic_facts() {
  RunFacts facts;
  facts.title = "a + b mod 53";
  facts.device = "CPU";
  facts.threads = 2;
  facts.class_count = facts.left_tokens = facts.right_tokens = kP;
  facts.total_examples = facts.pool_size = kP * kP;
  facts.majority_share = 1.0 / static_cast<double>(kP);
  return facts;
}

}  // namespace grokscope::testing

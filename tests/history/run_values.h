// Small values of a run, for tests that write and read run folders.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "history/run_folder.h"

namespace grokscope {

inline Evaluation evaluation(std::int64_t step) {
  Evaluation e;
  e.step = step;
  e.train_loss = 1.0 / (1.0 + static_cast<double>(step));
  e.train_count = 7;
  return e;
}

inline FramePtr frame(const std::string& probe, std::int64_t step, double gini = 0.25) {
  Frame f;
  f.probe = probe;
  f.step = step;
  f.scalars["gini"] = gini;
  f.arrays["power"] = {{2}, {1.0f, 2.0f}};
  return std::make_shared<const Frame>(std::move(f));
}

inline TensorFile weights(std::size_t floats = 2) {
  TensorFile file;
  file.tensors["theta"] = {
      ScalarType::f32, {static_cast<std::int64_t>(floats)}, std::vector<std::uint8_t>(4 * floats, 1)};
  return file;
}

inline RunConfig recorded_config() {
  RunConfig c;
  c.preset = "quickstart";
  c.seed = 5;
  return c;
}

}  // namespace grokscope

// Networks with nothing to measure: every probe gives numbers or says why not, and stops nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>

#include "probe/probe.h"
#include "small_network.h"

namespace grokscope {
namespace {

using planted::mlp_config;
using planted::network_input;
using planted::parameter;

/// Two classes: whether a + b mod 11 is odd.
std::shared_ptr<Dataset> parity_of_sums() {
  auto data = planted::addition(11);
  data->targets = data->targets.remainder(2);
  data->train_targets = data->targets;
  data->class_count = 2;
  data->is_modular_addition = false;
  return data;
}

/// Class 3 has no example at all.
std::shared_ptr<Dataset> without_a_class() {
  auto data = planted::addition(11);
  data->targets = at::where(data->targets == 3, at::full_like(data->targets, 4), data->targets);
  data->train_targets = data->targets;
  data->is_modular_addition = false;
  return data;
}

struct Odd {
  const char* what;
  std::function<ProbeInput()> make;
};

std::vector<Odd> odd_networks() {
  const auto changed = [](std::int64_t width, const std::function<void(const ProbeInput&)>& change) {
    return [width, change] {
      ProbeInput input = network_input(mlp_config(width, 2), planted::addition(11), 60);
      change(input);
      return input;
    };
  };
  return {
      {"a width of 1", changed(1, [](const ProbeInput&) {})},
      {"a layer of constant output",
       changed(16, [](const ProbeInput& input) { parameter(input, "hidden.2.W").zero_(); })},
      {"dead units",
       changed(16, [](const ProbeInput& input) { parameter(input, "hidden.2.b").fill_(-100.0); })},
      {"a dead first layer",
       changed(16, [](const ProbeInput& input) { parameter(input, "hidden.1.b").fill_(-100.0); })},
      {"all weights zero", changed(16, [](const ProbeInput& input) { input.flat.zero_(); })},
      {"huge weights", changed(16, [](const ProbeInput& input) { input.flat.mul_(1e12); })},
      {"not a number in one weight",
       changed(16, [](const ProbeInput& input) { input.flat[0] = std::numeric_limits<float>::quiet_NaN(); })},
      {"two classes", [] { return network_input(mlp_config(16, 2), parity_of_sums(), 60); }},
      {"a class without a sample", [] { return network_input(mlp_config(16, 2), without_a_class(), 60); }},
      {"one training example", [] { return network_input(mlp_config(16, 2), planted::addition(11), 1); }},
      {"no test examples", [] { return network_input(mlp_config(16, 2), planted::addition(11), 121); }},
  };
}

bool gives_a_reason(const Frame& frame) {
  if (!frame.not_applicable.empty()) return true;
  for (const auto& [name, text] : frame.texts) {
    if (name.find("undefined") != name.npos && !text.empty()) return true;
  }
  return false;
}

TEST(OddNetworks, EveryProbeGivesNumbersOrSaysWhyNot) {
  for (const Odd& odd : odd_networks()) {
    const ProbeInput input = odd.make();
    for (const Probe& probe : probes()) {
      SCOPED_TRACE(std::string(odd.what) + ", " + std::string(probe.name));
      const Frame frame = look_with(probe, input);
      EXPECT_EQ(frame.probe, probe.name);
      EXPECT_EQ(frame.step, input.step);
      EXPECT_TRUE(!frame.scalars.empty() || !frame.arrays.empty() || gives_a_reason(frame));
      EXPECT_EQ(frame.not_applicable.find("This probe failed"), std::string::npos) << frame.not_applicable;
    }
  }
}

TEST(OddNetworks, TheNewMeasuresLeaveOutWhatIsNotDefined) {
  for (const Odd& odd : odd_networks()) {
    const ProbeInput input = odd.make();
    for (const Probe& probe : probes()) {
      if (probe.name != "layers" && probe.name != "entropy" && probe.name != "commutator" &&
          probe.name != "geometry" && probe.name != "kernel" && probe.name != "similarity")
        continue;
      SCOPED_TRACE(std::string(odd.what) + ", " + std::string(probe.name));
      for (const auto& [name, value] : look_with(probe, input).scalars)
        EXPECT_TRUE(std::isfinite(value)) << name;
    }
  }
}

}  // namespace
}  // namespace grokscope

// The charts that claims draw: curves of a few runs over steps, and one number against a setting. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "claims/claim.h"

namespace grokscope {

/// A line of its own samples, in the order given.
struct ClaimLine {
  std::string label;
  std::vector<Sample> samples;
  Role role = Role::series_1;
};

/// The roles series_1 .. series_6, again and again.
Role claim_role(std::size_t index);

/// A series of a history as a line; step 0 is left out (log axes).
ClaimLine line_of(const History& history, std::string_view series, std::string label, Role role);

/// Lines with a dot at every sample when there are few.
Chart claim_chart(std::string name, std::string title, Axis x, Axis y, std::vector<ClaimLine> lines);

/// Train and test accuracy of one run against the step.
Chart accuracy_chart(std::string name, std::string title, const History& history);

/// The same, titled with what it was trained on and the scale α of its initial weights.
Chart scale_chart(const TrainedRun& trained, const std::string& what);

/// Categories on a grid: row 0 below, NaN = empty; the names stand on the axes by their index.
Chart category_chart(std::string name, std::string title, Axis x, Axis y, std::int64_t columns,
                     const std::vector<float>& values, std::vector<Role> roles);

Axis log_axis(std::string label);
Axis percent_axis(std::string label);

}  // namespace grokscope

#include "claims/phase_map.h"

#include <cstdint>
#include <utility>

#include "claims/claim_charts.h"
#include "theory/learning_phase.h"

namespace grokscope {

using theory::LearningPhase;

char phase_letter(const History& history) {
  const FirstSteps& first = history.first_steps();
  const std::int64_t last_step = history.last() == nullptr ? 0 : history.last()->step;
  switch (theory::learning_phase(
      {.train_step = first.train_90, .test_step = first.test_90, .last_step = last_step, .over = true})) {
    case LearningPhase::comprehension:
      return 'C';
    case LearningPhase::grokking:
      return 'G';
    case LearningPhase::memorisation:
      return 'M';
    case LearningPhase::confusion:
    case LearningPhase::undecided:  // not of a run that is over
      return 'X';
  }
  return 'X';
}

Chart phase_chart(std::string name, std::string title, Axis x, Axis y, const std::vector<std::string>& rows) {
  std::vector<float> values;
  for (const std::string& row : rows) {
    for (const char letter : row) values.push_back(static_cast<float>(kPhaseLetters.find(letter)));
  }
  Chart chart = category_chart(std::move(name), std::move(title), std::move(x), std::move(y),
                               static_cast<std::int64_t>(rows.front().size()), values,
                               {Role::done, Role::generalising, Role::memorising, Role::faint});
  chart.caption = "dark comprehension, green grokking, blue memorisation, pale confusion";
  return chart;
}

}  // namespace grokscope

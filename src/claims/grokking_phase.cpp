// grokking-is-a-phase: over weight decay and share of training pairs, the four phases of learning (Liu et al.
// 2022, effective theory) lie where they are said to lie.
#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "claims/claim_charts.h"
#include "claims/claim_configs.h"
#include "claims/claim_list.h"
#include "claims/measure.h"
#include "claims/phase_map.h"

namespace grokscope {
namespace {

constexpr double kInOrderAtLeast = 0.9;
constexpr std::string_view kOrder = "MGC";  // as the share of training pairs grows

/// The cells of the plan phase-diagram-wd-fraction, with larger weight decays on top of them.
struct Grid {
  std::vector<double> decays, fractions;  ///< ascending
};

std::vector<double> every(const std::vector<FieldValue>& values, std::size_t stride) {
  std::vector<double> some;
  for (std::size_t i = 0; i < values.size(); i += stride) some.push_back(std::get<double>(values[i]));
  return some;
}

Grid grid_of(ClaimSize size, const SweepPlan& plan) {
  const bool quick = size == ClaimSize::quick;
  Grid grid{every(plan.axes[0].values, quick ? 3 : 1), every(plan.axes[1].values, quick ? 2 : 1)};
  if (!quick) grid.decays.push_back(10.0);
  grid.decays.push_back(30.0);
  return grid;
}

SweepPlan whole_plan() {
  return program_plan("phase-diagram-wd-fraction");
}

/// Row by row: one weight decay, all shares.
std::vector<PlannedRun> runs(ClaimSize size) {
  const SweepPlan plan = whole_plan();
  const Grid grid = grid_of(size, plan);
  std::vector<PlannedRun> runs;
  for (const double decay : grid.decays) {
    for (const double fraction : grid.fractions) {
      PlannedRun run;
      run.config = plan.base;
      run.config.optimizer.weight_decay = decay;
      run.config.task.train_fraction = fraction;
      run.until = plan.until;
      runs.push_back(std::move(run));
    }
  }
  return runs;
}

/// Where the cells of one letter lie on average.
struct Centre {
  std::size_t cells = 0;
  double fraction = 0.0, log_decay = 0.0;
};

Centre centre_of(char letter, const std::vector<std::string>& rows, const Grid& grid) {
  Centre centre;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      if (rows[row][column] != letter) continue;
      ++centre.cells;
      centre.fraction += grid.fractions[column];
      centre.log_decay += std::log(grid.decays[row]);
    }
  }
  const auto cells = static_cast<double>(std::max<std::size_t>(centre.cells, 1));
  centre.fraction /= cells;
  centre.log_decay /= cells;
  return centre;
}

/// Of all pairs of neighbours, how many are as they should be.
struct Pairs {
  std::size_t all = 0, fine = 0;
  void add(bool is_fine) {
    ++all;
    fine += is_fine ? 1 : 0;
  }
  double share() const { return all == 0 ? 0.0 : static_cast<double>(fine) / static_cast<double>(all); }
  std::string text() const { return std::to_string(fine) + " of " + std::to_string(all); }
};

/// Along the share, confused cells aside: memorisation, then grokking, then comprehension.
Pairs along_fractions(const std::vector<std::string>& rows) {
  Pairs pairs;
  for (const std::string& row : rows) {
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      const auto here = kOrder.find(row[column]), there = kOrder.find(row[column + 1]);
      if (here != kOrder.npos && there != kOrder.npos) pairs.add(here <= there);
    }
  }
  return pairs;
}

/// Along the weight decay: what is confused stays so.
Pairs along_decays(const std::vector<std::string>& rows) {
  Pairs pairs;
  for (std::size_t row = 0; row + 1 < rows.size(); ++row) {
    for (std::size_t column = 0; column < rows[row].size(); ++column)
      pairs.add(rows[row][column] != 'X' || rows[row + 1][column] == 'X');
  }
  return pairs;
}

void judge_places(Judgement& judgement, const std::vector<std::string>& rows, const Grid& grid) {
  const Centre memorisation = centre_of('M', rows, grid), grokking = centre_of('G', rows, grid),
               comprehension = centre_of('C', rows, grid), confusion = centre_of('X', rows, grid);
  for (const auto& [centre, name] :
       {std::pair(memorisation, "memorisation"), std::pair(grokking, "grokking"),
        std::pair(comprehension, "comprehension"), std::pair(confusion, "confusion")}) {
    judgement.measured += std::string("; ") + name + " " + std::to_string(centre.cells) + " cells";
    if (centre.cells > 0)
      judgement.measured += ", on average " + percent(centre.fraction) + " of the pairs and decay " +
                            pretty(std::exp(centre.log_decay), 2);
    require(judgement, centre.cells > 0, std::string("no cell is ") + name);
  }
  if (memorisation.cells * grokking.cells * comprehension.cells * confusion.cells == 0) return;
  require(judgement, memorisation.fraction < grokking.fraction && grokking.fraction < comprehension.fraction,
          "grokking does not take more of the pairs than memorisation and fewer than comprehension");
  require(judgement, memorisation.log_decay < comprehension.log_decay,
          "memorisation does not lie at less weight decay than comprehension");
  require(
      judgement,
      confusion.log_decay > std::max({memorisation.log_decay, grokking.log_decay, comprehension.log_decay}),
      "confusion does not lie at the largest weight decay");
}

Judgement judge(std::span<const TrainedRun> trained, ClaimSize size) {
  const Grid grid = grid_of(size, whole_plan());
  std::vector<std::string> rows, texts;
  for (std::size_t row = 0; row < grid.decays.size(); ++row) {
    std::string letters;
    for (std::size_t column = 0; column < grid.fractions.size(); ++column)
      letters += phase_letter(trained[row * grid.fractions.size() + column].history);
    texts.push_back("decay " + pretty(grid.decays[row], 2) + ": " + letters);
    rows.push_back(std::move(letters));
  }
  const Pairs by_fraction = along_fractions(rows), by_decay = along_decays(rows);
  Judgement judgement;
  judgement.holds = true;
  judgement.measured = "shares of pairs " + percent(grid.fractions.front()) + " to " +
                       percent(grid.fractions.back()) + " (" + std::string(kPhaseLegend) +
                       "): " + joined(texts, "; ") + "; " + by_fraction.text() +
                       " neighbours along the share in the order M, G, C, " + by_decay.text() +
                       " along the decay do not leave confusion";
  judge_places(judgement, rows, grid);
  require(judgement, by_fraction.share() >= kInOrderAtLeast,
          "with more pairs it does not go from memorisation over grokking to comprehension");
  require(judgement, by_decay.share() >= kInOrderAtLeast, "with more weight decay confusion ends again");
  require(judgement, rows.back().find_first_not_of('X') == std::string::npos,
          "the largest weight decay is not confusion everywhere");
  judgement.charts = {phase_chart("phases", "Phases of learning a + b mod 67",
                                  Axis{.label = "share of training pairs (index)"},
                                  Axis{.label = "weight decay (index)"}, rows)};
  return judgement;
}

}  // namespace

Claim grokking_is_a_phase() {
  return {
      .name = "grokking-is-a-phase",
      .paper = "Liu et al. 2022, effective theory",
      .figure = "Figures 6 and 7 and Table 1; over data: Power et al. 2022, Figure 1",
      .statement =
          "Grokking is one of four phases of learning: between memorisation, with too little data and decay, "
          "and comprehension; too much decay is confusion",
      .published =
          "comprehension and grokking are a zone between memorisation and confusion in maps over the "
          "decoder's "
          "learning rate and weight decay; below a critical share of the data nothing generalises, just "
          "above "
          "it after a long wait, far above it at once",
      .expected =
          "by Table 1 (90 %, a gap of 1 000 steps) all four phases appear; on average grokking lies at more "
          "of "
          "the pairs than memorisation and at fewer than comprehension, memorisation at less weight decay "
          "than "
          "comprehension, confusion at the most; nine tenths of the neighbours along the share are in the "
          "order "
          "memorisation, grokking, comprehension, and along the decay do not leave confusion; the largest "
          "decay "
          "is confusion everywhere",
      .why =
          "The published maps are over other axes, so that their arrangement is what can be compared, and "
          "not "
          "their cells; a tenth of the neighbours is what one seed a cell may move at the borders",
      .quick = "5 x 6 cells instead of 14 x 12, of the same 3 000 steps",
      .changed = "",
      .preset = "quickstart",
      .data = "",
      .runs = runs,
      .judge = judge,
  };
}

}  // namespace grokscope

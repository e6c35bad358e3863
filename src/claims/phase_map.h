// Maps of the four phases of learning (Liu et al. 2022, effective theory, Table 1), a letter a cell. Pure
// functions. Any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chart/chart.h"
#include "history/history.h"

namespace grokscope {

/// C comprehension, G grokking, M memorisation, X confusion.
inline constexpr std::string_view kPhaseLetters = "CGMX";
inline constexpr std::string_view kPhaseLegend = "C comprehension, G grokking, M memorisation, X confusion";

/// Of a run that has ended: 90 % of both within its steps, a gap of 1 000.
char phase_letter(const History& history);

/// `rows`: from below, a letter for each column.
Chart phase_chart(std::string name, std::string title, Axis x, Axis y, const std::vector<std::string>& rows);

}  // namespace grokscope

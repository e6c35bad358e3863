#include "sweep/text_map.h"

#include <algorithm>

#include "sweep/outcome.h"

namespace grokscope {

char letter_of(const Outcome& outcome) {
  if (outcome.failed()) return '-';
  if (outcome.stopped == "diverged") return '!';
  if (outcome.phase == "comprehension") return 'c';
  if (outcome.phase == "grokking") return 'G';
  if (outcome.phase == "memorisation") return 'm';
  return outcome.phase == "confusion" ? 'x' : '?';
}

void TextMap::update() {
  const std::size_t seeds = sweep_.plan().runs_of_cell();
  for (std::size_t cell = 0; cell < letters_.size(); ++cell) {
    for (std::size_t seed = 0; letters_[cell] == '.' && seed < seeds; ++seed) {
      const std::string& key = sweep_.key(cell * seeds + seed);
      if (sweep_.store().find(key) == OutcomeStore::Where::nowhere) continue;
      const auto line = sweep_.store().line_of(key);
      const auto outcome = line ? outcome_from_line(*line, "map") : Result<Outcome>(line.error());
      if (outcome) letters_[cell] = letter_of(*outcome);
    }
  }
}

std::string TextMap::lines_of_list(std::size_t columns, std::size_t rows) const {
  std::string text;
  if (columns == 0) return text;
  for (std::size_t begin = 0; begin < letters_.size() && rows > 1; begin += columns, --rows)
    text += letters_.substr(begin, columns) + "\n";
  return text;
}

std::string TextMap::text(std::size_t columns, std::size_t rows) const {
  if (sweep_.plan().is_list()) return lines_of_list(columns, rows);
  const auto& axes = sweep_.plan().axes;
  const std::size_t height = axes.size() < 2 ? 1 : axes.front().values.size();
  const std::size_t width = axes.back().values.size();
  const std::size_t maps = axes.size() < 3 ? 1 : axes[1].values.size();
  if (rows < 2 || columns == 0) return "";
  std::string text;
  for (std::size_t row = height; row-- > 0 && height - row < rows;) {
    std::string line;
    for (std::size_t map = 0; map < maps; ++map) {
      if (map > 0) line += ' ';
      for (std::size_t column = 0; column < width; ++column)
        line += letters_[(row * maps + map) * width + column];
    }
    text += line.substr(0, columns) + "\n";
  }
  return text;
}

}  // namespace grokscope

#include "sweep/text_map.h"

#include <algorithm>

namespace grokscope {

char letter_of(const SweepRow& row) {
  if (row.state == RowState::unknown) return '.';
  if (row.state == RowState::failed) return '-';
  if (row.state == RowState::diverged) return '!';
  switch (row.phase) {
    case theory::LearningPhase::comprehension:
      return 'c';
    case theory::LearningPhase::grokking:
      return 'G';
    case theory::LearningPhase::memorisation:
      return 'm';
    case theory::LearningPhase::confusion:
      return 'x';
    case theory::LearningPhase::undecided:
      break;
  }
  return '?';
}

void TextMap::update() {
  for (const std::size_t cell : reader_.read(sweep_)) {
    for (const SweepRow& row : reader_.table().cell(cell)) {
      if (letters_[cell] == '.') letters_[cell] = letter_of(row);
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

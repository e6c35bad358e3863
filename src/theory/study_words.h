// What the captions of studies share: positions and shapes in words. Pure. Any thread.
#pragma once

#include <string>
#include <vector>

#include "theory/curve_shape.h"
#include "theory/study.h"

namespace grokscope::theory {

/// y of the points.
std::vector<double> heights_of(const std::vector<StudyPoint>& points);
/// Ascending whole numbers from `first` to `last`, evenly spaced in the logarithm, at most `count`, both ends
/// among them.
std::vector<std::int64_t> spaced_in_decades(std::int64_t first, std::int64_t last, std::int64_t count);
/// Puts the shape of a curve of errors over complexity into one sentence, from its first word to its end.
struct DescentWords {
  std::string what;         ///< "Test error"
  std::string at;           ///< before a place: "d = ", "step "
  std::string threshold;    ///< behind the peak: " ≈ n = 100"; "" = nothing
  std::string ends_lower;   ///< "more parameters than examples are better than any fewer"
  std::string ends_higher;  ///< "the best number of parameters is below the number of examples"
  bool percent = false;
  bool unfinished = false;  ///< what is not there may come yet
};
std::string sentence_of(const DescentWords& words, const std::vector<StudyPoint>& points,
                        const DescentShape& shape);
/// The numbers that the sentence says.
std::vector<StudyNumber> numbers_of(const std::vector<StudyPoint>& points, const DescentShape& shape);

}  // namespace grokscope::theory

// Series: one number over steps, mostly appended, with an exact min/max pyramid so that any zoom costs
// O(pixels). Main thread only. Non-finite values are kept and break the line.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace grokscope {

struct Sample {
  double x = 0.0;
  double y = 0.0;
};

/// What one pixel column shows. `any` false: no finite sample; `broken` true: a non-finite value lies inside.
/// `first` and `last` are the first and last finite values; `count` counts all samples, finite or not.
struct MinMax {
  double minimum = 0.0, maximum = 0.0;
  double first = 0.0, last = 0.0;
  std::int64_t count = 0;
  bool any = false;
  bool broken = false;
};

class Series {
 public:
  static constexpr std::size_t kFanOut = 16;

  /// x must be finite and not decrease (a step); returns false and drops the sample otherwise.
  bool append(double x, double y);
  /// The value at x, which must be finite: replaces what stands at that x, or is put in its place among the
  /// others. Costs as much as what comes after it.
  bool put(double x, double y);
  /// Removes what stands at that x, if anything; costs as much as what comes after it.
  void erase(double x);
  /// Room for so many samples in all, so that appending them moves nothing.
  void reserve(std::size_t samples);
  std::size_t size() const { return x_.size(); }
  bool empty() const { return x_.empty(); }
  Sample at(std::size_t index) const { return {x_[index], y_[index]}; }
  /// Index of the last sample with x <= the given x; size() if there is none.
  std::size_t latest_at(double x) const;
  /// Index of the sample whose x is nearest; size() if empty.
  std::size_t nearest(double x) const;
  /// Exact summary of samples [begin, end) in O(log n), and O(log gaps) where values are not finite.
  MinMax summarize(std::size_t begin, std::size_t end) const;
  /// Soon a summary begins or ends at this index: fetches what it will read there. A summary waits for memory
  /// most of its time; whoever knows the next few ranges need not wait.
  void prefetch(std::size_t index) const;
  /// The smallest y > 0, for log axes; 0 if there is none.
  double smallest_positive() const { return smallest_positive_; }
  std::span<const double> x() const { return x_; }
  std::span<const double> y() const { return y_; }

 private:
  /// Of the finite values of a block; minimum > maximum: there are none. A summary reads some of these for
  /// every pixel column, from memory that no cache holds: they are as small as they can be, and what else a
  /// summary says follows from the samples at its ends and from gaps_.
  struct Extremes {
    double minimum, maximum;
  };
  /// Non-finite values in a row, [begin, end). Between two gaps there is a finite value.
  struct Gap {
    std::size_t begin, end;
  };

  void note_gap(std::size_t index);
  void truncate(std::size_t samples);
  void replace_tail(std::size_t begin, std::size_t end, std::span<const Sample> with);
  Extremes extremes_of(std::size_t begin, std::size_t end) const;

  std::vector<double> x_, y_;
  double smallest_positive_ = 0.0;
  std::vector<std::vector<Extremes>> levels_;  // levels_[k][i] is of kFanOut^(k+1) samples
  std::vector<Gap> gaps_;                      // in order
};

}  // namespace grokscope

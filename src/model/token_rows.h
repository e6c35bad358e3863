// TokenRows: an activation at one sequence position, kept as the few distinct rows that it can have. What
// depends on the token a alone has one row a token, what depends on (a, b) has one row an example. Exact, not
// an approximation.
#pragma once

#include <cstdint>

#include "grokscope_aten.h"
#include "model/model.h"

namespace grokscope {

/// What a row of an activation stands for.
enum class RowKind {
  one,      ///< a single row: the same for all examples
  left,     ///< a row a value of a
  right,    ///< a row a value of b
  answer,   ///< a row a value of the answer (power's teacher forcing)
  example,  ///< a row an example
};

struct TokenRows {
  at::Tensor x;  ///< (row, ...)
  RowKind rows = RowKind::one;
};

/// The coarsest kind from which both can be read: what depends on a and on b has a row an example.
inline RowKind join(RowKind first, RowKind second) {
  if (first == second || second == RowKind::one) return first;
  return first == RowKind::one ? second : RowKind::example;
}

/// Which rows of a table belong to the examples of a batch.
class RowIndex {
 public:
  explicit RowIndex(const Batch& batch)
      : left_(inputs_as<PairInputs>(batch.inputs).pairs.select(1, 0).contiguous()),
        right_(inputs_as<PairInputs>(batch.inputs).pairs.select(1, 1).contiguous()),
        answer_(batch.answers) {}

  /// `from.x` with rows of kind `to` (reachable by join). A single row stays one row: it broadcasts.
  at::Tensor align(const TokenRows& from, RowKind to) const {
    if (from.rows == to || from.rows == RowKind::one) return from.x;
    const at::Tensor& rows = from.rows == RowKind::left    ? left_
                             : from.rows == RowKind::right ? right_
                                                           : answer_;
    return from.x.index({rows});
  }
  std::int64_t examples() const { return left_.size(0); }

 private:
  at::Tensor left_, right_, answer_;  // (example) int64
};

}  // namespace grokscope

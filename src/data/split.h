// Split: which examples are trained on, which are test, and which were trained on once. Torch-free, exact,
// one fixed random order per seed: train = order[0, n), formerly trained = order[n, most), test = order[most,
// pool).
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace grokscope {

/// (example): where (b, a) stands among the examples, for an operation that does not care about the order;
/// its own place for a = b, -1 if it is not there.
using Mirrors = std::vector<std::int64_t>;

/// What task.split says: whether (a, b) and (b, a) are drawn apart or always together.
enum class SplitBy : std::uint8_t { pairs, unordered };

enum class Membership : std::uint8_t { train, formerly_trained, test, unused };

class Split {
 public:
  /// Algorithmic tasks: pool = all examples, held_out empty: whatever was never trained on is test.
  /// Images: pool = the training file's images (the rest of the pool is `unused`), test = the official test
  /// images, examples [pool_size, pool_size + held_out).
  /// `mirrors`: nullptr where the order matters or the examples are no pairs; without them `by` says nothing.
  Split(std::int64_t pool_size, std::int64_t held_out, std::uint64_t seed, std::int64_t train_count,
        std::shared_ptr<const Mirrors> mirrors = nullptr, SplitBy by = SplitBy::pairs);

  /// Moves examples between the classes; clamps to [1, pool - 1] (algorithmic) or [1, pool].
  /// Unordered pairs stay whole: one more where the count would cut one, or one less where that is too many.
  void set_train_count(std::int64_t count);

  std::int64_t pool_size() const { return pool_size_; }
  std::int64_t total() const { return pool_size_ + held_out_; }
  std::span<const std::int64_t> train() const;  ///< indices into the dataset
  std::span<const std::int64_t> formerly_trained() const;
  std::span<const std::int64_t> test() const;
  std::vector<Membership> membership() const;  ///< one an example, (total)
  /// Whether an example is test and its mirror never was trained on: what memorising alone cannot answer.
  /// (total); empty where that has no meaning: no mirrors, or both always on one side.
  std::vector<std::uint8_t> unmirrored_test() const;
  std::uint64_t generation() const { return generation_; }  ///< grows when the classes change

 private:
  bool cuts_a_pair(std::int64_t count) const;

  std::shared_ptr<const Mirrors> mirrors_;
  SplitBy by_ = SplitBy::pairs;
  std::int64_t pool_size_ = 0, held_out_ = 0, train_count_ = 0, most_ = 0;
  std::vector<std::int64_t> order_;  // (pool) then held-out indices
  std::uint64_t generation_ = 0;
};

/// The count that train_size / train_fraction of a config ask for.
std::int64_t wanted_train_count(double train_fraction, std::int64_t train_size, std::int64_t pool_size);

}  // namespace grokscope

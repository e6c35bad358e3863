// RunClaims: which run is being trained by whom, among all sweeps that share a cache: a file a run, made by
// one process alone, which touches it while it trains. A claim whose process is gone is taken over. One
// thread.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "base/result.h"

namespace grokscope {

/// Given back when it is destroyed.
class RunClaim {
 public:
  explicit RunClaim(std::string path) : path_(std::move(path)) {}
  RunClaim(RunClaim&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  RunClaim& operator=(RunClaim&&) = delete;
  ~RunClaim();
  /// To be called every few seconds: who cannot ask whether this process lives goes by it.
  void touch() const;

 private:
  std::string path_;  ///< "": nothing to give back
};

class RunClaims {
 public:
  static Result<RunClaims> in(std::string folder);
  /// Nothing: somebody else trains it just now.
  Result<std::optional<RunClaim>> claim(const std::string& key) const;

 private:
  explicit RunClaims(std::string folder) : folder_(std::move(folder)) {}
  std::string folder_;
};

/// So long without a touch(), a claim of another machine counts as left behind.
inline constexpr int kClaimLives_s = 120;

}  // namespace grokscope

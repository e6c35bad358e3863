#include "train/probe_rounds.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace grokscope {
namespace {

constexpr double kRoundsPerDecade = 16.0;
constexpr double kShareOfWaiting = 0.5;  // of one core, while nobody trains
constexpr double kMostCredit_s = 0.5;    // an hour of pause does not pay for an hour of looking

std::int64_t interval_of(std::int64_t step, std::int64_t probe_every) {
  if (probe_every > 0) return step / probe_every;
  return step < 1 ? -1
                  : static_cast<std::int64_t>(
                        std::floor(kRoundsPerDecade * std::log10(static_cast<double>(step))));
}

}  // namespace

bool is_evaluation_due(std::int64_t step, std::int64_t eval_every) {
  if (step % eval_every == 0) return true;
  if (step > eval_every) return false;
  std::int64_t leading = step;
  while (leading % 10 == 0) leading /= 10;
  return leading == 1 || leading == 2 || leading == 5;
}

bool ProbeSchedule::due(std::int64_t step, std::int64_t probe_every) {
  if (last_step_ >= 0 && interval_of(step, probe_every) <= interval_of(last_step_, probe_every)) return false;
  last_step_ = step;
  return true;
}

ProbeRounds::ProbeRounds(std::vector<std::string_view> names) {
  for (const std::string_view name : names) accounts_.push_back({.name = name});
}

std::vector<std::size_t> ProbeRounds::due(std::int64_t step, const TrainConfig& config, TimeSpent time,
                                          bool idle) {
  const bool round = schedule_.due(step, config.probe_every);
  rounds_ += round ? 1 : 0;
  refill(time, config.probe_budget);
  if (round && (config.probe_every > 0 || rounds_ == 1)) return everyone();
  if (round) {
    for (Account& account : accounts_) account.pending = true;
  }
  return idle && credit_s_ > 0.0 ? affordable() : std::vector<std::size_t>{};
}

void ProbeRounds::refill(TimeSpent time, double share) {
  const double earned_s = share * (time.training_s - seen_.training_s) +
                          (share > 0.0 ? kShareOfWaiting * (time.waiting_s - seen_.waiting_s) : 0.0);
  credit_s_ = std::min(credit_s_ + std::max(earned_s, 0.0), kMostCredit_s);
  seen_ = time;
}

std::vector<std::size_t> ProbeRounds::everyone() {
  std::vector<std::size_t> all(accounts_.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  for (Account& account : accounts_) {
    account.pending = false;
    account.looks += 1;
  }
  return all;
}

/// Of those that wait, the ones that have cost least so far first: the cheap ones look at every round, and
/// for a dear one is saved up. One that costs more than can be saved looks when the purse is full, and is
/// paid back.
std::vector<std::size_t> ProbeRounds::affordable() {
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    if (accounts_[i].pending) waiting.push_back(i);
  }
  std::stable_sort(waiting.begin(), waiting.end(),
                   [&](std::size_t a, std::size_t b) { return accounts_[a].spent_s < accounts_[b].spent_s; });
  double left_s = credit_s_;
  std::vector<std::size_t> chosen;
  for (const std::size_t i : waiting) {
    if (std::min(accounts_[i].last_s, kMostCredit_s) > left_s) continue;
    left_s -= accounts_[i].last_s;
    accounts_[i].pending = false;
    accounts_[i].looks += 1;
    chosen.push_back(i);
  }
  return chosen;
}

void ProbeRounds::charge(std::size_t probe, double cpu_s) {
  Account& account = accounts_.at(probe);
  account.last_s = cpu_s;
  if (account.looks <= 1) return;  // the first round is a gift
  account.spent_s += cpu_s;
  credit_s_ -= cpu_s;
}

std::string ProbeRounds::skipped() const {
  const bool all = std::all_of(accounts_.begin(), accounts_.end(),
                               [&](const Account& account) { return account.looks >= rounds_; });
  std::string text;
  for (const Account& account : accounts_) {
    text += (text.empty() ? "" : ", ") + std::string(account.name) + " " +
            std::to_string(std::min(account.looks, rounds_)) + " of " + std::to_string(rounds_);
  }
  return all ? std::string() : text + " rounds";
}

}  // namespace grokscope

#include "train/looking/probe_rounds.h"

#include <algorithm>
#include <cmath>

namespace grokscope {
namespace {

constexpr double kRoundsPerDecade = 16.0;
constexpr double kShareOfWaiting = 0.5;  // of one core, while nobody trains
constexpr double kMostCredit_s = 0.5;    // an hour of pause does not pay for an hour of looking
// At full speed, memorising is over before anything is earned: an advance, spread over the first rounds. It
// and the first round are a loan: most of what is earned pays it back, so that after some seconds the share
// is kept from the start on.
constexpr std::int64_t kAdvancedRounds = 10;
constexpr double kAdvance_s = 0.006;  // for each of them
constexpr double kPaidBack = 0.7;     // of what is earned, while there is a loan
// A look takes a core from a step: little looks wait for each other, because each costs a stop of its own,
// and training loses more than the processor time: shards wait for each other and find their caches used
// (measured: `bench watching` against what was charged).
constexpr double kWorthAStop_s = 0.005;
constexpr double kLostBesides = 0.35;  // of the processor time
constexpr double kSteady_s = 0.03;     // a steady look that costs no more is made whatever the purse holds
constexpr double kShareOfDear =
    0.4;  // of what is earned; what does not fit into the one purse goes into the other

// Whoever opens a panel wants to see it move: parts of looks are lent at first, one about every other second,
// and paid back later, as far as that is no more than the training can bear.
constexpr double kPartEvery_s = 1.5;
constexpr double kPartsLentUntil_s = 60.0;
constexpr double kMostLentToParts_s = 4.0;

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

ProbeRounds::ProbeRounds(std::span<const ProbeName> probes) {
  for (const ProbeName& probe : probes) {
    accounts_.push_back({.probe = probe});
    if (probe.kind == ProbeKind::dear) accounts_.back().last_s = (1.0 + kLostBesides) * probe.guess_s;
  }
}

std::vector<std::size_t> ProbeRounds::due(std::int64_t step, const TrainConfig& config, TimeSpent time,
                                          JobsState jobs) {
  const bool round = schedule_.due(step, config.probe_every);
  rounds_ += round ? 1 : 0;
  if (round && rounds_ <= kAdvancedRounds && config.probe_budget > 0.0) {
    usual_.credit_s += kAdvance_s;
    usual_.loan_s += kAdvance_s;
  }
  refill(time, config.probe_budget);
  const bool complete = config.probe_every > 0;
  if (round && complete) return everyone(false, true);
  if (rounds_ == 1 && round) return everyone(jobs == JobsState::loading, false);
  if (round) {
    for (Account& account : accounts_) account.pending = true;
  }
  std::vector<std::size_t> chosen;
  if (jobs == JobsState::busy) take_steady(false, chosen);
  if (jobs == JobsState::busy || jobs == JobsState::full) return chosen;
  return affordable(jobs == JobsState::loading);
}

bool ProbeRounds::Account::has_its_time(TimeSpent time) const {
  if (!looks_in_parts(probe.name)) return false;
  return parts == 1 ? pending : time.all_s() - part_at_s >= kPartEvery_s;
}

bool ProbeRounds::is_time_for_a_part(const TrainConfig& config, TimeSpent time) const {
  if (config.probe_every > 0 || config.probe_budget <= 0.0) return false;
  return std::any_of(accounts_.begin(), accounts_.end(),
                     [&](const Account& account) { return account.has_its_time(time); });
}

std::vector<std::size_t> ProbeRounds::due_in_parts(const TrainConfig& config, TimeSpent time) {
  std::vector<std::size_t> chosen;
  refill(time, config.probe_budget);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    if (!account.has_its_time(time)) continue;
    const Purse& purse = purse_of(account.probe.kind);
    const bool paid = purse.credit_s >= account.last_s;
    const bool lent =
        account.parts != 1 && time.all_s() < kPartsLentUntil_s && purse.loan_s < kMostLentToParts_s;
    if (!paid && !lent) continue;
    account.part_at_s = time.all_s();
    account.pending = false;
    account.looks += 1;
    account.on_credit += paid ? 0 : 1;
    chosen.push_back(i);
  }
  return chosen;
}

void ProbeRounds::Purse::earn(double earned_s, double waited_s) {
  const double paid_back_s = std::min(loan_s, kPaidBack * earned_s);
  loan_s -= paid_back_s;
  credit_s += earned_s - paid_back_s + waited_s;
}

void ProbeRounds::refill(TimeSpent time, double share) {
  const double earned_s = std::max(share * (time.training_s - seen_.training_s), 0.0);
  const double waited_s =
      share > 0.0 ? kShareOfWaiting * std::max(time.waiting_s - seen_.waiting_s, 0.0) : 0.0;
  seen_ = time;
  const bool any_dear = std::any_of(accounts_.begin(), accounts_.end(),
                                    [](const Account& one) { return one.is(ProbeKind::dear); });
  const double of_dear = any_dear ? kShareOfDear : 0.0;
  dear_.earn(of_dear * earned_s, of_dear * waited_s);
  usual_.earn((1.0 - of_dear) * earned_s, (1.0 - of_dear) * waited_s);
  const double left_s = std::max(usual_.credit_s - kMostCredit_s, 0.0);
  usual_.credit_s = std::min(usual_.credit_s, kMostCredit_s);
  dear_.credit_s = std::min(dear_.credit_s + left_s, kMostCredit_s);
}

/// The usual ones, or with `complete` all. `on_account`: those whose price nobody can guess look when they
/// are there, at what is there then.
std::vector<std::size_t> ProbeRounds::everyone(bool on_account, bool complete) {
  std::vector<std::size_t> chosen;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    account.pending =
        (on_account && account.probe.guess_s <= 0.0) || (!complete && account.is(ProbeKind::dear));
    if (account.pending) continue;
    account.looks += 1;
    chosen.push_back(i);
  }
  return chosen;
}

/// Those that look at every round while that is cheap, so that what waits for them does not depend on what
/// else looks.
void ProbeRounds::take_steady(bool on_account, std::vector<std::size_t>& chosen) {
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    Account& account = accounts_[i];
    if (!account.pending || !account.is(ProbeKind::steady) || account.last_s > kSteady_s) continue;
    account.pending = false;
    account.looks += 1;
    account.owed += on_account ? 1 : 0;
    chosen.push_back(i);
  }
}

std::vector<std::size_t> ProbeRounds::affordable(bool on_account) {
  std::vector<std::size_t> chosen;
  take_steady(on_account, chosen);
  for (std::size_t i = 0; i < accounts_.size(); ++i) {  // the first look of each usual one is lent
    Account& account = accounts_[i];
    if (on_account || !account.pending || account.looks > 0 || account.is(ProbeKind::dear)) continue;
    account.pending = false;
    account.looks = 1;
    chosen.push_back(i);
  }
  buy(ProbeKind::usual, on_account, chosen);
  if (!on_account) buy(ProbeKind::dear, false, chosen);
  return chosen;
}

/// Of those that wait, the ones that have cost least so far first: the cheap ones look at every round, and
/// for a dear one is saved up. One that costs more than can be saved looks when the purse is full, and is
/// paid back.
void ProbeRounds::buy(ProbeKind kind, bool on_account, std::vector<std::size_t>& chosen) {
  double left_s = purse_of(kind).credit_s, wanted_s = 0.0;
  std::vector<std::size_t> waiting;
  for (std::size_t i = 0; i < accounts_.size(); ++i) {
    if (accounts_[i].is(ProbeKind::dear) != (kind == ProbeKind::dear)) continue;
    left_s -= accounts_[i].owed_s();
    if (!accounts_[i].pending || looks_in_parts(accounts_[i].probe.name) ||
        (on_account && accounts_[i].probe.guess_s <= 0.0))
      continue;
    waiting.push_back(i);
    wanted_s += accounts_[i].last_s;
  }
  if (!on_account && left_s < std::min(wanted_s, kWorthAStop_s)) return;
  std::stable_sort(waiting.begin(), waiting.end(), [&](std::size_t a, std::size_t b) {
    return accounts_[a].spent_s + accounts_[a].owed_s() < accounts_[b].spent_s + accounts_[b].owed_s();
  });
  for (const std::size_t i : waiting) {
    Account& account = accounts_[i];
    const double cost_s = on_account ? account.probe.guess_s : account.last_s;
    if (left_s <= 0.0 || std::min(cost_s, kMostCredit_s) > left_s) continue;
    left_s -= cost_s;
    account.pending = false;
    account.looks += 1;
    account.owed += on_account ? 1 : 0;
    chosen.push_back(i);
  }
}

double ProbeRounds::Account::owed_s() const {
  return probe.guess_s * static_cast<double>(owed);
}

void ProbeRounds::charge(std::size_t probe, double cpu_s, std::int64_t parts) {
  Account& account = accounts_.at(probe);
  account.parts = parts;
  account.whole_looks += 1.0 / static_cast<double>(std::max<std::int64_t>(parts, 1));
  account.last_s = (1.0 + kLostBesides) * cpu_s;
  account.charged += 1;
  Purse& purse = purse_of(account.probe.kind);
  if (account.charged <= 1 && !account.is(ProbeKind::dear)) {  // the first round is lent
    purse.loan_s += account.last_s;
    return;
  }
  if (account.on_credit > 0) {
    account.on_credit -= 1;
    purse.loan_s += account.last_s;
    return;
  }
  account.owed -= account.owed > 0 ? 1 : 0;
  account.spent_s += account.last_s;
  purse.credit_s -= account.last_s;
}

std::string ProbeRounds::skipped() const {
  const auto looks_of = [](const Account& account) {
    return account.parts > 1 ? static_cast<std::int64_t>(account.whole_looks) : account.looks;
  };
  const bool all = std::all_of(accounts_.begin(), accounts_.end(),
                               [&](const Account& account) { return looks_of(account) >= rounds_; });
  std::string text;
  for (const Account& account : accounts_) {
    text += (text.empty() ? "" : ", ") + std::string(account.probe.name) + " " +
            std::to_string(std::min(looks_of(account), rounds_)) + " of " + std::to_string(rounds_);
  }
  return all ? std::string() : text + " rounds";
}

}  // namespace grokscope

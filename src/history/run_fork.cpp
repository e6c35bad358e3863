#include "history/run_fork.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/trimmed.h"
#include "base/utc_time.h"
#include "base/version.h"
#include "config/fields.h"
#include "history/interventions.h"
#include "history/interventions/set.h"
#include "history/run_folder_create.h"
#include "history/run_text.h"
#include "history/step_files.h"

namespace grokscope {
namespace {

Status check_step(const OpenedRun& parent, std::int64_t at, const std::string& path) {
  const Evaluation* last = parent.history.last();
  if (last == nullptr) return failure("nothing was recorded that could be forked: " + path);
  if (at >= 0 && at <= last->step) return {};
  return usage_error(fmt::format(
      "the run has no step {}: it was recorded from step 0 to {}; choose one of those with --at: {}", at,
      last->step, path));
}

/// The settings with which the step begins, without what the parent changed there.
RunConfig config_before(const OpenedRun& parent, std::int64_t at, std::int64_t end) {
  RunConfig config = config_at(parent.history, at - 1);
  config.train.steps = end;
  return config;
}

Result<Event> change_at(std::int64_t at, const std::string& assignment, const RunConfig& config) {
  RunConfig changed = config;
  if (Status set = set_field_from_text(changed, assignment); !set) return set.error();
  const std::string name(trimmed(std::string_view(assignment).substr(0, assignment.find('='))));
  const Field* field = find_field(name);
  if (field == nullptr) return unknown_field_error(name);
  Intervention change = setting_change(field->name, field->get(changed));
  if (Status possible = check_intervention(change, config); !possible) return possible.error();
  return Event{at, std::move(change.kind), std::move(change.detail)};
}

/// Those that are still to be done from step `from` on, where what was done at `from` is done.
Result<std::vector<Event>> interventions_from(const OpenedRun& parent, std::int64_t from,
                                              const ForkRequest& request, RunConfig config) {
  std::vector<Event> events;
  for (const Event& event : parent.history.events()) {
    if (is_intervention(event) && event.step > from && event.step < request.at) events.push_back(event);
  }
  for (const std::string& assignment : request.changes) {
    auto change = change_at(request.at, assignment, config);
    if (!change) return change.error();
    apply_to_config(*change, config);
    events.push_back(std::move(*change));
  }
  return events;
}

/// The last one that leads to the step; -1: none. A checkpoint holds what was changed at its own step.
std::int64_t checkpoint_before(const OpenedRun& parent, std::int64_t at) {
  const auto events = parent.history.events();
  const bool changed_there = std::any_of(events.begin(), events.end(), [&](const Event& event) {
    return event.step == at && is_intervention(event);
  });
  std::int64_t best = -1;
  for (const std::int64_t step : parent.checkpoint_steps) {
    if (step < at || (step == at && !changed_there)) best = step;
  }
  return best;
}

Result<std::string> make_folder(const std::string& path, const Fork& fork) {
  const RunTexts texts{text_from_config_file({fork.config, fork.made_by}), ""};
  auto fresh = path.empty() ? make_new_run_folder(fork.config, texts) : make_run_folder(path, texts);
  if (!fresh) return fresh.error();
  return fresh->path;
}

/// The record up to the checkpoint, and the checkpoint, as the beginning of a new run.
Result<ContinuedRun> copy_parent(const std::string& parent_path, const OpenedRun& parent, std::int64_t step,
                                 const std::string& path) {
  constexpr std::uint64_t kMaxFactsBytes = std::uint64_t{64} << 10;
  auto checkpoint = read_checkpoint(parent_path, step);
  if (!checkpoint) return checkpoint.error();
  const auto from = RunFiles::open(parent_path), to = RunFiles::open(path);
  if (!from) return from.error();
  if (!to) return to.error();
  if (const auto facts = from->read_if_there("facts.json", kMaxFactsBytes); facts && !facts->empty()) {
    if (Status written = to->write("facts.json", *facts); !written) return written.error();
  }
  const std::string name = "checkpoints/" + step_file_name(step);
  if (Status written = to->write(name, bytes_from_tensor_file(*checkpoint)); !written) return written.error();
  if (Status copied = copy_until(*from, *to, parent.history, step); !copied) return copied.error();
  return continued_at(path, step, std::move(*checkpoint));
}

std::string whole_path(const std::string& path) {
  std::error_code error;
  const auto whole = std::filesystem::canonical(path, error);
  return error ? path : whole.string();
}

}  // namespace

Result<Fork> fork_run(const ForkRequest& request) {
  auto parent = open_run(request.parent, false);
  if (!parent) return parent.error();
  if (Status there = check_step(*parent, request.at, request.parent); !there) return there.error();
  Fork fork{{}, parent->history.config(), parent->provenance, {}, request.path, parent->repairs};
  const std::int64_t end = request.last_step.value_or(end_of_run(fork.config, request.at, 0));
  if (end <= request.at) {
    return usage_error(fmt::format("a fork at step {} cannot end at step {}: choose a later end with --steps",
                                   request.at, end));
  }
  if (Status set = set_field(fork.config, "train.steps", end); !set) return set.error();
  fork.made_by.forked = ForkPoint{whole_path(request.parent), request.at};
  fork.made_by.version = kVersion;
  fork.made_by.started_utc = utc_now();
  const std::int64_t checkpoint = checkpoint_before(*parent, request.at);
  auto events = interventions_from(*parent, checkpoint, request, config_before(*parent, request.at, end));
  if (!events) return events.error();
  fork.interventions = std::move(*events);
  if (checkpoint < 0) return fork;
  auto path = make_folder(request.path, fork);
  if (!path) return path.error();
  fork.path = std::move(*path);
  auto continued = copy_parent(request.parent, *parent, checkpoint, fork.path);
  if (!continued) return continued.error();
  fork.continued = std::move(*continued);
  return fork;
}

}  // namespace grokscope

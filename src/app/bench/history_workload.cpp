// Workload `history-10m`: 10 million points in one series, and a run whose record holds 10 million numbers
// (833 334 evaluations of 12 columns): appended, drawn, zoomed into, written and reopened. Drawing is
// everything the processor does for one frame of a chart 1280 pixels wide: chart, layout, reduction,
// triangles. The rasteriser is not in it. The run goes on while it is drawn: every frame finds more samples
// than the one before it, so that none can be shown from what an earlier one left behind.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <optional>

#include "app/bench/frame_clock.h"
#include "app/bench/scratch_folder.h"
#include "app/bench/workload_list.h"
#include "base/process.h"
#include "base/random.h"
#include "config/presets.h"
#include "history/run_folder.h"
#include "ui/panel.h"

namespace grokscope::bench {
namespace {

constexpr std::size_t kPoints = 10'000'000;
constexpr int kReopens = 3;
constexpr std::size_t kGrowth = 10;  // samples, or evaluations, between two frames

double elapsed_s(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// A falling loss with noise and, once in a while, a spike of one sample.
std::vector<double> noisy_losses(std::size_t count) {
  RandomStream random(0, "bench history");
  std::vector<double> losses(count);
  for (std::size_t i = 0; i < count; ++i) {
    const double spike = random.below(1'000'000) == 0 ? 5.0 : 0.0;
    losses[i] = 4.0 / (1.0 + static_cast<double>(i) * 1e-5) * (0.8 + 0.4 * random.uniform()) + spike;
  }
  return losses;
}

Evaluation evaluation_of(std::size_t i, double loss) {
  Evaluation evaluation;
  evaluation.step = static_cast<std::int64_t>(i) * 10;
  evaluation.elapsed_s = 1e-3 * static_cast<double>(evaluation.step);
  evaluation.train_loss = loss;
  evaluation.test_loss = 2.0 * loss;
  evaluation.train_accuracy = std::exp(-0.1 * loss);
  evaluation.test_accuracy = std::exp(-loss);
  evaluation.weight_norm = 30.0 + loss;
  evaluation.learning_rate = 1e-3;
  evaluation.weight_decay = 1.0;
  evaluation.train_count = 3830;
  evaluation.test_count = 8939;
  return evaluation;
}

RunConfig recorded_config() {
  const Preset* preset = find_preset("quickstart");
  RunConfig config = preset != nullptr ? preset->config : RunConfig{};
  config.train.steps = 1'000'000'000;  // a record that goes on beyond its settings is refused
  return config;
}

/// The series as a line, between two steps; without the second one up to its newest sample.
std::vector<Chart> chart_of(const Series& series, Scale scale, double low, std::optional<double> high) {
  Chart chart;
  chart.title = "Loss";
  Plot plot;
  plot.x = {.label = "step", .scale = scale, .minimum = low, .integer = true};
  plot.x.maximum = high.value_or(static_cast<double>(series.size()));
  plot.y = {.label = "loss"};
  LineMark line;
  line.series = &series;
  line.role = Role::train;
  line.label = "train";
  plot.marks.emplace_back(std::move(line));
  chart.plots.push_back(std::move(plot));
  return {std::move(chart)};
}

void measure_series(const Request& request, const std::vector<double>& losses, Outcome& outcome) {
  std::vector<double> rates;
  Series series;
  for (int repeat = 0; repeat < request.repeats; ++repeat) {
    series = Series();
    const double seconds = elapsed_s([&] {
      for (std::size_t i = 0; i < losses.size(); ++i) series.append(static_cast<double>(i + 1), losses[i]);
    });
    rates.push_back(static_cast<double>(losses.size()) / seconds);
  }
  outcome.measures.push_back({"10 million points appended to one series", "append", "points/s",
                              spread_of(rates), Target{true, 5e6}, ""});
  FrameClock frames(std::max(request.repeats, kFramesAtLeast));
  const auto count = static_cast<double>(losses.size());
  const Target frame_target{false, 4.0};
  const auto grow = [&] {
    for (std::size_t i = 0; i < kGrowth; ++i)
      series.append(static_cast<double>(series.size() + 1), losses[series.size() % losses.size()]);
  };
  const auto add = [&](const char* what, const char* key, Scale scale, double low,
                       std::optional<double> high) {
    const Spread spread = frames.measure(grow, [&] { return chart_of(series, scale, low, high); });
    outcome.measures.push_back({what, key, "ms", spread, frame_target, ""});
  };
  add("one frame over all of them, log steps", "frame_all_log", Scale::log, 1, {});
  add("one frame over all of them, linear steps", "frame_all_linear", Scale::linear, 0, {});
  add("one frame over the middle million", "frame_zoom_million", Scale::linear, 0.45 * count, 0.55 * count);
  add("one frame over the middle 10 thousand", "frame_zoom_10k", Scale::linear, 0.4995 * count,
      0.5005 * count);
  add("one frame over the middle 100", "frame_zoom_100", Scale::linear, 0.5 * count, 0.5 * count + 100);
}

void measure_timeline(const Request& request, History& history, const std::vector<double>& losses,
                      Outcome& outcome) {
  const Panel* timeline = find_panel("timeline");
  if (timeline == nullptr) return;
  const RunConfig config = history.config();
  PanelContext context;
  context.history = &history;
  context.config = &config;
  const auto grow = [&] {
    for (std::size_t i = 0; i < kGrowth; ++i) {
      const std::size_t next = history.evaluations().size();
      history.append(evaluation_of(next, losses[next % losses.size()]));
    }
  };
  FrameClock frames(std::max(request.repeats, kFramesAtLeast));
  const Spread spread = frames.measure(grow, [&] {
    context.step = history.last()->step;
    std::vector<Chart> charts;
    for (PlacedChart& placed : timeline->build(context, true)) charts.push_back(std::move(placed.chart));
    return charts;
  });
  outcome.measures.push_back({"one frame of the timeline (5 lines) over a record of 10 million numbers",
                              "frame_timeline", "ms", spread, Target{false, 4.0}, ""});
}

/// Appends everything to a history and to a run folder, as a session does; reopens the folder.
Status measure_record(const Request& request, const std::vector<double>& losses, Outcome& outcome) {
  const std::size_t columns = metric_columns().size();
  const std::size_t count = (kPoints + columns - 1) / columns;
  const auto folder = ScratchFolder::make();
  if (!folder) return folder.error();
  const std::string path = folder->path() + "/run";
  const std::int64_t resident_before = resident_bytes();
  History history(recorded_config());
  const double append_s = elapsed_s([&] {
    for (std::size_t i = 0; i < count; ++i) history.append(evaluation_of(i, losses[i]));
  });
  const double numbers = static_cast<double>(count * columns);
  const auto once = [](double value) { return Spread{value, value, value, 0.0, 1}; };
  outcome.measures.push_back({"10 million numbers appended to a history, 12 columns an evaluation",
                              "append_history", "points/s", once(numbers / append_s), Target{true, 5e6}, ""});
  const double megabytes = 1e-6 * static_cast<double>(resident_bytes() - resident_before);
  outcome.measures.push_back({"memory they take", "history_memory", "MB", once(megabytes), {}, ""});
  measure_timeline(request, history, losses, outcome);

  auto writer = RunFolderWriter::create(path, recorded_config(), {});
  if (!writer) return writer.error();
  const double write_s = elapsed_s([&] {
    for (std::size_t i = 0; i < count; ++i) (*writer)->write(evaluation_of(i, losses[i]));
    (*writer)->flush();
  });
  if (Status status = (*writer)->status(); !status) return status;
  writer->reset();
  const auto bytes = static_cast<double>(std::filesystem::file_size(path + "/metrics.jsonl"));
  outcome.measures.push_back(
      {"the same written to a run folder", "record", "points/s", once(numbers / write_s), {}, ""});
  outcome.facts["metrics_jsonl_bytes"] = bytes;
  std::vector<double> seconds;
  for (int repeat = 0; repeat < kReopens; ++repeat) {
    Status opened;
    std::size_t found = 0;
    seconds.push_back(elapsed_s([&] {
      const auto run = open_run(path, false);
      if (run) found = run->history.evaluations().size();
      if (!run) opened = run.error();
    }));
    if (!opened) return opened;
    if (found != count) return failure("the reopened run lacks evaluations: " + path);
  }
  outcome.measures.push_back({"that run folder reopened", "reopen", "s", spread_of(seconds),
                              Target{false, 2.0},
                              std::to_string(std::llround(1e-6 * bytes)) + " MB of metrics.jsonl"});
  return {};
}

}  // namespace

Result<Outcome> run_history_workload(const Request& request, std::string_view) {
  Outcome outcome;
  const std::vector<double> losses = noisy_losses(kPoints);
  measure_series(request, losses, outcome);
  if (Status measured = measure_record(request, losses, outcome); !measured) return measured.error();
  outcome.notes.push_back(
      "frames are processor time of one 1280 x 720 chart without the rasteriser, each after 10 more samples "
      "or evaluations; a record of 10 million numbers is 833 334 evaluations of 12 columns");
  return outcome;
}

}  // namespace grokscope::bench

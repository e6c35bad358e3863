#include "app/shown_sweep.h"

#include <filesystem>
#include <utility>

#include "base/home_path.h"
#include "sweep/plan_json.h"
#include "sweep/sweep_reader.h"
#include "ui/panels/sweep_charts.h"
#include "ui/tiles.h"

namespace grokscope {

struct ShownSweep::Impl {
  Impl(SweepPlan read, std::string folder)
      : plan(std::move(read)),
        config(config_of(plan, middle_run(plan))),
        history(config),
        path(std::move(folder)) {}

  SweepPlan plan;
  RunConfig config;
  History history;
  SessionStatus status;
  std::string path;
  SweepView sweep;
};

ShownSweep::ShownSweep(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShownSweep::ShownSweep(ShownSweep&& other) noexcept = default;
ShownSweep::~ShownSweep() = default;

Result<ShownSweep> ShownSweep::read(const std::string& folder, const ViewState& view) {
  std::error_code ignored;
  const std::string path = std::filesystem::absolute(with_home(folder), ignored).lexically_normal().string();
  auto plan = load_plan(path + "/plan.json");
  if (!plan) return failure(plan.error().message);
  if (Status valid = validate(*plan); !valid) return failure(valid.error().message + ": " + path);
  auto impl = std::make_unique<Impl>(std::move(*plan), path);
  auto looked = Sweep::look_at(impl->plan, SweepFolder{path, false});
  if (!looked) return looked.error();
  SweepReader reader(impl->plan);
  reader.read(*looked);
  impl->sweep.plan = &impl->plan;
  impl->sweep.name = std::filesystem::path(path).filename().string();
  SweepJobNews& news = impl->sweep.news;
  news.state = SweepState::resting;
  news.all = impl->plan.runs();
  news.known = reader.known();
  news.table = std::make_shared<const SweepTable>(reader.table());
  ShownSweep shown(std::move(impl));
  const RunView run = shown.view();
  const PanelContext context = panel_context(run, view);
  if (const auto grid = panel::grid_of(context)) {
    const std::size_t cell = panel::cell_of_interest(context, *grid);
    news.curves = std::make_shared<const CellCurves>(reader.curves_of(*looked, cell));
  }
  return shown;
}

RunView ShownSweep::view() const {
  RunView view;
  view.history = &impl_->history;
  view.config = &impl_->config;
  view.status = &impl_->status;
  view.live = false;
  view.run_path = impl_->path;
  view.sweep = &impl_->sweep;
  return view;
}

bool is_sweep_folder(const std::string& path) {
  const std::filesystem::path folder = with_home(path);
  std::error_code ignored;
  const auto has = [&](const char* name) { return std::filesystem::exists(folder / name, ignored); };
  return has("plan.json") && (has("shards") || has("results.csv"));
}

}  // namespace grokscope

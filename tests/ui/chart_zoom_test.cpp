// Zooming charts: the commands as functions of axes, and the mouse that gives them, without a window.
#include "ui/chart_zoom.h"

#include <gtest/gtest.h>

#include <imgui.h>

#include <cmath>

#include "ui/dashboard.h"
#include "ui/dashboard_test.h"
#include "ui/imgui_style.h"
#include "ui/synthetic_run.h"

namespace grokscope {
namespace {

/// 100 x 100 pixels at (0, 0); x and y as given, both whole.
PlotTransform whole_plot(const Axis& x, const Axis& y) {
  return {{0, 0, 100, 100}, x, y, {*x.minimum, *x.maximum}, {*y.minimum, *y.maximum}};
}

/// The transform after a zoom, as the layout would make it.
PlotTransform with(PlotTransform plot, const ZoomedChart& zoomed) {
  if (zoomed.shown.x) {
    plot.x.minimum = zoomed.shown.x->first;
    plot.x.maximum = zoomed.shown.x->last;
  }
  if (!zoomed.shown.y.empty() && zoomed.shown.y[0]) {
    plot.y.minimum = zoomed.shown.y[0]->first;
    plot.y.maximum = zoomed.shown.y[0]->last;
  }
  return plot;
}

Chart chart_of(const PlotTransform& transform, bool over_time = false) {
  Chart chart;
  chart.name = "one";
  Plot plot;
  plot.x = transform.x;
  plot.y = transform.y;
  plot.x.label = over_time ? "step" : "norm";
  chart.plots.push_back(plot);
  return chart;
}

const Axis kLinear{.minimum = 0.0, .maximum = 1000.0}, kPercent{.minimum = 0.0, .maximum = 1.0},
    kLog{.scale = Scale::log, .minimum = 1.0, .maximum = 1e4};

TEST(ChartZoom, TheWheelKeepsWhatIsUnderThePointerInItsPlace) {
  for (const Axis& x : {kLinear, kLog}) {
    const PlotTransform plot = whole_plot(x, kLog);
    const double under_x = plot.x_from_px(30), under_y = plot.y_from_px(80);
    const auto next = zoomed(chart_of(plot), {plot}, ZoomAbout{0, {30, 80}, 2.0}, 0);
    ASSERT_TRUE(next);
    const PlotTransform closer = with(plot, *next);
    EXPECT_NEAR(closer.px_from_x(under_x), 30, 1e-3);
    EXPECT_NEAR(closer.px_from_y(under_y), 80, 1e-3);
    EXPECT_NEAR(closer.px_from_x(plot.x_from_px(40)), 50, 1e-3) << "twice as far from it";
  }
}

TEST(ChartZoom, ALogAxisZoomsByDecades) {
  const PlotTransform plot = whole_plot(kLog, kPercent);
  const auto next = zoomed(chart_of(plot), {plot}, ZoomAbout{0, {50, 50}, 2.0, true, false}, 0);
  ASSERT_TRUE(next && next->shown.x);
  EXPECT_NEAR(next->shown.x->first, 10, 1e-9);
  EXPECT_NEAR(next->shown.x->last, 1000, 1e-6);
  EXPECT_FALSE(next->shown.y[0]) << "the y axis was not asked for";
}

TEST(ChartZoom, FartherThanAllIsAllAndNothingIsShownBesides) {
  const PlotTransform plot = whole_plot(kLinear, kPercent);
  const Chart chart = chart_of(plot);
  EXPECT_FALSE(zoomed(chart, {plot}, ZoomAbout{0, {50, 50}, 0.5}, 0));
  EXPECT_FALSE(zoomed(chart, {plot}, PanBy{0, 40, 40}, 0)) << "there is nothing beside it";
  const auto close = zoomed(chart, {plot}, ZoomAbout{0, {10, 50}, 4.0}, 0);
  ASSERT_TRUE(close);
  const auto farther = zoomed(chart, {with(plot, *close)}, ZoomAbout{0, {90, 50}, 0.5}, 0);
  ASSERT_TRUE(farther && farther->shown.x);
  EXPECT_GE(farther->shown.x->first, 0.0);
  EXPECT_NEAR(farther->shown.x->last - farther->shown.x->first, 500, 1e-6);
  EXPECT_FALSE(zoomed(chart, {with(plot, *close)}, ZoomAbout{0, {90, 50}, 0.2}, 0));
}

TEST(ChartZoom, ADragMovesThePictureWithThePointerAndStopsAtTheEnd) {
  const PlotTransform plot = whole_plot(kLinear, kPercent);
  const Chart chart = chart_of(plot);
  const auto close = zoomed(chart, {plot}, ZoomIntoBox{0, {40, 40, 20, 20}}, 0);
  ASSERT_TRUE(close && close->shown.x && close->shown.y[0]);
  EXPECT_NEAR(close->shown.x->first, 400, 1e-3);
  EXPECT_NEAR(close->shown.x->last, 600, 1e-3);
  EXPECT_NEAR(close->shown.y[0]->first, 0.4, 1e-6);
  EXPECT_NEAR(close->shown.y[0]->last, 0.6, 1e-6);
  const PlotTransform here = with(plot, *close);
  const auto moved = zoomed(chart, {here}, PanBy{0, -25, 10}, 0);
  EXPECT_NEAR(with(plot, *moved).px_from_x(here.x_from_px(70)), 45, 1e-3);
  EXPECT_NEAR(with(plot, *moved).px_from_y(here.y_from_px(70)), 80, 1e-3);
  const auto far = zoomed(chart, {here}, PanBy{0, -5000, 0}, 0);
  EXPECT_NEAR(far->shown.x->last, 1000, 1e-9);
  EXPECT_NEAR(far->shown.x->first, 800, 1e-3);
}

TEST(ChartZoom, AnAxisThatIsTurnedOverAndACircleKeepWhatTheyAre) {
  const Axis downwards{.minimum = 52.5, .maximum = -0.5};
  PlotTransform plot = whole_plot(downwards, downwards);
  const auto next = zoomed(chart_of(plot), {plot}, ZoomAbout{0, {25, 25}, 2.0}, 0);
  EXPECT_GT(next->shown.x->first, next->shown.x->last);
  EXPECT_NEAR(with(plot, *next).px_from_y(plot.y_from_px(25)), 25, 1e-3);
  plot = whole_plot(kLinear, kLinear);
  Chart round = chart_of(plot);
  round.plots[0].equal_aspect = true;
  const auto box = zoomed(round, {plot}, ZoomIntoBox{0, {20, 45, 40, 10}}, 0);
  EXPECT_NEAR(box->shown.x->last - box->shown.x->first, box->shown.y[0]->last - box->shown.y[0]->first, 1e-3);
}

TEST(ChartZoom, FollowsTheNewestStepUnlessTheUserLeftIt) {
  for (const Axis& x : {kLinear, kLog}) {
    const PlotTransform plot = whole_plot(x, kPercent);
    const Chart chart = chart_of(plot, true);
    auto next = zoomed(chart, {plot}, ZoomAbout{0, {plot.px_from_x(500), 50}, 4.0, true, false}, 500);
    ASSERT_TRUE(next && next->follows);
    PlotTransform now = plot;
    const ChartZoom later = shown_now(*next, 600);
    now.x.minimum = later.x->first;
    now.x.maximum = later.x->last;
    EXPECT_NEAR(now.px_from_x(600), with(plot, *next).px_from_x(500), 1e-2)
        << "the newest stays where it was";

    // Away from it: what is shown stays.
    next = zoomed(chart, {now}, PanBy{0, 10000, 0}, 600);
    ASSERT_TRUE(next && !next->follows);
    EXPECT_EQ(shown_now(*next, 900).x->last, next->shown.x->last);
    // End: as wide as it was, at the newest step.
    ZoomedCharts all{{"timeline/one", *next}};
    follow_edge(all, 900);
    const ZoomedChart& again = all.at("timeline/one");
    EXPECT_TRUE(again.follows);
    EXPECT_TRUE(again.shown.y.empty()) << "the newest values are in sight";
    EXPECT_NEAR(with(plot, again).px_from_x(900), 95, 1e-2);
    EXPECT_GT(shown_now(again, 950).x->last, again.shown.x->last);
  }
}

TEST(ChartZoom, AChartThatIsNotOverStepsStaysWhereItIs) {
  const PlotTransform plot = whole_plot(kLinear, kPercent);
  const auto next = zoomed(chart_of(plot, false), {plot}, ZoomAbout{0, {50, 50}, 4.0}, 500);
  EXPECT_FALSE(next->follows);
  ZoomedCharts all{{"lu/one", *next}};
  follow_edge(all, 900);
  EXPECT_EQ(all.at("lu/one").shown.x->last, next->shown.x->last);
}

TEST(ChartZoom, TheWheelIsForTimeOrBarsAloneWhereThereAreSuch) {
  Plot plot;
  EXPECT_FALSE(wheel_is_for_x(plot));
  plot.x.label = "step";
  EXPECT_TRUE(wheel_is_for_x(plot));
  plot.x.label = "frequency k";
  plot.marks.push_back(BarsMark{});
  EXPECT_TRUE(wheel_is_for_x(plot));
}

/// A dashboard with a mouse over its timeline.
class ZoomByMouse : public testing::OnDashboard {
 protected:
  ZoomByMouse() : OnDashboard(1280, 720) {
    view_.full_panel = "timeline";
    frame();
    frame();
  }

  /// A second apart: no two clicks are a double click, unless they are to be.
  void frame(float seconds = 1.0f) {
    DashboardFrame frame;
    frame.width = 1280;
    frame.height = 720;
    frame.now_s = now_s_ += seconds;
    frame.measure = &measure_;
    frame.sink.draw = [](const Scene&) {};
    frame.sink.draw_kept = [this](std::uint64_t, std::uint64_t generation, const Scene& scene,
                                  const Rect& at) {
      plots_ = scene.plots;
      tile_ = at;
      generation_ = generation;
    };
    ImGui::GetIO().DeltaTime = seconds;
    ImGui::NewFrame();
    dashboard_.draw(run(), view_, actions_, frame);
    ImGui::EndFrame();
    ImGui::GetIO().MouseWheel = 0;
  }
  /// To a place in the upper plot, in shares of it.
  void to(float right, float down) {
    const Rect& area = plots_[0].area_px;
    ImGui::GetIO().MousePos =
        ImVec2(tile_.x + area.x + right * area.width, tile_.y + area.y + down * area.height);
    frame();
  }
  void button(int which, bool down) {
    ImGui::GetIO().MouseDown[which] = down;
    frame();
  }
  void turn(float notches) {
    ImGui::GetIO().MouseWheel = notches;
    frame();
    frame();
  }
  double shown_decades() const { return std::log10(*plots_[0].x.maximum / *plots_[0].x.minimum); }

  std::vector<PlotTransform> plots_;
  Rect tile_;
  std::uint64_t generation_ = 0;
};

TEST_F(ZoomByMouse, WheelDragAndBoxOnTheTimeline) {
  const double all = shown_decades();
  to(0.5f, 0.5f);
  const double under = plots_[0].x_from_px(ImGui::GetIO().MousePos.x - tile_.x);
  turn(3);
  EXPECT_NEAR(shown_decades(), all / std::pow(1.25, 3), 1e-6);
  EXPECT_NEAR(plots_[0].x_from_px(ImGui::GetIO().MousePos.x - tile_.x) / under, 1.0, 1e-4);
  EXPECT_EQ(*plots_[0].y.minimum, 0.0) << "time alone";
  EXPECT_EQ(*plots_[0].x.minimum, *plots_[2].x.minimum) << "stacked plots share their steps";

  frame();  // the shared cursor has come along
  const std::uint64_t before = generation_;
  frame();
  EXPECT_EQ(generation_, before) << "what stands still is not laid out again";
  const double first = *plots_[0].x.minimum;
  button(0, true);
  to(0.3f, 0.5f);
  frame();
  EXPECT_GT(*plots_[0].x.minimum, first) << "the picture goes left with the pointer";
  button(0, false);
  EXPECT_FALSE(view_.drag);

  ImGui::GetIO().KeyShift = true;
  to(0.25f, 0.2f);
  const double left = plots_[0].x_from_px(ImGui::GetIO().MousePos.x - tile_.x);
  button(0, true);
  ImGui::GetIO().KeyShift = false;
  to(0.75f, 0.6f);
  EXPECT_EQ(*plots_[0].y.maximum, 1.0) << "nothing before the button is up";
  button(0, false);
  frame();
  EXPECT_NEAR(*plots_[0].x.minimum / left, 1.0, 1e-3);
  EXPECT_NEAR(*plots_[0].y.maximum, 0.8, 1e-2);
  EXPECT_NEAR(*plots_[0].y.minimum, 0.4, 1e-2);
}

TEST_F(ZoomByMouse, TheRightButtonDrawsABoxOrOpensTheMenuButNotBoth) {
  to(0.25f, 0.2f);
  button(1, true);
  to(0.75f, 0.6f);
  button(1, false);
  frame();
  EXPECT_EQ(view_.zoomed.size(), 1u);
  EXPECT_FALSE(view_.menu_open);
  to(0.4f, 0.4f);
  button(1, true);
  button(1, false);
  frame();
  EXPECT_TRUE(view_.menu_open);
  EXPECT_EQ(view_.zoomed.size(), 1u);
}

TEST_F(ZoomByMouse, ADoubleClickShowsAllAndTheNextLeavesTheFullWindow) {
  to(0.5f, 0.5f);
  turn(2);
  ASSERT_EQ(view_.zoomed.size(), 1u);
  const auto double_click = [&] {
    for (const bool down : {true, false, true, false}) {
      ImGui::GetIO().MouseDown[0] = down;
      frame(0.02f);
    }
    frame();
  };
  double_click();
  EXPECT_TRUE(view_.zoomed.empty());
  EXPECT_EQ(view_.full_panel, "timeline");
  frame();
  double_click();
  EXPECT_EQ(view_.full_panel, "");
}

}  // namespace
}  // namespace grokscope

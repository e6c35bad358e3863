// Layout promises, over many charts, sizes, scales and themes: texts never overlap, nothing leaves the
// bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "sample_charts.h"

namespace grokscope {
namespace {

const MeasureText& measure() {
  static const MeasureText metrics = inter_metrics();
  return metrics;
}

Rect box_of(const SceneText& text) {
  return {text.at.x, text.at.y - 0.74f * text.size_px, text.width_px, 0.94f * text.size_px};
}

bool overlap(const Rect& a, const Rect& b) {
  return a.x + 0.01f < b.x + b.width && b.x + 0.01f < a.x + a.width && a.y + 0.01f < b.y + b.height &&
         b.y + 0.01f < a.y + a.height;
}

std::vector<SceneText> texts_of(const Scene& scene) {
  std::vector<SceneText> texts;
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* text = std::get_if<SceneText>(&primitive)) texts.push_back(*text);
  }
  return texts;
}

const SceneText* find_text(const std::vector<SceneText>& texts, const std::string& wanted) {
  for (const SceneText& text : texts) {
    if (text.text == wanted) return &text;
  }
  return nullptr;
}

bool inside(const Rect& inner, const Rect& outer, float slack) {
  return inner.x >= outer.x - slack && inner.y >= outer.y - slack &&
         inner.x + inner.width <= outer.x + outer.width + slack &&
         inner.y + inner.height <= outer.y + outer.height + slack;
}

/// Where ink may appear, as a box.
Rect extent_of(const Primitive& primitive) {
  if (const auto* rect = std::get_if<SceneRect>(&primitive)) return rect->rect;
  if (const auto* image = std::get_if<SceneImage>(&primitive)) return image->rect;
  if (const auto* line = std::get_if<ScenePolyline>(&primitive)) return line->clip;
  if (const auto* text = std::get_if<SceneText>(&primitive)) return box_of(*text);
  const auto& circle = std::get<SceneCircle>(primitive);
  return {circle.center.x - circle.radius_px, circle.center.y - circle.radius_px, 2 * circle.radius_px,
          2 * circle.radius_px};
}

void expect_sound(const Scene& scene, float scale, const std::string& what) {
  const auto texts = texts_of(scene);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    EXPECT_GE(texts[i].size_px, 12 * scale - 1e-3f) << what;
    EXPECT_TRUE(inside(box_of(texts[i]), scene.bounds, 0.6f))
        << what << ": '" << texts[i].text << "' leaves the tile";
    for (std::size_t k = i + 1; k < texts.size(); ++k) {
      EXPECT_FALSE(overlap(box_of(texts[i]), box_of(texts[k])))
          << what << ": '" << texts[i].text << "' on '" << texts[k].text << "'";
    }
  }
  for (const Primitive& primitive : scene.primitives) {
    const Rect ink = extent_of(primitive);
    EXPECT_TRUE(inside(ink, scene.bounds, 8 * scale))
        << what << ": primitive " << primitive.index() << " at " << ink.x << " " << ink.y << " " << ink.width
        << "×" << ink.height;
  }
}

std::vector<Chart> charts(const sample::Run& run) {
  Chart empty{
      .title = "Weights",
      .empty = "This model has no weights yet, because it has not been built. Press play to build it."};
  return {sample::timeline(run), sample::lu(),      sample::fourier(),    sample::tokens(),
          sample::ranks(run),    sample::answers(), sample::answers(113), empty};
}

TEST(Layout, TextsNeverOverlapNorLeave) {
  const sample::Run run = sample::make_run();
  const auto all = charts(run);
  const std::pair<float, float> sizes[] = {{180, 120}, {211, 242}, {250, 160},
                                           {352, 368}, {640, 200}, {1000, 700}};
  for (const auto& [width, height] : sizes) {
    for (const float scale : {0.75f, 1.0f, 1.25f, 2.0f, 3.0f}) {
      for (const ThemeKind kind : {ThemeKind::dark, ThemeKind::projector}) {
        for (const Chart& chart : all) {
          for (const float grow : {1.0f, scale}) {  // a tile that grows with the scale, and one that does not
            LayoutOptions options{
                .bounds = {7, 11, width * grow, height * grow}, .scale = scale, .with_panel = true};
            const std::string what = chart.title + " at " + std::to_string(static_cast<int>(width * grow)) +
                                     "×" + std::to_string(static_cast<int>(height * grow)) + " scale " +
                                     std::to_string(scale);
            expect_sound(lay_out(chart, options, theme(kind), measure()), scale, what);
          }
        }
      }
    }
  }
}

/// Anything a panel could ask for, sensible or not.
Chart random_chart(std::mt19937_64& random, std::vector<Series>& series) {
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  const auto word = [&] {
    return std::string("label ") + std::string(random() % 12, 'x') + std::to_string(random() % 1000);
  };
  Chart chart{
      .title = word() + word(), .remark = word(), .caption = random() % 2 == 0 ? word() + " " + word() : ""};
  for (std::size_t p = 0; p < 1 + random() % 3; ++p) {
    Plot plot;
    plot.x = Axis{.label = random() % 2 == 0 ? word() : "",
                  .scale = random() % 2 == 0 ? Scale::log : Scale::linear};
    plot.y = Axis{.label = random() % 2 == 0 ? word() : "",
                  .scale = random() % 2 == 0 ? Scale::log : Scale::linear,
                  .hidden = random() % 5 == 0};
    plot.equal_aspect = random() % 6 == 0;
    for (std::size_t i = 0; i < random() % 7; ++i) {
      Series& values = series.emplace_back();
      const double scale = std::pow(10.0, uniform(-8, 8));
      for (std::size_t k = 0; k < random() % 500; ++k) {
        values.append(static_cast<double>(k), random() % 40 == 0 ? std::numeric_limits<double>::quiet_NaN()
                                                                 : uniform(-0.2, 1) * scale);
      }
      plot.marks.push_back(sample::line(values, static_cast<Role>(random() % 19), word()));
    }
    for (std::size_t i = 0; i < random() % 5; ++i) plot.marks.push_back(FlagMark{uniform(0, 500), word()});
    for (std::size_t i = 0; i < random() % 4; ++i)
      plot.marks.push_back(BandMark{uniform(0, 500), uniform(0, 500), Role::accent, word()});
    for (std::size_t i = 0; i < random() % 3; ++i)
      plot.marks.push_back(MarkerMark{uniform(0, 500), uniform(0, 2), Role::test, word()});
    for (std::size_t i = 0; i < random() % 3; ++i)
      plot.marks.push_back(NoteMark{uniform(0, 1), uniform(0, 1), word() + " " + word()});
    BarsMark bars;
    for (std::size_t i = 0; i < random() % 40; ++i) {
      bars.bars.push_back({uniform(0, 500), uniform(-1, 3)});
      bars.strong.push_back(random() % 2);
      bars.labels.push_back(word());
    }
    plot.marks.push_back(bars);
    chart.plots.push_back(plot);
  }
  chart.cursor_x = uniform(-10, 600);
  return chart;
}

TEST(Layout, RandomChartsAreSoundToo) {
  std::mt19937_64 random(11);
  for (int trial = 0; trial < 400; ++trial) {
    std::vector<Series> series;
    series.reserve(64);
    const Chart chart = random_chart(random, series);
    const float scale = 0.75f + static_cast<float>(random() % 10) / 4;
    LayoutOptions options{.bounds = {0, 0, 180 + static_cast<float>(random() % 1500),
                                     120 + static_cast<float>(random() % 1000)},
                          .scale = scale};
    expect_sound(lay_out(chart, options, theme(ThemeKind::light), measure()), scale,
                 "trial " + std::to_string(trial));
  }
}

TEST(Layout, EverythingThatMattersIsThereAtDashboardSize) {
  const sample::Run run = sample::make_run();
  const auto scenes = sample::dashboard_scenes(run, theme(ThemeKind::dark), 1, measure());
  const auto timeline = texts_of(scenes[0]);
  for (const char* wanted :
       {"Accuracy and loss", "log steps · step 742", "memorising", "plateau", "wd → 1", "train 100 %",
        "test 27 %", "train 9·10⁻⁶", "test 15.8", "10⁻⁶", "100 %", "step", "accuracy", "loss"}) {
    EXPECT_NE(find_text(timeline, wanted), nullptr) << wanted;
  }
  for (const char* wanted :
       {"train: L", "test: U", "generalises", "now: ‖θ‖ 37.4", "too small", "memorises", "weight norm ‖θ‖"}) {
    EXPECT_NE(find_text(texts_of(scenes[1]), wanted), nullptr) << wanted;
  }
  for (const char* wanted : {"6", "14", "19", "23", "frequency k", "4 key frequencies hold 71 %"}) {
    EXPECT_NE(find_text(texts_of(scenes[2]), wanted), nullptr) << wanted;
  }
  for (const char* wanted : {"embedding 34", "attention 44", "MLP 22"})
    EXPECT_NE(find_text(texts_of(scenes[4]), wanted), nullptr) << wanted;
  const auto projector = sample::dashboard_scenes(run, theme(ThemeKind::projector), 1, measure());
  EXPECT_NE(find_text(texts_of(projector[4]), "attention 44"), nullptr);
}

TEST(Layout, FlagsNeverCoverACurvesEnd) {
  const sample::Run run = sample::make_run();
  Chart chart = sample::timeline(run);
  for (const double x : {700.0, 735.0, 742.0}) {
    for (Plot& plot : chart.plots) plot.marks.push_back(FlagMark{x, "lr → 0.001"});
  }
  const Scene scene = lay_out(chart, {.bounds = {0, 0, 650, 368}}, theme(ThemeKind::dark), measure());
  const Color flag = theme(ThemeKind::dark).event;
  for (const Primitive& primitive : scene.primitives) {
    const auto* rect = std::get_if<SceneRect>(&primitive);
    if (rect == nullptr || rect->fill != flag || rect->rect.width < 10) continue;
    for (const PlotTransform& plot : scene.plots) EXPECT_FALSE(overlap(rect->rect, plot.area_px));
  }
}

TEST(Layout, ABandsNameStandsBesideAFlagInItsMiddle) {
  const sample::Run run = sample::make_run();
  int in_one_row = 0;
  for (float height = 120.0f; height < 370.0f; height += 5.0f) {
    Chart chart = sample::timeline(run);
    for (Plot& plot : chart.plots) {
      for (Mark& mark : plot.marks) {
        if (auto* flag = std::get_if<FlagMark>(&mark)) flag->x = std::sqrt(90.0 * 742.0);
      }
    }
    const Scene scene = lay_out(chart, {.bounds = {0, 0, 650, height}}, theme(ThemeKind::dark), measure());
    const auto texts = texts_of(scene);
    const SceneText *flag = find_text(texts, "wd → 1"), *name = find_text(texts, "plateau");
    if (flag == nullptr) continue;  // no room for either
    ASSERT_NE(name, nullptr) << height;
    EXPECT_NE(find_text(texts, "memorising"), nullptr) << height;
    in_one_row += std::abs(flag->at.y - name->at.y) < 1.0f ? 1 : 0;
    const PlotTransform& plot = scene.plots.front();
    EXPECT_GE(box_of(*name).x, plot.px_from_x(90)) << height;
    EXPECT_LE(box_of(*name).x + name->width_px, plot.px_from_x(742)) << height;
  }
  EXPECT_GT(in_one_row, 0);
}

TEST(Layout, NamesOfNeighbouringBandsDoNotTouch) {
  const sample::Run run = sample::make_run();
  int near = 0;
  for (double end = 95.0; end < 742.0; end *= 1.02) {
    Chart chart = sample::timeline(run);
    for (Plot& plot : chart.plots) {
      std::erase_if(plot.marks, [](const Mark& mark) { return std::holds_alternative<FlagMark>(mark); });
      for (Mark& mark : plot.marks) {
        auto* band = std::get_if<BandMark>(&mark);
        if (band == nullptr) continue;
        if (band->label == "plateau") band->x1 = end;
        if (band->label == "memorising") band->x0 = 30.0;
      }
    }
    const Scene scene = lay_out(chart, {.bounds = {0, 0, 650, 300}}, theme(ThemeKind::dark), measure());
    const auto texts = texts_of(scene);
    const SceneText *left = find_text(texts, "memorising"), *right = find_text(texts, "plateau");
    if (left == nullptr || right == nullptr ||
        std::abs(left->at.y - right->at.y) > 1.0f)  // no room in the same row
      continue;
    const float gap = box_of(*right).x - (box_of(*left).x + left->width_px);
    near += gap < 20.0f ? 1 : 0;
    EXPECT_GE(gap, 3.9f) << end;
  }
  EXPECT_GT(near, 0) << "the case was never met";
}

TEST(Layout, LinesKeepToFourPointsAColumn) {
  Series noisy;
  std::mt19937_64 random(2);
  for (int i = 1; i < 300000; ++i) noisy.append(i, static_cast<double>(random() % 1000));
  Chart chart{.title = "Noise"};
  Plot plot;
  plot.marks.push_back(sample::line(noisy, Role::train, "noise"));
  chart.plots.push_back(plot);
  const Scene scene = lay_out(chart, {.bounds = {0, 0, 800, 300}}, theme(ThemeKind::dark), measure());
  for (const Primitive& primitive : scene.primitives) {
    const auto* line = std::get_if<ScenePolyline>(&primitive);
    EXPECT_LE(line == nullptr ? 0 : line->points.size(), 4u * 802);
  }
}

TEST(Layout, ZerosOnALogAxisAreMarked) {
  Series accuracy;
  for (int i = 1; i < 50; ++i) accuracy.append(i, i < 20 ? 0.0 : 0.01 * i);
  Chart chart;
  Plot plot;
  plot.y.scale = Scale::log;
  plot.marks.push_back(sample::line(accuracy, Role::test, "test"));
  chart.plots.push_back(plot);
  const auto texts =
      texts_of(lay_out(chart, {.bounds = {0, 0, 500, 300}}, theme(ThemeKind::dark), measure()));
  EXPECT_NE(find_text(texts, "≤ 0.2"), nullptr);
}

TEST(Layout, CellsOfAFieldAreWholePixels) {
  const Scene scene =
      lay_out(sample::answers(53), {.bounds = {0, 0, 420, 460}}, theme(ThemeKind::dark), measure());
  for (const Primitive& primitive : scene.primitives) {
    const auto* image = std::get_if<SceneImage>(&primitive);
    if (image == nullptr) continue;
    EXPECT_EQ(image->width % 53, 0);
    EXPECT_FLOAT_EQ(image->rect.width, static_cast<float>(image->width));
    EXPECT_FLOAT_EQ(image->rect.width, image->rect.height);
    return;
  }
  FAIL() << "no field was drawn";
}

TEST(Layout, TheRarestCellSurvivesReduction) {
  Chart chart;
  Plot plot;
  plot.x.hidden = plot.y.hidden = true;
  FieldMark field;
  field.rows = field.columns = 2000;
  field.values.assign(4000000, 0.0f);
  field.values[1234 * 2000 + 567] = 1.0f;
  plot.marks.push_back(field);
  chart.plots.push_back(plot);
  const Scene scene = lay_out(chart, {.bounds = {0, 0, 300, 300}}, theme(ThemeKind::dark), measure());
  const Color bright = color_from_map(ColorMap::viridis, 1);
  const std::uint32_t wanted = bright.r | bright.g << 8 | bright.b << 16 | 0xff000000u;
  long found = 0;
  for (const Primitive& primitive : scene.primitives) {
    if (const auto* image = std::get_if<SceneImage>(&primitive))
      found += std::count(image->rgba.begin(), image->rgba.end(), wanted);
  }
  EXPECT_EQ(found, 1);
}

TEST(Layout, AFieldCanBeTurnedOver) {
  Chart chart;
  Plot plot;
  FieldMark field;
  field.rows = field.columns = 5;
  field.values.assign(25, 0.5f);
  field.x0 = -0.5;
  field.x1 = 4.5;
  field.y0 = 4.5;
  field.y1 = -0.5;
  plot.marks.push_back(field);
  chart.plots.push_back(plot);
  const Scene scene = lay_out(chart, {.bounds = {0, 0, 300, 300}}, theme(ThemeKind::dark), measure());
  EXPECT_LT(scene.plots[0].px_from_y(0), scene.plots[0].px_from_y(4));
}

/// Charts that show a part of themselves keep every promise.
TEST(Layout, AZoomShowsThatPartAndRemembersTheWhole) {
  const sample::Run run = sample::make_run();
  Chart chart = sample::timeline(run);
  const Scene whole = lay_out(chart, {.bounds = {0, 0, 640, 360}}, theme(ThemeKind::dark), measure());
  chart.zoom.x = AxisRange{50, 200};
  chart.zoom.y = {AxisRange{0.1, 0.3}};
  const Scene part = lay_out(chart, {.bounds = {0, 0, 640, 360}}, theme(ThemeKind::dark), measure());
  ASSERT_EQ(part.plots.size(), 2u);
  for (const PlotTransform& plot : part.plots) {
    EXPECT_EQ(*plot.x.minimum, 50);
    EXPECT_EQ(*plot.x.maximum, 200);
    EXPECT_EQ(plot.home_x.first, 1);
    EXPECT_EQ(plot.home_x.last, 1e4);
  }
  EXPECT_EQ(*part.plots[0].y.maximum, 0.3);
  EXPECT_EQ(*part.plots[1].y.minimum, *whole.plots[1].y.minimum) << "the other plot has no part of its own";
  EXPECT_EQ(part.plots[0].home_y.last, 1.0);
  EXPECT_TRUE(find_text(texts_of(whole), "test 27 %") != nullptr);
  EXPECT_TRUE(find_text(texts_of(part), "test 27 %") == nullptr) << "27 % is not where the line leaves";
  EXPECT_TRUE(find_text(texts_of(part), "test") != nullptr);
  const Rect& area = part.plots[0].area_px;
  for (const Primitive& primitive : part.primitives) {
    if (std::holds_alternative<ScenePolyline>(primitive)) continue;  // cut by their clip
    EXPECT_TRUE(inside(extent_of(primitive), {0, 0, 640, 360}, 0.5f));
  }
  EXPECT_GT(area.width, 300);
}

TEST(Layout, TextsOfZoomedChartsDoNotOverlapEither) {
  const sample::Run run = sample::make_run();
  std::mt19937 random(3);
  std::uniform_real_distribution<double> share(0, 1);
  for (int trial = 0; trial < 200; ++trial) {
    Chart chart =
        sample::dashboard(run)[static_cast<std::size_t>(trial) % sample::dashboard(run).size()].second;
    const float width = 180 + 700 * static_cast<float>(share(random)),
                height = 120 + 400 * static_cast<float>(share(random));
    const LayoutOptions options{.bounds = {0, 0, width, height}};
    const Scene whole = lay_out(chart, options, theme(ThemeKind::dark), measure());
    const auto part_of = [&](const Axis& axis) {
      const double from = 0.6 * share(random), to = from + 0.02 + 0.3 * share(random);
      const double low = *axis.minimum, high = *axis.maximum;
      if (axis.scale == Scale::log)
        return AxisRange{low * std::pow(high / low, from), low * std::pow(high / low, to)};
      return AxisRange{low + (high - low) * from, low + (high - low) * to};
    };
    if (whole.plots.empty()) continue;
    chart.zoom.x = part_of(whole.plots[0].x);
    for (const PlotTransform& plot : whole.plots) chart.zoom.y.push_back(part_of(plot.y));
    const auto texts = texts_of(lay_out(chart, options, theme(ThemeKind::dark), measure()));
    for (std::size_t i = 0; i < texts.size(); ++i) {
      EXPECT_TRUE(inside(box_of(texts[i]), {0, 0, width, height}, 0.5f))
          << chart.name << ": " << texts[i].text;
      for (std::size_t j = i + 1; j < texts.size(); ++j)
        EXPECT_FALSE(overlap(box_of(texts[i]), box_of(texts[j]))) << texts[i].text << " | " << texts[j].text;
    }
  }
}

TEST(Layout, APartThatCannotBeShownIsLeftAlone) {
  const sample::Run run = sample::make_run();
  Chart chart = sample::timeline(run);
  for (const AxisRange range : {AxisRange{0, 200}, AxisRange{-5, 5}, AxisRange{200, 50}, AxisRange{70, 70},
                                AxisRange{std::numeric_limits<double>::quiet_NaN(), 5}}) {
    chart.zoom.x = range;
    const Scene scene = lay_out(chart, {.bounds = {0, 0, 640, 360}}, theme(ThemeKind::dark), measure());
    EXPECT_EQ(*scene.plots[0].x.maximum, 1e4);
  }
}

TEST(Layout, AZoomedFieldIsCutAtThePlotAndItsCellsStayInTheirPlaces) {
  Chart chart = sample::answers(53);
  const LayoutOptions options{.bounds = {0, 0, 420, 440}};
  const Scene whole = lay_out(chart, options, theme(ThemeKind::dark), measure());
  const PlotTransform& all = whole.plots[0];
  const auto& mark = std::get<FieldMark>(chart.plots[0].marks[0]);
  // A tenth of each axis, in the middle of cells.
  const double x0 = mark.x0 + (mark.x1 - mark.x0) * 0.3, x1 = mark.x0 + (mark.x1 - mark.x0) * 0.4;
  const double y0 = mark.y0 + (mark.y1 - mark.y0) * 0.3, y1 = mark.y0 + (mark.y1 - mark.y0) * 0.4;
  chart.zoom.x = AxisRange{x0, x1};
  chart.zoom.y = {AxisRange{y0, y1}};
  const Scene part = lay_out(chart, options, theme(ThemeKind::dark), measure());
  const PlotTransform& plot = part.plots[0];
  EXPECT_EQ(plot.area_px.width, all.area_px.width) << "the plot keeps its place";
  const auto image_of = [](const Scene& scene) -> const SceneImage& {
    for (const Primitive& primitive : scene.primitives) {
      if (const auto* image = std::get_if<SceneImage>(&primitive)) return *image;
    }
    throw std::runtime_error("no image");
  };
  const SceneImage &small = image_of(whole), &large = image_of(part);
  EXPECT_TRUE(inside(large.rect, plot.area_px, 0.5f));
  const auto color_at = [](const SceneImage& image, const PlotTransform& transform, double x, double y) {
    const double across = (transform.px_from_x(x) - image.rect.x) / image.rect.width;
    const double down = (transform.px_from_y(y) - image.rect.y) / image.rect.height;
    const auto column = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(across * static_cast<double>(image.width)), 0, image.width - 1);
    const auto row = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(down * static_cast<double>(image.height)), 0, image.height - 1);
    return image.rgba[static_cast<std::size_t>(row * image.width + column)];
  };
  int compared = 0;
  for (std::int64_t row = 0; row < mark.rows; ++row) {
    for (std::int64_t column = 0; column < mark.columns; ++column) {
      // A quarter into the cell: neither its gap nor its dot.
      const double x = mark.x0 + (mark.x1 - mark.x0) * (static_cast<double>(column) + 0.2) /
                                     static_cast<double>(mark.columns);
      const double y =
          mark.y1 + (mark.y0 - mark.y1) * (static_cast<double>(row) + 0.2) / static_cast<double>(mark.rows);
      if (x < std::min(x0, x1) || x > std::max(x0, x1) || y < std::min(y0, y1) || y > std::max(y0, y1))
        continue;
      EXPECT_EQ(color_at(large, plot, x, y), color_at(small, all, x, y)) << row << ", " << column;
      ++compared;
    }
  }
  EXPECT_GE(compared, 25);
}

}  // namespace
}  // namespace grokscope

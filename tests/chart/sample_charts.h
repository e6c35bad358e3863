// Invented charts like those of the dashboard, and pictures of them. Shared by the chart tests.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "chart/chart.h"
#include "chart/gl/egl_context.h"
#include "chart/gl/scene_renderer.h"
#include "chart/png_bytes.h"
#include "chart/scene.h"

namespace grokscope::sample {

struct Run {
  Series train_accuracy, test_accuracy, train_loss, test_loss, attention, embedding, mlp;
};

inline double smooth(double x) {
  return 1 / (1 + std::exp(-x));
}

inline Run make_run(int last_step = 742) {
  Run run;
  for (int step = 0; step <= last_step; ++step) {
    const double s = std::log10(std::max(step, 1));
    run.train_accuracy.append(step, smooth((s - 1.62) * 9));
    run.test_accuracy.append(step, 0.02 + 0.16 * smooth((s - 1.85) * 7) + 0.3 * smooth((s - 2.95) * 12));
    run.train_loss.append(step, std::max(4.0 * std::exp(-std::pow(step / 55.0, 1.1)) + 9e-6,
                                         9e-6 * (1 + 0.2 * std::sin(step))));
    run.test_loss.append(step, 4 + 12 * smooth((s - 1.6) * 3));
    run.attention.append(step, 58 - 14 * smooth((s - 2.3) * 5));
    run.embedding.append(step, 50 - 16 * smooth((s - 2.3) * 5));
    run.mlp.append(step, 62 - 40 * smooth((s - 2.4) * 5));
  }
  return run;
}

inline LineMark line(const Series& series, Role role, std::string label) {
  LineMark mark;
  mark.series = &series;
  mark.role = role;
  mark.label = std::move(label);
  return mark;
}

inline Chart timeline(const Run& run) {
  Chart chart{.name = "timeline", .title = "Accuracy and loss", .remark = "log steps · step 742"};
  Plot accuracy, loss;
  accuracy.x = loss.x = Axis{.label = "step", .scale = Scale::log, .minimum = 1.0, .maximum = 1e4};
  accuracy.x.hidden = true;
  accuracy.y = Axis{.label = "accuracy", .minimum = 0.0, .maximum = 1.0, .percent = true};
  loss.y = Axis{.label = "loss", .scale = Scale::log};
  accuracy.height_share = 0.6;
  loss.height_share = 0.4;
  for (Plot* plot : {&accuracy, &loss}) {
    plot->marks.push_back(BandMark{1, 90, Role::memorising, "memorising"});
    plot->marks.push_back(BandMark{90, 742, Role::plateau, "plateau"});
    plot->marks.push_back(FlagMark{220, "wd → 1"});
  }
  accuracy.marks.push_back(line(run.train_accuracy, Role::train, "train 100 %"));
  accuracy.marks.push_back(line(run.test_accuracy, Role::test, "test 27 %"));
  loss.marks.push_back(line(run.train_loss, Role::train, "train 9·10⁻⁶"));
  loss.marks.push_back(line(run.test_loss, Role::test, "test 15.8"));
  chart.plots = {accuracy, loss};
  chart.cursor_x = 742;
  return chart;
}

inline Chart lu() {
  Chart chart{.name = "lu", .title = "Loss against weight norm", .remark = "step 742"};
  Plot plot;
  plot.x.label = "weight norm ‖θ‖";
  plot.y = Axis{.label = "loss", .scale = Scale::log};
  LineMark train, test, path;
  for (double norm = 13; norm <= 51; norm += 0.25) {
    train.samples.push_back({norm, 4 * std::exp(-std::pow(std::max(norm - 14, 0.0) / 5, 2)) + 4e-6});
    const double u = norm < 26.5 ? 4 * std::exp(-std::pow(std::max(norm - 14, 0.0) / 6.5, 2))
                                 : 0.06 * std::exp((norm - 26.5) * 0.33);
    test.samples.push_back({norm, std::min(u, 60.0)});
  }
  for (double t = 0; t <= 1; t += 0.02) path.samples.push_back({30 + 11 * t, 4 + 10 * t});
  for (double t = 0; t <= 1; t += 0.02) path.samples.push_back({41 - 3.6 * t, 14 + 2 * t});
  train.role = Role::train;
  train.label = "train: L";
  test.role = Role::test;
  test.label = "test: U";
  path.role = Role::norm;
  path.width_px = 1.6f;
  plot.marks = {BandMark{21, 30, Role::accent, "generalises", 0.2f},
                path,
                train,
                test,
                MarkerMark{37.4, 16, Role::test, "now: ‖θ‖ 37.4"},
                NoteMark{0.1, 0.02, "too small"},
                NoteMark{0.8, 0.02, "memorises"}};
  chart.plots = {plot};
  return chart;
}

inline Chart fourier() {
  Chart chart{.name = "fourier",
              .title = "Fourier power of the embedding",
              .remark = "step 742",
              .caption = "4 key frequencies hold 71 %"};
  Plot plot;
  plot.x = Axis{.label = "frequency k", .integer = true};
  plot.y.label = "power";
  BarsMark bars;
  for (int k = 1; k <= 26; ++k) {
    const double height = k == 6    ? 0.52
                          : k == 14 ? 0.64
                          : k == 19 ? 0.95
                          : k == 23 ? 0.31
                                    : 0.04 + 0.02 * std::sin(k * 2.3);
    bars.bars.push_back({static_cast<double>(k), height});
    bars.strong.push_back(height > 0.2 ? 1 : 0);
    bars.labels.push_back(std::to_string(k));
  }
  plot.marks = {bars};
  chart.plots = {plot};
  return chart;
}

inline Chart tokens() {
  Chart chart{.name = "tokens", .title = "Tokens at frequency 19", .remark = "step 742"};
  Plot plot;
  plot.x.hidden = plot.y.hidden = plot.equal_aspect = true;
  plot.x.minimum = plot.y.minimum = -1.5;
  plot.x.maximum = plot.y.maximum = 1.5;
  PointsMark points;
  std::mt19937 random(5);
  std::uniform_real_distribution<double> noise(-0.04, 0.04);
  for (int token = 0; token < 53; ++token) {
    const double angle = 2 * 3.14159265 * token * 19 / 53.0;
    points.points.push_back({std::cos(angle) + noise(random), std::sin(angle) + noise(random)});
    points.hue.push_back(static_cast<float>(token) / 53);
    points.labels.push_back(token % 6 == 0 ? std::to_string(token) : "");
  }
  plot.marks = {points};
  chart.plots = {plot};
  return chart;
}

inline Chart ranks(const Run& run) {
  Chart chart{.name = "ranks", .title = "Effective rank", .remark = "step 742"};
  Plot plot;
  plot.x = Axis{.label = "step", .scale = Scale::log, .minimum = 1.0, .maximum = 1e4};
  plot.y = Axis{.minimum = 0.0, .maximum = 64.0};
  plot.marks = {line(run.embedding, Role::series_1, "embedding 34"),
                line(run.attention, Role::series_2, "attention 44"), line(run.mlp, Role::series_3, "MLP 22")};
  chart.plots = {plot};
  chart.cursor_x = 742;
  return chart;
}

inline Chart answers(int p = 53) {
  Chart chart{.name = "answers",
              .title = "Answers",
              .remark = "64 % right",
              .caption = "blue train · green right · grey wrong"};
  Plot plot;
  plot.equal_aspect = true;
  plot.x.hidden = plot.y.hidden = true;
  FieldMark field;
  field.rows = field.columns = p;
  field.x1 = field.y1 = p;
  field.categories = {Role::train, Role::accent, Role::faint};
  std::mt19937 random(7);
  for (int i = 0; i < p * p; ++i) {
    const auto draw = random() % 100;
    field.values.push_back(draw < 40 ? 0.0f : draw < 64 ? 1.0f : 2.0f);
  }
  plot.marks = {field};
  chart.plots = {plot};
  return chart;
}

/// Tiles as on the drawings, in units of a 1280×720 window.
inline std::vector<std::pair<Rect, Chart>> dashboard(const Run& run) {
  return {{{258, 54, 650, 368}, timeline(run)}, {{918, 54, 352, 368}, lu()},
          {{258, 432, 311, 242}, fourier()},    {{579, 432, 211, 242}, tokens()},
          {{800, 432, 249, 242}, ranks(run)},   {{1059, 432, 211, 242}, answers()}};
}

inline std::vector<Scene> dashboard_scenes(const Run& run, const Theme& theme, float scale,
                                           const MeasureText& measure, float stretch = 1) {
  std::vector<Scene> scenes;
  for (const auto& [tile, chart] : dashboard(run)) {
    const float k = scale * stretch;
    LayoutOptions options{.bounds = {tile.x * k, tile.y * k, tile.width * k, tile.height * k},
                          .scale = scale,
                          .with_panel = true};
    scenes.push_back(lay_out(chart, options, theme, measure));
  }
  return scenes;
}

struct Picture {
  int width = 0, height = 0;
  std::vector<std::uint8_t> rgba;
};

inline Picture paint(SceneRenderer& renderer, const std::vector<Scene>& scenes, int width, int height,
                     Color background) {
  auto framebuffer = Framebuffer::create(width, height);
  if (!framebuffer) return {};
  framebuffer->bind();
  glClearColor(background.r / 255.0f, background.g / 255.0f, background.b / 255.0f, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  for (const Scene& scene : scenes) {
    renderer.draw(scene, width, height, {0, 0, static_cast<float>(width), static_cast<float>(height)}, 1);
  }
  return {width, height, framebuffer->read_rgba()};
}

/// Keeps a picture for a person to look at, when GROKSCOPE_PICTURES names a folder.
inline void keep(const Picture& picture, const std::string& name) {
  const char* folder = std::getenv("GROKSCOPE_PICTURES");
  if (folder == nullptr) return;
  std::ofstream file(std::string(folder) + "/" + name + ".png", std::ios::binary);
  file << png_from_rgba(picture.width, picture.height, picture.rgba);
}

}  // namespace grokscope::sample

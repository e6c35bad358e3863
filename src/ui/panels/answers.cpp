// Answers: what the network says to every pair (a, b), or to a sheet of images. Right on what it is trained
// on, right on what it never saw and wrong differ in lightness and sign, not in hue alone.
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/whole_number.h"
#include "ui/panels/common.h"
#include "ui/panels/mosaic.h"
#include "ui/panels/panel_list.h"

namespace grokscope::panel {
namespace {

constexpr PanelSwitch kConfidence{
    .name = "answers_confidence", .text = "Confidence", .explained = "Confidence in the right answers"};

constexpr std::string_view kHelp =
    "One square for every pair: a downwards, b to the right. Quiet blue with a dot: trained on and right; "
    "green: never "
    "trained on and right; grey with a cross: wrong. Look for green to fill the gaps between the blue, "
    "all over at once. Power et al. 2022, figure 1.";

enum Membership { kNoPair = -1, kTrain = 0, kFormerlyTrained = 1, kTest = 2, kUnused = 3 };
enum Category { kTrainRight, kFormerRight, kTestRight, kWrong };

/// Under label noise: what counts as right. The probe says so only where labels are wrong.
std::string noisy_caption(const Frame& frame) {
  const double wrong = scalar_of(&frame, "wrong_labels");
  if (!(wrong > 0.0)) return {};
  return "Right in training is the label trained on: " + whole_text(wrong) + " of them are wrong.";
}

struct Grid {
  const Array* truth = nullptr;  ///< the true answers, where labels are wrong
  const Array* guess = nullptr;
  const Array* target = nullptr;
  const Array* confidence = nullptr;
  const Array* membership = nullptr;
  std::int64_t rows = 0, columns = 0;
  bool valid() const { return rows > 0; }
  std::size_t cells() const { return static_cast<std::size_t>(rows * columns); }
};

Grid grid_of(const Frame* frame) {
  Grid grid;
  grid.guess = array_of(frame, "guess");
  grid.target = array_of(frame, "target");
  grid.confidence = array_of(frame, "confidence");
  grid.membership = array_of(frame, "membership");
  grid.truth = array_of(frame, "true_target");
  if (grid.guess == nullptr || grid.target == nullptr || grid.guess->shape.size() != 2) return grid;
  const auto cells = cells_of(grid.guess->shape[0], grid.guess->shape[1], grid.guess->values.size());
  const auto fits = [&](const Array* array) { return array == nullptr || array->values.size() == cells; };
  if (cells.value_or(0) == 0 || !fits(grid.guess) || !fits(grid.target) || !fits(grid.confidence) ||
      !fits(grid.membership) || !fits(grid.truth))
    return grid;
  grid.rows = grid.guess->shape[0];
  grid.columns = grid.guess->shape[1];
  return grid;
}

/// kNoPair for anything that is no membership.
int member_from(double value) {
  const auto index = index_from(value, kUnused + 1);
  return index ? static_cast<int>(*index) : kNoPair;
}

int member_of(const Grid& grid, std::size_t cell) {
  return grid.membership == nullptr ? kTest : member_from(grid.membership->values[cell]);
}

bool exists(const Grid& grid, std::size_t cell) {
  return grid.target->values[cell] >= 0.0f && member_of(grid, cell) >= 0;
}

bool right(const Grid& grid, std::size_t cell) {
  return grid.guess->values[cell] == grid.target->values[cell];
}

/// Every pair a square around whole numbers, so that the axes count a and b.
FieldMark whole_field(const Grid& grid) {
  FieldMark field;
  field.rows = grid.rows;
  field.columns = grid.columns;
  field.x0 = field.y1 = -0.5;
  field.x1 = static_cast<double>(grid.columns) - 0.5;
  field.y0 = static_cast<double>(grid.rows) - 0.5;
  field.values.assign(grid.cells(), std::numeric_limits<float>::quiet_NaN());
  field.signs.assign(grid.cells(), no_sign);
  return field;
}

Category category_of(const Grid& grid, std::size_t cell) {
  if (!right(grid, cell)) return kWrong;
  const int member = member_of(grid, cell);
  return member == kTrain ? kTrainRight : member == kFormerlyTrained ? kFormerRight : kTestRight;
}

FieldMark right_or_wrong(const Grid& grid) {
  FieldMark field = whole_field(grid);
  field.categories = {Role::cell_train, Role::cell_once, Role::cell_test, Role::cell_wrong};
  bool any_once = false;
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    if (!exists(grid, cell)) continue;
    const Category category = category_of(grid, cell);
    any_once = any_once || member_of(grid, cell) == kFormerlyTrained;
    field.values[cell] = static_cast<float>(category);
    field.signs[cell] = category == kWrong ? cross_sign : category == kTestRight ? no_sign : dot_sign;
  }
  field.category_names = {"train", any_once ? "trained once" : "", "test", "wrong"};
  return field;
}

FieldMark confidence_field(const Grid& grid) {
  FieldMark field = whole_field(grid);
  field.map = ColorMap::cividis;
  for (std::size_t cell = 0; cell < grid.cells(); ++cell) {
    if (!exists(grid, cell)) continue;
    field.values[cell] = grid.confidence->values[cell];
    field.signs[cell] = member_of(grid, cell) == kTrain ? dot_sign : no_sign;
  }
  return field;
}

Plot grid_plot(FieldMark field) {
  Plot plot;
  plot.equal_aspect = true;
  plot.x.label = "b";
  plot.y.label = "a";
  plot.x.integer = plot.y.integer = true;
  if (field.categories.empty()) plot.colors = ColorScale{field.map, false, percent(0.0), percent(1.0), ""};
  plot.marks.push_back(std::move(field));
  return plot;
}

std::string right_remark(const Frame& frame) {
  const double share = scalar_of(&frame, "right_share");
  const double unmirrored = scalar_of(&frame, "unmirrored_test_share");
  std::string text = std::isfinite(share) ? percent(share) + " right, " : "";
  if (std::isfinite(unmirrored)) text += "test without mirrors " + percent(unmirrored) + ", ";
  return text + remark_of(frame);
}

Chart grid_chart(const Frame& frame, const Grid& grid, bool confidence, bool large) {
  Chart chart;
  chart.name = confidence ? "answers-confidence" : "answers";
  chart.title = confidence ? "Confidence in the right answer" : "Answers";
  chart.remark = right_remark(frame);
  chart.help = confidence ? "Probability that the network gives to the right answer, dark 0 to bright 1; a "
                            "dot marks training "
                            "pairs. Look for the bright patches to spread beyond the dots."
                          : kHelp;
  if (confidence && large) chart.caption = "dot: training pair";
  if (!confidence && large) chart.caption = noisy_caption(frame);
  chart.plots.push_back(grid_plot(confidence ? confidence_field(grid) : right_or_wrong(grid)));
  return chart;
}

/// The images that a small view shows: the first of either half, so that each can be made out.
std::vector<std::size_t> shown_samples(const Array& samples, bool large) {
  const std::size_t count = static_cast<std::size_t>(std::max<std::int64_t>(0, mosaic_shape(samples).count));
  constexpr std::size_t kInSmall = 16;
  const std::size_t half = count / 2, of_half = kInSmall / 2;
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < count; ++i) {
    const bool in_front = i < half ? i < of_half : i - half < of_half;
    if (large || count <= kInSmall || in_front) shown.push_back(i);
  }
  return shown;
}

double sample_value(const Frame& frame, const char* name, std::size_t index) {
  const Array* array = array_of(&frame, name);
  return array != nullptr && index < array->values.size() ? static_cast<double>(array->values[index])
                                                          : std::numeric_limits<double>::quiet_NaN();
}

/// A frame around an image whose guess is wrong.
LineMark wrong_frame(const MosaicShape& shape, std::size_t place) {
  const std::int64_t at = static_cast<std::int64_t>(place), whole_rows = at / shape.columns;
  const auto column = static_cast<double>(at % shape.columns), row = static_cast<double>(whole_rows);
  const double left = column * static_cast<double>(shape.cell_width()),
               right = left + static_cast<double>(shape.width);
  const double sheet = static_cast<double>(shape.rows * shape.cell_height() - 1);
  const double top = sheet - row * static_cast<double>(shape.cell_height()),
               bottom = top - static_cast<double>(shape.height);
  LineMark line;
  line.samples = {{left, top}, {right, top}, {right, bottom}, {left, bottom}, {left, top}};
  line.role = Role::event;
  line.name = "wrong guess";
  line.dash = Dash::solid;
  line.width_px = 2.0f;
  line.ends_at_cursor = false;
  return line;
}

Chart samples_chart(const Frame& frame, const Array& all, bool large) {
  const std::vector<std::size_t> shown = shown_samples(all, large);
  const Array samples = images_of(all, shown);
  Chart chart;
  chart.name = "answers";
  chart.title = "Images";
  chart.remark = right_remark(frame);
  chart.caption = "upper half trained on, lower half not; framed: guessed wrong";
  if (large) chart.hint = "· Hover for the guess.";
  chart.help =
      "A fixed choice of 64 images: the upper 32 from the training set, the lower 32 from the test set. "
      "A frame says that the guess is wrong. Hover one for the guess, the right answer and how sure the "
      "network is.";
  chart.plots.push_back(mosaic_plot(samples, ColorMap::viridis, 0.0, 1.0, true));
  const MosaicShape shape = mosaic_shape(samples);
  for (std::size_t place = 0; place < shown.size(); ++place) {
    const double guess = sample_value(frame, "sample_guess", shown[place]),
                 target = sample_value(frame, "sample_target", shown[place]);
    if (guess != target) chart.plots.back().marks.push_back(wrong_frame(shape, place));
  }
  return chart;
}

std::vector<PlacedChart> build(const PanelContext& context, bool large) {
  const FramePtr frame = frame_of(context, "answers");
  const Rect whole{0, 0, 1, 1};
  Chart empty;
  empty.name = "answers";
  empty.title = "Answers";
  empty.help = kHelp;
  empty.empty = why_empty(context, frame.get());
  if (!empty.empty.empty()) return {{whole, std::move(empty)}};
  if (const Array* samples = array_of(frame.get(), "samples");
      samples != nullptr && samples->shape.size() == 3) {
    return {{whole, samples_chart(*frame, *samples, large)}};
  }
  const Grid grid = grid_of(frame.get());
  if (!grid.valid()) {
    empty.empty = "This look holds no answers.";
    return {{whole, std::move(empty)}};
  }
  if (large && grid.confidence != nullptr) {
    return {{Rect{0, 0, 0.5f, 1}, grid_chart(*frame, grid, false, true)},
            {Rect{0.5f, 0, 0.5f, 1}, grid_chart(*frame, grid, true, true)}};
  }
  const bool confidence = context.on(kConfidence) && grid.confidence != nullptr;
  Chart chart = grid_chart(*frame, grid, confidence, large);
  chart.name = "answers";
  return {{whole, std::move(chart)}};
}

const char* membership_text(int member) {
  switch (member) {
    case kTrain:
      return "trained on";
    case kFormerlyTrained:
      return "once trained on, not now";
    case kUnused:
      return "not used";
    default:
      return "never trained on";
  }
}

std::string hover_sample(const Frame& frame, const Array& all, bool large, double x, double y) {
  const std::vector<std::size_t> shown = shown_samples(all, large);
  const std::int64_t place = mosaic_index(mosaic_shape(images_of(all, shown)), x, y);
  if (place < 0 || static_cast<std::size_t>(place) >= shown.size()) return {};
  const auto value = [&](const char* name) {
    return sample_value(frame, name, shown[static_cast<std::size_t>(place)]);
  };
  return "class " + pretty(value("sample_target"), 3) + ", guessed " + pretty(value("sample_guess"), 3) +
         "\nright answer has " + percent(value("sample_confidence"), 1) + "\n" +
         membership_text(member_from(value("sample_membership")));
}

bool mirror_is_trained(const Grid& grid, std::size_t a, std::size_t b) {
  if (b >= static_cast<std::size_t>(grid.rows) || a >= static_cast<std::size_t>(grid.columns)) return false;
  const std::size_t mirror = b * static_cast<std::size_t>(grid.columns) + a;
  const int member = exists(grid, mirror) ? member_of(grid, mirror) : kNoPair;
  return member == kTrain || member == kFormerlyTrained;
}

std::string hover(const PanelContext& context, const PlotPlace& at) {
  const double x = at.x, y = at.y;
  const FramePtr frame = frame_of(context, "answers");
  if (const Array* samples = array_of(frame.get(), "samples"))
    return hover_sample(*frame, *samples, context.large, x, y);
  const Grid grid = grid_of(frame.get());
  if (!grid.valid()) return {};
  const auto b = cell_from(x + 0.5, grid.columns), a_found = cell_from(y + 0.5, grid.rows);
  if (!b || !a_found) return {};
  const std::size_t a = *a_found, cell = a * static_cast<std::size_t>(grid.columns) + *b;
  std::string text = "a = " + std::to_string(a) + ", b = " + std::to_string(*b);
  if (!exists(grid, cell)) return text + "\nno such pair";
  const bool lied = grid.truth != nullptr && grid.truth->values[cell] != grid.target->values[cell];
  const bool order_matters = !std::isfinite(scalar_of(frame.get(), "unmirrored_test_share"));
  text += (lied ? "\nlabel trained on " : "\nanswer ") + whole_text(grid.target->values[cell]) +
          (lied ? ", true answer " + whole_text(grid.truth->values[cell]) : "") + ", guessed " +
          whole_text(grid.guess->values[cell]) + (right(grid, cell) ? ", right" : ", wrong") + "\n" +
          membership_text(member_of(grid, cell));
  if (!order_matters && member_of(grid, cell) == kTest && mirror_is_trained(grid, a, *b))
    text += ", but its mirror (b, a) is";
  const Array* classes = array_of(frame.get(), "top_classes");
  const Array* shares = array_of(frame.get(), "top_probabilities");
  if (classes != nullptr && shares != nullptr && classes->values.size() == 3 * grid.cells() &&
      shares->values.size() == 3 * grid.cells()) {
    for (std::size_t i = 0; i < 3; ++i) {
      text +=
          "\n" + whole_text(classes->values[3 * cell + i]) + "  " + percent(shares->values[3 * cell + i], 1);
    }
  }
  return text;
}

bool applies(const PanelContext& context, std::string_view) {
  return probe_applies(context, "answers");
}

constexpr TilePlace kTiles[] = {{TileRow::middle, 50, 232}};
constexpr const PanelSwitch* kSwitches[] = {&kConfidence};

}  // namespace

const Panel kAnswers{.name = "answers",
                     .short_name = "Answers",
                     .title = "Answers",
                     .help = kHelp,
                     .key = Key::digit_6,
                     .tiles = kTiles,
                     .switches = kSwitches,
                     .only_probe = "answers",
                     .square = true,
                     .build = build,
                     .hover = hover,
                     .applies = applies};

}  // namespace grokscope::panel

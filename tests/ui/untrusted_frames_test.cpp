// Frames come from files that anybody may have written: panels draw and answer the mouse whatever numbers
// they hold. The sanitizer build is what sees a conversion that overflows.
#include <gtest/gtest.h>

#include <random>

#include "base/whole_number.h"
#include "ui/panels/common.h"
#include "ui/panels/mosaic.h"
#include "ui/wild_frames.h"

namespace grokscope {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

TEST(WholeNumbers, AreOnlyMadeOfWhatFits) {
  EXPECT_EQ(whole_from(2.6), 3);
  EXPECT_EQ(whole_from(-2.6), -3);
  for (const double wrong : {kNan, kInfinity, -kInfinity, 1e308, -1e308, 9.3e18, 1e17})
    EXPECT_EQ(whole_from(wrong), std::nullopt) << wrong;
  EXPECT_EQ(cell_from(2.999, 3), 2u);
  for (const double wrong : {kNan, -0.001, 3.0, 1e308, kInfinity})
    EXPECT_EQ(cell_from(wrong, 3), std::nullopt);
  EXPECT_EQ(index_from(1.6, 3), 2u);
  for (const double wrong : {kNan, -0.6, 2.6, 1e19}) EXPECT_EQ(index_from(wrong, 3), std::nullopt) << wrong;
  EXPECT_EQ(cells_of(3, 4, 12), 12u);
  EXPECT_EQ(cells_of(0, std::numeric_limits<std::int64_t>::max(), 0), 0u);
  EXPECT_EQ(cells_of(3, 5, 12), std::nullopt);
  EXPECT_EQ(cells_of(1ll << 33, 1ll << 33, 12), std::nullopt);
  EXPECT_EQ(cells_of(-1, -12, 12), std::nullopt);
}

TEST(Untrusted, StepsUnderTheMouseStayWithinTheRun) {
  EXPECT_EQ(panel::step_at(17.9), 17);
  for (const double before : {kNan, -1.0, -kInfinity}) EXPECT_EQ(panel::step_at(before), 0);
  EXPECT_EQ(panel::step_at(kInfinity), panel::step_at(1e308));
  EXPECT_EQ(panel::whole_text(kNan), "–");
  EXPECT_EQ(panel::whole_text(1e308), "–");
}

TEST(Untrusted, ASheetWhoseShapeIsLargerThanItsValuesIsNone) {
  const std::vector<float> values(8, 0.5f);
  EXPECT_EQ(panel::mosaic_shape({{2, 2, 2}, values}).count, 2);
  for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{3, 2, 2},
                                                 {1ll << 40, 2, 2},
                                                 {2, 1ll << 40, 1ll << 40},
                                                 {-2, -2, 2},
                                                 {2, 0, 2}}) {
    const panel::MosaicShape sheet = panel::mosaic_shape({shape, values});
    EXPECT_EQ(sheet.count, 0);
    EXPECT_EQ(panel::mosaic_index(sheet, 0.5, 0.5), -1);
  }
}

TEST(Untrusted, AnswersThatAreNoNumbersAreSaidAsSuch) {
  Frame frame{"answers", 1};
  const float end = std::numeric_limits<float>::max();
  frame.arrays["guess"] = {{1, 2}, {static_cast<float>(kNan), end}};
  frame.arrays["target"] = {{1, 2}, {end, 1.0f}};
  frame.arrays["membership"] = {{1, 2}, {0.0f, end}};
  History history{RunConfig{}};
  history.append(std::make_shared<const Frame>(frame));
  PanelContext context;
  context.history = &history;
  context.step = 1;
  const Panel& answers = *find_panel("answers");
  EXPECT_EQ(answers.hover(context, {0, 0, 0.0, 0.0}), "a = 0, b = 0\nanswer –, guessed –, wrong\ntrained on");
  EXPECT_EQ(answers.hover(context, {0, 0, 1.0, 0.0}), "a = 0, b = 1\nno such pair");
  for (const double x : {kNan, 1e308, -1e308}) EXPECT_EQ(answers.hover(context, {0, 0, x, 0.5}), "");
}

TEST(Untrusted, AKeyFrequencyOutsideOfTheFrequenciesAccentsNone) {
  Frame frame{"fourier", 1};
  frame.arrays["power"] = {{3}, {0.5f, 0.3f, 0.2f}};
  frame.arrays["key_frequencies"] = {
      {4}, {static_cast<float>(kNan), std::numeric_limits<float>::max(), 0.0f, 2.0f}};
  History history{RunConfig{}};
  history.append(std::make_shared<const Frame>(frame));
  PanelContext context;
  context.history = &history;
  context.step = 1;
  const std::vector<PlacedChart> charts = find_panel("fourier")->build(context, false);
  for (const Mark& mark : charts[0].chart.plots[0].marks) {
    if (const auto* bars = std::get_if<BarsMark>(&mark)) {
      EXPECT_EQ(bars->strong, (std::vector<std::uint8_t>{0, 1, 0}));
    }
  }
}

TEST(Untrusted, EveryPanelDrawsAndAnswersTheMouseWhateverAFrameHolds) {
  std::mt19937 random(7);
  std::size_t drawn = 0;
  for (int round = 0; round < 40; ++round) {
    std::vector<std::uint8_t> bytes(4000);
    for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
    testing::Choices choices(bytes);
    const History shown = testing::wild_history(choices), other = testing::wild_history(choices);
    PanelContext context;
    context.history = &shown;
    context.config = &shown.config();
    context.step = shown.last() == nullptr ? 0 : shown.last()->step;
    const std::vector<OtherRun> others = {{std::make_shared<const History>(other), "before: wild"}};
    context.others = others;
    drawn += testing::draw_and_hover(context);
  }
  EXPECT_GT(drawn, 40u * 2u * panels().size());
}

}  // namespace
}  // namespace grokscope

// Typed inputs: who asks for another type hears which one is there, and pictures have channels.
#include "data/inputs.h"

#include <gtest/gtest.h>

namespace grokscope {
namespace {

TEST(Inputs, AreOfTheKindTheySay) {
  EXPECT_EQ(kind_of(PairInputs{}), InputKind::pairs);
  EXPECT_EQ(kind_of(ImageInputs{}), InputKind::images);
  EXPECT_EQ(kind_of(FeatureInputs{}), InputKind::features);
  EXPECT_EQ(kind_of(TextInputs{}), InputKind::text);
  EXPECT_EQ(kind_of(GraphInputs{}), InputKind::graphs);
}

TEST(Inputs, AskedForAsAnotherTypeSayWhatTheyAre) {
  const Inputs images = ImageInputs{};
  try {
    inputs_as<PairInputs>(images);
    FAIL() << "images were read as pairs";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "the inputs are images, which cannot be read here");
  }
}

TEST(Inputs, EveryTensorIsChangedAndNothingElse) {
  const Inputs images = ImageInputs{at::ones({2, 12}), 3, 2, 2};
  const Inputs half = changed_inputs(images, [](const at::Tensor& all) { return all.narrow(0, 0, 1); });
  const auto& changed = inputs_as<ImageInputs>(half);
  EXPECT_EQ(changed.pixels.sizes(), (at::IntArrayRef{1, 12}));
  EXPECT_EQ(changed.channels, 3);
  EXPECT_EQ(inputs_as<ImageInputs>(images).pixels.size(0), 2);
  const Inputs none = changed_inputs(GraphInputs{}, [](const at::Tensor&) -> at::Tensor {
    throw std::logic_error("an undefined tensor is left alone");
  });
  EXPECT_FALSE(inputs_as<GraphInputs>(none).nodes.defined());
}

TEST(Inputs, APictureOfSeveralChannelsIsTheirMean) {
  const at::Tensor pixels = at::arange(12, at::kFloat).view({1, 12});
  EXPECT_TRUE(pictures_of(pixels, {pixels, 1, 3, 4}).equal(pixels.view({1, 3, 4})));
  const at::Tensor colour = pictures_of(pixels, {pixels, 3, 2, 2});
  EXPECT_TRUE(colour.equal(at::tensor(std::vector<float>{4, 5, 6, 7}).view({1, 2, 2}))) << colour;
}

}  // namespace
}  // namespace grokscope

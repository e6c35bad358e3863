// Rules between fields: each broken once.
#include <gtest/gtest.h>

#include <initializer_list>

#include "config/fields.h"
#include "config/presets.h"

namespace grokscope {
namespace {

std::string verdict(std::initializer_list<const char*> assignments) {
  RunConfig config = find_preset("quickstart")->config;
  for (const char* assignment : assignments) {
    const Status status = set_field_from_text(config, assignment);
    if (!status) return "refused: " + status.error().message;
  }
  const Status status = validate(config);
  return status ? "valid" : status.error().message;
}

TEST(Validate, OperationBelongsToItsKind) {
  EXPECT_EQ(
      verdict({"task.kind=s5"}),
      "task.operation = '+' does not belong to task.kind = s5: choose one of product | conjugate | aba");
  EXPECT_EQ(verdict({"task.kind=s5", "task.operation=product"}), "valid");
  EXPECT_EQ(verdict({"task.operation=aba"}),
            "task.operation = 'aba' does not belong to task.kind = modular: choose one of + | - | * | / | "
            "x^2+y^2 | "
            "x^2+xy+y^2 | x^2+xy+y^2+x | x^3+xy | x^3+xy^2+y | x/y if y odd else x-y | +* | +-");
}

TEST(Validate, DivisionNeedsAPrime) {
  EXPECT_EQ(verdict({"task.operation=/", "task.modulus=97"}), "valid");
  EXPECT_EQ(verdict({"task.operation=/", "task.modulus=91"}),
            "task.operation = '/' divides, so task.modulus must be prime, and 91 is not: try 53 or 97");
  EXPECT_EQ(verdict({"task.operation=x/y if y odd else x-y", "task.modulus=96"}),
            "task.operation = 'x/y if y odd else x-y' divides, so task.modulus must be prime, and 96 is not: "
            "try 53 or 97");
  EXPECT_EQ(verdict({"task.modulus=91"}), "valid");
}

TEST(Validate, TasksNeedTheirSource) {
  EXPECT_EQ(verdict({"task.kind=formula"}),
            "task.kind = formula needs task.formula, for example task.formula=a^2+3*b");
  EXPECT_EQ(verdict({"task.kind=formula", "task.formula=a*b"}), "valid");
  EXPECT_EQ(verdict({"task.kind=table"}), "task.kind = table needs task.path, a CSV file");
  EXPECT_EQ(verdict({"task.kind=table", "task.path=x.csv"}), "valid");
  EXPECT_EQ(
      verdict({"task.kind=images", "model.kind=mlp", "init.kind=default"}),
      "task.kind = images needs task.path, a folder of IDX files such as /usr/share/datasets/fashion-mnist");
}

TEST(Validate, SomethingMustRemainToTest) {
  EXPECT_EQ(verdict({"task.train_size=4488"}), "valid");
  EXPECT_EQ(verdict({"task.train_size=4489"}),
            "task.train_size = 4489 leaves nothing to test: there are 4489 pairs");
  EXPECT_EQ(verdict({"task.kind=s5", "task.operation=s5", "task.train_size=14400"}),
            "task.train_size = 14400 leaves nothing to test: there are 14400 pairs");
}

TEST(Validate, WidthsFitTogether) {
  EXPECT_EQ(verdict({"model.heads=3"}),
            "model.width = 128 does not divide into model.heads = 3: choose a multiple of the heads");
  EXPECT_EQ(verdict({"model.heads=3", "model.kind=mlp", "init.kind=default"}), "valid");
  EXPECT_EQ(verdict({"model.heads=1", "model.width=63", "model.positions=sinusoidal"}),
            "model.positions = sinusoidal pairs sines with cosines, so model.width must be even, not 63");
  EXPECT_EQ(verdict({"model.heads=1", "model.width=63"}), "valid");
}

TEST(Validate, ModelTakesTheTask) {
  EXPECT_EQ(verdict({"task.kind=images", "task.path=/x"}),
            "model.kind = transformer reads pairs, not images: set model.kind=mlp, cnn or resnet18");
  EXPECT_EQ(verdict({"task.kind=teacher_student", "loss.kind=mse"}),
            "model.kind = transformer reads pairs, not rows of numbers: set model.kind=mlp or cnn1d");
  EXPECT_EQ(verdict({"task.kind=text", "model.kind=mlp", "init.kind=default"}),
            "model.kind = mlp reads pairs, images and rows of numbers, not text: set model.kind=lstm");
  EXPECT_EQ(verdict({"model.kind=lstm", "init.kind=default"}),
            "model.kind = lstm reads text, not task.kind = modular: set model.kind=transformer or mlp");
  EXPECT_EQ(verdict({"task.kind=molecules", "loss.kind=mse", "model.kind=quadratic", "init.kind=default"}),
            "model.kind = quadratic reads pairs, not molecules: set model.kind=graph");
  EXPECT_EQ(verdict({"model.kind=adder", "init.kind=default"}),
            "model.kind = adder reads plain addition, not task.kind = modular: set model.kind=transformer or "
            "mlp");
  EXPECT_EQ(verdict({"task.kind=addition", "model.kind=adder", "init.kind=default"}), "valid");
  EXPECT_EQ(verdict({"task.kind=addition"}), "valid");
}

TEST(Validate, NumbersAsAnswersNeedTheSquaredError) {
  for (const char* loss : {"cross_entropy", "stablemax"}) {
    EXPECT_EQ(verdict({"task.kind=teacher_student", "model.kind=mlp", "init.kind=default",
                       (std::string("loss.kind=") + loss).c_str()}),
              std::string("loss.kind = ") + loss +
                  " needs classes, but the answers of task.kind = teacher_student are numbers: set "
                  "loss.kind=mse");
  }
  EXPECT_EQ(verdict({"task.kind=teacher_student", "model.kind=mlp", "init.kind=default", "loss.kind=mse"}),
            "valid");
  EXPECT_EQ(verdict({"task.kind=addition", "loss.kind=mse", "model.sequence=power"}),
            "model.sequence = power ends with a token <eos>, which no target vector stands for: set "
            "model.sequence=a_b_equals or loss.kind=cross_entropy");
}

TEST(Validate, ATeacherLeavesSomethingToTest) {
  EXPECT_EQ(verdict({"task.kind=teacher_student", "model.kind=mlp", "init.kind=default", "loss.kind=mse",
                     "task.train_size=200"}),
            "task.train_size = 200 leaves nothing to test: task.examples gives 200 in all");
  EXPECT_EQ(verdict({"task.kind=addition", "task.modulus=10", "task.train_size=55"}),
            "task.train_size = 55 leaves nothing to test: there are 55 pairs");
}

TEST(Validate, InitialisationBelongsToItsModel) {
  EXPECT_EQ(verdict({"model.kind=mlp"}),
            "init.kind = nanda is defined for model.kind = transformer, not mlp: set init.kind=default");
  EXPECT_EQ(
      verdict({"init.kind=gromov"}),
      "init.kind = gromov is defined for model.kind = quadratic, not transformer: set init.kind=default");
}

TEST(Validate, TheFusedEngineHasFloat64ForMlpsOnRowsAlone) {
  EXPECT_EQ(verdict({"train.precision=float64"}), "valid");
  EXPECT_EQ(
      verdict({"train.precision=float64", "train.engine=fused"}),
      "train.engine = fused computes in train.precision = float64 only with model.kind = mlp on images or "
      "rows of numbers: set train.engine=auto");
  EXPECT_EQ(verdict({"train.precision=float64", "train.engine=fused", "model.kind=mlp", "task.kind=images",
                     "task.path=mnist", "init.kind=torch"}),
            "valid");
}

TEST(Validate, AugmentationIsForPicturesAndAutograd) {
  EXPECT_EQ(
      verdict({"train.augmentation=crop_flip"}),
      "train.augmentation = crop_flip moves and mirrors pictures, and task.kind = modular has pairs: set "
      "train.augmentation=none");
  const std::initializer_list<const char*> pictures = {
      "train.augmentation=crop", "task.kind=images", "task.path=mnist", "model.kind=mlp", "init.kind=torch"};
  EXPECT_EQ(verdict(pictures), "valid");
  EXPECT_EQ(verdict({"train.augmentation=crop", "task.kind=images", "task.path=mnist", "model.kind=mlp",
                     "init.kind=torch", "train.engine=fused"}),
            "train.engine = fused has no train.augmentation: set train.engine=auto");
}

TEST(Validate, PicturesHaveThreeChannelsOrTheirOwn) {
  EXPECT_EQ(verdict({"task.kind=images", "task.path=mnist", "task.channels=3", "model.kind=mlp",
                     "init.kind=torch"}),
            "valid");
  EXPECT_EQ(verdict({"task.kind=images", "task.path=mnist", "task.channels=2", "model.kind=mlp",
                     "init.kind=torch"}),
            "task.channels = 2: pictures are taken as they are (0) or in three channels (3)");
}

TEST(Validate, BatchIsNotLargerThanTheTrainingSet) {
  EXPECT_EQ(verdict({"task.train_size=100", "train.batch_size=100"}), "valid");
  EXPECT_EQ(verdict({"task.train_size=100", "train.batch_size=101"}),
            "train.batch_size = 101 is more than task.train_size = 100: use 0 for the full batch");
}

TEST(Validate, AbsurdLearningRatesAreTheUsersBusiness) {
  EXPECT_EQ(verdict({"optimizer.learning_rate=1e6"}), "valid");
}

TEST(Validate, SeesWhatWasSetPastTheTable) {
  RunConfig config;
  config.train.steps = 0;
  EXPECT_EQ(validate(config).error().message, "train.steps must be in 1 .. 1000000000, not 0");
  EXPECT_EQ(validate(config).error().blame, Blame::usage);
}

}  // namespace
}  // namespace grokscope

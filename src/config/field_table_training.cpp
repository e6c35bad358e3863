// The rows loss.*, optimizer.*, train.* and seed: how it is learned.
#include "config/field_table.h"
#include "config/task_kinds.h"

namespace grokscope {
namespace {

void add_decay_fields(std::vector<Field>& table) {
  constexpr auto optimizer = &RunConfig::optimizer;
  table.push_back(choice_row("optimizer.decay_towards", "Decay towards", optimizer,
                             &OptimizerConfig::decay_towards, {"zero", "initialisation"},
                             "Where weight decay pulls the weights: to zero, or back to where they began, "
                             "which helps less (Power et "
                             "al. 2022, Figure 2)."));
  table.push_back(changes_live(in_decades(real_row(
      "optimizer.l1", "L1 penalty", optimizer, &OptimizerConfig::l1, {0.0, 100.0}, {0.0, 0.01}, "",
      "Adds this times the sum of all absolute weights to the loss: drives weights to exactly nothing, where "
      "weight decay only makes them small (Tibshirani 1996)."))));
  table.push_back(changes_live(in_decades(real_row(
      "optimizer.embedding_learning_rate", "Embedding rate", optimizer,
      &OptimizerConfig::embedding_learning_rate, {0.0, 1e9}, {0.0, 0.1}, "",
      "A learning rate of their own for the embeddings of tokens and positions; 0 uses the common one. A "
      "slow decoder with "
      "fast "
      "embeddings understands, the reverse memorises (Liu et al. 2022, effective theory, Figure 6)."))));
  table.push_back(changes_live(real_row(
      "optimizer.embedding_weight_decay", "Embedding decay", optimizer,
      &OptimizerConfig::embedding_weight_decay, {0.0, 1000.0}, {0.0, 1.0}, "× weight decay",
      "How much of the weight decay the token embeddings get; 0 leaves them free (Liu et al. 2022, effective "
      "theory).")));
  table.push_back(in_decades(real_row(
      "optimizer.gradient_clip", "Clip gradient", optimizer, &OptimizerConfig::gradient_clip, {0.0, 1e6},
      {0.0, 10.0}, "",
      "A gradient longer than this is shortened to it; 0 never. Keeps an LSTM from jumping (5 in Liu et al. "
      "2022, Omnigrok).")));
}

void add_noise_fields(std::vector<Field>& table) {
  constexpr auto optimizer = &RunConfig::optimizer;
  table.push_back(changes_live(in_decades(real_row(
      "optimizer.weight_noise", "Weight noise", optimizer, &OptimizerConfig::weight_noise, {0.0, 10.0},
      {0.0, 0.1}, "",
      "Each gradient is taken at weights shaken by Gaussian noise of this deviation, which prefers flat "
      "minima (0.01 in Power et al. 2022, Figure 2)."))));
  table.push_back(changes_live(in_decades(real_row(
      "optimizer.gradient_noise", "Gradient noise", optimizer, &OptimizerConfig::gradient_noise, {0.0, 10.0},
      {0.0, 0.1}, "",
      "Gaussian noise of this deviation is added to every gradient of the full batch, as small batches would "
      "(Power et al. 2022, Figure 2)."))));
}

void add_filter_fields(std::vector<Field>& table) {
  constexpr auto optimizer = &RunConfig::optimizer;
  table.push_back(choice_row(
      "optimizer.gradient_filter", "Gradient filter", optimizer, &OptimizerConfig::gradient_filter,
      {"none", "grokfast_ema", "grokfast_ma"},
      "Amplifies the slow part of the gradient, which carries generalisation: its running average "
      "(grokfast_ema) or the mean of a window (grokfast_ma) is added to it (Lee et al. 2024, Grokfast)."));
  table.push_back(changes_live(real_row("optimizer.filter_strength", "Filter strength λ", optimizer,
                                        &OptimizerConfig::filter_strength, {0.0, 100.0}, {0.0, 10.0}, "",
                                        "How many times the slow part is added: 2 with the running average, "
                                        "5 with the window (Lee et al. 2024, "
                                        "Grokfast).")));
  table.push_back(real_row(
      "optimizer.filter_memory", "Filter memory α", optimizer, &OptimizerConfig::filter_memory,
      {0.0, 0.999999}, {0.8, 0.999}, "",
      "grokfast_ema: how slow the slow part is; it averages over about 1 / (1 − α) steps (0.98 in Lee et al. "
      "2024, Grokfast)."));
  table.push_back(in_decades(integer_row(
      "optimizer.filter_window", "Filter window", optimizer, &OptimizerConfig::filter_window, {1, 10'000},
      {10, 1000}, "steps",
      "grokfast_ma: the gradients of so many steps are kept and averaged, which takes that many times the "
      "memory of the weights (100 in Lee et al. 2024, Grokfast).")));
  table.push_back(boolean_row(
      "optimizer.orthogonal_gradient", "⊥Grad", optimizer, &OptimizerConfig::orthogonal_gradient,
      "Drops from each tensor's gradient what only makes the weights longer, and keeps its length: no more "
      "growing logits after memorising, and grokking without weight decay (Prieto et al. 2025)."));
}

void add_optimizer_fields(std::vector<Field>& table) {
  constexpr auto optimizer = &RunConfig::optimizer;
  table.push_back(choice_row(
      "optimizer.kind", "Optimizer", optimizer, &OptimizerConfig::kind, {"sgd", "adam", "adamw", "muon"},
      "How a gradient becomes a step. adamw shrinks the weights beside the gradient step; adam and sgd add "
      "weight decay "
      "to the gradient; muon makes the step of every matrix between embedding and readout orthogonal, of the "
      "size of Adam's "
      "steps, and is adamw for the rest. Plain sgd "
      "groks "
      "too, only slowly (Loshchilov & Hutter 2017; Gromov 2023; muon: Jordan et al. 2024, Tveit et al. "
      "2025)."));
  table.push_back(
      changes_live(in_decades(real_row("optimizer.learning_rate", "Learning rate", optimizer,
                                       &OptimizerConfig::learning_rate, {0.0, 1e9}, {1e-5, 0.1}, "",
                                       "The size of a step. Raise it and everything happens sooner, until "
                                       "the loss spikes or diverges; the usable window "
                                       "is about a factor of ten wide (Power et al. 2022, Figure 2). Gromov "
                                       "2023's model needs about a million."))));
  table.push_back(changes_live(in_decades(real_row(
      "optimizer.weight_decay", "Weight decay", optimizer, &OptimizerConfig::weight_decay, {0.0, 1000.0},
      {0.0, 10.0}, "",
      "How strongly weights are pulled to zero. It is what drives most grokking: ten times the decay, about "
      "a tenth of "
      "the wait; at 0 the network may memorise for ever (Nanda et al. 2023; Liu et al. 2022, Omnigrok)."))));
  table.push_back(
      real_row("optimizer.beta1", "β₁", optimizer, &OptimizerConfig::beta1, {0.0, 0.999999}, {0.0, 0.99}, "",
               "Adam: how long gradients are averaged, over about 1 / (1 − β₁) steps. 0.9 "
               "everywhere in the literature (Kingma & "
               "Ba 2014). For the matrices of muon it is the momentum (0.95 in Jordan et al. 2024)."));
  table.push_back(real_row("optimizer.beta2", "β₂", optimizer, &OptimizerConfig::beta2, {0.0, 0.999999},
                           {0.9, 0.999}, "",
                           "Adam: how long squared gradients are averaged, over about 1 / (1 − β₂) steps. "
                           "The grokking papers use 0.98, not the "
                           "customary 0.999 (Power et al. 2022; Nanda et al. 2023)."));
  table.push_back(in_decades(real_row("optimizer.epsilon", "ε", optimizer, &OptimizerConfig::epsilon,
                                      {1e-30, 1.0}, {1e-12, 1e-3}, "",
                                      "Adam: added to the root of the squared gradients. When the loss is "
                                      "almost 0 it decides whether tiny gradients "
                                      "still move the weights (Prieto et al. 2025).")));
  table.push_back(real_row("optimizer.momentum", "Momentum", optimizer, &OptimizerConfig::momentum,
                           {0.0, 0.9999}, {0.0, 0.99}, "",
                           "sgd: how much of the last step is repeated. Near 1 it acts like a learning rate "
                           "1 / (1 − momentum) times as large "
                           "(Polyak 1964)."));
  table.push_back(integer_row("optimizer.warmup_steps", "Warm-up", optimizer, &OptimizerConfig::warmup_steps,
                              {0, 1'000'000}, {0, 100}, "steps",
                              "The learning rate rises evenly over this many first steps, so that Adam's "
                              "first estimates do no harm; 0 starts at "
                              "full size (10 in Power et al. 2022 and Nanda et al. 2023)."));
  table.push_back(choice_row(
      "optimizer.schedule", "Rate schedule", optimizer, &OptimizerConfig::schedule,
      {"constant", "inverse_sqrt"},
      "How the learning rate goes on after warm-up: constant, or inverse_sqrt, which divides it by √(1 + "
      "⌊step "
      "/ schedule_steps⌋). With sgd and no momentum the latter is what the 5-layer CNN of Nakkiran et al. "
      "2019 (Deep Double Descent) was trained with, from a rate of 0.1."));
  table.push_back(
      in_decades(integer_row("optimizer.schedule_steps", "Schedule steps", optimizer,
                             &OptimizerConfig::schedule_steps, {1, 1'000'000'000}, {1, 10'000}, "steps",
                             "inverse_sqrt: the rate stays the same for so many steps; after the first so "
                             "many it is 71 % of what it "
                             "was, after three times as many half (512 in Nakkiran et al. 2019).")));
  table.push_back(changes_live(real_row(
      "optimizer.clamp_norm", "Clamp weight norm", optimizer, &OptimizerConfig::clamp_norm, {0.0, 100.0},
      {0.0, 2.0}, "× initial norm",
      "After every step all weights are rescaled to this multiple of the initial norm; 0 switches it off. At "
      "0.8 without "
      "weight decay, train and test rise together: no grokking (Liu et al. 2022, Omnigrok, Figure 7b).")));
  add_decay_fields(table);
  add_noise_fields(table);
  add_filter_fields(table);
}

void add_train_fields(std::vector<Field>& table) {
  constexpr auto train = &RunConfig::train;
  table.push_back(
      in_decades(integer_row("train.batch_size", "Batch size", train, &TrainConfig::batch_size,
                             {0, 10'000'000}, {0, 4096}, "examples",
                             "Examples in one step; 0 takes all of them, which makes the curves smooth. "
                             "Small batches add noise that can itself "
                             "help to generalise (512 in Power et al. 2022; all in Nanda et al. 2023).")));
  table.push_back(choice_row(
      "train.augmentation", "Augmentation", train, &TrainConfig::augmentation,
      {"none", "crop", "flip", "crop_flip"},
      "Pictures are changed anew in every training step, never when they are scored: crop shifts them by up "
      "to 4 pixels each way (what moves in is 0), flip mirrors half of them left to right. Moves the peak "
      "of double descent to larger networks (both in Nakkiran et al. 2019)."));
  table.push_back(in_decades(integer_row("train.steps", "Steps", train, &TrainConfig::steps,
                                         {1, 1'000'000'000}, {500, 100'000}, "steps",
                                         "After this many updates the run ends. Do not stop when training "
                                         "accuracy is perfect: that is where grokking "
                                         "begins (Power et al. 2022).")));
  table.push_back(in_decades(integer_row(
      "train.eval_every", "Evaluate every", train, &TrainConfig::eval_every, {1, 1'000'000}, {1, 1000},
      "steps", "Steps between two points of the curves. Fewer steps show spikes, more steps train faster.")));
  table.push_back(
      in_decades(integer_row("train.probe_every", "Probe every", train, &TrainConfig::probe_every,
                             {0, 1'000'000'000}, {0, 10'000}, "steps",
                             "Steps between two looks inside the network (Fourier, ranks, norms "
                             "per layer); 0 spaces them evenly on a "
                             "logarithmic axis, about 16 in each decade, as far as the probe budget goes.")));
  table.push_back(
      real_row("train.probe_budget", "Probe budget", train, &TrainConfig::probe_budget, {0.0, 1.0},
               {0.0, 0.5}, "of training time",
               "How much of the training time looking inside the network may take when the steps "
               "between two looks are not fixed. What does not fit is looked at later, and said at "
               "the end. Waiting is free: a paced or paused run is looked at more often."));
  table.push_back(
      in_decades(integer_row("train.checkpoint_every", "Checkpoint every", train,
                             &TrainConfig::checkpoint_every, {0, 1'000'000'000}, {0, 100'000}, "steps",
                             "Steps between two saved copies of the weights and the optimizer, from which a "
                             "run can be forked; 0 saves only the "
                             "last one.")));
  table.push_back(in_decades(
      integer_row("train.checkpoint_bytes", "Checkpoints on disk", train, &TrainConfig::checkpoint_bytes,
                  {0, 1'000'000'000'000'000}, {0, 10'000'000'000}, "bytes",
                  "How much all saved copies of a run may take together. When they take more, every other "
                  "one of the old is removed, but never the first and the last; 0: no limit.")));
  table.push_back(choice_row("train.engine", "Engine", train, &TrainConfig::engine,
                             {"auto", "fused", "autograd"},
                             "What computes a step: the hand-written fast path, LibTorch's autograd, or the "
                             "fast path wherever it exists. Both "
                             "give the same gradients up to rounding; compare them with `grokscope bench`."));
  table.push_back(
      choice_row("train.precision", "Precision", train, &TrainConfig::precision, {"float32", "float64"},
                 "What weights, gradients, moments and pixels are computed in. float64 is what "
                 "Omnigrok and deep grokking were published with (Liu et al. 2022; Fan et al. 2024, "
                 "Deep Grokking, arXiv 2405.19454) and takes two to three times as long. It begins "
                 "with the same initial weights as float32, which are widened, so that the two may "
                 "be compared."));
}

bool has_embeddings(const RunConfig& config) {
  const bool one_hot = config.model.input == "one_hot";
  const bool pairs = task_kind_of(config.task).inputs == InputKind::pairs;
  return config.model.kind != "quadratic" && !is_convolutional(config.model) &&
         !(config.model.kind == "mlp" && (one_hot || !pairs));
}

/// Which of them mean something beside the others.
void apply_optimizer_fields(std::vector<Field>& table) {
  const auto filtered_by = [](const char* filter) {
    return [filter](const RunConfig& config) { return config.optimizer.gradient_filter == filter; };
  };
  apply_when(table, {"optimizer.embedding_learning_rate", "optimizer.embedding_weight_decay"},
             has_embeddings);
  apply_when(table, {"optimizer.filter_strength"},
             [](const RunConfig& config) { return config.optimizer.gradient_filter != "none"; });
  apply_when(table, {"optimizer.filter_memory"}, filtered_by("grokfast_ema"));
  apply_when(table, {"optimizer.filter_window"}, filtered_by("grokfast_ma"));
  apply_when(table, {"optimizer.schedule_steps"},
             [](const RunConfig& config) { return config.optimizer.schedule != "constant"; });
  apply_when(table, {"optimizer.momentum"},
             [](const RunConfig& config) { return config.optimizer.kind == "sgd"; });
  apply_when(table, {"optimizer.beta1", "optimizer.beta2", "optimizer.epsilon"},
             [](const RunConfig& config) { return config.optimizer.kind != "sgd"; });
}

}  // namespace

void add_training_fields(std::vector<Field>& table) {
  table.push_back(choice_row(
      "loss.kind", "Loss", &RunConfig::loss, &LossConfig::kind, {"cross_entropy", "mse", "stablemax"},
      "What is made small: cross-entropy of the right answer (in double precision, because its steps become "
      "too fine for single), the squared distance to the target (mse: Gromov 2023), or cross-entropy with a "
      "softmax that cannot saturate (stablemax: Prieto et al. 2025)."));
  add_optimizer_fields(table);
  apply_optimizer_fields(table);
  add_train_fields(table);
  apply_when(table, {"train.augmentation"},
             [](const RunConfig& config) { return task_kind_of(config.task).inputs == InputKind::images; });

  Field seed;
  seed.name = "seed";
  seed.label = "Seed";
  seed.type = FieldType::integer;
  seed.help =
      "Chooses the random split, the initial weights and the order of batches. The same settings, seed and "
      "interventions "
      "give the same run to the last bit; the step of grokking often varies twofold between seeds.";
  seed.get = [](const RunConfig& config) { return FieldValue(config.seed); };
  seed.set = [](RunConfig& config, const FieldValue& value) { config.seed = std::get<std::int64_t>(value); };
  // 2^53 - 1: every reader of JSON keeps such a number exact.
  table.push_back(with_range(std::move(seed), {0, 9007199254740991.0}, {0, 99}, ""));
}

}  // namespace grokscope

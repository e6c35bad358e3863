// The loop: commands, looking, one update; everything it calls is here or in the file that its name says.
// Trainer thread.
#include "train/loop/trainer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/memory.h"
#include "train/looking/looks.h"
#include "train/looking/probe_rounds.h"
#include "train/loop/apply_command.h"
#include "train/loop/checkpoint.h"
#include "train/loop/milestones.h"
#include "train/step/device.h"
#include "train/step/tensor_tools.h"

namespace grokscope {
namespace {

constexpr double kDivergedLoss = 1e9;

class Trainer {
 public:
  Trainer(Training training, const TrainerOptions& options, const TrainerPorts& ports, std::stop_token stop);
  StopReason run();

 private:
  using Clock = Pace::Clock;

  // commands
  bool take_commands();
  void apply_scripted();
  std::optional<Command> next_command();
  // looking
  void evaluate_if_due();
  void evaluate();
  Evaluation evaluation_now();
  void preview();
  void judge(const Evaluation& evaluation);
  void probe_if_due();
  TimeSpent time_spent() const;
  void look(std::vector<std::size_t> which, bool whole);
  void look_with_all();
  void look_as_asked();
  // the step
  void train_one_step();
  // reporting
  StopReason finish();
  void tell_what_was_skipped();
  void write_checkpoint();
  void publish(Event event);
  void publish(Frame frame);
  void wake() const;
  std::int64_t step_limit() const;

  Training training_;
  const TrainerOptions options_;
  const TrainerPorts ports_;
  const std::stop_token stop_;
  Controls controls_;
  Milestones milestones_;
  std::size_t scripted_done_ = 0;
  std::int64_t evaluated_step_ = -1;
  bool seen_as_it_is_ = false;  // evaluated or previewed since the last update and intervention
  double diverged_loss_ = kDivergedLoss;
  bool loss_finite_ = true;
  std::vector<std::size_t> probes_due_;
  at::Tensor logits_;  // (example, class) of evaluated_step_; undefined when nobody asked for them
  std::optional<StopReason> ended_;
  Clock::time_point started_ = Clock::now();
  Clock::duration waited_{};
  std::optional<Looks> looks_;  // nothing: nobody looks. Last: its sink uses the ports
};

Trainer::Trainer(Training training, const TrainerOptions& options, const TrainerPorts& ports,
                 std::stop_token stop)
    : training_(std::move(training)),
      options_(options),
      ports_(ports),
      stop_(std::move(stop)),
      controls_{.paused = options.start_paused && ports.commands != nullptr,
                .pace = Pace(options.paced_s, story_steps(training_.config.train.steps))} {
  if (ports_.facts != nullptr) ports_.facts->put(training_.facts);
  if (options_.probes && ports_.frames != nullptr)
    looks_.emplace([this](Frame frame) { publish(std::move(frame)); }, ports_.look_when, options_.looks_with);
  if (options_.continues != nullptr) {
    milestones_ = Milestones(options_.continues->milestones);
    diverged_loss_ = kDivergedLoss * std::max(1.0, options_.continues->first_loss);
  }
  wake();
}

StopReason Trainer::run() {
  // Without commands nothing could end a wait, so there is none.
  controls_.pace.set_speed(ports_.commands != nullptr ? options_.steps_per_second : 0.0, training_.step,
                           Clock::now());
  if (training_.step == 0 && !training_.data->reading.empty())
    publish({0, "note", {{"text", training_.data->reading}, {"about", "data"}}});
  if (controls_.paused) publish({0, "pause"});
  while (take_commands()) {  // scripted and live ones; waits here while paused
    evaluate_if_due();       // one line of metrics, interventions of this step included
    if (ended_) break;       // step limit, --until, diverged
    probe_if_due();          // once in a while: look inside, with the same logits
    train_one_step();
  }
  return finish();
}

// ---------------------------------------------------------------------------------------------- commands

/// False when the run was asked to stop.
bool Trainer::take_commands() {
  apply_scripted();
  while (!stop_.stop_requested()) {
    if (controls_.single_steps > 0) {
      controls_.single_steps -= 1;
      return true;
    }
    const std::optional<Command> command = next_command();
    if (command) {
      if (std::holds_alternative<Intervention>(*command)) seen_as_it_is_ = false;
      publish(apply_command(*command, training_, controls_, Clock::now()));
      look_as_asked();
    } else if (!controls_.paused &&
               controls_.pace.wait_before(training_.step, Clock::now()) == Clock::duration{}) {
      return true;
    } else if (controls_.paused && !stop_.stop_requested()) {
      break;  // nobody is left who could resume
    }
  }
  ended_ = StopReason::interrupted;
  return false;
}

void Trainer::apply_scripted() {
  for (; scripted_done_ < options_.scripted.size(); ++scripted_done_) {
    const Event& event = options_.scripted[scripted_done_];
    if (event.step > training_.step) return;
    if (!is_intervention(event)) continue;
    publish(apply_command(intervention_of(event), training_, controls_, Clock::now()));
  }
}

/// Waits while paused and while the pace says so; nothing: go on, or stop.
std::optional<Command> Trainer::next_command() {
  if (ports_.commands == nullptr) return std::nullopt;
  const Clock::time_point before = Clock::now();
  const Clock::duration wait = controls_.pace.wait_before(training_.step, before);
  auto command = ports_.commands->try_pop();
  if (command || (!controls_.paused && wait == Clock::duration{})) return command;
  if (controls_.paused && !seen_as_it_is_) preview();  // everything that was asked for is done
  command = controls_.paused ? ports_.commands->pop(stop_) : ports_.commands->pop_for(wait, stop_);
  waited_ += Clock::now() - before;
  return command;
}

// ---------------------------------------------------------------------------------------------- looking

std::int64_t Trainer::step_limit() const {
  const std::int64_t steps = training_.config.train.steps;
  return options_.last_step < 0 ? steps : options_.last_step;
}

void Trainer::evaluate_if_due() {
  const std::int64_t step = training_.step;
  const bool last = step >= step_limit() || !loss_finite_;
  if (!last && !is_evaluation_due(step, training_.config.train.eval_every)) return;
  if (looks_ && !last) probes_due_ = looks_->due(training_.step, training_.config.train, time_spent());
  evaluate();
}

void Trainer::evaluate() {
  logits_ = at::Tensor();
  const Evaluation evaluation = evaluation_now();
  evaluated_step_ = training_.step;
  if (ports_.published != nullptr) ports_.published->push({evaluation});
  judge(evaluation);
  wake();
}

void Trainer::preview() {
  seen_as_it_is_ = true;
  if (ports_.published == nullptr) return;
  ports_.published->push({Preview{evaluation_now()}});
  wake();
}

Evaluation Trainer::evaluation_now() {
  const ClassScores scores =
      training_.stepper->evaluate(training_.split, probes_due_.empty() ? nullptr : &logits_);
  seen_as_it_is_ = true;
  Evaluation evaluation;
  evaluation.step = training_.step;
  evaluation.elapsed_s = std::chrono::duration<double>(Clock::now() - started_ - waited_).count();
  evaluation.train_loss = scores.train_loss;
  evaluation.test_loss = scores.test_loss;
  evaluation.train_accuracy = scores.train_accuracy;
  evaluation.test_accuracy = scores.test_accuracy;
  evaluation.unmirrored_test_accuracy = scores.unmirrored_test_accuracy;
  evaluation.formerly_trained_loss = scores.formerly_trained_loss;
  evaluation.formerly_trained_accuracy = scores.formerly_trained_accuracy;
  evaluation.weight_norm = norm_of(training_.stepper->flat());
  evaluation.learning_rate = training_.config.optimizer.learning_rate;
  evaluation.weight_decay = training_.config.optimizer.weight_decay;
  evaluation.train_count = static_cast<std::int64_t>(training_.split.train().size());
  evaluation.test_count = static_cast<std::int64_t>(training_.split.test().size());
  evaluation.formerly_trained_count = static_cast<std::int64_t>(training_.split.formerly_trained().size());
  return evaluation;
}

/// Milestones, and whether the run ends here.
void Trainer::judge(const Evaluation& evaluation) {
  for (Event& milestone : milestones_.reached_by(evaluation)) publish(std::move(milestone));
  if (evaluation.step == 0 && std::isfinite(evaluation.train_loss)) {
    diverged_loss_ = kDivergedLoss * std::max(1.0, evaluation.train_loss);
  }
  if (ended_) return;  // interrupted: this is the last line of its record
  const bool sane = std::isfinite(evaluation.train_loss) && std::isfinite(evaluation.weight_norm) &&
                    evaluation.train_loss <= diverged_loss_;
  if (!sane || !loss_finite_) {
    ended_ = StopReason::diverged;
  } else if (options_.until && options_.until->holds(evaluation)) {
    ended_ = StopReason::until;
  } else if (evaluation.step >= step_limit()) {
    ended_ = StopReason::steps;
  }
}

TimeSpent Trainer::time_spent() const {
  const double waiting_s = std::chrono::duration<double>(waited_).count();
  const double all_s = std::chrono::duration<double>(Clock::now() - started_).count();
  return {all_s - waiting_s, waiting_s};
}

void Trainer::probe_if_due() {
  const bool whole = training_.config.train.probe_every > 0;
  if (probes_due_.empty() && looks_) probes_due_ = looks_->due_between(training_.config.train, time_spent());
  if (!probes_due_.empty()) look(std::exchange(probes_due_, {}), whole);
  const std::int64_t every = training_.config.train.checkpoint_every;
  if (every > 0 && training_.step > 0 && training_.step % every == 0) write_checkpoint();
}

/// Copies what the probes need and goes on; they look on a thread of their own.
void Trainer::look(std::vector<std::size_t> which, bool whole) {
  ProbeInput input;
  input.data = training_.data;
  input.split = std::make_shared<const Split>(training_.split);
  input.config = training_.config;
  const at::Tensor& flat = training_.stepper->flat();
  input.flat = copy_on_host(flat, flat.scalar_type());
  if (const at::Tensor buffers = training_.stepper->buffers(); buffers.defined()) {
    input.buffers = copy_on_host(buffers, buffers.scalar_type());
  }
  if (logits_.defined()) input.logits = std::exchange(logits_, {});  // evaluate() gives it on the CPU
  input.step = training_.step;
  input.seed = static_cast<std::uint64_t>(training_.config.seed);
  looks_->begin({std::move(input), std::move(which), whole}, stop_);
}

void Trainer::look_with_all() {
  if (!looks_) return;
  training_.stepper->evaluate(training_.split, &logits_);
  look(looks_->all(), true);
}

/// What was asked for by name, at the weights as they are; nobody waits for it.
void Trainer::look_as_asked() {
  if (std::exchange(controls_.cancels_looks, false) && looks_) looks_->give_up();
  std::vector<std::size_t> which = Looks::named(std::exchange(controls_.wanted_looks, {}));
  if (which.empty() || !looks_) return;
  if (!looks_->have_room()) {
    publish({training_.step, "note", {{"text", "The looks that were asked for before are still to come."}}});
    return;
  }
  training_.stepper->evaluate(training_.split, &logits_);
  look(std::move(which), true);
}

// ---------------------------------------------------------------------------------------------- the step

void Trainer::train_one_step() {
  const auto batch = training_.batches.next(training_.split, training_.config.train.batch_size);
  const double loss = training_.stepper->step(training_.step, batch);
  loss_finite_ = std::isfinite(loss);
  training_.step += 1;
  seen_as_it_is_ = false;
  if (ports_.progress != nullptr) ports_.progress->store(training_.step, std::memory_order_relaxed);
}

// ---------------------------------------------------------------------------------------------- reporting

/// Leaves a complete record behind, whatever the reason. "stopped" is the last thing published.
StopReason Trainer::finish() {
  if (evaluated_step_ != training_.step) evaluate();
  if (ended_ != StopReason::diverged) {
    const bool to_the_end = ended_ != StopReason::interrupted;
    if (to_the_end) look_with_all();
    write_checkpoint();
    if (to_the_end && looks_) looks_->wait_idle(stop_);
  }
  if (looks_) tell_what_was_skipped();
  looks_.reset();
  publish({training_.step, "stopped", {{"reason", name_of(*ended_)}}});
  return *ended_;
}

void Trainer::tell_what_was_skipped() {
  const std::string skipped = looks_->skipped();
  if (skipped.empty()) return;
  publish({training_.step, "note", {{"text", "Probes kept within train.probe_budget: " + skipped + "."}}});
}

void Trainer::write_checkpoint() {
  if (!ports_.checkpoints || ports_.published == nullptr) return;
  ports_.published->push({Checkpoint{training_.step, checkpoint_of(training_)}});
  wake();
}

void Trainer::publish(Event event) {
  if (ports_.published != nullptr) ports_.published->push({std::move(event)});
  wake();
}

void Trainer::publish(Frame frame) {
  if (ports_.frames == nullptr) return;
  ports_.frames->push(std::make_shared<const Frame>(std::move(frame)));
  wake();
}

void Trainer::wake() const {
  if (ports_.wake) ports_.wake();
}

}  // namespace

Result<StopReason> run_training(const RunConfig& config, const TrainerOptions& options,
                                const TrainerPorts& ports, std::stop_token stop) {
  try {
    limit_library_threads();
    const at::NoGradGuard no_gradients;
    auto training = prepare_training(config, options);
    if (!training) return training.error();
    if (options.continues != nullptr) {
      if (Status at = restore_checkpoint(*training, options.continues->checkpoint); !at) return at.error();
      training->config.train = config.train;  // how long, how often looked at: may be another than before
    }
    return Trainer(std::move(*training), options, ports, std::move(stop)).run();
  } catch (const std::exception& error) {  // LibTorch's own, or no memory
    return failure("training failed: " + reason_of(error));
  }
}

}  // namespace grokscope

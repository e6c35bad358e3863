// The torch side, where LibTorch is linked: in libgrokscope_torch.so and in the tests.
#include <algorithm>
#include <chrono>
#include <exception>
#include <latch>
#include <optional>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

#include "base/memory.h"
#include "base/threads.h"
#include "model/model.h"
#include "train/torch_side/autograd_stepper.h"
#include "train/torch_side/gradient_filters.h"
#include "train/torch_side/optimizer_torch.h"
#include "train/torch_side/probe_scorer.h"
#include "train/torch_side/torch_side.h"

namespace grokscope {
namespace {

/// LibTorch makes a thread a core before it can be told to use one, and hangs where the system allows no more
/// of them: that is tried here, where it is an error.
void try_threads() {
  std::latch all(1);
  std::vector<std::jthread> threads;
  std::optional<Error> error;
  for (unsigned i = 0; i < std::thread::hardware_concurrency() && !error; ++i) {
    auto started = start_thread("trial", [&all] { all.wait(); });
    if (started) {
      threads.push_back(std::move(*started));
    } else {
      error = started.error();
    }
  }
  all.count_down();
  threads.clear();  // joined
  if (error) throw std::runtime_error(error->message);
}

void limit_torch_threads() {
  static const bool once = [] {
    try_threads();
    at::set_num_threads(1);
    return true;
  }();
  static_cast<void>(once);
  at::init_num_threads();  // OpenMP keeps its limit a thread: this applies the one above to the calling one
}

bool torch_has_cuda() {
  return at::hasCUDA();
}

std::string torch_blas_name() {
  const std::string all = at::show_config();
  const auto at_blas = all.find("BLAS_INFO=");
  if (at_blas == std::string::npos) return "unknown";
  const auto begin = at_blas + 10;
  return all.substr(begin, all.find_first_of(", \n", begin) - begin);
}

/// Best of three.
double torch_multiply_gflops() {
  const at::NoGradGuard no_gradients;
  const at::Tensor a = at::full({256, 256}, 0.5, at::kFloat);
  double best_s = 1.0;
  for (int i = 0; i < 3; ++i) {
    const auto before = std::chrono::steady_clock::now();
    at::mm(a, a);
    best_s =
        std::min(best_s, std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count());
  }
  return 2e-9 * 256 * 256 * 256 / best_s;
}

/// As the run began, whichever step it was continued at: a function of its config.
Moment start_of(const ProbeInput& input) {
  const bool keeps = input.model->buffer_layout().total() > 0;
  return {input.model->initial_parameters(static_cast<std::uint64_t>(input.config.seed)),
          keeps ? input.model->initial_buffers() : at::Tensor(), 0};
}

Frame look(std::size_t probe, ProbeInput& input) {
  try {
    if (input.model == nullptr) {
      auto model = make_model(input.config, *input.data);
      if (!model) throw std::runtime_error(model.error().message);
      input.model = std::move(*model);
    }
    if (compares_looks(probes()[probe].name) && !input.start.flat.defined()) input.start = start_of(input);
    input.make_scorer = scorer_factory(input);
  } catch (const std::exception& error) {
    return failed_look(probes()[probe].name, input.step, reason_of(error));
  }
  return look_with(probes()[probe], input);
}

at::Tensor zeros_like_tensor(const at::Tensor& tensor) {
  return at::zeros_like(tensor);
}
at::Tensor clone_of(const at::Tensor& tensor) {
  return tensor.detach().clone();
}
at::Tensor clone_on_host(const at::Tensor& tensor, at::ScalarType type) {
  return tensor.detach().to(at::kCPU, type, false, /*copy=*/true).contiguous();
}
at::Tensor moved_to(const at::Tensor& tensor, const at::Device& device) {
  return tensor.to(device).contiguous();
}
void copy_tensor(at::Tensor& to, const at::Tensor& from) {
  const at::NoGradGuard no_gradients;
  to.copy_(from);
}
void scale_tensor(at::Tensor& tensor, double factor) {
  const at::NoGradGuard no_gradients;
  tensor.mul_(factor);
}

}  // namespace

const TorchSide& linked_torch_side() {
  static const TorchSide side{
      .stamp = library_stamp(),
      .machine = {.limit_threads = limit_torch_threads,
                  .has_cuda = torch_has_cuda,
                  .blas_name = torch_blas_name,
                  .blas_gflops = torch_multiply_gflops},
      .tensors = {.zeros_like = zeros_like_tensor,
                  .copy_of = clone_of,
                  .copy_on_host = clone_on_host,
                  .on_device = moved_to,
                  .copy_into = copy_tensor,
                  .scale = scale_tensor},
      .optimizer = {.add_l1 = add_l1,
                    .clip_gradient = clip_gradient,
                    .drop_radial_part = drop_radial_part,
                    .apply_filter = apply_filter,
                    .filter_state = filter_state,
                    .pull_part = pull_part,
                    .update_on_device = update_on_device,
                    .update_matrix = update_matrix,
                    .clamp_on_device = clamp_on_device},
      .steppers = {.make_model = make_model, .make_autograd_stepper = make_autograd_stepper},
      .looks = {.look = look}};
  return side;
}

}  // namespace grokscope

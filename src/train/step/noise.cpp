#include "train/step/noise.h"

#include <algorithm>
#include <string>

#include "base/random.h"
#include "data/host_tensor.h"
#include "train/step/tensor_tools.h"
#include "train/step/torch_optimizer.h"

namespace grokscope {
namespace {

constexpr std::int64_t kNoiseBlock = 4096;  // numbers drawn from one stream: the cut does not follow threads

template <typename Scalar>
void add_noise_block(const NoiseKey& key, double deviation, std::int64_t block, Scalar* target,
                     std::int64_t size) {
  const std::string name =
      std::string(key.stream) + " " + std::to_string(key.step) + " " + std::to_string(block);
  RandomStream random(key.seed, name);
  const std::int64_t end = std::min(size, (block + 1) * kNoiseBlock);
  for (std::int64_t i = block * kNoiseBlock; i < end; ++i) {
    target[i] += static_cast<Scalar>(deviation * random.normal());
  }
}

}  // namespace

void add_noise(const NoiseKey& key, double deviation, at::Tensor& target, Team* team) {
  if (!target.is_cpu()) {
    at::Tensor noise = host_tensor({target.numel()}, target.scalar_type());
    add_noise(key, deviation, noise, team);
    return torch_optimizer().pull_part(target, on_device(noise, target.device()), 0, target.numel(), 1.0);
  }
  const std::int64_t size = target.numel(), blocks = (size + kNoiseBlock - 1) / kNoiseBlock;
  const std::int64_t workers = team == nullptr ? 1 : team->size();
  const auto share = [&](int worker) {
    with_number_of(target.scalar_type(), [&](auto number) {
      auto* values = host_data<decltype(number)>(target);
      for (std::int64_t block = worker; block < blocks; block += workers)
        add_noise_block(key, deviation, block, values, size);
    });
  };
  if (team == nullptr) return share(0);
  team->run(share);
}

}  // namespace grokscope

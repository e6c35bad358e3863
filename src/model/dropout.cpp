#include "model/dropout.h"

#include <string>

#include "base/random.h"

namespace grokscope {

at::Tensor Dropout::apply(const at::Tensor& x, int site) const {
  const auto count = static_cast<std::int64_t>(examples_.size());
  const std::int64_t width = x.size(1);
  at::Tensor mask = at::empty({count, width}, x.scalar_type());  // (example, width): 0 or 1/(1 − rate)
  if (x.scalar_type() == at::kDouble) {
    draw(site, width, mask.data_ptr<double>());
  } else {
    draw(site, width, mask.data_ptr<float>());
  }
  return x * mask.to(x.options());
}

template <typename Scalar>
void Dropout::draw(int site, std::int64_t width, Scalar* mask) const {
  const auto kept = static_cast<Scalar>(1.0 / (1.0 - rate_));
  const auto threshold = static_cast<std::uint32_t>(rate_ * 4294967296.0);  // of 32 random bits
  const std::string place = "dropout " + std::to_string(step_) + " " + std::to_string(site) + " ";
  for (std::size_t i = 0; i < examples_.size(); ++i) {
    RandomStream random(seed_, place + std::to_string(examples_[i]));
    Scalar* row = mask + static_cast<std::int64_t>(i) * width;
    std::uint64_t bits = 0;
    for (std::int64_t j = 0; j < width; ++j) {
      bits = j % 2 == 0 ? random.next() : bits >> 32;
      row[j] = static_cast<std::uint32_t>(bits) < threshold ? Scalar{0} : kept;
    }
  }
}

}  // namespace grokscope

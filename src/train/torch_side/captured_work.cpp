#include "train/torch_side/captured_work.h"

#include <exception>

namespace grokscope {
namespace {

constexpr int kWarmUps = 3;  // as PyTorch's own documentation of CUDA graphs asks for

}  // namespace

void CapturedWork::run(std::int64_t shape, const std::function<void()>& work) {
  if (recorder_ == nullptr) return work();
  if (shape != shape_) {
    shape_ = shape;
    warm_ups_ = 0;
    is_recorded_ = false;
  }
  if (!is_recorded_) {
    if (warm_ups_ < kWarmUps) {
      ++warm_ups_;
      return recorder_->warm_up(work);
    }
    try {
      recorder_->record(work);
      is_recorded_ = true;
    } catch (const std::exception&) {  // an operation that waits for the device, say: it works unrecorded
      recorder_.reset();
      return work();
    }
  }
  recorder_->replay();
}

}  // namespace grokscope

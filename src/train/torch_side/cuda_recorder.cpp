// Built against a LibTorch with CUDA it records on a stream of its own and replays on the current one;
// elsewhere there is nothing to record. Without a GPU the first half is only compiled (tests/architecture).
#include "train/torch_side/cuda_recorder.h"

#if GROKSCOPE_HAS_CUDA_GRAPHS
#include "grokscope_cuda.h"
#endif

namespace grokscope {

#if GROKSCOPE_HAS_CUDA_GRAPHS

namespace {

class CudaRecorder final : public GraphRecorder {
 public:
  void warm_up(const std::function<void()>& work) override {
    c10::cuda::getCurrentCUDAStream().synchronize();
    {
      const c10::cuda::CUDAStreamGuard guard(stream_);
      work();
    }
    stream_.synchronize();
  }

  void record(const std::function<void()>& work) override {
    c10::cuda::getCurrentCUDAStream().synchronize();
    graph_ = std::make_unique<at::cuda::CUDAGraph>();
    const c10::cuda::CUDAStreamGuard guard(stream_);
    graph_->capture_begin();
    try {
      work();
    } catch (...) {
      end_failed_capture();
      throw;
    }
    graph_->capture_end();
  }

  void replay() override { graph_->replay(); }

 private:
  /// The stream must leave capture mode, whatever that says.
  void end_failed_capture() {
    try {
      graph_->capture_end();
    } catch (const std::exception&) {
      // The error that ended the capture is the one to report.
    }
    graph_.reset();
  }

  c10::cuda::CUDAStream stream_ = c10::cuda::getStreamFromPool();
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace

std::unique_ptr<GraphRecorder> make_cuda_recorder() {
  return std::make_unique<CudaRecorder>();
}

#else

std::unique_ptr<GraphRecorder> make_cuda_recorder() {
  return nullptr;
}

#endif

}  // namespace grokscope

// The backward half of the fused MLP on rows of numbers.
#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/mlp.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {

namespace {

constexpr std::int64_t kMlpBlockRows = 128;  // forward and back in one go while a block's rows are in cache

}  // namespace

template <typename Scalar>
double FusedMlp<Scalar>::gradient(const Scalar* flat, std::span<const std::int64_t> examples,
                                  const std::int64_t* targets, Scalar* gradient,
                                  const LogitView<Scalar>& seen) {
  const auto count = static_cast<std::int64_t>(examples.size());
  const std::int64_t chunks = (count + chunk_rows_ - 1) / chunk_rows_;
  const Scalar scale = Scalar{1} / static_cast<Scalar>(count);
  team_.run([&](int worker) {
    Worker& own = workers_[static_cast<std::size_t>(worker)];
    own.loss = 0.0;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
      const std::int64_t from = count * chunk / chunks, rows = count * (chunk + 1) / chunks - from;
      const Rows all{0, rows, examples.data() + from, from};
      const std::int64_t begin = share(rows, worker), mine = share(rows, worker + 1) - begin;
      const std::int64_t blocks = (mine + kMlpBlockRows - 1) / kMlpBlockRows;
      for (std::int64_t block = 0; block < blocks; ++block) {
        const std::int64_t first = begin + mine * block / blocks;
        const Rows part{first, begin + mine * (block + 1) / blocks, all.examples + first, all.place + first};
        train_rows(own, flat, part, targets, scale, seen);
      }
      team_.barrier();
      weight_gradients(worker, all, chunk == 0, gradient);
      if (chunk + 1 < chunks) team_.barrier();
    }
  });
  double loss = 0.0;
  for (const Worker& worker : workers_) loss += worker.loss;
  return loss / static_cast<double>(count);
}

/// Forward, loss, backward: leaves the gradients of all pre-activations in u_ and of the logits in logits_.
template <typename Scalar>
void FusedMlp<Scalar>::train_rows(Worker& own, const Scalar* flat, const Rows& rows,
                                  const std::int64_t* targets, Scalar scale, const LogitView<Scalar>& seen) {
  forward(flat, rows);
  for (std::int64_t i = 0; i < rows.count(); ++i) {
    Scalar* row = logits_ + (rows.begin + i) * logit_stride_;
    if (seen) seen(static_cast<std::size_t>(rows.place + i), row);
    own.loss += loss_of(rows_, plan_, row, targets[rows.examples[i]], scale);
  }
  for (std::size_t layer = u_.size(); layer-- > 0;) pull_back(own, flat, layer, rows);
}

/// The gradient before the activation of hidden layer `layer`, from that of the layer above it.
template <typename Scalar>
void FusedMlp<Scalar>::pull_back(Worker& own, const Scalar* flat, std::size_t layer, const Rows& rows) {
  const MlpLayer& above = plan_.layers[layer + 1];
  const bool is_last = layer + 1 == u_.size();
  const std::int64_t above_stride = is_last ? logit_stride_ : stride_;
  const Scalar* d_above = (is_last ? logits_.data() : u_[layer + 1].data()) + rows.begin * above_stride;
  gemm(false, true, rows.count(), width_, above.out, d_above, above_stride, flat + above.W, above.out,
       Scalar{0}, own.scratch, stride_);
  Scalar* u = u_[layer] + rows.begin * stride_;
  rows_.activate_backward(plan_.activation, u, own.scratch, u, rows.count() * stride_);
}

/// This worker's rows of every weight matrix, over all rows of the chunk.
template <typename Scalar>
void FusedMlp<Scalar>::weight_gradients(int worker, const Rows& chunk, bool first, Scalar* gradient) {
  const Scalar beta = first ? Scalar{0} : Scalar{1};
  for (std::size_t at = 0; at < plan_.layers.size(); ++at) {
    const MlpLayer& layer = plan_.layers[at];
    const bool is_output = at == u_.size();
    const Scalar* d = is_output ? logits_.data() : u_[at].data();
    const std::int64_t d_stride = is_output ? logit_stride_ : stride_;
    bias_gradient(worker, layer, d, d_stride, chunk, first, gradient);
    const Scalar* x = at == 0 ? input_.data() : x_[at - 1].data();
    const std::int64_t x_stride = at == 0 ? input_stride_ : stride_;
    const std::int64_t from = aligned_share(layer.in, worker);
    gemm(true, false, aligned_share(layer.in, worker + 1) - from, layer.out, chunk.count(), x + from,
         x_stride, d, d_stride, beta, gradient + layer.W + from * layer.out, layer.out);
  }
}

template <typename Scalar>
void FusedMlp<Scalar>::bias_gradient(int worker, const MlpLayer& layer, const Scalar* d, std::int64_t stride,
                                     const Rows& chunk, bool first, Scalar* gradient) const {
  if (layer.b < 0) return;
  const std::int64_t from = aligned_share(layer.out, worker),
                     columns = aligned_share(layer.out, worker + 1) - from;
  Scalar* sum = gradient + layer.b + from;
  if (first) std::fill_n(sum, columns, Scalar{0});
  add_rows(rows_, d + from, stride, chunk.count(), sum, columns);
}

template double FusedMlp<float>::gradient(const float*, std::span<const std::int64_t>, const std::int64_t*,
                                          float*, const LogitView<float>&);
template double FusedMlp<double>::gradient(const double*, std::span<const std::int64_t>, const std::int64_t*,
                                           double*, const LogitView<double>&);

}  // namespace grokscope::fused

// The backward half of the fused LSTM.
#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/lstm.h"
#include "train/kernels/lstm_worker.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {

double FusedLstm::gradient(const float* flat, std::span<const std::int64_t> examples,
                           const std::int64_t* targets, float* gradient, const LogitView<float>& seen) {
  const auto count = static_cast<std::int64_t>(examples.size());
  const float scale = 1.0f / static_cast<float>(count);
  find_words(examples);
  team_.run([&](int worker) {
    Worker& own = workers_[static_cast<std::size_t>(worker)];
    own.loss = 0.0;
    own.d_b_out = 0.0f;
    own.d_W_out.zero();
    own.d_table.grow_to(word_count() * gates_);
    std::fill_n(own.d_table.data(), word_count() * gates_, 0.0f);
    for (Worker::Layer& layer : own.layers)
      for (Buffer* sum : {&layer.d.input, &layer.d.hidden, &layer.d.bias}) sum->zero();
    prepare(worker, flat);
    const std::int64_t begin = share(count, worker), mine = share(count, worker + 1) - begin;
    const std::int64_t blocks = (mine + block_rows_ - 1) / block_rows_;
    for (std::int64_t block = 0; block < blocks; ++block) {
      const std::int64_t first = begin + mine * block / blocks, end = begin + mine * (block + 1) / blocks;
      train_block(own, flat,
                  examples.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(end - first)),
                  targets, scale, [&](std::size_t place, const float* row) {
                    if (seen) seen(static_cast<std::size_t>(first) + place, row);
                  });
    }
    team_.barrier();
    add_worker_sums(worker);
    team_.barrier();
    write_gradient(worker, gradient);
  });
  double loss = 0.0;
  for (const Worker& worker : workers_) loss += worker.loss;
  return loss / static_cast<double>(count);
}

void FusedLstm::train_block(Worker& own, const float* flat, std::span<const std::int64_t> examples,
                            const std::int64_t* targets, float scale, const LogitView<float>& seen) {
  forward_block(own, flat, examples);
  const auto rows = static_cast<std::int64_t>(examples.size());
  const float* last = own.layers.back().hidden + (plan_.positions - 1) * rows * stride_;
  for (std::int64_t row = 0; row < rows; ++row) {
    alignas(64) float classes[kLanes] = {0.0f, own.z[row]};
    seen(static_cast<std::size_t>(row), classes);
    own.loss +=
        rows_.cross_entropy(classes, 2, targets[examples[static_cast<std::size_t>(row)]], scale, classes)
            .loss;
    own.z[row] = classes[1];
    own.d_b_out += own.z[row];
    rows_.add_scaled(own.z[row], last + row * stride_, own.d_W_out, stride_);
  }
  // The last layer is read at its last position only.
  const std::int64_t before_last = (plan_.positions - 1) * rows * stride_;
  std::fill_n(own.d_above.data(), before_last + rows * stride_, 0.0f);
  for (std::int64_t row = 0; row < rows; ++row)
    rows_.add_scaled(own.z[row], flat + plan_.W_out, own.d_above + before_last + row * stride_, plan_.width);
  for (std::size_t layer = own.layers.size(); layer-- > 0;) {
    layer_backward(own, layer, rows);
    weight_gradients(own, layer, rows);
  }
}

/// Turns the layer's gates into the gradients before σ and tanh; then `d_above` is for the layer below.
void FusedLstm::layer_backward(Worker& own, std::size_t at, std::int64_t rows) {
  Worker::Layer& layer = own.layers[at];
  const std::int64_t state = rows * stride_;
  std::fill_n(own.d_cell.data(), state, 0.0f);
  for (std::int64_t p = plan_.positions - 1; p >= 0; --p) {
    float* d_hidden = own.d_above + state * p;
    if (p + 1 < plan_.positions) {
      gemm(false, true, rows, plan_.width, gates_, layer.gates + 4 * state * (p + 1), gates_,
           weights_[at].hidden, gates_, 1.0f, d_hidden, stride_);
    }
    rows_.lstm_backward(layer.gates + 4 * state * p, layer.tanh_cell + state * p,
                        p > 0 ? layer.cell + state * (p - 1) : nullptr, d_hidden, own.d_cell, rows, stride_);
  }
  if (at == 0) return;
  gemm(false, true, plan_.positions * rows, plan_.width, gates_, layer.gates, gates_, weights_[at].input,
       gates_, 0.0f, own.d_above, stride_);
}

/// Adds this block's part; the first layer's input weights wait in the gradient of the table.
void FusedLstm::weight_gradients(Worker& own, std::size_t at, std::int64_t rows) {
  Worker::Layer& layer = own.layers[at];
  const std::int64_t count = plan_.positions * rows;
  gemm(true, false, plan_.width, gates_, count - rows, layer.hidden, stride_, layer.gates + rows * gates_,
       gates_, 1.0f, layer.d.hidden, gates_);
  if (at > 0) {
    gemm(true, false, plan_.width, gates_, count, own.layers[at - 1].hidden, stride_, layer.gates, gates_,
         1.0f, layer.d.input, gates_);
  }
  for (std::int64_t row = 0; row < count; ++row) {
    float* sum =
        at > 0 ? layer.d.bias.data() : own.d_table + own.places[static_cast<std::size_t>(row)] * gates_;
    rows_.add_scaled(1.0f, layer.gates + row * gates_, sum, gates_);
  }
}

/// Into worker 0's, in worker order; each worker takes a share of the elements.
void FusedLstm::add_worker_sums(int worker) {
  Worker& first = workers_.front();
  const auto add = [&](float* to, const float* from, std::int64_t count) {
    const std::int64_t begin = share(count, worker);
    rows_.add_scaled(1.0f, from + begin, to + begin, share(count, worker + 1) - begin);
  };
  for (std::size_t other = 1; other < workers_.size(); ++other) {
    Worker& part = workers_[other];
    add(first.d_table, part.d_table, word_count() * gates_);
    add(first.d_W_out, part.d_W_out, stride_);
    for (std::size_t layer = 0; layer < first.layers.size(); ++layer) {
      Weights &sum = first.layers[layer].d, &own = part.layers[layer].d;
      add(sum.input, own.input, own.input.size());
      add(sum.hidden, own.hidden, own.hidden.size());
      add(sum.bias, own.bias, gates_);
    }
  }
}

/// Rows [begin, end) of padded gates to gates side by side: the reverse of pack_rows.
void FusedLstm::write_rows(const float* from, std::int64_t begin, std::int64_t end, float* to) const {
  for (std::int64_t gate = 4 * begin; gate < 4 * end; ++gate)
    std::copy_n(from + gate * stride_, plan_.width, to + gate * plan_.width);
}

/// This worker's rows of every parameter's gradient, from the sums over all workers.
void FusedLstm::write_gradient(int worker, float* gradient) {
  Worker& sums = workers_.front();
  const std::int64_t width = plan_.width, features = plan_.embedding_width;
  for (std::size_t at = 0; at < plan_.layers.size(); ++at) {
    const LstmLayer& layer = plan_.layers[at];
    Weights& d = sums.layers[at].d;
    const std::int64_t in = at == 0 ? features : width, from = share(in, worker), to = share(in, worker + 1);
    if (at == 0) {
      gemm(true, false, to - from, gates_, word_count(), embeddings_ + from, features, sums.d_table, gates_,
           0.0f, d.input + from * gates_, gates_);
    }
    write_rows(d.input, from, to, gradient + layer.W_input);
    write_rows(d.hidden, share(width, worker), share(width, worker + 1), gradient + layer.W_hidden);
    if (worker != 0) continue;
    if (at == 0) {
      for (std::int64_t row = 0; row < word_count(); ++row)
        rows_.add_scaled(1.0f, sums.d_table + row * gates_, d.bias, gates_);
    }
    for (const std::int64_t bias : {layer.b_input, layer.b_hidden}) write_rows(d.bias, 0, 1, gradient + bias);
  }
  write_embedding(worker, gradient);
  if (worker != 0) return;
  std::copy_n(sums.d_W_out.data(), width, gradient + plan_.W_out);
  gradient[plan_.b_out] = 0.0f;
  for (const Worker& part : workers_) gradient[plan_.b_out] += part.d_b_out;
}

/// This worker's share of the words that occur; the others have no gradient.
void FusedLstm::write_embedding(int worker, float* gradient) {
  Worker& own = workers_[static_cast<std::size_t>(worker)];
  const std::int64_t features = plan_.embedding_width;
  float* d_W_E = gradient + plan_.W_E;
  for (std::int64_t word = share(plan_.words, worker); word < share(plan_.words, worker + 1); ++word) {
    if (place_of_[static_cast<std::size_t>(word)] < 0) std::fill_n(d_W_E + word * features, features, 0.0f);
  }
  const std::int64_t from = share(word_count(), worker), rows = share(word_count(), worker + 1) - from;
  own.d_embeddings.grow_to(rows * features);
  gemm(false, true, rows, features, gates_, workers_.front().d_table + from * gates_, gates_,
       weights_[0].input, gates_, 0.0f, own.d_embeddings, features);
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t word = words_[static_cast<std::size_t>(from + row)];
    std::copy_n(own.d_embeddings + row * features, features, d_W_E + word * features);
  }
}

}  // namespace grokscope::fused

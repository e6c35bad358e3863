// The forward half of the fused LSTM: the table of words, the layers, evaluation.
#include "train/kernels/lstm.h"

#include <algorithm>

#include "train/kernels/gemm.h"
#include "train/kernels/lstm_worker.h"
#include "train/kernels/simd.h"

namespace grokscope::fused {
namespace {

constexpr std::int64_t kLayerFloats = std::int64_t{1} << 23;  // of one layer's states in a block of texts
constexpr std::int64_t kLeastRows = 8, kMostRows = 64;

std::int64_t rows_of_a_block(const LstmPlan& plan) {
  return std::clamp(kLayerFloats / (7 * padded(plan.width) * plan.positions), kLeastRows, kMostRows);
}

}  // namespace

FusedLstm::Worker::Worker(const LstmPlan& plan, std::int64_t stride, std::int64_t block_rows)
    : places(static_cast<std::size_t>(plan.positions * block_rows)),
      z(block_rows),
      d_above(plan.positions * block_rows * stride),
      d_cell(block_rows * stride),
      d_W_out(stride) {
  const std::int64_t states = plan.positions * block_rows * stride;
  for (std::size_t layer = 0; layer < plan.layers.size(); ++layer) {
    const std::int64_t in = layer == 0 ? plan.embedding_width : plan.width;
    layers.push_back({Buffer(4 * states),
                      Buffer(states),
                      Buffer(states),
                      Buffer(states),
                      {Buffer(in * 4 * stride), Buffer(plan.width * 4 * stride), Buffer(4 * stride)}});
  }
}

FusedLstm::FusedLstm(const LstmPlan& plan, const std::int64_t* texts, int workers)
    : plan_(plan),
      stride_(padded(plan.width)),
      gates_(4 * stride_),
      block_rows_(rows_of_a_block(plan)),
      texts_(texts),
      team_(workers, use_one_blas_thread),
      place_of_(static_cast<std::size_t>(plan.words), -1) {
  for (std::size_t layer = 0; layer < plan.layers.size(); ++layer) {
    const std::int64_t in = layer == 0 ? plan.embedding_width : plan.width;
    weights_.push_back({Buffer(in * gates_), Buffer(plan.width * gates_), Buffer(gates_)});
  }
  for (int worker = 0; worker < team_.size(); ++worker) workers_.emplace_back(plan_, stride_, block_rows_);
}

FusedLstm::~FusedLstm() = default;

void FusedLstm::find_words(std::span<const std::int64_t> examples) {
  for (const std::int64_t word : words_) place_of_[static_cast<std::size_t>(word)] = -1;
  words_.clear();
  for (const std::int64_t example : examples) {
    const std::int64_t* text = texts_ + example * plan_.positions;
    for (std::int64_t p = 0; p < plan_.positions; ++p) {
      std::int32_t& place = place_of_[static_cast<std::size_t>(text[p])];
      if (place >= 0) continue;
      place = static_cast<std::int32_t>(words_.size());
      words_.push_back(text[p]);
    }
  }
  embeddings_.grow_to(word_count() * plan_.embedding_width);
  table_.grow_to(word_count() * gates_);
}

/// Rows [begin, end) of gates side by side, (row, 4·width), to padded ones, (row, 4·stride).
void FusedLstm::pack_rows(const float* from, std::int64_t begin, std::int64_t end, float* to) const {
  for (std::int64_t gate = 4 * begin; gate < 4 * end; ++gate)
    std::copy_n(from + gate * plan_.width, plan_.width, to + gate * stride_);
}

/// This worker's share of the padded weights and of the table.
void FusedLstm::prepare(int worker, const float* flat) {
  const std::int64_t width = plan_.width, features = plan_.embedding_width;
  for (std::size_t at = 0; at < weights_.size(); ++at) {
    const LstmLayer& layer = plan_.layers[at];
    Weights& weights = weights_[at];
    const std::int64_t in = at == 0 ? features : width;
    pack_rows(flat + layer.W_input, share(in, worker), share(in, worker + 1), weights.input);
    pack_rows(flat + layer.W_hidden, share(width, worker), share(width, worker + 1), weights.hidden);
    if (worker != 0) continue;
    pack_rows(flat + layer.b_input, 0, 1, weights.bias);
    for (std::int64_t gate = 0; gate < 4; ++gate)
      rows_.add(weights.bias + gate * stride_, flat + layer.b_hidden + gate * width,
                weights.bias + gate * stride_, width);
  }
  team_.barrier();
  const std::int64_t from = share(word_count(), worker), rows = share(word_count(), worker + 1) - from;
  float* words = embeddings_ + from * features;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t word = words_[static_cast<std::size_t>(from + row)];
    std::copy_n(flat + plan_.W_E + word * features, features, words + row * features);
    std::copy_n(weights_[0].bias.data(), gates_, table_ + (from + row) * gates_);
  }
  gemm(false, false, rows, gates_, features, words, features, weights_[0].input, gates_, 1.0f,
       table_ + from * gates_, gates_);
  team_.barrier();
}

/// What a layer's gates get from below, at all positions: rows of the table, or a multiply.
void FusedLstm::layer_inputs(Worker& own, std::size_t layer, std::int64_t rows) {
  float* gates = own.layers[layer].gates;
  const std::int64_t count = plan_.positions * rows;
  for (std::int64_t row = 0; row < count; ++row) {
    const float* from = layer == 0 ? table_ + own.places[static_cast<std::size_t>(row)] * gates_
                                   : weights_[layer].bias.data();
    std::copy_n(from, gates_, gates + row * gates_);
  }
  if (layer == 0) return;
  gemm(false, false, count, gates_, plan_.width, own.layers[layer - 1].hidden, stride_, weights_[layer].input,
       gates_, 1.0f, gates, gates_);
}

/// Fills the states of all layers and `z`.
void FusedLstm::forward_block(Worker& own, const float* flat, std::span<const std::int64_t> examples) {
  const auto rows = static_cast<std::int64_t>(examples.size());
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t* text = texts_ + examples[static_cast<std::size_t>(row)] * plan_.positions;
    for (std::int64_t p = 0; p < plan_.positions; ++p)
      own.places[static_cast<std::size_t>(p * rows + row)] = place_of_[static_cast<std::size_t>(text[p])];
  }
  const std::int64_t state = rows * stride_;  // floats of one position
  for (std::size_t at = 0; at < own.layers.size(); ++at) {
    Worker::Layer& layer = own.layers[at];
    layer_inputs(own, at, rows);
    for (std::int64_t p = 0; p < plan_.positions; ++p) {
      float* gates = layer.gates + 4 * state * p;
      if (p > 0) {
        gemm(false, false, rows, gates_, plan_.width, layer.hidden + state * (p - 1), stride_,
             weights_[at].hidden, gates_, 1.0f, gates, gates_);
      }
      rows_.lstm_forward(gates, p > 0 ? layer.cell + state * (p - 1) : nullptr, layer.cell + state * p,
                         layer.tanh_cell + state * p, layer.hidden + state * p, rows, stride_);
    }
  }
  const float* last = own.layers.back().hidden + state * (plan_.positions - 1);
  for (std::int64_t row = 0; row < rows; ++row)
    own.z[row] = rows_.dot(last + row * stride_, flat + plan_.W_out, plan_.width) + flat[plan_.b_out];
}

void FusedLstm::logits(const float* flat, std::span<const std::int64_t> examples,
                       const LogitSink<float>& sink) {
  const auto count = static_cast<std::int64_t>(examples.size());
  find_words(examples);
  team_.run([&](int worker) {
    Worker& own = workers_[static_cast<std::size_t>(worker)];
    prepare(worker, flat);
    const std::int64_t end = share(count, worker + 1);
    for (std::int64_t begin = share(count, worker); begin < end; begin += block_rows_) {
      const std::int64_t rows = std::min(block_rows_, end - begin);
      forward_block(own, flat,
                    examples.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(rows)));
      for (std::int64_t row = 0; row < rows; ++row) {
        alignas(64) float classes[kLanes] = {0.0f, own.z[row]};
        sink(static_cast<std::size_t>(begin + row), classes);
      }
    }
  });
}

}  // namespace grokscope::fused

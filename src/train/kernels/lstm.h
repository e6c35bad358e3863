// FusedLstm: forward, backward and evaluation of the LSTM classifier of texts by hand, on the CPU: any depth
// and width. Torch-free: raw floats, offsets into the flat vector. Trainer thread plus its team.
//
// What a word gives to the gates of the first layer is a table row, computed once for every word that occurs
// in the examples at hand. Then layer by layer: between layers one multiply over all positions, within a
// layer one small multiply a position. Gates stand in rows [i | f | g | o] of `4 · stride` floats, each gate
// padded to whole vectors; the padding of hidden states and of gradients stays zero by itself.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "train/kernels/buffer.h"
#include "train/kernels/core.h"
#include "train/kernels/rows.h"

namespace grokscope::fused {

/// Offsets into the flat vector: W_input (in, 4·width), W_hidden (width, 4·width), both biases (4·width).
struct LstmLayer {
  std::int64_t W_input = -1, W_hidden = -1, b_input = -1, b_hidden = -1;
};

struct LstmPlan {
  std::int64_t words = 0, positions = 0, embedding_width = 0, width = 0;
  std::int64_t W_E = -1;  // (word, embedding_width)
  std::vector<LstmLayer> layers;
  std::int64_t W_out = -1, b_out = -1;  // (width), (1): the log-odds of class 1
};

class FusedLstm final : public Core<float> {
 public:
  /// `texts`: (example, position), of the whole dataset; it must live as long as this.
  FusedLstm(const LstmPlan& plan, const std::int64_t* texts, int workers);
  ~FusedLstm() override;

  double gradient(const float* flat, std::span<const std::int64_t> examples, const std::int64_t* targets,
                  float* gradient, const LogitView<float>& seen) override;
  void logits(const float* flat, std::span<const std::int64_t> examples,
              const LogitSink<float>& sink) override;
  Team& team() override { return team_; }

 private:
  struct Worker;
  /// One layer's weights with padded gates: (in, 4·stride), (width, 4·stride), (4·stride).
  struct Weights {
    Buffer input, hidden, bias;
  };

  // Preparing: what all examples share.
  void find_words(std::span<const std::int64_t> examples);
  void prepare(int worker, const float* flat);
  void pack_rows(const float* from, std::int64_t begin, std::int64_t end, float* to) const;
  // Forward: (position, example of the block, ...)
  void forward_block(Worker& own, const float* flat, std::span<const std::int64_t> examples);
  void layer_inputs(Worker& own, std::size_t layer, std::int64_t rows);
  // Backward
  /// `seen`: by place among these examples.
  void train_block(Worker& own, const float* flat, std::span<const std::int64_t> examples,
                   const std::int64_t* targets, float scale, const LogitView<float>& seen);
  void layer_backward(Worker& own, std::size_t layer, std::int64_t rows);
  void weight_gradients(Worker& own, std::size_t layer, std::int64_t rows);
  void add_worker_sums(int worker);
  void write_gradient(int worker, float* gradient);
  void write_rows(const float* from, std::int64_t begin, std::int64_t end, float* to) const;
  void write_embedding(int worker, float* gradient);

  std::int64_t share(std::int64_t count, int worker) const { return count * worker / team_.size(); }
  std::int64_t word_count() const { return static_cast<std::int64_t>(words_.size()); }

  const LstmPlan plan_;
  const std::int64_t stride_, gates_, block_rows_;  // padded width, 4·stride_, most examples at once
  const RowKernels rows_ = row_kernels();
  const std::int64_t* texts_;
  Team team_;
  std::vector<std::int64_t> words_;     // that occur in the examples at hand
  std::vector<std::int32_t> place_of_;  // (word): its place among them, −1: does not occur
  std::vector<Weights> weights_;        // (layer); the first layer's input weights serve the gradient only
  Buffer embeddings_;                   // (place, embedding_width)
  Buffer table_;                        // (place, gates): what a word gives to the first layer's gates
  std::vector<Worker> workers_;
};

}  // namespace grokscope::fused

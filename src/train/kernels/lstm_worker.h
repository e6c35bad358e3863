// What one worker of FusedLstm owns: the states of a block of texts and its private gradients, which are
// summed later. Private to the fused LSTM's source files.
#pragma once

#include <cstdint>
#include <vector>

#include "train/kernels/lstm.h"

namespace grokscope::fused {

struct FusedLstm::Worker {
  Worker(const LstmPlan& plan, std::int64_t stride, std::int64_t block_rows);

  struct Layer {
    Buffer gates;                    // (position, example, 4·stride): values, later gradients
    Buffer cell, tanh_cell, hidden;  // (position, example, stride)
    Weights d;                       // as FusedLstm::weights_
  };
  std::vector<Layer> layers;
  std::vector<std::int32_t> places;  // (position, example): of the word in the table
  Buffer z;                          // (example): log-odds, later their gradient
  Buffer d_above;                    // (position, example, stride): from the layer above to this one's hidden
  Buffer d_cell;                     // (example, stride)
  Buffer d_table;                    // (place, 4·stride)
  Buffer d_W_out;                    // (stride)
  Buffer d_embeddings;               // (place of its share, embedding_width)
  float d_b_out = 0.0f;
  double loss = 0.0;
};

}  // namespace grokscope::fused

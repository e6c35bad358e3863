// What one worker of FusedTransformer owns: block buffers and its private parts of gradients that are summed
// later. Private to the fused transformer's source files.
#pragma once

#include "train/kernels/transformer.h"

namespace grokscope::fused {

/// Rows handled between two multiplies: the block's wide rows stay in L2.
constexpr std::int64_t kBlockRows = 192;

struct FusedTransformer::Worker {
  Worker(const TransformerPlan& plan, std::int64_t wide, std::int64_t mlp_padded, std::int64_t head_width,
         int number);

  const int number;
  Buffer rows;                // (2·tokens, width): E + pos0, E + pos1
  Buffer equals;              // (width): E[=] + pos2
  Buffer base;                // (wide)
  Buffer exp_equals;          // (head): exp(score of '=' − max)
  Buffer block;               // (block, wide): pre-activations | logits, later their gradients
  Buffer hidden;              // (block, padded mlp): activations unless relu works in place
  Buffer d_hidden;            // (block, neurons_) unless relu
  Buffer weight_a, weight_b;  // (block, heads): attention to a and to b; the rest goes to '='
  Buffer dot_a, dot_b;        // (block, heads)
  Buffer d_table_b;           // (token, head, wide)
  Buffer d_score_b;           // (token, head)
  Buffer d_score_equals;      // (head)
  Buffer d_base;              // (wide)
  Buffer d_W_L;               // (classes, neurons_): transposed, a row is whole vectors
  Buffer d_W_in;              // (width, mlp)
  Buffer d_W_U;               // (classes, width): transposed, as a multiply writes it faster
  Buffer d_rows;              // (2·tokens, width)
  Buffer d_equals;            // (width)
  Buffer d_head_out;          // (head·head_width, wide)
  Buffer head_out_by_column;  // (wide, head_width): head_out_ of one head, transposed
  Buffer d_values;            // (2·tokens, head_width) of one head
  Buffer d_value_equals;      // (head_width)
  Buffer vector;              // scratch (width)
  double loss = 0.0;
};

}  // namespace grokscope::fused

// The row work of the fused steppers: everything between the big multiplies, and the optimizer's pass. Plain
// rows of float or double, padded to 16 where not said otherwise; no tensors. Called by every worker on its
// own rows.
#pragma once

#include <cstdint>
#include <vector>

#include "model/activation_kind.h"
#include "train/kernels/conv_rows.h"

namespace grokscope::fused {

/// What softmax cross-entropy of one row gave. Exact for tiny losses without doubles per element: the loss of
/// a confident right answer is log1p of the sum of the *other* classes' exponentials, never log(1 + tiny).
struct RowLoss {
  double loss = 0.0;
  bool right = false;  ///< the target has the largest logit (ties go to the lowest class, as argmax)
};

/// An optimizer's update in the precision of the arrays.
template <typename Scalar>
struct UpdateFactors {
  Scalar keep{1}, l2{};  ///< decoupled decay multiplies the weights, L2 joins the gradient
  Scalar beta1{}, beta2{}, rest1{}, rest2{};  ///< rest: 1 − beta
  Scalar adam_rate{}, root{}, epsilon{};      ///< with the bias corrections
  Scalar rate{}, momentum{};                  ///< sgd
};

/// Rows of a block that share a token, and what that token's rows are worth to each of them.
struct MixRun {
  const std::int32_t* rows = nullptr;  ///< (count): numbers of the rows
  std::int64_t count = 0, heads = 0;
  std::int64_t stride = 0;         ///< from one row to the next: of the block, the table and its gradient
  const float* table = nullptr;    ///< (head, stride)
  const float* weights = nullptr;  ///< (row number, head)
  /// Of the token after this one, or nullptr: fetched meanwhile, because tables are longer than L2.
  const float *next_table = nullptr, *next_gradient = nullptr;
};

/// Rows that are each the sum of two tokens' rows. Fastest when equal first tokens stand together.
struct PairRows {
  const std::int32_t *a = nullptr, *b = nullptr;  ///< (count): tokens
  std::int64_t count = 0;
  std::int64_t stride = 0;  ///< from one row to the next: of the rows, the tables and their gradients
  const float *table_a = nullptr, *table_b = nullptr;  ///< (token, stride)
};

/// `count` rows of `left` (inner) times `right` (inner, width), into `rows`, where the values of a relu may
/// stand. Strides: floats from one row to the next.
struct Product {
  std::int64_t count = 0, width = 0, inner = 0;
  const float* left = nullptr;  ///< may be further columns of `rows`
  std::int64_t left_stride = 0;
  const float* right = nullptr;
  std::int64_t right_stride = 0;
  float* rows = nullptr;
  std::int64_t row_stride = 0;
};

/// The kernels that there are in either precision, built for one instruction set.
template <typename Scalar>
struct CommonKernels {
  /// Loss of logits[0, classes), which have room for classes padded to a multiple of 16. Writes (softmax −
  /// onehot)·scale to `gradient`, which may be the logits and has the same room; its padding becomes zero. A
  /// NaN or infinite logit gives a NaN loss.
  RowLoss (*cross_entropy)(const Scalar* logits, std::int64_t classes, std::int64_t target, Scalar scale,
                           Scalar* gradient);
  /// Mean over classes of (logit − onehot)²; gradient 2(logit − onehot)/classes·scale.
  RowLoss (*squared_error)(const Scalar* logits, std::int64_t classes, std::int64_t target, Scalar scale,
                           Scalar* gradient);
  /// Mean over outputs of (output − target)², target: `count` plain numbers; gradient 2(output −
  /// target)/count·scale with zeros in its padding, as for cross_entropy. Leaves `right` false: what counts
  /// as right is the caller's business.
  RowLoss (*squared_distance)(const Scalar* outputs, std::int64_t count, const Scalar* target, Scalar scale,
                              Scalar* gradient);
  /// out = activation(u) over `width` numbers, a multiple of 16; may alias.
  void (*activate)(Activation activation, const Scalar* u, Scalar* out, std::int64_t width);
  /// d = d_out ⊙ activation'(u); may alias. For relu `u` may be the activated values.
  void (*activate_backward)(Activation activation, const Scalar* u, const Scalar* d_out, Scalar* d,
                            std::int64_t width);
  /// to += weight · from, and out = left + right; any width.
  void (*add_scaled)(Scalar weight, const Scalar* from, Scalar* to, std::int64_t width);
  void (*add)(const Scalar* left, const Scalar* right, Scalar* out, std::int64_t width);
  void (*adam)(const UpdateFactors<Scalar>& factors, std::int64_t size, Scalar* weights,
               const Scalar* gradient, Scalar* first, Scalar* second);
  void (*sgd)(const UpdateFactors<Scalar>& factors, std::int64_t size, Scalar* weights,
              const Scalar* gradient, Scalar* first);
};

/// With those that there are in float alone.
struct RowKernels : CommonKernels<float> {
  /// rows[r] = (base, or what stands there if it is nullptr) + Σ_h weights[r][h]·table[h], for every row r of
  /// the run, in the first `width` columns; negative values of the first `clipped` columns become 0 (relu).
  /// Both are multiples of 16.
  void (*mix_forward)(const MixRun& run, const float* base, float* rows, std::int64_t width,
                      std::int64_t clipped);
  /// Its transpose for the rows' gradients `d_rows`: gradient[h] += Σ_r weights[r][h]·d_rows[r] (= if
  /// `starts`), column_sum += Σ_r d_rows[r] unless nullptr, dots[r][h] = d_rows[r]·table[h].
  void (*mix_backward)(const MixRun& run, const float* d_rows, std::int64_t width, bool starts,
                       float* gradient, float* column_sum, float* dots);
  /// The gradient before a relu: rows[i][f] = rows[i][f] > 0 ? Σ_k left[i][k]·right[k][f] : 0; width is a
  /// multiple of 16.
  void (*multiply_through_relu)(const Product& product);
  /// rows = left·right; width is a multiple of 16. What a row comes to does not depend on the rows beside it.
  void (*multiply)(const Product& product);
  /// rows[i] = activation(table_a[a[i]] + table_b[b[i]]) in the first `width` columns, a multiple of 16.
  void (*pair_forward)(Activation activation, const PairRows& pairs, float* rows, std::int64_t width);
  /// Its transpose for the rows' gradients: d_table_a[a[i]] += d_rows[i] ⊙ activation'(sum), d_table_b alike.
  void (*pair_backward)(Activation activation, const PairRows& pairs, const float* d_rows, std::int64_t width,
                        float* d_table_a, float* d_table_b);
  /// The dot product; any width.
  float (*dot)(const float* left, const float* right, std::int64_t width);
  /// One position of an LSTM layer, (row, 4·width) gates i f g o: from what goes into σ and tanh to their
  /// values; cell = f·cell_before + i·g, hidden = o·tanh(cell), (row, width). cell_before nullptr: zeros.
  /// width is a multiple of 16.
  void (*lstm_forward)(float* gates, const float* cell_before, float* cell, float* tanh_cell, float* hidden,
                       std::int64_t rows, std::int64_t width);
  /// Its transpose: `gates` become the gradient before σ and tanh, `d_cell`, which comes from the position
  /// after, that for the position before.
  void (*lstm_backward)(float* gates, const float* tanh_cell, const float* cell_before, const float* d_hidden,
                        float* d_cell, std::int64_t rows, std::int64_t width);
  ConvKernels conv;
};

struct RowKernelSet {
  const char* name = "";
  RowKernels kernels;
  CommonKernels<double> in_double;
};
/// All sets that this processor can run, the fastest first.
std::vector<RowKernelSet> row_kernel_sets();
/// The first of them.
RowKernels row_kernels();
template <typename Scalar>
CommonKernels<Scalar> common_row_kernels();
/// "AVX-512", "AVX2" or "baseline".
const char* row_kernels_name();

}  // namespace grokscope::fused

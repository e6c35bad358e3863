// Cross-entropy and mean squared error, a row at a time.
#include "train/torch_side/loss.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "probe/losses.h"

namespace grokscope {
namespace {

constexpr std::int64_t kLossBlockRows = 128;  // a block of float64 shares stays in cache
constexpr std::int64_t kLossLanes = 8;  // independent sums and maxima, so that the compiler may vectorise

template <typename Real>
Real largest_logit(const Real* row, std::int64_t classes) {
  Real lanes[kLossLanes];
  for (Real& lane : lanes) lane = row[0];
  std::int64_t j = 0;
  for (; j + kLossLanes <= classes; j += kLossLanes) {
    for (std::int64_t k = 0; k < kLossLanes; ++k) lanes[k] = row[j + k] > lanes[k] ? row[j + k] : lanes[k];
  }
  for (; j < classes; ++j) lanes[0] = row[j] > lanes[0] ? row[j] : lanes[0];
  Real largest = lanes[0];
  for (const Real lane : lanes) largest = lane > largest ? lane : largest;
  return largest;
}

double sum_of_row(const double* row, std::int64_t classes) {
  double lanes[kLossLanes] = {};
  std::int64_t j = 0;
  for (; j + kLossLanes <= classes; j += kLossLanes) {
    for (std::int64_t k = 0; k < kLossLanes; ++k) lanes[k] += row[j + k];
  }
  for (; j < classes; ++j) lanes[0] += row[j];
  double sum = 0.0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

/// `share` holds exp(logit - largest), `log_right` the target's exponent. Returns the loss; writes the
/// gradient if asked. The target's 1 - softmax is the others' sum, which stays exact when the target takes
/// all.
template <typename Real>
double cross_entropy_of_row(double* share, double log_right, std::int64_t classes, std::int64_t target,
                            double factor, Real* gradient) {
  const double right = share[target];
  share[target] = 0.0;
  const double others = sum_of_row(share, classes);
  if (gradient != nullptr) {
    share[target] = -others;
    const double scale = factor / (right + others);
    for (std::int64_t j = 0; j < classes; ++j) gradient[j] = static_cast<Real>(share[j] * scale);
  }
  return log_right == 0.0 ? std::log1p(others) : std::log(right + others) - log_right;
}

/// A block of rows at a time, so that float64 shares stay in cache; exp by LibTorch's vectorised loop.
template <typename Real>
void cross_entropy_on_cpu(const at::Tensor& logits, const at::Tensor& targets, double factor, double* losses,
                          Real* gradient) {
  const std::int64_t rows = logits.size(0), classes = logits.size(1);
  const Real* values = logits.data_ptr<Real>();
  const std::int64_t* target = targets.data_ptr<std::int64_t>();
  const at::Tensor block = at::empty({std::min(rows, kLossBlockRows), classes}, at::kDouble);
  auto* share = block.data_ptr<double>();
  for (std::int64_t first = 0; first < rows; first += kLossBlockRows) {
    const std::int64_t count = std::min(kLossBlockRows, rows - first);
    for (std::int64_t i = 0; i < count; ++i) {
      const Real* row = values + (first + i) * classes;
      double* exponent = share + i * classes;
      const double largest = largest_logit(row, classes);
      for (std::int64_t j = 0; j < classes; ++j) exponent[j] = static_cast<double>(row[j]) - largest;
      losses[first + i] = exponent[target[first + i]];
    }
    block.narrow(0, 0, count).exp_();
    for (std::int64_t i = 0; i < count; ++i) {
      Real* out = gradient == nullptr ? nullptr : gradient + (first + i) * classes;
      double& loss = losses[first + i];  // holds the target's exponent until here
      loss = cross_entropy_of_row(share + i * classes, loss, classes, target[first + i], factor, out);
    }
  }
}

at::Tensor cross_entropy_on_device(const at::Tensor& logits, const at::Tensor& targets, double factor,
                                   at::Tensor* gradient) {
  const at::Tensor column = targets.unsqueeze(1);                  // (row, 1)
  at::Tensor log_share = at::log_softmax(logits, 1, at::kDouble);  // (row, class) float64
  at::Tensor rows = log_share.gather(1, column).squeeze(1).neg();  // (row)
  if (gradient != nullptr) {
    at::Tensor share = log_share.exp_();  // softmax - onehot, cancelled in float64
    share.scatter_add_(1, column, at::full_like(column, -1.0, share.options()));
    *gradient = share.mul_(factor).to(logits.scalar_type());
  }
  return rows;
}

at::Tensor cross_entropy_rows(const at::Tensor& logits, const at::Tensor& targets, double factor,
                              at::Tensor* gradient) {
  if (!logits.is_cpu()) return cross_entropy_on_device(logits, targets, factor, gradient);
  const at::NoGradGuard no_gradients;
  const at::Tensor values = logits.contiguous(), columns = targets.contiguous();
  at::Tensor losses = at::empty({values.size(0)}, at::kDouble);
  if (gradient != nullptr) *gradient = at::empty_like(values);
  if (values.scalar_type() == at::kDouble) {
    cross_entropy_on_cpu<double>(values, columns, factor, losses.data_ptr<double>(),
                                 gradient != nullptr ? gradient->data_ptr<double>() : nullptr);
  } else {
    cross_entropy_on_cpu<float>(values, columns, factor, losses.data_ptr<double>(),
                                gradient != nullptr ? gradient->data_ptr<float>() : nullptr);
  }
  return losses;
}

at::Tensor mean_squared_rows(const at::Tensor& logits, const at::Tensor& targets, double factor,
                             at::Tensor* gradient) {
  const at::Tensor column = targets.unsqueeze(1);
  at::Tensor difference = logits.clone();  // (row, class)
  difference.scatter_add_(1, column, at::full_like(column, -1.0, difference.options()));
  const auto classes = static_cast<double>(logits.size(1));
  at::Tensor rows = at::square(difference).sum({1}, false, at::kDouble) / classes;  // (row)
  if (gradient != nullptr) *gradient = difference.mul_(2.0 * factor / classes);
  return rows;
}

/// With S = Σ s: loss = log(S / s(target)); d loss/d x_j = s'(x_j)/S, less s'(x_t)/s(x_t) for the target,
/// which is -s'(x_t) · others / (S · s(x_t)): exact when the target takes nearly all.
at::Tensor stablemax_rows(const at::Tensor& logits, const at::Tensor& targets, double factor,
                          at::Tensor* gradient) {
  const at::Tensor column = targets.unsqueeze(1);     // (row, 1)
  at::Tensor scores = stablemax_scores(logits);       // (row, class) float64
  const at::Tensor right = scores.gather(1, column);  // (row, 1)
  if (gradient == nullptr) {
    const at::Tensor others = scores.scatter_(1, column, 0.0).sum({1}, true);  // (row, 1)
    return at::log1p(others / right).squeeze(1);
  }
  at::Tensor slopes = at::where(scores >= 1.0, at::ones_like(scores), at::square(scores));  // s'(x)
  const at::Tensor others = scores.scatter_(1, column, 0.0).sum({1}, true);                 // (row, 1)
  const at::Tensor sum = others + right;
  const at::Tensor at_target = slopes.gather(1, column) * others / (sum * right);
  slopes.div_(sum).scatter_(1, column, at_target.neg());
  *gradient = slopes.mul_(factor).to(logits.scalar_type());
  return at::log1p(others / right).squeeze(1);  // (row)
}

template <typename Real>
bool is_first_largest(const Real* row, std::int64_t classes, std::int64_t target) {
  const Real best = row[target];
  std::int64_t beaten = 0;
  for (std::int64_t j = 0; j < target; ++j) beaten += row[j] < best ? 1 : 0;
  for (std::int64_t j = target + 1; j < classes; ++j) beaten += row[j] <= best ? 1 : 0;
  return beaten == classes - 1 && best == best;
}

template <typename Real>
void mark_right_rows(const at::Tensor& logits, const at::Tensor& targets, bool* right) {
  const Real* values = logits.data_ptr<Real>();
  const std::int64_t* target = targets.data_ptr<std::int64_t>();
  const std::int64_t rows = logits.size(0), classes = logits.size(1);
  for (std::int64_t i = 0; i < rows; ++i)
    right[i] = is_first_largest(values + i * classes, classes, target[i]);
}

}  // namespace

at::Tensor loss_rows(LossKind kind, const at::Tensor& logits, const at::Tensor& targets, double factor,
                     at::Tensor* gradient) {
  const at::Tensor values = logits.detach();
  if (kind == LossKind::stablemax) return stablemax_rows(values, targets, factor, gradient);
  return kind == LossKind::cross_entropy ? cross_entropy_rows(values, targets, factor, gradient)
                                         : mean_squared_rows(values, targets, factor, gradient);
}

at::Tensor right_rows(const at::Tensor& logits, const at::Tensor& targets) {
  if (!logits.is_cpu()) {
    return at::logical_and(logits.argmax(1).eq(targets), logits.isnan().any(1).logical_not());
  }
  const at::Tensor rows = logits.detach().contiguous(), column = targets.contiguous();
  at::Tensor right = at::empty({rows.size(0)}, at::kBool);
  if (rows.scalar_type() == at::kDouble) {
    mark_right_rows<double>(rows, column, right.data_ptr<bool>());
  } else {
    mark_right_rows<float>(rows, column, right.data_ptr<bool>());
  }
  return right;
}

}  // namespace grokscope

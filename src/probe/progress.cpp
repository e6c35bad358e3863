// See progress.h. Everything that P keeps depends on a + b alone, so it is a (p, class) table: no p^2 x p^2
// matrices.
#include "probe/progress.h"

#include <limits>
#include <numeric>
#include <vector>

#include "data/target_vectors.h"
#include "probe/losses.h"
#include "probe/probe_tools.h"
#include "probe/spectrum.h"

namespace grokscope {

namespace {

constexpr std::size_t kMostKeys = 8;

/// The logits seen as a function of the sum s = a + b mod p.
struct SumTable {
  at::Tensor sums;     // (example) int64
  at::Tensor targets;  // (p) int64: the right class of each sum
  at::Tensor means;    // (p, class): mean logits of the p pairs of each sum
};

/// Whether the examples are all p^2 pairs, each once.
bool all_pairs_once(const at::Tensor& pairs, std::int64_t order) {
  if (pairs.size(0) != order * order) return false;
  std::vector<bool> seen(static_cast<std::size_t>(order * order), false);
  const std::int64_t* pair = pairs.data_ptr<std::int64_t>();
  for (std::int64_t i = 0; i < pairs.size(0); ++i, pair += 2) {
    if (pair[0] < 0 || pair[0] >= order || pair[1] < 0 || pair[1] >= order) return false;
    if (seen[pair[0] * order + pair[1]]) return false;
    seen[pair[0] * order + pair[1]] = true;
  }
  return true;
}

/// Mean logits (p, class) float64 of those examples of each sum that are in `wanted`; a sum without any gets
/// the mean of all of them, which has no Fourier component of its own.
template <typename Real>
at::Tensor means_by_sum(const at::Tensor& logits, const at::Tensor& sums, std::int64_t order,
                        const std::vector<std::int64_t>& wanted) {
  const std::int64_t classes = logits.size(1);
  at::Tensor means = at::zeros({order, classes}, at::kDouble);
  auto* rows = means.data_ptr<double>();
  const std::int64_t* sum = sums.data_ptr<std::int64_t>();
  std::vector<std::int64_t> counts(static_cast<std::size_t>(order), 0);
  std::vector<double> all(static_cast<std::size_t>(classes), 0.0);
  for (const std::int64_t i : wanted) {
    const Real* row = logits.data_ptr<Real>() + i * classes;
    double* total = rows + sum[i] * classes;
    for (std::int64_t c = 0; c < classes; ++c) {
      total[c] += static_cast<double>(row[c]);
      all[static_cast<std::size_t>(c)] += static_cast<double>(row[c]);
    }
    ++counts[static_cast<std::size_t>(sum[i])];
  }
  for (std::int64_t s = 0; s < order; ++s) {
    const auto count = static_cast<double>(counts[static_cast<std::size_t>(s)]);
    for (std::int64_t c = 0; c < classes; ++c) {
      double& mean = rows[s * classes + c];
      mean =
          count > 0.0 ? mean / count : all[static_cast<std::size_t>(c)] / static_cast<double>(wanted.size());
    }
  }
  return means;
}

at::Tensor means_of(const at::Tensor& logits, const at::Tensor& sums, std::int64_t order,
                    const std::vector<std::int64_t>& wanted) {
  return logits.scalar_type() == at::kDouble ? means_by_sum<double>(logits, sums, order, wanted)
                                             : means_by_sum<float>(logits, sums, order, wanted);
}

SumTable sum_table(const at::Tensor& logits, const Dataset& data) {
  const std::int64_t order = data.cyclic_order;
  SumTable table{inputs_as<PairInputs>(data.inputs).pairs.sum(1).remainder(order).contiguous(),
                 at::empty({order}, at::kLong), at::Tensor()};
  table.targets.scatter_(0, table.sums, data.targets);  // all examples of a sum have the same answer
  std::vector<std::int64_t> everyone(static_cast<std::size_t>(logits.size(0)));
  std::iota(everyone.begin(), everyone.end(), 0);
  table.means = means_of(logits, table.sums, order, everyone);
  return table;
}

/// The test examples that memorising alone cannot answer: without those whose mirror is trained on.
std::vector<std::int64_t> unseen(const Split& split) {
  const std::vector<std::uint8_t> unmirrored = split.unmirrored_test();
  std::vector<std::int64_t> examples;
  for (const std::int64_t example : split.test()) {
    if (unmirrored.empty() || unmirrored[static_cast<std::size_t>(example)] != 0) examples.push_back(example);
  }
  return examples;
}

/// P L as a function of the sum, (p, class). With unit-norm rows over the sums, B^T B applied to the means
/// equals the projection on the unit-norm directions over all pairs, because these do not change where the
/// sum does not.
at::Tensor key_component(const FourierBasis& basis, const std::vector<std::int64_t>& keys,
                         const at::Tensor& means) {
  const at::Tensor rows = index_tensor(keys) - 1;
  const at::Tensor directions =
      at::cat({basis.cosine.index_select(0, rows), basis.sine.index_select(0, rows)}, 0);  // (2n, p)
  return at::matmul(directions.t(), at::matmul(directions, means));
}

/// Mean of `losses` (p), one a sum, over the examples `indices`.
double mean_over(const at::Tensor& losses, const SumTable& table, const at::Tensor& indices) {
  if (indices.size(0) == 0) return std::numeric_limits<double>::quiet_NaN();
  return losses.index_select(0, table.sums.index_select(0, indices)).mean().item<double>();
}

std::string why_not_progress(const Dataset& data) {
  if (is_regression(data)) {
    return "Restricted and excluded loss belong to a + b mod p; the answers of this task are numbers, not "
           "classes.";
  }
  if (kind_of(data.inputs) == InputKind::images)
    return "Restricted and excluded loss belong to a + b mod p; this task has images.";
  if (!data.is_modular_addition) {
    return "Restricted and excluded loss are defined for a + b mod p only (Nanda et al. 2023, section 5).";
  }
  if (data.cyclic_order < 2 || data.class_count != data.cyclic_order ||
      !all_pairs_once(inputs_as<PairInputs>(data.inputs).pairs.contiguous(), data.cyclic_order)) {
    return "Restricted and excluded loss need every pair of a + b mod p exactly once.";
  }
  return "";
}

/// Writes the Ginis and the key frequencies; returns the latter (empty: neither W_L nor W_E, or all zero).
std::vector<std::int64_t> write_structure(const ProbeInput& input, const FourierBasis& basis, Frame& frame) {
  const ReadableWeights weights = input.model->readable(views_of(input.model->layout(), input.flat));
  const std::int64_t order = input.data->cyclic_order;
  std::vector<std::int64_t> keys;
  if (weights.neuron_to_logit.defined() && weights.neuron_to_logit.size(1) >= order) {
    const at::Tensor classes =
        cpu_double(weights.neuron_to_logit.t()).narrow(0, 0, order);  // (class, neuron)
    const FourierNorms norms = fourier_norms(basis, classes);
    frame.scalars["gini_neuron_to_logit"] = gini(norms.components());
    keys = key_frequencies(norms);
    frame.texts["key_source"] = "W_L";
  }
  if (weights.token_embedding.defined() && weights.token_embedding.size(0) >= order) {
    const at::Tensor tokens = cpu_double(weights.token_embedding).narrow(0, 0, order);  // (token, feature)
    const FourierNorms norms = fourier_norms(basis, tokens);
    frame.scalars["gini_embedding"] = gini(norms.components());
    if (keys.empty()) {
      keys = key_frequencies(norms);
      frame.texts["key_source"] = "W_E";
    }
  }
  frame.scalars["key_count"] = static_cast<double>(keys.size());
  // Where nearly every frequency passes, none stands out yet: key_count tells.
  if (keys.size() > kMostKeys) keys.resize(kMostKeys);  // they come strongest first
  frame.arrays["key_frequencies"] = array_from(std::vector<double>(keys.begin(), keys.end()));
  return keys;
}

void fill_progress(const ProbeInput& input, Frame& frame) {
  const Dataset& data = *input.data;
  frame.not_applicable = why_not_progress(data);
  if (!frame.not_applicable.empty()) return;
  const FourierBasis basis = fourier_basis(data.cyclic_order);
  const std::vector<std::int64_t> keys = write_structure(input, basis, frame);
  if (keys.empty()) {
    frame.not_applicable =
        "This model has no matrix whose Fourier components would give the key frequencies.";
    return;
  }
  const std::string& kind = input.config.loss.kind;
  at::Tensor logits = all_logits(input).narrow(1, 0, data.class_count);  // (pair, class)
  if (logits.scalar_type() != at::kDouble) logits = logits.to(at::kFloat);
  logits = logits.contiguous();
  const SumTable table = sum_table(logits, data);
  const at::Tensor kept = key_component(basis, keys, table.means);  // (p, class)
  // (p): what the key frequencies alone would lose on each sum
  const auto restricted_by_sum = [&](const at::Tensor& means) {
    return example_losses(key_component(basis, keys, means) + means.mean(0, true), table.targets, kind);
  };
  const at::Tensor train = index_tensor(input.split->train()), test = index_tensor(input.split->test());
  const at::Tensor train_logits = logits.index_select(0, train);  // (train, class)
  const at::Tensor train_targets = training_labels(data).index_select(0, train);
  const at::Tensor excluded = train_logits - kept.index_select(0, table.sums.index_select(0, train));

  // Means over all pairs of a sum would mix in memorised answers, and be small for a run that never groks.
  const std::vector<std::int64_t> judged = unseen(*input.split);
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  frame.scalars["restricted_loss"] = frame.scalars["constant_loss"] = nothing;
  if (!judged.empty()) {
    const at::Tensor means = means_of(logits, table.sums, data.cyclic_order, judged),
                     of = index_tensor(judged);
    frame.scalars["restricted_loss"] = mean_over(restricted_by_sum(means), table, of);
    const at::Tensor constant = means.mean(0, true).expand_as(means);  // what is left without any frequency
    frame.scalars["constant_loss"] = mean_over(example_losses(constant, table.targets, kind), table, of);
  }
  frame.scalars["restricted_loss_all"] = restricted_by_sum(table.means).mean().item<double>();
  frame.scalars["excluded_loss"] = mean_loss(excluded, train_targets, kind);
  frame.scalars["full_train_loss"] = mean_loss(train_logits, train_targets, kind);
  frame.scalars["full_test_loss"] =
      mean_loss(logits.index_select(0, test), data.targets.index_select(0, test), kind);
  frame.scalars["sum_of_squares"] = input.flat.to(at::kDouble).square().sum().item<double>();
}

}  // namespace

Frame look_at_progress(const ProbeInput& input) {
  return guarded_look(input, "progress", fill_progress);
}

}  // namespace grokscope

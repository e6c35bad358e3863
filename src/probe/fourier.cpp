// See fourier.h.
#include "probe/fourier.h"

#include <algorithm>
#include <numeric>

#include "probe/probe_tools.h"
#include "probe/spectrum.h"

namespace grokscope {

namespace {

constexpr std::int64_t kFilterCount = 36;
constexpr std::size_t kTopCount = 8;

std::vector<double> power_shares(const FourierNorms& norms) {
  std::vector<double> shares(norms.cosine.size());
  for (std::size_t i = 0; i < shares.size(); ++i) shares[i] = norms.power(i);
  const double total = std::accumulate(shares.begin(), shares.end(), 0.0);
  for (double& share : shares) share = total > 0.0 ? share / total : 0.0;
  return shares;
}

/// (p, 2): centred tokens on the plane of one frequency. `centred` (p, feature).
at::Tensor circle_of(const FourierBasis& basis, const at::Tensor& centred, std::int64_t frequency) {
  const at::Tensor along = at::matmul(basis.cosine[frequency - 1], centred);  // (feature)
  const at::Tensor across = at::matmul(basis.sine[frequency - 1], centred);   // (feature)
  const double along_norm = along.norm().item<double>();
  const double scale = along_norm + across.norm().item<double>();
  const at::Tensor first = along_norm > 1e-9 * scale ? along / along_norm : at::zeros_like(along);
  const at::Tensor rest = across - at::dot(across, first) * first;
  const double rest_norm = rest.norm().item<double>();
  const at::Tensor second = rest_norm > 1e-9 * scale ? rest / rest_norm : at::zeros_like(rest);
  const at::Tensor points = at::matmul(centred, at::stack({first, second}, 1));  // (p, 2)
  const double radius = points.square().sum(1).sqrt().mean().item<double>();
  return radius > 0.0 ? points / radius : points;
}

/// Writes `pca` and `pca_variance`. `centred` (token, feature).
void write_pca(const at::Tensor& centred, Frame& frame) {
  const bool wide = centred.size(1) > centred.size(0);
  const at::Tensor gram =
      wide ? at::matmul(centred, centred.t()) : at::matmul(centred.t(), centred);  // (m, m)
  const auto [values, vectors] = at::linalg_eigh(gram);                            // ascending; columns
  const double total = gram.trace().item<double>();
  at::Tensor points = at::zeros({centred.size(0), 2}, at::kDouble);
  std::vector<double> variance(2, 0.0);
  for (std::int64_t i = 0; i < std::min<std::int64_t>(2, values.size(0)); ++i) {
    const std::int64_t column = values.size(0) - 1 - i;
    const double eigenvalue = std::max(values[column].item<double>(), 0.0);
    if (!(total > 0.0) || eigenvalue <= 1e-14 * total) continue;
    const at::Tensor vector = vectors.select(1, column);
    at::Tensor loading = wide ? at::matmul(centred.t(), vector) : vector;  // (feature)
    loading = loading / loading.norm();
    if (loading[loading.abs().argmax()].item<double>() < 0.0) loading = -loading;
    points.select(1, i).copy_(at::matmul(centred, loading));
    variance[i] = eigenvalue / total;
  }
  frame.arrays["pca"] = array_from(points);
  frame.arrays["pca_variance"] = array_from(variance);
}

void fill_cyclic(const at::Tensor& embedding, Frame& frame) {
  const at::Tensor centred = embedding - embedding.mean(0, true);  // (p, feature)
  const FourierBasis basis = fourier_basis(embedding.size(0));
  const FourierNorms norms = fourier_norms(basis, centred);
  const std::vector<double> shares = power_shares(norms);
  const std::vector<std::int64_t> keys = key_frequencies(norms);
  double key_share = 0.0;
  for (const std::int64_t key : keys) key_share += shares[key - 1];
  const auto strongest = std::max_element(shares.begin(), shares.end()) - shares.begin() + 1;
  std::vector<double> sorted = shares;
  std::sort(sorted.rbegin(), sorted.rend());
  const auto top = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(kTopCount, sorted.size()));

  frame.texts["kind"] = "cyclic";
  frame.arrays["power"] = array_from(shares);
  frame.arrays["cos_norm"] = array_from(norms.cosine);
  frame.arrays["sin_norm"] = array_from(norms.sine);
  frame.arrays["key_frequencies"] = array_from(std::vector<double>(keys.begin(), keys.end()));
  frame.arrays["circle"] = array_from(circle_of(basis, centred, strongest));
  write_pca(centred, frame);
  frame.scalars["key_count"] = static_cast<double>(keys.size());
  frame.scalars["key_share"] = key_share;
  frame.scalars["top8_share"] = std::accumulate(sorted.begin(), top, 0.0);
  frame.scalars["gini"] = gini(norms.components());
  frame.scalars["strongest"] = static_cast<double>(strongest);
}

void fill_spectrum(const at::Tensor& embedding, Frame& frame) {
  const at::Tensor centred = embedding - embedding.mean(0, true);  // (token, feature)
  frame.texts["kind"] = "spectrum";
  frame.arrays["singular_values"] = array_from(singular_values(centred));
  write_pca(centred, frame);
}

void fill_filters(const at::Tensor& first_layer, const Dataset& data, Frame& frame) {
  const at::Tensor norms = first_layer.square().sum(1);  // (hidden)
  const std::int64_t count = std::min(kFilterCount, norms.size(0));
  const at::Tensor by_norm = at::argsort(norms, 0, /*descending=*/true);
  const at::Tensor units = std::get<0>(at::sort(by_norm.narrow(0, 0, count)));  // (count)
  const at::Tensor rows = first_layer.index_select(0, units);                   // (count, pixel)
  const at::Tensor scale = at::amax(rows.abs(), 1, true).clamp_min(1e-30);      // (count, 1)
  frame.texts["kind"] = "filters";
  frame.arrays["filters"] = array_from(pictures_of(rows / scale, inputs_as<ImageInputs>(data.inputs)));
  frame.arrays["filter_units"] = array_from(units);
}

void fill_fourier(const ProbeInput& input, Frame& frame) {
  const ReadableWeights weights = input.model->readable(views_of(input.model->layout(), input.flat));
  const Dataset& data = *input.data;
  if (kind_of(data.inputs) == InputKind::features || kind_of(data.inputs) == InputKind::graphs) {
    frame.not_applicable =
        "The inputs of this task are numbers, not tokens: there is no embedding to take apart into waves.";
    return;
  }
  if (kind_of(data.inputs) == InputKind::images) {
    if (!weights.first_layer.defined()) {
      frame.not_applicable = "This model has no first layer of pixel weights to show as pictures.";
      return;
    }
    return fill_filters(cpu_double(weights.first_layer), data, frame);
  }
  if (!weights.token_embedding.defined()) {
    frame.not_applicable = "This model has no token embedding to take apart.";
    return;
  }
  const at::Tensor embedding = cpu_double(weights.token_embedding);  // (token, feature)
  const std::int64_t order = data.cyclic_order;
  if (order >= 2 && embedding.size(0) >= order) return fill_cyclic(embedding.narrow(0, 0, order), frame);
  fill_spectrum(embedding, frame);
}

}  // namespace

Frame look_at_fourier(const ProbeInput& input) {
  return guarded_look(input, "fourier", fill_fourier);
}

}  // namespace grokscope

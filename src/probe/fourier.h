// The fourier probe: which rotations the token embedding is made of. Jobs thread.
//
// text `kind` = "cyclic" | "spectrum" | "filters"
//
// cyclic (Dataset::cyclic_order = p > 0). W_E is the (p, feature) token embedding (one-hot MLPs: the first
// layer's columns of a), F_c[k] and F_s[k] are the unit-norm cosine and sine of frequency k over tokens,
// K = floor(p / 2).
//   arrays  cos_norm, sin_norm (K)  norms of F_c[k] W_E and F_s[k] W_E (Nanda et al. 2023, fig. 3)
//           power (K)               cos_norm^2 + sin_norm^2 as shares: sum 1 (0 for a constant embedding)
//           key_frequencies (n)     a component norm > 1/4 of the largest; strongest first
//           circle (p, 2)           centred tokens on the orthonormalised plane of F_c[k] W_E and F_s[k] W_E,
//                                   k the strongest frequency, over the mean radius; token 0 near angle 0
//           pca (p, 2)              centred tokens on two principal components, largest loadings positive
//           pca_variance (2)        share of the total variance of each
//   scalars key_count, strongest    number of key frequencies; the strongest one (1..K)
//           key_share, top8_share   share of power of the key frequencies; of the eight strongest
//           gini                    of the p - 1 component norms (Hurley & Rickard 2009)
//
// spectrum (not cyclic: S5, tables)
//   arrays  singular_values (n)     of the centred token embedding, largest first, in the weights' units
//           pca, pca_variance       as above
//
// filters (images)
//   arrays  filters (n, height, width)  first-layer weights of the 36 units of largest norm, each over its
//                                       largest magnitude; in the order of the units: pictures stay put
//           filter_units (n)            which units
#pragma once

#include "probe/probe.h"

namespace grokscope {

Frame look_at_fourier(const ProbeInput& input);

}  // namespace grokscope

#include "claims/claims.h"

#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "claims/claim_list.h"

namespace grokscope {

std::span<const Claim> claims() {
  static const std::array kClaims{
      omnigrok_lu_teacher_student(),
      omnigrok_lu_mnist(),
      omnigrok_time_vs_weight_decay(),
      omnigrok_induce_mnist(),
      omnigrok_induce_text(),
      omnigrok_induce_molecules(),
      omnigrok_degrok(),
      omnigrok_data_size(),
      effective_theory_rqi(),
      effective_theory_map(),
      grokking_is_a_phase(),
      power_data_fraction(),
      power_fraction_curve(),
      power_symmetric_operations(),
      power_regularisers(),
      nanda_circuit(),
      gromov_gd(),
      prieto_orthograd(),
      grokfast_filter(),
      deep_rank_descent(),
      deep_depth_delays(),
      deep_two_stage(),
      deep_probe_leads(),
      two_speeds_gradual(),
      two_speeds_readout_gap(),
      two_speeds_train_bias(),
      two_speeds_degradation(),
      kernel_moves_early(),
      entropy_warns(),
      commutator_warns(),
      dd_epochwise(),
      dd_modelwise(),
      dd_samplewise(),
      dd_label_noise(),
      dd_early_stopping(),
      two_speeds_double_descent(),
      dd_linear_theory(),
      dd_random_features(),
      dd_two_scale(),
      davies_pattern_model(),
      davies_modelwise_grokking(),
  };
  return kClaims;
}

Result<const Claim*> find_claim(std::string_view name) {
  std::vector<std::string> names;
  for (const Claim& claim : claims()) {
    if (claim.name == name) return &claim;
    names.emplace_back(claim.name);
  }
  const std::string near = nearest_name(name, names);
  return usage_error(
      "there is no claim '" + std::string(name) + "'" +
      (near.empty() ? "; grokscope claims lists what there is" : ": did you mean '" + near + "'?"));
}

}  // namespace grokscope

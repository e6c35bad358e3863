// One function a claim; each file of this folder that checks a paper defines some. claims.cpp lists them.
#pragma once

#include "claims/claim.h"

namespace grokscope {

Claim omnigrok_lu_teacher_student();
Claim omnigrok_lu_mnist();
Claim omnigrok_time_vs_weight_decay();
Claim omnigrok_induce_mnist();
Claim omnigrok_induce_text();
Claim omnigrok_induce_molecules();
Claim omnigrok_degrok();
Claim omnigrok_data_size();
Claim effective_theory_rqi();
Claim effective_theory_map();
Claim grokking_is_a_phase();
Claim power_data_fraction();
Claim power_fraction_curve();
Claim power_symmetric_operations();
Claim power_regularisers();
Claim nanda_circuit();
Claim gromov_gd();
Claim prieto_orthograd();
Claim grokfast_filter();
Claim deep_rank_descent();
Claim deep_depth_delays();
Claim deep_two_stage();
Claim deep_probe_leads();
Claim two_speeds_gradual();
Claim two_speeds_readout_gap();
Claim two_speeds_train_bias();
Claim two_speeds_degradation();
Claim kernel_moves_early();
Claim entropy_warns();
Claim commutator_warns();
Claim dd_epochwise();
Claim dd_modelwise();
Claim dd_samplewise();
Claim dd_label_noise();
Claim dd_early_stopping();
Claim two_speeds_double_descent();
Claim dd_linear_theory();
Claim dd_random_features();
Claim dd_two_scale();
Claim davies_pattern_model();
Claim davies_modelwise_grokking();

}  // namespace grokscope

// The configurations that several claims start from, and how a run of the pool is made of one. Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "claims/claim.h"

namespace grokscope {

/// A preset that is built in. The name must exist (tests/claims makes every run of every claim).
RunConfig preset_config(std::string_view name);

/// Omnigrok's teacher and student: 5-100-100-5 tanh, 100 examples each, mean squared error, full batch (Liu
/// et al. 2022, Omnigrok, §3; learning rate 3e-4).
RunConfig teacher_student_config();

/// Omnigrok's MNIST network: 784-200-200-10 ReLU, mean squared error to one-hot (Liu et al. 2022, Omnigrok,
/// §4).
RunConfig mnist_config(std::int64_t train_size);

PoolRun pool_run(RunConfig config);
/// Ends at the first evaluation with test accuracy at least `level`.
PoolRun run_until_test(RunConfig config, double level);

/// `count` values from 10^first to 10^last, evenly spaced in the exponent.
std::vector<double> powers_of_ten(double first, double last, int count);

}  // namespace grokscope

// Losses and right answers of a batch's rows by step/scoring.h: by classes (loss.h) or by target vectors. Any
// thread.
#pragma once

#include "grokscope_aten.h"
#include "train/step/scoring.h"

namespace grokscope {

/// As the functions of loss.h, by classes or by vectors.
at::Tensor loss_rows(const Scoring& scoring, const at::Tensor& outputs, const at::Tensor& targets,
                     double factor, at::Tensor* gradient);
at::Tensor right_rows(const Scoring& scoring, const at::Tensor& outputs, const at::Tensor& targets);

}  // namespace grokscope

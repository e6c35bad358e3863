// The accessors of the rooms' tables: each is a part of torch_side(), whichever that is in this program.
#include "train/torch_side/torch_side.h"

namespace grokscope {

const TorchMachine& torch_machine() {
  return torch_side().machine;
}
const TorchTensors& torch_tensors() {
  return torch_side().tensors;
}
const TorchOptimizer& torch_optimizer() {
  return torch_side().optimizer;
}
const TorchSteppers& torch_steppers() {
  return torch_side().steppers;
}
const TorchLooks& torch_looks() {
  return torch_side().looks;
}

}  // namespace grokscope

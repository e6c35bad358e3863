// TorchSide: everything of a training that needs LibTorch's operations: the tables that the rooms step and
// looking ask for, in one value behind one symbol. libgrokscope_torch.so holds it; libgrokscope_training.so
// loads that when somebody asks for a table (plugin/torch_side_loaded.cpp), and names no LibTorch library but
// libc10 itself. Any thread.
#pragma once

#include "contract/training_library.h"
#include "train/looking/torch_looks.h"
#include "train/step/torch_optimizer.h"
#include "train/step/torch_steppers.h"
#include "train/step/torch_tensors.h"

namespace grokscope {

struct TorchSide {
  LibraryStamp stamp;
  TorchMachine machine;
  TorchTensors tensors;
  TorchOptimizer optimizer;
  TorchSteppers steppers;
  TorchLooks looks;
};

/// Only where LibTorch is linked.
const TorchSide& linked_torch_side();

/// The linked one, or the one of the shared object, loaded at the first call, which takes about a second;
/// prepares the calling thread for LibTorch. Throws std::runtime_error when it cannot be loaded.
const TorchSide& torch_side();

inline constexpr const char* kTorchSideFile = "libgrokscope_torch.so";
inline constexpr const char* kTorchSideSymbol = "grokscope_torch_side";  ///< extern "C" const TorchSide* ()

}  // namespace grokscope

// The one list of workloads.
#include "app/bench/workload_list.h"

namespace grokscope::bench {

std::span<const Workload> workloads() {
  static constexpr Workload kList[] = {
      {"transformer-p113", "a step of preset nanda-2023: one-layer transformer, p = 113, full batch",
       run_training_workload},
      {"transformer-p53",
       "a step of a one-layer transformer of width 64, p = 53, 40 % of the pairs, full batch",
       run_training_workload},
      {"quickstart", "a step of preset quickstart: one-layer transformer of width 128, p = 67, full batch",
       run_training_workload},
      {"quadratic-p97", "a step of preset gromov-2023: quadratic network, p = 97, width 500, full batch",
       run_training_workload},
      {"mnist-mlp", "a step of a 784-200-200-10 MLP on random images, batch 200, squared error",
       run_training_workload},
      {"deep-mlp12",
       "a step of an MLP with 12 hidden layers of 400 on random images, batch 200, cross-entropy",
       run_training_workload},
      {"cnn1d", "a step of preset double-descent-epochwise: 1-D CNN with BatchNorm, k = 16, batch 128",
       run_training_workload},
      {"mlp-mnist1d", "a step of a 40-64-64-10 MLP on MNIST-1D, batch 100, SGD with momentum",
       run_training_workload},
      {"cost", "how the time of a step grows with p, width, batch and depth", run_cost_workload},
      {"history-10m", "10 million points: appending, drawing one frame, zooming, reopening",
       run_history_workload},
      {"sweep-2500", "the panel of a sweep of 2 500 cells: drawn anew, and under the mouse",
       run_sweep_workload},
      {"theory", "the closed forms of double descent: from the move of a slider to a picture",
       run_theory_workload},
      {"first-frame", "the program from its start: first frame, moving curve, understanding; memory",
       run_first_frame_workload},
      {"watching", "what probes and an open window take from training; how soon a slider is heard",
       run_watching_workload},
  };
  return kList;
}

}  // namespace grokscope::bench

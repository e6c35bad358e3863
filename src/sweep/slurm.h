// A plan as job arrays of Slurm: the script of a task, its submission, and whether arrays are still in the
// queue. Calls sbatch, squeue and scontrol; waits for none of the jobs. One thread.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "sweep/sweep.h"

namespace grokscope {

/// The text of the batch script: trains the part whose number is its argument plus the task's, of `parts`;
/// passes on Slurm's warning before the time limit (SIGUSR2), and asks to be queued again when the worker
/// says so (exit code 75).
std::string slurm_script(const SweepFolder& folder, const std::string& program, std::size_t parts);

struct SlurmArray {
  std::size_t first = 0;  ///< part number of task 1, less one
  std::size_t tasks = 0;
};
/// `parts` in arrays of at most `largest` - 1 tasks, whose numbers begin at 1.
std::vector<SlurmArray> slurm_arrays(std::size_t parts, std::size_t largest);

/// Of arrays that were submitted for this folder, those that are still in the queue.
Result<std::vector<std::string>> queued_slurm_jobs(const SweepFolder& folder);

/// Submits all parts, `at_once` tasks of each array at a time; the job numbers, which the folder keeps.
Result<std::vector<std::string>> submit_to_slurm(const Sweep& sweep, const std::string& program,
                                                 std::size_t at_once);

}  // namespace grokscope

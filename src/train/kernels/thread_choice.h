// How many workers a step gets when nobody said: a short calibration on the actual step, remembered in the
// user's cache folder. It changes no weights and no random state. Torch-free; stepping thread, before step 0.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace grokscope {

/// Workers worth trying on this machine: all cores, but one stays free for the window when there are more
/// than two, and a step is too short for many.
int most_workers();

/// `seconds_with(n)`: the time of one gradient with n workers. `workload` names the step's shape; processor
/// and matrix-multiply library are added to it. `cache_path`: a JSON file; one that is damaged, missing or
/// not writable is as good as none. One worker, unless more are clearly faster; only a choice of all of them
/// is remembered.
int choose_workers(const std::string& workload, int most, const std::string& cache_path,
                   const std::function<double(int)>& seconds_with);

/// What the text of such a file says of one key: 1 … `most`, or 0 for nothing that can be used. Any bytes.
int remembered_workers(std::string_view text, const std::string& key, int most);

/// Best time of a few calls, after one that does not count.
double seconds_of(const std::function<void()>& work);

}  // namespace grokscope

#include "train/kernels/thread_choice.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "base/files.h"
#include "base/json_text.h"
#include "train/kernels/gemm.h"
#include "train/kernels/rows.h"

namespace grokscope {
namespace {

constexpr int kMostWorkers = 4;
constexpr double kWorthIt = 0.9;  // more workers must save a tenth
constexpr double kTimingBudget_s = 0.04;
constexpr int kFewestTimings = 2, kMostTimings = 50;
constexpr std::size_t kMostRemembered = 500;

/// "Intel(R) Xeon(R) ...", or what the instruction set is called.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return fused::row_kernels_name();
}

Json remembered_choices(const std::string& path) {
  const auto text = read_file(path, 1u << 20);
  if (!text) return Json::object();
  auto json = parse_json(*text, path);
  return json && json->is_object() ? std::move(*json) : Json::object();
}

}  // namespace

int most_workers() {
  const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  return std::min(cores > 2 ? cores - 1 : cores, kMostWorkers);
}

double seconds_of(const std::function<void()>& work) {
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  work();
  double best = 1e300;
  const auto start = Clock::now();
  for (int i = 0; i < kMostTimings && (i < kFewestTimings || since(start) < kTimingBudget_s); ++i) {
    const auto before = Clock::now();
    work();
    best = std::min(best, since(before));
  }
  return best;
}

int choose_workers(const std::string& workload, int most, const std::string& cache_path,
                   const std::function<double(int)>& seconds_with) {
  if (most <= 1) return 1;
  const std::string key = workload + " | " + processor_name() + " x" + std::to_string(most) + " | " +
                          std::string(fused::gemm_library());
  Json known = remembered_choices(cache_path);
  const auto found = known.find(key);
  if (found != known.end() && found->is_number_integer()) {
    const auto workers = found->get<std::int64_t>();
    if (workers >= 1 && workers <= most) return static_cast<int>(workers);
  }
  int best = 1;
  double best_seconds = seconds_with(1);
  for (int workers = 2; workers <= most; ++workers) {
    const double seconds = seconds_with(workers);
    if (seconds >= kWorthIt * best_seconds) continue;
    best = workers;
    best_seconds = seconds;
  }
  // Fewer than all may only mean that another program had the cores just now: that is asked again next time.
  if (best < most) return best;
  if (known.size() >= kMostRemembered) known = Json::object();
  known[key] = best;
  const auto folder_end = cache_path.rfind('/');
  if (folder_end != std::string::npos && make_folders(cache_path.substr(0, folder_end)))
    static_cast<void>(write_file_atomic(cache_path, text_from_json(known, 1) + "\n"));
  return best;
}

}  // namespace grokscope

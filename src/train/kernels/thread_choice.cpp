#include "train/kernels/thread_choice.h"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <optional>
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
constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 20;

/// "Intel(R) Xeon(R) ...", or what the instruction set is called.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return fused::row_kernels_name();
}

Json choices_from_text(std::string_view text) {
  auto json = parse_json(text, "the remembered numbers of threads", kMostBytes);
  return json && json->is_object() ? std::move(*json) : Json::object();
}

int workers_of(const Json& choices, const std::string& key, int most) {
  const auto found = choices.find(key);
  const auto workers = found == choices.end() ? std::nullopt : whole_number_from_json(*found);
  return workers && *workers >= 1 && *workers <= most ? static_cast<int>(*workers) : 0;
}

}  // namespace

int remembered_workers(std::string_view text, const std::string& key, int most) {
  return workers_of(choices_from_text(text), key, most);
}

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
                          std::string(fused::gemm_library<float>());
  const auto text = read_file(cache_path, kMostBytes);
  Json known = choices_from_text(text ? *text : std::string());
  if (const int workers = workers_of(known, key, most); workers > 0) return workers;
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

// StudyJob: computes a study on a thread of its own while a window shows what is known of it so far; a newer
// question takes the place of the one that is being answered. Made, asked and destroyed on one thread.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>

#include "theory/study.h"

namespace grokscope::theory {

struct StudyRequest {
  const Study* study = nullptr;
  StudyValues values;
  std::shared_ptr<const RunCurves> run;  ///< where the study reads one
  bool operator==(const StudyRequest&) const = default;
};

/// What is known.
struct StudyNews {
  std::uint64_t generation = 0;  ///< grows with everything below
  StudyRequest of;               ///< what the result answers
  std::shared_ptr<const StudyResult> result;
  std::string error;                    ///< why there is none of the last request; "" = there is
  bool busy = false;                    ///< more is to come
  std::shared_ptr<const StudyFit> fit;  ///< the last one that was asked for
  std::string fit_error;
  bool fitting = false;
};

struct StudyJobOptions {
  std::function<void()> wake;  ///< any thread: there is something new
  /// Reads the images of studies that have some, on the job's thread, once.
  std::function<Result<LabelledImages>()> read_images;
};

class StudyJob {
 public:
  explicit StudyJob(StudyJobOptions options);
  ~StudyJob();
  StudyJob(const StudyJob&) = delete;
  StudyJob& operator=(const StudyJob&) = delete;

  void ask(StudyRequest request);  ///< computes it, instead of what was asked before
  void fit(StudyRequest request);  ///< fits it to its run, before anything else
  StudyNews news() const;

 private:
  void work(const std::stop_token& stop);
  void compute(const StudyRequest& request, const std::stop_token& stop);
  void fit_now(const StudyRequest& request);
  StudyInputs inputs_of(const StudyRequest& request);
  void tell(const std::function<void(StudyNews&)>& change);

  const StudyJobOptions options_;
  StudyInputs images_;  // read once; the job's thread
  bool read_ = false;
  mutable std::mutex mutex_;
  std::condition_variable_any asked_;
  std::optional<StudyRequest> waiting_, waiting_fit_;
  StudyNews news_;
  std::jthread thread_;  // last: ends before what it uses
};

}  // namespace grokscope::theory

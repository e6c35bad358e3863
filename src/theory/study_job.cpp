// See study_job.h.
#include "theory/study_job.h"

#include <utility>

#include "base/caught.h"
#include "base/threads.h"

namespace grokscope::theory {

StudyJob::StudyJob(StudyJobOptions options) : options_(std::move(options)) {
  auto started = start_thread("theory", [this](const std::stop_token& stop) { work(stop); });
  if (started)
    thread_ = std::move(*started);
  else
    news_.error = started.error().message;
}

StudyJob::~StudyJob() = default;

void StudyJob::ask(StudyRequest request) {
  {
    const std::lock_guard lock(mutex_);
    waiting_ = std::move(request);
    news_.busy = thread_.joinable();
    ++news_.generation;
  }
  asked_.notify_one();
}

void StudyJob::fit(StudyRequest request) {
  {
    const std::lock_guard lock(mutex_);
    waiting_fit_ = std::move(request);
    news_.fitting = thread_.joinable();
    ++news_.generation;
  }
  asked_.notify_one();
}

StudyNews StudyJob::news() const {
  const std::lock_guard lock(mutex_);
  return news_;
}

void StudyJob::tell(const std::function<void(StudyNews&)>& change) {
  {
    const std::lock_guard lock(mutex_);
    change(news_);
    ++news_.generation;
  }
  if (options_.wake) options_.wake();
}

void StudyJob::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::optional<StudyRequest> to_fit, to_compute;
    {
      std::unique_lock lock(mutex_);
      if (!asked_.wait(lock, stop, [this] { return waiting_ || waiting_fit_; })) return;
      if (waiting_fit_)
        to_fit = std::exchange(waiting_fit_, std::nullopt);
      else
        to_compute = std::exchange(waiting_, std::nullopt);
    }
    if (to_fit)
      fit_now(*to_fit);
    else
      compute(*to_compute, stop);
  }
}

StudyInputs StudyJob::inputs_of(const StudyRequest& request) {
  if (request.study->reads_images && !std::exchange(read_, true) && options_.read_images) {
    auto images = caught("read the images", options_.read_images);
    if (images)
      images_.images = std::make_shared<const LabelledImages>(std::move(*images));
    else
      images_.images_error = images.error().message;
  }
  StudyInputs inputs = images_;
  inputs.run = request.run;
  return inputs;
}

/// A newer question ends it, but not before the first of its answers: a slider that moves all the time shows
/// something all the time.
void StudyJob::compute(const StudyRequest& request, const std::stop_token& stop) {
  const StudyInputs inputs = inputs_of(request);
  const Status computed = caught("compute it", [&] {
    return request.study->compute(request.values, inputs, [&](const StudyResult& result) {
      bool newer = false;
      tell([&](StudyNews& news) {
        newer = waiting_ || waiting_fit_;
        news.of = request;
        news.result = std::make_shared<const StudyResult>(result);
        news.error.clear();
        news.busy = newer || !result.complete;
      });
      return !newer && !stop.stop_requested();
    });
  });
  if (computed) return;
  tell([&](StudyNews& news) {
    news.of = request;
    news.result = nullptr;
    news.error = computed.error().message;
    news.busy = waiting_.has_value();
  });
}

void StudyJob::fit_now(const StudyRequest& request) {
  const auto fitted = caught("fit it", [&]() -> Result<StudyFit> {
    if (request.study->fit == nullptr || request.run == nullptr)
      return failure("there is no run to fit it to");
    return request.study->fit(request.values, *request.run);
  });
  tell([&](StudyNews& news) {
    news.fitting = waiting_fit_.has_value();
    news.fit = fitted ? std::make_shared<const StudyFit>(*fitted) : nullptr;
    news.fit_error = fitted ? "" : fitted.error().message;
  });
}

}  // namespace grokscope::theory

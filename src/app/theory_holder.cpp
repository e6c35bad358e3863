#include "app/theory_holder.h"

#include <utility>

#include "contract/training_library.h"
#include "ui/theory_choice.h"

namespace grokscope {

Result<theory::LabelledImages> read_mnist() {
  const auto library = load_training_library();
  return library ? (*library)->read_labelled_images("mnist")
                 : Result<theory::LabelledImages>(library.error());
}

theory::StudyJob& TheoryHolder::job() {
  if (job_ == nullptr) job_ = std::make_unique<theory::StudyJob>(theory::StudyJobOptions{wake_, read_mnist});
  return *job_;
}

/// The run goes on all the time: what it has meanwhile is laid over once the last question is answered.
void TheoryHolder::ask(const RunView& run, const ViewState& view) {
  theory::StudyRequest request = study_request(view);
  if (request.study->reads_run && !view_.news.busy) {
    const Evaluation* last = run.history == nullptr ? nullptr : run.history->last();
    const std::int64_t step = last == nullptr ? -1 : last->step;
    if (run.history != curves_of_ || step != curves_step_) curves_ = run_curves(run);
    curves_of_ = run.history;
    curves_step_ = step;
  }
  if (request.study->reads_run) request.run = curves_;
  if (request == asked_) return;
  asked_ = request;
  job().ask(std::move(request));
}

bool TheoryHolder::pump(const RunView& run, ViewState& view) {
  if (view.full_panel == "theory") ask(run, view);
  if (job_ == nullptr) return false;
  theory::StudyNews news = job_->news();
  if (news.generation == view_.news.generation) return false;
  view_.news = std::move(news);
  if (view_.news.fit != nullptr && view_.news.fit != fit_) {
    fit_ = view_.news.fit;
    view.studies.insert_or_assign("pattern_learning", fit_->values);
  }
  return true;
}

void TheoryHolder::fit(const RunView& run, const ViewState& view) {
  theory::StudyRequest request = study_request(view);
  request.run = run_curves(run);
  job().fit(std::move(request));
}

}  // namespace grokscope

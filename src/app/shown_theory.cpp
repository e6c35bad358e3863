#include "app/shown_theory.h"

#include <utility>

#include "app/theory_holder.h"
#include "config/presets.h"
#include "ui/theory_choice.h"

namespace grokscope {

struct ShownTheory::Impl {
  RunConfig config = find_preset("quickstart")->config;
  History history{config};
  SessionStatus status;
  RunView run;
  TheoryView theory;
};

ShownTheory::ShownTheory(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ShownTheory::ShownTheory(ShownTheory&& other) noexcept = default;
ShownTheory::~ShownTheory() = default;

Result<ShownTheory> ShownTheory::compute(const ViewState& view, const RunView& run) {
  auto impl = std::make_unique<Impl>();
  impl->run = run;
  theory::StudyRequest request = study_request(view);
  theory::StudyInputs inputs;
  if (request.study->reads_run) inputs.run = request.run = run_curves(run);
  if (request.study->reads_images) {
    auto images = read_mnist();
    if (images)
      inputs.images = std::make_shared<const theory::LabelledImages>(std::move(*images));
    else
      inputs.images_error = images.error().message;
  }
  auto result = theory::compute_study(*request.study, request.values, inputs);
  if (!result) return result.error();
  impl->theory.news.generation = 1;
  impl->theory.news.of = std::move(request);
  impl->theory.news.result = std::make_shared<const theory::StudyResult>(std::move(*result));
  return ShownTheory(std::move(impl));
}

Result<ShownTheory> ShownTheory::compute(const ViewState& view) {
  auto shown = compute(view, RunView{});
  if (!shown) return shown;
  Impl& impl = *shown->impl_;
  impl.run.history = &impl.history;
  impl.run.config = &impl.config;
  impl.run.status = &impl.status;
  impl.run.live = false;
  return shown;
}

RunView ShownTheory::view() const {
  RunView view = impl_->run;
  view.theory = &impl_->theory;
  return view;
}

const theory::StudyNews& ShownTheory::news() const {
  return impl_->theory.news;
}

}  // namespace grokscope

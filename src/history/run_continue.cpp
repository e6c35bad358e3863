// Going on with a run: what lies behind its last checkpoint is taken back, so that it can be made again.
#include "history/run_continue.h"

#include <utility>

#include "config/fields.h"
#include "history/run_folder_mend.h"
#include "history/run_text.h"

namespace grokscope {

Result<ContinuedRun> continue_run(const std::string& path, std::int64_t last_step) {
  const auto mended = mend_run(path);
  if (!mended) return mended.error();
  const Result<OpenedRun> before = open_run(path, false);
  if (!before) return before.error();
  if (before->checkpoint_steps.empty())
    return failure("the run kept no weights to go on from; start it again from its first step: " + path);
  const std::int64_t step = before->checkpoint_steps.back();
  RunConfig config = before->history.config();
  const std::int64_t end = end_of_run(config, step, last_step);
  if (end <= step) {
    return usage_error("the run has come to step " + std::to_string(step) +
                       " already; choose a later end: " + path);
  }
  if (Status set = set_field(config, "train.steps", end); !set) return set.error();
  Result<TensorFile> checkpoint = read_checkpoint(path, step);
  if (!checkpoint) return checkpoint.error();
  if (Status written =
          write_run_file(path, "config.json", text_from_config_file({config, before->provenance}));
      !written)
    return written.error();
  const auto files = RunFiles::open(path);
  if (!files) return files.error();
  if (Status taken_back = take_back(*files, before->history, step); !taken_back) return taken_back.error();
  auto continued = continued_at(path, step, std::move(*checkpoint));
  if (!continued) return continued.error();
  continued->run.repairs.insert(continued->run.repairs.begin(), mended->begin(), mended->end());
  return continued;
}

}  // namespace grokscope

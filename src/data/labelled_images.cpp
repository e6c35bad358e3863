// See labelled_images.h.
#include "data/labelled_images.h"

#include <utility>

#include "data/tasks/task_makers.h"

namespace grokscope {

Result<theory::LabelledImages> read_labelled_images(const std::string& set) {
  TaskConfig task;
  task.kind = "images";
  task.path = set;
  auto examples = find_task_maker("images")->make(task, 0);
  if (!examples) return examples.error();
  theory::LabelledImages images;
  images.name = examples->title;
  images.pixels = static_cast<std::size_t>(examples->image_height * examples->image_width);
  images.train_count = static_cast<std::size_t>(examples->pool_size);
  images.bytes = std::move(examples->pixels);
  images.classes.assign(examples->targets.begin(), examples->targets.end());
  images.class_count = static_cast<int>(examples->class_count);
  return images;
}

}  // namespace grokscope

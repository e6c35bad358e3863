// ParameterLayout: names, shapes and places. Without LibTorch's operations; the views are in
// parameter_views.cpp. Any thread.
#include "model/parameters.h"

#include <utility>

namespace grokscope {

bool is_embedding(const ParameterSpec& spec) {
  return spec.name.rfind("embed.", 0) == 0;
}

bool is_inner_matrix(const ParameterSpec& spec) {
  return spec.shape.size() == 2 && !is_embedding(spec) && spec.name.rfind("unembed.", 0) != 0 &&
         spec.name.rfind("output.", 0) != 0;
}

int ParameterLayout::add(std::string name, std::vector<std::int64_t> shape) {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) size *= extent;
  specs_.push_back({std::move(name), std::move(shape), total_, size});
  total_ += size;
  return static_cast<int>(specs_.size()) - 1;
}

}  // namespace grokscope

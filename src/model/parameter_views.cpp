// The two ways to look at a flat vector: plain views, and leaves that collect gradients. Not an owner of
// memory. Any thread; the tensors belong to the caller.
#include "model/parameters.h"

namespace grokscope {

ParameterViews views_of(const ParameterLayout& layout, const at::Tensor& flat) {
  ParameterViews views;
  views.reserve(layout.specs().size());
  for (const ParameterSpec& spec : layout.specs()) {
    views.push_back(flat.detach().narrow(0, spec.offset, spec.size).view(spec.shape));
  }
  return views;
}

ParameterViews leaves_of(const ParameterLayout& layout, const at::Tensor& flat,
                         const at::Tensor& flat_gradient) {
  ParameterViews leaves = views_of(layout, flat);
  const ParameterViews gradients = views_of(layout, flat_gradient);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    leaves[i] = leaves[i].detach().set_requires_grad(true);
    leaves[i].mutable_grad() =
        gradients[i].detach();  // autograd accumulates in place into a defined gradient
  }
  return leaves;
}

}  // namespace grokscope

// What a network reads, whatever the task: one list of the input tensors of Dataset and Batch, so that
// gathering rows and moving to a device are written once. Pure functions; any thread.
#pragma once

#include "data/dataset.h"
#include "model/model.h"

namespace grokscope {

/// to.x = change(from.x) for every input tensor that `from` has. From and To are Dataset or Batch.
template <typename From, typename To, typename Change>
void change_inputs(const From& from, To& to, const Change& change) {
  const auto put = [&](const at::Tensor& source, at::Tensor& target) {
    if (source.defined()) target = change(source);
  };
  put(from.pairs, to.pairs);
  put(from.images, to.images);
  put(from.tokens, to.tokens);
  put(from.graphs.nodes, to.graphs.nodes);
  put(from.graphs.node_mask, to.graphs.node_mask);
  put(from.graphs.edges, to.graphs.edges);
  put(from.graphs.edge_mask, to.graphs.edge_mask);
  put(from.graphs.edge_source, to.graphs.edge_source);
  put(from.graphs.edge_target, to.graphs.edge_target);
}

/// A batch of change(x) of every input tensor; `answers` stays undefined.
template <typename From, typename Change>
Batch changed_inputs(const From& from, const Change& change) {
  Batch batch;
  change_inputs(from, batch, change);
  return batch;
}

}  // namespace grokscope

// Frame: what one probe saw at one step; arrays and numbers by name, immutable once published. Torch-free.
// The header of each probe (src/probe/*.h) documents the names, shapes and units it writes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace grokscope {

/// Row-major float array. shape {} means empty.
struct Array {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

struct Frame {
  std::string probe;  ///< registry name, e.g. "fourier"
  std::int64_t step = 0;
  std::string
      not_applicable;  ///< non-empty: why this probe has nothing to show here, one sentence for a person
  std::map<std::string, double> scalars;  ///< become the series "<probe>.<name>" of the history
  std::map<std::string, Array> arrays;
  std::map<std::string, std::string> texts;
};

/// The numbers of a frame without its arrays: a line of scalars.jsonl.
struct ProbeScalars {
  std::int64_t step = 0;
  std::string probe;
  std::map<std::string, double> scalars;
};
inline ProbeScalars scalars_of(const Frame& frame) {
  return {frame.step, frame.probe, frame.scalars};
}

/// About what it takes in memory.
std::size_t bytes_of(const Frame& frame);

using FramePtr = std::shared_ptr<const Frame>;

}  // namespace grokscope

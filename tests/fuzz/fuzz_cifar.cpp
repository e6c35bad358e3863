// Fuzz body: any bytes as a batch of CIFAR-10's binary version, and as the names of its classes.
// module: data
// Invariants: what is accepted accounts for every byte, with labels that exist; errors name their source.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "data/formats/cifar.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view content(reinterpret_cast<const char*>(data), size);
  std::string pixels;
  std::vector<std::int64_t> labels;
  const auto read =
      grokscope::append_cifar_records(content, grokscope::kCifarLabels, "fuzz.bin", pixels, labels);
  if (!read && !read.error().message.ends_with(": fuzz.bin")) std::abort();
  if (read && pixels.size() + labels.size() != size) std::abort();
  for (const std::int64_t label : labels) {
    if (label < 0 || label >= grokscope::kCifarLabels) std::abort();
  }
  const auto names = grokscope::cifar_names(content, "fuzz.txt");
  if (!names && !names.error().message.ends_with(": fuzz.txt")) std::abort();
  if (names && (names->size() < 2 || names->size() > 10)) std::abort();
  return 0;
}

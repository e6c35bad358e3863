// Fuzz body: any bytes as an SDF file; reading and skipping must count the same records, and every bond must
// join two different atoms.

// module: data
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "data/formats/molecule_facts.h"
#include "data/formats/sdf.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grokscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  SdfReader reader(text, "fuzz");
  for (;;) {
    const auto molecule = reader.next();
    if (!molecule) {
      require(molecule.error().message.ends_with(": fuzz"));
      return 0;
    }
    if (!molecule->has_value()) break;
    const auto atoms = static_cast<std::int32_t>((*molecule)->atoms.size());
    require(atoms > 0 && atoms <= static_cast<std::int32_t>(kMostAtoms));
    for (const Bond& bond : (*molecule)->bonds) {
      require(bond.first >= 0 && bond.first < atoms && bond.second >= 0 && bond.second < atoms);
      require(bond.first != bond.second);
    }
    require(facts_of(**molecule).atoms.size() == static_cast<std::size_t>(atoms));
  }
  SdfReader skipping(text, "fuzz");
  for (;;) {
    const auto more = skipping.skip();
    require(more.ok());
    if (!*more) break;
  }
  require(skipping.records() == reader.records());
  return 0;
}

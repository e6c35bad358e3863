// Data folder: see data_folder.h.
#include "data/data_folder.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "base/files.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

struct KnownSet {
  RealData set;
  const char* name;     // of the folder, and what scripts/fetch-data calls it
  const char* title;    // how an error begins
  const char* witness;  // a file (or its .gz) that must be there
  const char* system;   // where Debian's package puts it, or nullptr
};
constexpr KnownSet kKnownSets[] = {
    {RealData::mnist, "mnist", "the digits of MNIST are", "train-images-idx3-ubyte", nullptr},
    {RealData::fashion_mnist, "fashion-mnist", "the pictures of Fashion-MNIST are", "train-images-idx3-ubyte",
     "/usr/share/datasets/fashion-mnist"},
    {RealData::emoji, "emoji", "the pictures of emoji are", "data_batch_1.bin", nullptr},
    {RealData::imdb, "imdb", "the reviews of IMDb are", "reviews.json", nullptr},
    {RealData::molecules, "molecules", "the molecules of NCI are", "first_5k.tpsa.csv",
     "/usr/share/RDKit/Data/NCI"},
};

const KnownSet& known_set(RealData wanted) {
  for (const KnownSet& known : kKnownSets) {
    if (known.set == wanted) return known;
  }
  return kKnownSets[0];  // not reached: every set is in the list
}

bool holds(const fs::path& folder, const char* witness) {
  std::error_code ignored;
  return fs::exists(folder / witness, ignored) ||
         fs::exists(folder / (std::string(witness) + ".gz"), ignored);
}

}  // namespace

std::string fetched_folder(std::string_view name) {
  return (fs::path(data_folder()) / "data" / name).string();
}

bool is_set_of_images(std::string_view name, RealData& set) {
  for (const RealData images : {RealData::mnist, RealData::fashion_mnist, RealData::emoji}) {
    if (known_set(images).name != name) continue;
    set = images;
    return true;
  }
  return false;
}

Result<std::string> find_data(const std::string& path, RealData wanted) {
  const KnownSet& set = known_set(wanted);
  if (!path.empty() && path != set.name) {
    std::error_code error;
    if (fs::exists(path, error)) return path;
    if (error) return failure(fmt::format("cannot look at task.path: {}: {}", error.message(), path));
    return failure(
        fmt::format("there is no such file or folder; set task.path to one, or leave it empty and "
                    "run scripts/fetch-data {}: {}",
                    set.name, path));
  }
  const std::string fetched = fetched_folder(set.name);
  if (holds(fetched, set.witness)) return fetched;
  if (set.system != nullptr && holds(set.system, set.witness)) return std::string(set.system);
  return failure(
      fmt::format("{} not on this machine yet; run scripts/fetch-data {}, which puts them here: {}",
                  set.title, set.name, fetched));
}

}  // namespace grokscope

// Task `molecules`: predict a property from the graph of atoms and bonds (Liu et al. 2022, Omnigrok, §4). QM9
// as SDF + CSV or as xyz files where the user has it, else a table of SMILES such as RDKit's NCI molecules.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/outside_text.h"
#include "base/random.h"
#include "base/read_file.h"
#include "base/text.h"
#include "data/data_folder.h"
#include "data/formats/molecule_facts.h"
#include "data/formats/qm9.h"
#include "data/formats/sdf.h"
#include "data/formats/smiles.h"
#include "data/formats/smiles_table.h"
#include "data/left_by_system.h"
#include "data/tasks/examples.h"
#include "data/tasks/molecule_arrays.h"

namespace grokscope {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestMoleculeFile = 1u << 30;  // gdb9.sdf has 0.24 GB
constexpr std::uint64_t kLargestXyzFile = 1u << 20;
constexpr std::size_t kMostXyzFiles = 1'000'000;  // QM9 has 133 885
constexpr const char* kUsualQm9Target = "alpha";  // polarizability, target 1 of Omnigrok's code
constexpr const char* kNciTable = "first_5k.tpsa.csv";

struct ChosenMolecules {
  std::string title, reading;
  std::vector<Molecule> molecules;
  std::vector<double> values;
};

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

// task.max_atoms counts as a formula is read: without hydrogen, whether a file states it or not.
bool is_small_enough(const Molecule& molecule, const TaskConfig& task) {
  const auto heavy = std::count_if(molecule.atoms.begin(), molecule.atoms.end(),
                                   [](const Atom& atom) { return atom.element != 1; });
  return task.max_atoms == 0 || heavy <= task.max_atoms;
}

// The order in which molecules are taken; cut to task.examples where each is taken, whatever its size.
Result<std::vector<std::int64_t>> seeded_order(std::int64_t there, const TaskConfig& task, std::uint64_t seed,
                                               const std::string& path) {
  if (task.examples > there || there == 0) {
    return usage_error(
        fmt::format("task.examples = {}, but there are {} molecules here: {}", task.examples, there, path));
  }
  std::vector<std::int64_t> order = RandomStream(seed, "molecules").permutation(there);
  if (task.max_atoms == 0 && task.examples > 0) order.resize(static_cast<std::size_t>(task.examples));
  return order;
}

// Takes task.examples molecules that are small enough, or all. `read(place, chosen)` appends one.
template <typename Read>
Result<ChosenMolecules> take_molecules(const std::vector<std::int64_t>& order, const TaskConfig& task,
                                       const std::string& path, const Read& read) {
  ChosenMolecules chosen;
  for (const std::int64_t place : order) {
    if (task.examples > 0 && static_cast<std::int64_t>(chosen.values.size()) == task.examples) break;
    if (Status status = read(place, chosen); !status) return status.error();
    if (is_small_enough(chosen.molecules.back(), task)) continue;
    chosen.molecules.pop_back();
    chosen.values.pop_back();
  }
  const auto found = static_cast<std::int64_t>(chosen.values.size());
  if (found < std::max<std::int64_t>(task.examples, 1)) {
    return usage_error(fmt::format(
        "task.examples = {}, but {} molecules here have at most task.max_atoms = {} atoms other than "
        "hydrogen: {}",
        task.examples, found, task.max_atoms, path));
  }
  return chosen;
}

Result<ChosenMolecules> molecules_of_table(const std::string& path, const TaskConfig& task,
                                           std::uint64_t seed) {
  const auto text = read_file(path, kLargestMoleculeFile);
  if (!text) return text.error();
  const bool nci = fs::path(path).filename() == kNciTable;  // it has no header
  const auto table = smiles_table_from_text(*text, nci && task.target == "TPSA" ? "" : task.target, path);
  if (!table) return table.error();
  const auto read_row = [&](std::int64_t place, ChosenMolecules& chosen) -> Status {
    const SmilesRow& row = table->rows[static_cast<std::size_t>(place)];
    auto molecule = molecule_from_smiles(row.smiles, fmt::format("row {} of {}", row.row, path));
    if (!molecule) return molecule.error();
    chosen.molecules.push_back(std::move(*molecule));
    chosen.values.push_back(row.value);
    return {};
  };
  const auto order = seeded_order(static_cast<std::int64_t>(table->rows.size()), task, seed, path);
  if (!order) return order.error();
  auto chosen = take_molecules(*order, task, path, read_row);
  if (!chosen) return chosen.error();
  const std::string name = nci                         ? "polar surface area"
                           : table->value_name.empty() ? "value"
                                                       : table->value_name;
  chosen->title = fmt::format("{} of {} molecules", name, chosen->values.size());
  chosen->reading = table->reading;
  return chosen;
}

// Places (from 0) of the molecules that are not on the list beside the file.
Result<std::vector<std::int64_t>> characterised(const fs::path& folder, std::int64_t there) {
  std::vector<bool> left_out(static_cast<std::size_t>(there));
  const fs::path list = folder / "uncharacterized.txt";
  if (is_file(list)) {
    const auto text = read_file(list.string(), kLargestMoleculeFile);
    if (!text) return text.error();
    const auto numbers = uncharacterised_from_text(*text, list.string());
    if (!numbers) return numbers.error();
    for (const std::int64_t number : *numbers) {
      if (number > there) {
        return usage_error(fmt::format("the list names molecule {}, but there are only {}: {}", number, there,
                                       list.string()));
      }
      left_out[static_cast<std::size_t>(number - 1)] = true;
    }
  }
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < there; ++i) {
    if (!left_out[static_cast<std::size_t>(i)]) places.push_back(i);
  }
  return places;
}

// Reads the wanted records (ascending) and counts the others, so that a file with too few or too many is
// noticed.
Result<std::vector<Molecule>> sdf_records(const std::string& path, const std::vector<std::int64_t>& wanted,
                                          std::size_t expected) {
  const auto text = read_file(path, kLargestMoleculeFile);
  if (!text) return text.error();
  SdfReader reader(*text, path);
  std::vector<Molecule> molecules;
  for (;;) {
    const bool is_wanted = molecules.size() < wanted.size() &&
                           static_cast<std::size_t>(wanted[molecules.size()]) == reader.records();
    if (is_wanted) {
      auto molecule = reader.next();
      if (!molecule) return molecule.error();
      if (!molecule->has_value()) break;
      molecules.push_back(std::move(**molecule));
    } else {
      const auto more = reader.skip();
      if (!more) return more.error();
      if (!*more) break;
    }
  }
  if (reader.records() == expected) return molecules;
  return usage_error(
      fmt::format("the SDF file has {} molecules but its table {} rows; take both from the same set: {}",
                  reader.records(), expected, path));
}

Result<ChosenMolecules> molecules_of_sdf(const fs::path& sdf, const TaskConfig& task, std::uint64_t seed) {
  const std::string target = task.target.empty() ? kUsualQm9Target : task.target,
                    table_path = sdf.string() + ".csv";
  const auto text = read_file(table_path, kLargestMoleculeFile);
  if (!text) return text.error();
  const auto values = table_column(*text, target, table_path);
  if (!values) return values.error();
  const auto places = characterised(sdf.parent_path(), static_cast<std::int64_t>(values->size()));
  if (!places) return places.error();
  const auto order = seeded_order(static_cast<std::int64_t>(places->size()), task, seed, sdf.string());
  if (!order) return order.error();
  std::vector<std::int64_t> wanted;  // what may be taken, in the file's order; the rest is skipped
  for (const std::int64_t i : *order) wanted.push_back((*places)[static_cast<std::size_t>(i)]);
  std::sort(wanted.begin(), wanted.end());
  const auto molecules = sdf_records(sdf.string(), wanted, values->size());
  if (!molecules) return molecules.error();
  const auto take_record = [&](std::int64_t i, ChosenMolecules& chosen) -> Status {
    const std::int64_t place = (*places)[static_cast<std::size_t>(i)];
    const auto at = std::lower_bound(wanted.begin(), wanted.end(), place) - wanted.begin();
    chosen.molecules.push_back((*molecules)[static_cast<std::size_t>(at)]);
    chosen.values.push_back((*values)[static_cast<std::size_t>(place)]);
    return {};
  };
  auto chosen = take_molecules(*order, task, sdf.string(), take_record);
  if (!chosen) return chosen.error();
  chosen->title = fmt::format("{} of {} molecules of QM9", target, chosen->values.size());
  chosen->reading = fmt::format("{} molecules of an SDF file; values in the column {} of the table beside it",
                                values->size(), in_quotes(target, 40));
  return chosen;
}

Result<std::vector<fs::path>> xyz_files(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
       at.increment(error)) {
    const fs::path& path = at->path();
    if (path.extension() != ".xyz" || is_left_by_system(path.filename().string())) continue;
    if (files.size() == kMostXyzFiles) {
      return usage_error(
          fmt::format("there are more than {} xyz files here: {}", kMostXyzFiles, folder.string()));
    }
    files.push_back(path);
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return failure(
        fmt::format("the folder of molecules cannot be read: {}: {}", error.message(), folder.string()));
  }
  std::sort(files.begin(), files.end());
  return files;
}

Result<ChosenMolecules> molecules_of_xyz(const std::vector<fs::path>& files, const TaskConfig& task,
                                         std::uint64_t seed) {
  const std::string target = task.target.empty() ? kUsualQm9Target : task.target;
  const auto property = std::find(kQm9Properties.begin(), kQm9Properties.end(), target);
  const std::string folder = files[0].parent_path().string();
  if (property == kQm9Properties.end()) {
    const std::vector<std::string> names(kQm9Properties.begin(), kQm9Properties.end());
    const std::string nearest = nearest_name(target, names);
    return usage_error(fmt::format(
        "QM9's xyz files have no property {}{}: {}", in_quotes(target),
        nearest.empty() ? "; the usual one is alpha" : fmt::format(": did you mean {}?", in_quotes(nearest)),
        folder));
  }
  const auto index = static_cast<std::size_t>(property - kQm9Properties.begin());
  const auto read_one = [&](std::int64_t place, ChosenMolecules& chosen) -> Status {
    const std::string path = files[static_cast<std::size_t>(place)].string();
    const auto text = read_file(path, kLargestXyzFile);
    if (!text) return text.error();
    auto molecule = molecule_from_qm9_xyz(*text, path);
    if (!molecule) return molecule.error();
    chosen.molecules.push_back(std::move(molecule->molecule));
    chosen.values.push_back(molecule->properties[index]);
    return {};
  };
  const auto order = seeded_order(static_cast<std::int64_t>(files.size()), task, seed, folder);
  if (!order) return order.error();
  auto chosen = take_molecules(*order, task, folder, read_one);
  if (!chosen) return chosen.error();
  chosen->title = fmt::format("{} of {} molecules of QM9", target, chosen->values.size());
  chosen->reading =
      fmt::format("{} xyz files; values are their property {}", files.size(), in_quotes(target, 40));
  return chosen;
}

// QM9 in the data folder, where a user may have put it, before the molecules that scripts/fetch-data gets.
Result<std::string> molecule_place(const TaskConfig& task) {
  if (!task.path.empty()) return find_data(task.path, RealData::molecules);
  const fs::path qm9 = fetched_folder("qm9");
  if (is_file(qm9 / "gdb9.sdf")) return qm9.string();
  const auto files = xyz_files(qm9);
  if (!files) return files.error();
  return files->empty() ? find_data(task.path, RealData::molecules) : qm9.string();
}

Result<ChosenMolecules> chosen_molecules(const TaskConfig& task, std::uint64_t seed) {
  const auto place = molecule_place(task);
  if (!place) return place.error();
  const fs::path path = *place;
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    return path.extension() == ".sdf" ? molecules_of_sdf(path, task, seed)
                                      : molecules_of_table(path.string(), task, seed);
  }
  if (is_file(path / "gdb9.sdf")) return molecules_of_sdf(path / "gdb9.sdf", task, seed);
  if (is_file(path / kNciTable)) return molecules_of_table((path / kNciTable).string(), task, seed);
  const auto files = xyz_files(path);
  if (!files) return files.error();
  if (!files->empty()) return molecules_of_xyz(*files, task, seed);
  return usage_error(
      fmt::format("there are no molecules here: task.path must be a folder with gdb9.sdf or with *.xyz files "
                  "of QM9, or a CSV file with columns of SMILES and of values: {}",
                  path.string()));
}

// Mean 0 and deviation 1 over the chosen molecules, so that task.tolerance means the same for every property.
Status standardise(std::vector<double>& values) {
  double mean = 0.0, square = 0.0;
  for (const double value : values) mean += value / static_cast<double>(values.size());
  for (const double value : values)
    square += (value - mean) * (value - mean) / static_cast<double>(values.size());
  if (!std::isfinite(square)) {
    return usage_error(
        "the values of this property are too large to have a mean and a deviation: give them in another "
        "unit");
  }
  if (!(square > 0.0)) {
    return usage_error(
        "the chosen molecules all have the same value of this property: there is nothing to learn");
  }
  for (double& value : values) value = (value - mean) / std::sqrt(square);
  return {};
}

}  // namespace

Result<Examples> molecule_examples(const TaskConfig& task, std::uint64_t seed) {
  auto chosen = chosen_molecules(task, seed);
  if (!chosen) return chosen.error();
  if (chosen->values.size() < 2) return usage_error("task.examples must be at least 2 for molecules");
  if (Status status = standardise(chosen->values); !status) return status.error();
  auto arrays = molecule_arrays(chosen->molecules);
  if (!arrays) return arrays.error();
  Examples examples;
  examples.title = std::move(chosen->title);
  examples.reading = std::move(chosen->reading);
  examples.pool_size = static_cast<std::int64_t>(chosen->values.size());
  examples.class_count = examples.output_count = 1;
  examples.tolerance = task.tolerance;
  examples.molecules = std::move(*arrays);
  for (std::int64_t i = 0; i < examples.pool_size; ++i) {
    examples.targets.push_back(i);
    examples.target_vectors.push_back(static_cast<float>(chosen->values[static_cast<std::size_t>(i)]));
  }
  return examples;
}

}  // namespace grokscope

// OutcomeStore: finds the outcomes of a plan in the shards of folders, without holding them: a hundred
// thousand take a few megabytes. Reads only; what others append meanwhile comes with refresh(). One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"

namespace grokscope {

class OutcomeStore {
 public:
  /// `own` is the folder of the sweep: a shard there of another version is an error. `shared`, which may be
  /// "", is a cache: what cannot be read there is passed over.
  OutcomeStore(std::string own, std::string shared, std::vector<std::string> wanted_record);

  /// Only these are looked for.
  void want(const std::string& key);
  /// Reads what was appended since the last time.
  Status refresh();

  enum class Where { nowhere, own, shared };
  Where find(const std::string& key) const;
  /// It failed, as far as is known: a run that may be tried again.
  bool failed(const std::string& key) const;
  /// Shards that are held open between two lines.
  using OpenShards = std::map<std::uint32_t, Descriptor>;
  /// The whole line; an error if its file has changed meanwhile. `open`: for whoever reads many.
  Result<std::string> line_of(const std::string& key, OpenShards* open = nullptr) const;
  /// Where its line stands, as a text: as long as it is the same, so is the line. "" if there is none.
  std::string place_of(const std::string& key) const;
  /// Damaged lines that were passed over in `own`.
  std::size_t damaged() const { return damaged_; }

 private:
  struct Place {
    std::uint32_t file = 0;  ///< index into paths_ + 1; 0: nothing is known
    std::uint32_t bytes = 0;
    std::uint64_t offset = 0;
    bool failed = false, own = false;
  };
  Result<std::string> read_line(const Place& place, int descriptor, const std::string& key) const;
  Status read_folder(const std::string& folder, bool own);
  Status read_shard(const std::string& path, bool own);
  Status note_line(std::string_view line, std::uint32_t file, std::uint64_t offset, bool own);

  std::string own_, shared_;
  std::vector<std::string> wanted_record_;
  std::unordered_map<std::string, Place> places_;
  std::vector<std::string> paths_;
  std::map<std::string, std::pair<std::uint32_t, std::uint64_t>> read_;  ///< path: its number, bytes read
  std::size_t damaged_ = 0;
};

}  // namespace grokscope

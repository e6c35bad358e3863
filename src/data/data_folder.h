// Data folder: where real data lie: a path of the user's, the folder that scripts/fetch-data fills, or the
// place of a Debian package. Does not read them. Torch-free. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace grokscope {

enum class RealData { mnist, fashion_mnist, emoji, imdb, molecules };

/// The folder in which scripts/fetch-data puts a set: $XDG_DATA_HOME/grokscope/data/<name>.
std::string fetched_folder(std::string_view name);

/// A path as it is; "" or the bare name of a set (mnist, fashion-mnist, emoji, imdb, molecules): the fetched
/// folder if it is there, else the Debian package's. The error names the one command that fetches the set,
/// the folder last.
Result<std::string> find_data(const std::string& path, RealData wanted);

/// Which of the sets of images "mnist", "fashion-mnist" and "emoji" a bare name means, else nothing.
bool is_set_of_images(std::string_view name, RealData& set);

}  // namespace grokscope

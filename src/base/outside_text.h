// Text from outside (a file, an argument, another program) on its way into a sentence. Any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace grokscope {

/// As it may stand in a sentence that goes to a terminal: control characters, what reverses the direction of
/// writing, what has no width, and bytes that are not UTF-8 are made visible ("\n", "\x1b", "\u202e"); after
/// `most` characters it is cut, with "…" for the rest. Everything that quotes a file goes through here.
std::string visible(std::string_view outside, std::size_t most = 60);

/// visible() in quotes: 'like this'.
std::string in_quotes(std::string_view outside, std::size_t most = 60);

/// Whether visible() would leave it as it is, however long.
bool is_visible(std::string_view outside);

/// Length in bytes of the valid UTF-8 character at the start of `text`; 0 if there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace grokscope

// Numbers of the command line, all read as --set reads them (base/number_text.h): 2000, 2e3 and 2000.0 are
// the same, 0x10 is none. For Option::transform(). Main thread.
#pragma once

#include <cstdint>

namespace CLI {
class Validator;
}  // namespace CLI

namespace grokscope {

/// An error, with the range in it, for everything but a whole number from `least` to `most`.
CLI::Validator whole_number(std::int64_t least, std::int64_t most);
CLI::Validator real_number(double least, double most);

}  // namespace grokscope

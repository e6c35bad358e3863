// An exception as the Error that a person reads: for the end of a thread's work, which an exception that
// leaves it would turn into the end of the program, and for starting a thread. Any thread. Header-only.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

#include "base/result.h"

namespace grokscope {

/// The error of the exception that is being handled: call it in a catch block only. `doing` completes
/// "cannot ...".
inline Error error_of_exception(const std::string& doing) {
  try {
    throw;
  } catch (const std::bad_alloc&) {
    return failure("cannot " + doing + ": there is not enough memory");
  } catch (const std::system_error& error) {  // its what() names the call too, which helps nobody
    return failure("cannot " + doing + ": " + error.code().message());
  } catch (const std::exception& error) {
    return failure("cannot " + doing + ": " + error.what());
  } catch (...) {
    return failure("cannot " + doing + ": something unknown went wrong");
  }
}

/// What `work` returns (a Status or Result, or a Status if it returns nothing); the error of an exception if
/// one leaves it.
template <typename Work>
auto caught(const std::string& doing, Work&& work)
    -> std::conditional_t<std::is_void_v<std::invoke_result_t<Work>>, Status, std::invoke_result_t<Work>> {
  try {
    if constexpr (std::is_void_v<std::invoke_result_t<Work>>) {
      std::forward<Work>(work)();
      return {};
    } else {
      return std::forward<Work>(work)();
    }
  } catch (...) {
    return error_of_exception(doing);
  }
}

}  // namespace grokscope

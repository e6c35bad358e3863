// The registry: every claim that `grokscope claims` lists and `grokscope reproduce` checks. Immutable. Any
// thread.
#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "claims/claim.h"

namespace grokscope {

/// In the order of the listing.
std::span<const Claim> claims();

/// A usage error that offers the nearest name if there is no such claim.
Result<const Claim*> find_claim(std::string_view name);

}  // namespace grokscope

// What `grokscope reproduce` leaves of a claim: <name>.svg and .png (its charts side by side) and <name>.json
// (everything that was measured, for scripts/claims-report). Main thread.
#pragma once

#include <string>
#include <vector>

#include "base/json_text.h"
#include "base/result.h"
#include "claims/check.h"

namespace grokscope {

/// XDG data folder, claims/.
std::string default_claims_folder();

/// {"name","paper","figure","expected","measured","verdict","explanation","seconds","training_seconds","runs",
/// "cached"}.
Json json_from_claim(const Claim& claim, const CheckedClaim& checked, ClaimSize size);

/// Can the files of these claims be written there? To be asked before they are checked; makes nothing.
Status check_claim_files(const std::vector<const Claim*>& claims, const std::string& folder);

struct ClaimFiles {
  std::string svg;      ///< its path; "" when there was nothing to draw
  std::string warning;  ///< why there is no PNG (no OpenGL here); "" if there is one
};
/// Makes the folder. No PNG is a warning, because a machine without OpenGL can check claims all the same.
Result<ClaimFiles> save_claim(const Claim& claim, const CheckedClaim& checked, ClaimSize size,
                              const std::string& folder);

}  // namespace grokscope

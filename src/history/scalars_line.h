// One line of scalars.jsonl: the numbers of one look of one probe. Untrusted input. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "history/frame.h"

namespace grokscope {

/// {"step":100,"probe":"fourier","scalars":{"gini":0.25,"gap":null},"nonfinite":["gap: NaN"]}, without the
/// line break. A scalar that is not finite is null, with a note.
std::string line_from_scalars(const ProbeScalars& look);
/// `source` ("line 3: <path>") is named in the error. Keys that are not known are passed over.
Result<ProbeScalars> scalars_from_line(std::string_view line, const std::string& source);

}  // namespace grokscope

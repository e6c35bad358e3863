// grokscope export: a recorded run as JSON, CSV, TensorBoard events or safetensors.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

#include "app/commands/commands.h"
#include "app/commands/named_output.h"
#include "base/output.h"
#include "export/csv.h"
#include "export/safetensors_export.h"
#include "export/snapshot_json.h"
#include "export/tensorboard.h"
#include "history/run_facts.h"
#include "history/run_folder.h"

namespace grokscope {
namespace {

struct ExportRequest {
  std::string run, format, output;
};

double seconds_since_1970(const std::string& utc) {
  std::tm time{};
  return strptime(utc.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time) != nullptr ? static_cast<double>(timegm(&time))
                                                                       : 0.0;
}

Json facts_of(const History& history) {
  return history.facts() ? json_from_facts(*history.facts()) : Json::object();
}

/// Everything but the folder that TensorBoard wants: the bytes of the file.
Result<std::string> bytes_of(const ExportRequest& request, const OpenedRun& run) {
  if (request.format == "json")
    return snapshot_text(run.history, run.provenance, facts_of(run.history), run.history.last()->step);
  if (request.format == "csv") return csv_text(run.history);
  auto weights = checked_weights(request.run, std::nullopt);
  if (!weights) return weights.error();
  if (weights->unnamed) {
    std::fprintf(stderr,
                 "grokscope: an earlier version wrote this run: its weights are one vector, 'flat'; "
                 "`grokscope run RUN` trains it again and writes them by name\n");
  }
  return std::move(weights->bytes);
}

Status write_export(const ExportRequest& request, const OpenedRun& run) {
  if (request.format == "tensorboard")
    return write_tensorboard(request.output, run.history, seconds_since_1970(run.provenance.started_utc));
  const auto bytes = bytes_of(request, run);
  return bytes ? write_output(request.output, *bytes) : bytes.error();
}

Status check_place(const ExportRequest& request) {
  if (request.format != "tensorboard") return check_named_output(request.output);
  const auto folder = named_folder("--output of --format tensorboard", request.output);
  return folder ? Status() : folder.error();
}

int export_run(const ExportRequest& request) {
  if (Status possible = check_place(request); !possible) return report(possible.error());
  const auto run = open_run(request.run, false);
  if (!run) return report(run.error());
  const Evaluation* last = run->history.last();
  if (last == nullptr) return report(failure("nothing was recorded that could be exported: " + request.run));
  if (Status written = write_export(request, *run); !written) return report(written.error());
  tell(run->repairs);
  if (!is_standard_output(request.output)) std::printf("%s\n", request.output.c_str());
  return 0;
}

}  // namespace

void add_export_command(CLI::App& app, CommandResult& result) {
  CLI::App* command = app.add_subcommand("export", "write a recorded run in another format");
  auto request = std::make_shared<ExportRequest>();
  command->add_option("RUN", request->run, "the run folder")->type_name("")->required();
  command
      ->add_option("--format", request->format,
                   "json | csv | tensorboard (a folder) | safetensors (the weights)")
      ->type_name("NAME")
      ->required()
      ->check(CLI::IsMember({"json", "csv", "tensorboard", "safetensors"}));
  command
      ->add_option("-o,--output", request->output,
                   "the file to write, - is standard output; a folder for tensorboard")
      ->type_name("PATH")
      ->required();
  command->callback([request, &result] { result.action = [request] { return export_run(*request); }; });
}

}  // namespace grokscope

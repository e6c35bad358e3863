#include "sweep/slurm.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/child_process.h"
#include "base/files.h"
#include "base/number_text.h"
#include "base/outside_text.h"
#include "sweep/commands_engine.h"

namespace grokscope {
namespace {

constexpr std::size_t kUsualLargestArray = 1001;  // of Slurm, where it does not say
constexpr std::size_t kPartsATask = 4;            // so that one that dies or waits holds up little
constexpr double kPatience_s = 60.0;
constexpr std::uint64_t kLargestList = 1u << 20;

std::string script_path(const SweepFolder& folder) {
  return folder.path + "/slurm/part.sh";
}

std::string jobs_path(const SweepFolder& folder) {
  return folder.path + "/slurm/jobs.txt";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::string complaints_path(const SweepFolder& folder) {
  return folder.path + "/slurm/complaints.txt";
}

/// The last line of what it complained of.
std::string complaint(const SweepFolder& folder) {
  const auto said = read_file(complaints_path(folder), kLargestList);
  if (!said) return "";
  const std::vector<std::string> lines = lines_of(*said);
  return lines.empty() ? "" : visible(lines.back(), 300);
}

/// Its standard output; what it complains of is the error.
Result<std::string> ask(const SweepFolder& folder, std::vector<std::string> arguments) {
  const std::string program = arguments.front();
  std::vector<std::string> words = {"/bin/sh", "-c", R"(exec "$@" 2>"$0")", complaints_path(folder)};
  words.insert(words.end(), std::make_move_iterator(arguments.begin()),
               std::make_move_iterator(arguments.end()));
  const auto outcome = run_child({std::move(words), {}, kPatience_s});
  if (!outcome) return outcome.error();
  if (outcome->exit_code == 127) {
    return failure(
        program +
        " is not there: --engine slurm needs Slurm; --engine commands prints lines for other systems");
  }
  if (outcome->exit_code != 0)
    return failure(
        fmt::format("{} refused (exit code {}): {}", program, outcome->exit_code, complaint(folder)));
  return outcome->output;
}

/// MaxArraySize of `scontrol show config`.
std::size_t largest_array(const SweepFolder& folder) {
  const auto text = ask(folder, {"scontrol", "show", "config"});
  const auto at = text ? text->find("MaxArraySize") : std::string::npos;
  if (at == std::string::npos) return kUsualLargestArray;
  const auto equals = text->find('=', at), end = text->find('\n', at);
  if (equals == std::string::npos || equals > end) return kUsualLargestArray;
  const auto size = whole_number_from_text(text->substr(equals + 1, end - equals - 1));
  return size && *size > 1 ? static_cast<std::size_t>(*size) : kUsualLargestArray;
}

/// "1234" or "1234;cluster": the number alone, which is all that squeue needs.
Result<std::string> job_number(const std::string& output) {
  const std::string number = output.substr(0, output.find_first_of(";\n"));
  if (!whole_number_from_text(number)) return failure("sbatch gave no job number but " + in_quotes(output));
  return number;
}

}  // namespace

std::string slurm_script(const SweepFolder& folder, const std::string& program, std::size_t parts) {
  return fmt::format(R"(#!/bin/sh
# Written by grokscope: one task of a sweep. Argument: what is added to the number of the task.
part=$((SLURM_ARRAY_TASK_ID + $1))
{} sweep-worker --plan {} --chunk "$part/{}" --out {}{} &
worker=$!
trap 'kill -USR2 "$worker"' USR2
trap 'kill -TERM "$worker"' TERM
wait "$worker"
code=$?
# A signal ends the waiting, not the worker.
while kill -0 "$worker" 2>/dev/null; do
  wait "$worker"
  code=$?
done
if [ "$code" -eq 75 ]; then
  scontrol requeue "${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}"
fi
exit "$code"
)",
                     shell_quoted(program), shell_quoted(folder.plan()), parts, shell_quoted(folder.path),
                     folder.with_cache ? "" : " --no-cache");
}

std::vector<SlurmArray> slurm_arrays(std::size_t parts, std::size_t largest) {
  std::vector<SlurmArray> arrays;
  const std::size_t most = std::max<std::size_t>(largest, 2) - 1;
  for (std::size_t first = 0; first < parts; first += most)
    arrays.push_back({first, std::min(most, parts - first)});
  return arrays;
}

Result<std::vector<std::string>> queued_slurm_jobs(const SweepFolder& folder) {
  std::error_code ignored;
  if (!std::filesystem::exists(jobs_path(folder), ignored)) return std::vector<std::string>();
  const auto known = read_file(jobs_path(folder), kLargestList);
  if (!known) return known.error();
  std::vector<std::string> queued;
  for (const std::string& job : lines_of(*known)) {
    const auto found = run_child({{"squeue", "--noheader", "--jobs=" + job, "--format=%i"}, {}, kPatience_s});
    if (!found) return found.error();
    // A job that Slurm has forgotten is an error of squeue's: it is over.
    if (found->exit_code == 0 && !lines_of(found->output).empty()) queued.push_back(job);
  }
  return queued;
}

Result<std::vector<std::string>> submit_to_slurm(const Sweep& sweep, const std::string& program,
                                                 std::size_t at_once) {
  const SweepFolder& folder = sweep.folder();
  const std::size_t parts = std::min(sweep.plan().runs(), at_once * kPartsATask);
  if (Status made = make_folders(folder.path + "/slurm"); !made) return made.error();
  if (const auto there = ask(folder, {"sbatch", "--version"}); !there) return there.error();
  const std::string script = slurm_script(folder, program, parts);
  if (Status kept = write_file_atomic(script_path(folder), script); !kept) return kept.error();
  std::vector<std::string> jobs;
  std::string list;
  for (const SlurmArray& array : slurm_arrays(parts, largest_array(folder))) {
    const auto output =
        ask(folder, {"sbatch", "--parsable", fmt::format("--array=1-{}%{}", array.tasks, at_once),
                     "--requeue", "--signal=B:USR2@90", "--job-name=grokscope", "--cpus-per-task=1",
                     "--open-mode=append", "--output=" + folder.path + "/slurm/%A_%a.txt",
                     script_path(folder), std::to_string(array.first)});
    if (!output) return output.error();
    const auto job = job_number(*output);
    if (!job) return job.error();
    jobs.push_back(*job);
    list += *job + "\n";
    if (Status kept = write_file_atomic(jobs_path(folder), list); !kept) return kept.error();
  }
  return jobs;
}

}  // namespace grokscope

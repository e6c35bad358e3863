#include "session/record.h"

#include <utility>

#include "base/utc_time.h"
#include "base/version.h"

namespace grokscope {
namespace {

/// Two checkpoints and some.
std::uintmax_t room_for_a_run(const RunFacts& facts) {
  const std::uintmax_t checkpoint = static_cast<std::uintmax_t>(facts.parameter_count) * 3 * sizeof(float);
  return 2 * checkpoint + (std::uintmax_t{8} << 20);
}

}  // namespace

void Record::open(WriterOptions options, const RunConfig& config, const RunFacts& facts,
                  const std::optional<ForkPoint>& forked) {
  Provenance provenance;
  provenance.version = kVersion;
  provenance.torch_version = facts.torch_version;
  provenance.blas = facts.blas;
  provenance.engine = facts.engine;
  provenance.device = facts.device;
  provenance.started_utc = utc_now();
  provenance.threads = facts.threads;
  provenance.forked = forked;
  options.facts = facts;
  options.room_bytes = room_for_a_run(facts);
  writer_ = RunFolderWriter::begin(config, provenance, std::move(options));
}

void Record::begin_flush() {
  if (writer_) writer_->begin_flush();
}

void Record::flush() {
  if (writer_) writer_->flush();
}

void Record::limit_waiting(std::chrono::milliseconds longest) {
  if (writer_) writer_->limit_waiting(longest);
}

WriterReport Record::report() const {
  return writer_ ? writer_->report() : WriterReport();
}

}  // namespace grokscope

// RunFolderWriter: the owner's side queues values; the writer thread is the only one that touches the files,
// and decides what happens when the disk takes no more.
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <exception>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

#include "base/bounded_queue.h"
#include "base/memory.h"
#include "base/threads.h"
#include "history/checkpoint_shelf.h"
#include "history/frame_file.h"
#include "history/record_lines.h"
#include "history/run_files.h"
#include "history/run_folder.h"
#include "history/run_folder_create.h"
#include "history/run_text.h"
#include "history/scalars_line.h"
#include "history/step_files.h"

namespace grokscope {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kPatienceAtTheEnd = std::chrono::seconds(10);

struct FlushItem {
  std::shared_ptr<std::promise<void>> done;  // nullptr: nobody waits
};
using Item = std::variant<Evaluation, Event, FramePtr, Checkpoint, FlushItem>;

std::size_t cost_of(const Item& item) {
  constexpr std::size_t kEventBytes = 1024;  // texts are short
  if (const auto* frame = std::get_if<FramePtr>(&item)) return sizeof(Item) + bytes_of(**frame);
  if (const auto* checkpoint = std::get_if<Checkpoint>(&item)) return sizeof(Item) + bytes_of(*checkpoint);
  return sizeof(Item) + (std::holds_alternative<Event>(item) ? kEventBytes : 0);
}

/// What another try may mend: somebody makes room, a network comes back.
bool may_pass(int error_number) {
  constexpr int kPassing[] = {ENOSPC, EDQUOT, EIO, EAGAIN, ETIMEDOUT, ESTALE, ENOBUFS, ENOMEM};
  return std::find(std::begin(kPassing), std::end(kPassing), error_number) != std::end(kPassing);
}

}  // namespace

struct RunFolderWriter::Impl {
  Impl(const RunConfig& config, const Provenance& provenance, WriterOptions chosen)
      : options(std::move(chosen)), queue(options.queue_bytes, cost_of) {
    RunTexts texts{text_from_config_file({config, provenance}),
                   options.facts ? text_from_facts(*options.facts) : std::string()};
    auto started = start_thread("writer", [this, config, texts = std::move(texts)] { work(config, texts); });
    if (started) {
      thread = std::move(*started);
      return;
    }
    queue.close();
    report.folder = WriterReport::Folder::refused;
    report.error = started.error();
    decided.set_value();
  }

  ~Impl() {
    limit_waiting(kPatienceAtTheEnd);
    queue.close();
    if (thread.joinable()) thread.join();
  }

  // ------------------------------------------------------------------------------------- the owner's side

  bool push(Item item) {
    in_hand.fetch_add(1);
    if (queue.push(std::move(item))) return true;
    in_hand.fetch_sub(1);
    return false;
  }

  bool has_room() {
    if (queue.has_room()) return true;
    room_wanted = true;
    return queue.has_room();  // again: it may have become free before anybody knew that it is wanted
  }

  void limit_waiting(std::chrono::milliseconds longest) {
    {
      std::lock_guard lock(mutex);
      latest = std::min(latest, Clock::now() + longest);
    }
    patience_changed.notify_all();
  }

  WriterReport current_report() const {
    std::lock_guard lock(mutex);
    WriterReport now = report;
    now.behind = queue.used() > options.queue_bytes / 2;
    return now;
  }

  // ------------------------------------------------------------------------------------- the writer thread

  void work(const RunConfig& config, const RunTexts& texts) {
    make_folder(config, texts);
    while (std::optional<Item> item = queue.pop()) {
      if (room_wanted && queue.has_room()) {
        room_wanted = false;
        tell();
      }
      if (lines) handle_safely(*item);
      if (const auto* flush = std::get_if<FlushItem>(&*item); flush != nullptr && flush->done != nullptr)
        flush->done->set_value();
      if (in_hand.fetch_sub(1) == 1) tell();
    }
    Item last = FlushItem{};
    if (lines) handle_safely(last);
  }

  void make_folder(const RunConfig& config, const RunTexts& texts) {
    Result<FreshRunFolder> fresh = [&]() -> Result<FreshRunFolder> {
      try {
        if (Status room = check_room(options.path, options.room_bytes); !room) return room.error();
        if (options.continues) return reopen_run_folder(options.path);
        return options.path.empty() ? make_new_run_folder(config, texts)
                                    : make_run_folder(options.path, texts);
      } catch (const std::exception& error) {  // no memory
        return failure("cannot make the run folder: " + reason_of(error) + ": " + options.path);
      }
    }();
    if (fresh) {
      run_path = fresh->path;
      lines.emplace(std::move(fresh->metrics), std::move(fresh->events), std::move(fresh->scalars));
      shelf.emplace(run_path, config.train.checkpoint_bytes);
    }
    change([&](WriterReport& to) {
      to.folder = fresh ? WriterReport::Folder::made : WriterReport::Folder::refused;
      if (fresh) to.path = run_path;
      if (!fresh) to.error = fresh.error();
    });
    decided.set_value();
  }

  void handle_safely(Item& item) {
    try {
      handle(item);
    } catch (const std::exception&) {  // no memory: a line may be missing from here on
      torn = true;
      lose_line();
      give_up(failure("there was not enough memory to write the record: " + run_path));
    }
  }

  void handle(Item& item) {
    if (const auto* evaluation = std::get_if<Evaluation>(&item)) {
      write_line(RecordFile::metrics, line_from_evaluation(*evaluation));
    } else if (const auto* event = std::get_if<Event>(&item)) {
      write_line(RecordFile::events, text_from_json(json_from_event(*event)));
    } else if (const auto* frame = std::get_if<FramePtr>(&item)) {
      if (is_probe_name((*frame)->probe) && !(*frame)->scalars.empty())
        write_line(RecordFile::scalars, line_from_scalars(scalars_of(**frame)));
      write_picture(**frame);
    } else if (auto* checkpoint = std::get_if<Checkpoint>(&item)) {
      if (owed) lose_checkpoint();
      owed = std::move(*checkpoint);
      if (!given_up) owed_error = write_owed();
    } else {
      settle();
    }
  }

  void write_line(RecordFile file, std::string line) {
    if (torn) return lose_line();
    lines->add(file, std::move(line));
    if (given_up) return;  // they are tried once more at the end
    const int error_number = insist([this] { return lines->write(); });
    if (error_number != 0) give_up(lines->error(error_number));
  }

  void write_picture(const Frame& frame) {
    const Status written = given_up ? Status(failure("the record has ended")) : write_frame(run_path, frame);
    if (written) return;
    change([&](WriterReport& to) {
      ++to.frames_lost;
      if (to.lost_because.empty()) to.lost_because = written.error().message;
    });
  }

  /// Its metrics first. 0, or an errno; then it stays owed.
  int write_owed() {
    if (const int error_number = lines->sync(); error_number != 0) return error_number;
    const int error_number = shelf->put(*owed);
    if (error_number == 0) owed.reset();
    return error_number;
  }

  /// Everything that can be brought to the disk is there, or told to be lost.
  void settle() {
    if (given_up && !torn) lines->write();
    if (owed) {
      owed_error = insist([this] { return write_owed(); });
      if (owed_error != 0) {
        const Error why = write_error(checkpoint_path(run_path, owed->step), owed_error);
        lose_checkpoint();
        owed.reset();
        give_up(why);
      }
    }
    if (const int error_number = lines->sync(); error_number != 0) give_up(lines->error(error_number));
    change([this](WriterReport& to) {
      to.lines_lost = lost_lines + static_cast<std::int64_t>(lines->waiting());
    });
  }

  void lose_line() { ++lost_lines; }
  void lose_checkpoint() {
    change([this](WriterReport& to) {
      ++to.checkpoints_lost;
      if (to.lost_because.empty())
        to.lost_because = owed_error == 0
                              ? "the record has ended"
                              : write_error(checkpoint_path(run_path, owed->step), owed_error).message;
    });
  }

  /// Tries until it succeeds (0), can never succeed, or patience is at its end.
  template <typename Attempt>
  int insist(Attempt attempt) {
    int error_number = attempt();
    if (error_number == 0 || given_up || !may_pass(error_number)) return error_number;
    change([&](WriterReport& to) { to.waiting = std::generic_category().message(error_number); });
    const Clock::time_point since = Clock::now();
    while (error_number != 0 && may_pass(error_number) && wait_before_next_try(since))
      error_number = attempt();
    change([](WriterReport& to) { to.waiting.clear(); });
    return error_number;
  }

  bool wait_before_next_try(Clock::time_point since) {
    std::unique_lock lock(mutex);
    const Clock::time_point now = Clock::now(), end = std::min(since + options.patience, latest);
    if (now >= end) return false;
    patience_changed.wait_until(lock, std::min(now + options.retry_every, end));
    return true;
  }

  /// The record ends here; the first reason is the one to tell.
  void give_up(const Error& why) {
    given_up = true;
    change([&](WriterReport& to) {
      if (!to.error) to.error = why;
    });
  }

  template <typename Change>
  void change(Change how) {
    {
      std::lock_guard lock(mutex);
      how(report);
    }
    tell();
  }
  void tell() const {
    if (options.changed) options.changed();
  }

  const WriterOptions options;
  BoundedQueue<Item> queue;
  std::atomic<std::size_t> in_hand{0};  // queued or being written
  std::atomic<bool> room_wanted{false};
  std::promise<void> decided;  // the folder is made or refused

  mutable std::mutex mutex;
  std::condition_variable patience_changed;
  Clock::time_point latest = Clock::time_point::max();  // guarded by mutex
  WriterReport report;                                  // guarded by mutex

  // Writer thread only.
  std::string run_path;
  std::optional<RecordLines> lines;
  std::optional<CheckpointShelf> shelf;
  std::optional<Checkpoint> owed;  // the newest that could not be written
  int owed_error = 0;              // why
  std::int64_t lost_lines = 0;
  bool given_up = false;  // nothing is waited for any more
  bool torn = false;      // a line is missing: nothing may follow

  std::jthread thread;
};

std::unique_ptr<RunFolderWriter> RunFolderWriter::begin(const RunConfig& config, const Provenance& provenance,
                                                        WriterOptions options) {
  return std::unique_ptr<RunFolderWriter>(
      new RunFolderWriter(std::make_unique<Impl>(config, provenance, std::move(options))));
}

Result<std::unique_ptr<RunFolderWriter>> RunFolderWriter::create(const RunConfig& config,
                                                                 const Provenance& provenance,
                                                                 WriterOptions options) {
  auto writer = begin(config, provenance, std::move(options));
  writer->impl_->decided.get_future().wait();
  if (Status made = writer->status(); !made) return made.error();
  return writer;
}

Result<std::unique_ptr<RunFolderWriter>> RunFolderWriter::create(const std::string& path,
                                                                 const RunConfig& config,
                                                                 const Provenance& provenance,
                                                                 const std::optional<RunFacts>& facts) {
  if (path.empty()) return usage_error("cannot make the run folder: its name is empty");
  WriterOptions options;
  options.path = path;
  options.facts = facts;
  return create(config, provenance, std::move(options));
}

Status write_frame(const std::string& run_path, const Frame& frame) {
  if (!is_probe_name(frame.probe))
    return failure("cannot write the frame of a probe named '" + frame.probe + "'");
  const auto files = RunFiles::open(run_path);
  if (!files) return files.error();
  return files->write("frames/" + frame.probe + "/" + step_file_name(frame.step),
                      bytes_from_tensor_file(tensor_file_from_frame(frame)));
}

Status add_frame(const std::string& run_path, const Frame& frame) {
  if (Status written = write_frame(run_path, frame); !written) return written;
  if (frame.scalars.empty()) return {};
  Result<LineFile> scalars = LineFile::open(run_path + "/scalars.jsonl");
  return scalars ? scalars->append(line_from_scalars(scalars_of(frame))) : scalars.error();
}

RunFolderWriter::RunFolderWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunFolderWriter::~RunFolderWriter() = default;

void RunFolderWriter::write(const Evaluation& evaluation) {
  impl_->push(evaluation);
}
void RunFolderWriter::write(const Event& event) {
  impl_->push(event);
}
void RunFolderWriter::write(FramePtr frame) {
  if (frame != nullptr) impl_->push(std::move(frame));
}
void RunFolderWriter::write(Checkpoint checkpoint) {
  impl_->push(std::move(checkpoint));
}
bool RunFolderWriter::has_room() const {
  return impl_->has_room();
}

void RunFolderWriter::flush() {
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> waited = done->get_future();
  if (impl_->push(FlushItem{std::move(done)})) waited.wait();
}
void RunFolderWriter::begin_flush() {
  impl_->push(FlushItem{});
}
bool RunFolderWriter::idle() const {
  return impl_->in_hand == 0;
}
void RunFolderWriter::limit_waiting(std::chrono::milliseconds longest) {
  impl_->limit_waiting(longest);
}

Status RunFolderWriter::status() const {
  const std::optional<Error> error = report().error;
  return error ? Status(*error) : Status();
}
WriterReport RunFolderWriter::report() const {
  return impl_->current_report();
}
std::string RunFolderWriter::path() const {
  return report().path;
}

}  // namespace grokscope

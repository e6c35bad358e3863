// RunFolderWriter: the owner's side queues values; the writer thread is the only one that touches the files.
#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <future>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>

#include "base/bounded_queue.h"
#include "base/threads.h"
#include "history/frame_file.h"
#include "history/run_files.h"
#include "history/run_folder.h"
#include "history/run_folder_create.h"
#include "history/run_text.h"
#include "history/step_files.h"

namespace grokscope {

namespace {

constexpr std::size_t kQueueLimit = 4096;

struct CheckpointItem {
  std::int64_t step = 0;
  TensorFile contents;
};
struct FlushItem {
  std::shared_ptr<std::promise<void>> done;
};
using Item = std::variant<Evaluation, Event, FramePtr, CheckpointItem, FlushItem>;

void sync_file(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (descriptor < 0) return;
  ::fdatasync(descriptor);
  ::close(descriptor);
}

}  // namespace

struct RunFolderWriter::Impl {
  Impl(std::string folder, FreshRunFolder fresh)
      : path(std::move(folder)), metrics(std::move(fresh.metrics)), events(std::move(fresh.events)) {
    thread = std::thread([this] {
      name_this_thread("writer");
      while (std::optional<Item> item = queue.pop()) handle(*item);
    });
  }

  ~Impl() {
    queue.close();
    thread.join();
  }

  void handle(const Item& item) {
    if (const FlushItem* flush = std::get_if<FlushItem>(&item)) {
      sync_file(path + "/metrics.jsonl");
      sync_file(path + "/events.jsonl");
      flush->done->set_value();
      return;
    }
    if (!status()) return;  // after a failure nothing more is written: no file may have a gap in the middle
    Status written = write(item);
    if (written) return;
    std::lock_guard lock(mutex);
    error = written.error();
  }

  Status write(const Item& item) {
    if (const auto* evaluation = std::get_if<Evaluation>(&item)) {
      return metrics.append(line_from_evaluation(*evaluation));
    }
    if (const auto* event = std::get_if<Event>(&item))
      return events.append(text_from_json(json_from_event(*event)));
    if (const auto* frame = std::get_if<FramePtr>(&item)) return write_frame(path, **frame);
    const auto& checkpoint = std::get<CheckpointItem>(item);
    return write_tensor_file(checkpoint_path(path, checkpoint.step), checkpoint.contents);
  }

  Status status() const {
    std::lock_guard lock(mutex);
    return error ? Status(*error) : Status();
  }

  const std::string path;
  LineFile metrics, events;  // writer thread only
  BoundedQueue<Item> queue{kQueueLimit};
  mutable std::mutex mutex;
  std::optional<Error> error;  // guarded by mutex
  std::thread thread;
};

Result<std::unique_ptr<RunFolderWriter>> RunFolderWriter::create(const std::string& path,
                                                                 const RunConfig& config,
                                                                 const Provenance& provenance,
                                                                 const std::optional<RunFacts>& facts) {
  Result<FreshRunFolder> fresh = make_run_folder(path, text_from_config_file({config, provenance}),
                                                 facts ? text_from_facts(*facts) : std::string());
  if (!fresh) return fresh.error();
  return std::unique_ptr<RunFolderWriter>(
      new RunFolderWriter(std::make_unique<Impl>(path, std::move(*fresh))));
}

Status write_frame(const std::string& run_path, const Frame& frame) {
  if (!is_probe_name(frame.probe))
    return failure("cannot write the frame of a probe named '" + frame.probe + "'");
  const auto files = RunFiles::open(run_path);
  if (!files) return files.error();
  return files->write("frames/" + frame.probe + "/" + step_file_name(frame.step),
                      bytes_from_tensor_file(tensor_file_from_frame(frame)));
}

RunFolderWriter::RunFolderWriter(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
RunFolderWriter::~RunFolderWriter() = default;

void RunFolderWriter::write(const Evaluation& evaluation) {
  impl_->queue.push(evaluation);
}
void RunFolderWriter::write(const Event& event) {
  impl_->queue.push(event);
}
void RunFolderWriter::write(FramePtr frame) {
  if (frame != nullptr) impl_->queue.push(std::move(frame));
}
void RunFolderWriter::write_checkpoint(std::int64_t step, TensorFile contents) {
  impl_->queue.push(CheckpointItem{step, std::move(contents)});
}

void RunFolderWriter::flush() {
  auto done = std::make_shared<std::promise<void>>();
  std::future<void> waited = done->get_future();
  if (impl_->queue.push(FlushItem{std::move(done)})) waited.wait();
}

Status RunFolderWriter::status() const {
  return impl_->status();
}
const std::string& RunFolderWriter::path() const {
  return impl_->path;
}

}  // namespace grokscope

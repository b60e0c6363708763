// What the parts of SQLite's store share: the queue to the writing thread, the threads that read, the shelf of files.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "store/data_lock.hpp"
#include "store/file_shelf.hpp"
#include "store/limits.hpp"
#include "store/pending_files.hpp"
#include "store/read_lane.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"
#include "store/write_queue.hpp"
#include "store/writing_thread.hpp"

namespace beckon::store {

// What start-up opened, in the order of opening.
struct Opened {
  DataLock lock;
  std::unique_ptr<Database> writing;
  std::unique_ptr<Reader> visiting, reporting, filing;
  Instant latest;
};

[[nodiscard]] inline base::Error overloaded() {
  return {base::ErrorCode::kOverloaded, "the store has too much waiting already"};
}

class SqliteBase : public Store {
 protected:
  SqliteBase(Opened opened, const SqliteOptions& options);

  template <class T, class Work>
  void write(const Poster& post, Callback<T> done, Work work) {
    auto op = std::make_unique<DurableOp<T>>(std::move(work), post, done);
    if (queue_.push(std::move(op))) answer<T>(post, std::move(done), overloaded());
  }

  // As write, for calls without an answer. `bytes`: that the work holds.
  template <class Work>
  void write_behind(std::size_t bytes, Work work) {
    queue_.push(std::make_unique<BehindOp>(std::move(work), bytes + kBehindBytes));
  }

  // Reads once everything up to call number `after` is settled.
  template <class T, class Work>
  void read(ReadLane& lane, std::uint64_t after, const Poster& post, Callback<T> done, Work work) {
    const bool accepted = lane.push([this, after, post, done, work = std::move(work)](Reader& reader) {
      queue_.wait_settled(after);
      answer<T>(post, done, work(reader));
    });
    if (accepted) return;
    ++refused_reads_;
    answer<T>(post, std::move(done), overloaded());
  }

  // Reads what somebody waits for, once everything called before is settled.
  template <class T, class Work>
  void read(const Poster& post, Callback<T> done, Work work) {
    read<T>(visiting_, queue_.last_number(), post, std::move(done), std::move(work));
  }

  static constexpr std::size_t kBehindBytes = 256;   // that such a call takes beside its texts, roughly

  const Instant latest_;
  const FileShelf shelf_;
  std::atomic<std::uint64_t> refused_reads_{0};
  PendingFiles pending_files_;
  const DataLock lock_;
  WriteQueue queue_;
  // The writing thread ends before the two that read: reads that wait for it are then answered. What is on its way to
  // the shelf gets there before, and its row is written.
  ReadLane visiting_, reporting_;
  WritingThread writing_;
  ReadLane filing_;
};

}  // namespace beckon::store

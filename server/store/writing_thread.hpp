// The thread that owns the one writing connection: commits what waits, in groups; sweeps; keeps the log short.
//
// Thread safety: health() may be called from any thread. The destructor returns when everything queued is on disk or
// was given up.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "store/sqlite.hpp"
#include "store/sqlite_store.hpp"
#include "store/write_queue.hpp"
#include "store/writer.hpp"

namespace beckon::store {

class WritingThread {
 public:
  // `db` is at the latest version, and no file is being added yet: what a process that died left behind is swept first.
  // `queue` must outlive the thread.
  WritingThread(std::unique_ptr<Database> db, WriteQueue& queue, const SqliteOptions& options);
  // Closes the queue, writes what is in it, ends the thread, empties the log if readers let it.
  ~WritingThread();

  // Adds what the writer knows.
  void describe(Health& health) const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Draining {
    std::unique_ptr<Sweep> sweep;
    Clock::time_point give_up{};  // set when its rows are gone and their traces are still to go
    std::int64_t scrub_from = 1;  // the page of the database file
  };

  void run();
  void take_in(std::vector<std::unique_ptr<WriteOp>> ops);
  void commit_group();
  std::size_t group_size() const;
  [[nodiscard]] base::Status write(std::size_t count);
  void kept(std::size_t count);
  void lost(const base::Error& why);
  void step_sweep();
  void remove_traces_for(Draining& draining);
  void look_after_log();
  void look_after_idle_log();
  void report(const base::Status& status);
  Clock::time_point next_wake() const;
  bool over() const;

  const std::unique_ptr<Database> db_;
  WriteQueue& queue_;
  base::Log* const log_;
  const std::chrono::milliseconds idle_before_truncate_;
  Writer writer_;
  std::deque<std::unique_ptr<WriteOp>> held_;  // taken from the queue and not yet committed, in order
  std::deque<Draining> sweeps_;                // the first is worked on
  Clock::time_point retry_at_{};               // held_ failed: not before
  Clock::time_point last_write_{};
  std::uint64_t last_taken_ = 0;
  bool failing_ = false;
  bool log_dirty_ = false;                     // written since the log was last emptied

  std::atomic<std::uint64_t> commits_{0}, failed_commits_{0}, rows_{0}, wal_bytes_{0};
  mutable std::mutex problem_mutex_;
  std::string problem_;                        // guarded by problem_mutex_; empty while writing works
  std::thread thread_;                         // last: it uses all above
};

}  // namespace beckon::store

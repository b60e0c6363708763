// A thread that reads, on a read-only connection of its own. A store has two: one for what a visitor waits for, one for
// reports.
//
// Thread safety: push() may be called from any thread. The destructor answers what was pushed, then ends the thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "store/reader.hpp"

namespace beckon::store {

class ReadLane {
 public:
  using Read = std::function<void(Reader&)>;
  ReadLane(std::unique_ptr<Reader> reader, std::size_t max_pending);
  ~ReadLane();

  // False when max_pending reads already wait: `read` is not run.
  [[nodiscard]] bool push(Read read);

 private:
  void run();

  const std::unique_ptr<Reader> reader_;
  const std::size_t max_pending_;
  std::mutex mutex_;
  std::condition_variable work_;
  std::deque<Read> reads_;  // guarded by mutex_
  bool closed_ = false;     // guarded by mutex_
  std::thread thread_;      // last: it uses all above
};

}  // namespace beckon::store

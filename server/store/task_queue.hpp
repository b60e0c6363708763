// Runs tasks on the thread that waits for what comes of them: for commands and tests, where there is no event loop.
//
//   TaskQueue tasks;
//   Roster roster(store, bus, clock, tasks.poster());
//   roster.list([&](auto all) { …; done = true; });
//   tasks.run_until([&] { return done; });
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>

#include "store/post.hpp"

namespace beckon::store {

class TaskQueue {
 public:
  // Any thread may post. The queue must outlive whoever does.
  [[nodiscard]] Poster poster() {
    return [this](Task task) {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(task));
      more_.notify_one();
    };
  }
  // Runs what comes, in order, until `done()`. Blocks while nothing is there.
  template <class Done>
  void run_until(const Done& done) {
    while (!done()) {
      std::unique_lock lock(mutex_);
      more_.wait(lock, [this] { return !waiting_.empty(); });
      const Task task = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      task();
    }
  }

 private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<Task> waiting_;
};

}  // namespace beckon::store

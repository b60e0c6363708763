#include "store/read_lane.hpp"

#include <utility>

namespace beckon::store {

ReadLane::ReadLane(std::unique_ptr<Reader> reader, std::size_t max_pending)
    : reader_(std::move(reader)), max_pending_(max_pending), thread_([this] { run(); }) {}

ReadLane::~ReadLane() {
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
  }
  work_.notify_one();
  thread_.join();
}

bool ReadLane::push(Read read) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_ || reads_.size() >= max_pending_) return false;
    reads_.push_back(std::move(read));
  }
  work_.notify_one();
  return true;
}

void ReadLane::run() {
  for (;;) {
    Read read;
    {
      std::unique_lock lock(mutex_);
      work_.wait(lock, [this] { return closed_ || !reads_.empty(); });
      if (reads_.empty()) return;
      read = std::move(reads_.front());
      reads_.pop_front();
    }
    read(*reader_);
  }
}

}  // namespace beckon::store

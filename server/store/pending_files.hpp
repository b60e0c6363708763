// Files on their way to the disk: how much of them there may be, and which of them must not get there any more because
// their visitor is erased meanwhile.
//
// Thread safety: every function may be called from any thread.
#pragma once

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>

#include "store/limits.hpp"
#include "store/write_queue.hpp"

namespace beckon::store {

class PendingFiles {
 private:
  struct Entry {
    VisitorKey visitor;
    std::size_t bytes = 0;
    bool erased = false;
  };

 public:
  using Ticket = std::list<Entry>::iterator;

  // nullopt: kMaxPendingFileBytes are on their way already.
  [[nodiscard]] std::optional<Ticket> begin(VisitorKey visitor, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    if (bytes_ + bytes > kMaxPendingFileBytes) return std::nullopt;
    bytes_ += bytes;
    return entries_.insert(entries_.end(), Entry{std::move(visitor), bytes, false});
  }

  // Calls `push` for a file that may be kept: its row then comes before any erasure called later. False when it may not.
  template <class Push>
  [[nodiscard]] bool end(Ticket ticket, Push push) {
    const std::lock_guard lock(mutex_);
    const bool keeps = !ticket->erased;
    if (keeps) push();
    drop(ticket);
    return keeps;
  }
  void give_up(Ticket ticket) {
    const std::lock_guard lock(mutex_);
    drop(ticket);
  }

  // Calls `push` for an erasure: files whose rows do not come before it are not kept.
  template <class Push>
  void erase(const VisitorKey& visitor, Push push) {
    const std::lock_guard lock(mutex_);
    for (Entry& entry : entries_) entry.erased |= entry.visitor == visitor;
    push();
  }

 private:
  void drop(Ticket ticket) {
    bytes_ -= ticket->bytes;
    entries_.erase(ticket);
  }

  std::mutex mutex_;
  std::list<Entry> entries_;   // guarded by mutex_
  std::size_t bytes_ = 0;      // guarded by mutex_
};

}  // namespace beckon::store

// What waits for the writing thread, and how much of it may.
//
// Thread safety: every function may be called from any thread; next() and what follows it are the writing thread's.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <utility>
#include <vector>

#include "store/records.hpp"
#include "store/sqlite_store.hpp"
#include "store/write_op.hpp"

namespace beckon::store {

using VisitorKey = std::pair<base::SiteId, base::VisitorId>;

// A visitor's record on its way. Coalesced until the writing thread takes it.
struct UnsavedVisitor {
  VisitorRecord record;
  bool taken = false;
};

class WriteQueue {
 public:
  using Clock = std::chrono::steady_clock;
  explicit WriteQueue(const SqliteOptions& options);

  // Behind: dropped and counted when the bound is reached; a gap stands for a batch.
  void push(const base::SiteId& site, Batch batch);
  void push(const base::SiteId& site, VisitorRecord visitor);
  // Behind: dropped and counted when the bound is reached.
  void push(std::unique_ptr<BehindOp> op);
  void count_dropped_mark();
  // Durable: the op comes back when the bound is reached, for its answer.
  [[nodiscard]] std::unique_ptr<WriteOp> push(std::unique_ptr<WriteOp> op);
  // As push; from here on the visitor's record is gone for readers, until erased() or a newer record.
  [[nodiscard]] std::unique_ptr<WriteOp> push_erase(const VisitorKey& key, std::unique_ptr<WriteOp> op);
  void erased(const VisitorKey& key);
  // From here on batches and records of that visitor are dropped without a word: it was erased from outside, while a
  // shard may still know it. The last kMaxForgotten of them.
  void forget(const VisitorKey& key);

  // What a reader finds before it looks into the database: a record on its way, or that there is none.
  struct Glance {
    std::shared_ptr<const VisitorRecord> record;
    bool erased = false;
  };
  [[nodiscard]] Glance glance(const VisitorKey& key) const;

  // The number of the last call; what a read waits for.
  [[nodiscard]] std::uint64_t last_number() const;
  // Blocks until every op up to that number is committed, or was tried and failed.
  void wait_settled(std::uint64_t number) const;

  // No further calls; what is there is still to be written.
  void close();

  // --- the writing thread's ---

  // Waits until there is something to commit, the queue is closed, or `until`. Gives what has come in, in order.
  enum class Patience { kCommitAge, kNone };  // kNone: takes at once what is there, for there is other work to do
  [[nodiscard]] std::vector<std::unique_ptr<WriteOp>> next(Clock::time_point until, Patience patience);
  [[nodiscard]] bool closed() const;
  [[nodiscard]] bool drained() const;  // nothing waits
  void released(const WriteOp& op);  // it is committed or given up
  void settled(std::uint64_t number);

  struct Counts {
    std::uint64_t dropped_lines = 0, dropped_visitors = 0, dropped_marks = 0, refused = 0, pending_bytes = 0;
  };
  [[nodiscard]] Counts counts() const;

 private:
  friend class SaveVisitorOp;
  struct Gap {
    std::uint32_t shard = 0;
    JournalRow row;
  };
  void append(std::unique_ptr<WriteOp> op);  // with mutex_ held
  void close_gap(std::map<base::SiteId, Gap>::iterator gap);
  void open_gap(const base::SiteId& site, const Batch& batch);
  VisitorRecord take(UnsavedVisitor& visitor);
  void saved(const VisitorKey& key, const std::shared_ptr<UnsavedVisitor>& visitor);
  // False when a newer record or an erasure took its place: it need not be written any more.
  bool put_back(const VisitorKey& key, const std::shared_ptr<UnsavedVisitor>& visitor);
  void forget_unsaved(std::map<VisitorKey, std::shared_ptr<UnsavedVisitor>>::iterator visitor);

  const std::size_t max_bytes_, max_visitors_, max_durable_;
  const std::chrono::milliseconds commit_every_;

  mutable std::mutex mutex_;
  std::condition_variable work_;
  mutable std::condition_variable settled_changed_;
  // All below are guarded by mutex_.
  std::vector<std::unique_ptr<WriteOp>> ops_;
  Clock::time_point oldest_{};       // when the first of ops_ came
  std::size_t rows_ = 0;             // in ops_
  bool urgent_ = false;              // somebody waits for the answer of one of ops_
  bool closed_ = false;
  std::size_t durable_waiting_ = 0;  // in ops_ and with the writing thread
  std::uint64_t last_number_ = 0, settled_ = 0;
  std::map<VisitorKey, std::shared_ptr<UnsavedVisitor>> unsaved_;
  std::size_t unsaved_bytes_ = 0;    // of the snapshots in unsaved_
  std::multiset<VisitorKey> erasing_;
  std::map<base::SiteId, Gap> gaps_;
  std::set<VisitorKey> forgotten_;
  std::deque<VisitorKey> forgotten_order_;
  Counts counts_;
};

}  // namespace beckon::store

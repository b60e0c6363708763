#include "store/write_queue.hpp"

#include <algorithm>

#include "store/limits.hpp"
#include "store/row_text.hpp"

namespace beckon::store {
namespace {

constexpr std::size_t kRowOverheadBytes = 128;  // what a row takes beside its texts, roughly

// Takes a visitor's rows out of a batch.
void strip(Batch& batch, const std::set<VisitorKey>& forgotten, const base::SiteId& site) {
  const auto of_forgotten = [&](const auto& row) { return forgotten.contains({site, row.visitor}); };
  std::erase_if(batch.journal, of_forgotten);
  std::erase_if(batch.decisions, of_forgotten);
  std::erase_if(batch.offers, of_forgotten);
}

std::size_t rows_of(const Batch& batch) { return batch.journal.size() + batch.decisions.size() + batch.offers.size(); }

std::size_t bytes_of(const Batch& batch) {
  std::size_t bytes = rows_of(batch) * kRowOverheadBytes;
  for (const JournalRow& row : batch.journal) bytes += row.line.size() + row.visitor.text().size();
  for (const DecisionRow& row : batch.decisions) bytes += row.why.size() + row.rule.text().size();
  for (const OfferRow& row : batch.offers) bytes += row.page_path.size() + row.rule.text().size();
  return bytes;
}

class BatchOp final : public WriteOp {
 public:
  BatchOp(base::SiteId site, Batch batch) : site_(std::move(site)), batch_(std::move(batch)) {
    bytes = bytes_of(batch_);
  }
  void apply(Writer& writer) override { writer.insert(writer.number_of(site_), batch_); }
  bool retry_after(const base::Error&) override { return true; }
  const Batch& batch() const { return batch_; }

 private:
  const base::SiteId site_;
  const Batch batch_;
};

}  // namespace

class SaveVisitorOp final : public WriteOp {
 public:
  SaveVisitorOp(WriteQueue& queue, VisitorKey key, std::shared_ptr<UnsavedVisitor> visitor)
      : queue_(queue), key_(std::move(key)), visitor_(std::move(visitor)) {}
  void apply(Writer& writer) override { writer.save(writer.number_of(key_.first), queue_.take(*visitor_)); }
  void committed() override { queue_.saved(key_, visitor_); }
  bool retry_after(const base::Error&) override { return queue_.put_back(key_, visitor_); }

 private:
  WriteQueue& queue_;
  const VisitorKey key_;
  const std::shared_ptr<UnsavedVisitor> visitor_;
};

WriteQueue::WriteQueue(const SqliteOptions& options)
    : max_bytes_(options.max_pending_bytes),
      max_visitors_(options.max_pending_visitors),
      max_durable_(options.max_pending_durable),
      commit_every_(options.commit_every) {}

void WriteQueue::append(std::unique_ptr<WriteOp> op) {
  const bool first = ops_.empty();
  if (first) oldest_ = Clock::now();
  op->number = ++last_number_;
  counts_.pending_bytes += op->bytes;
  const bool was_urgent = urgent_, was_full = rows_ >= kCommitRows;
  if (op->durable()) {
    urgent_ = true;
    ++durable_waiting_;
  }
  ops_.push_back(std::move(op));
  // The writing thread is woken when what it waits for changes, not for every row.
  if (first || urgent_ != was_urgent || (rows_ >= kCommitRows) != was_full) work_.notify_one();
}

void WriteQueue::open_gap(const base::SiteId& site, const Batch& batch) {
  counts_.dropped_lines += rows_of(batch);
  if (gaps_.contains(site)) return;
  Gap gap;
  gap.shard = batch.shard;
  if (!batch.journal.empty()) {
    gap.row.seq = batch.journal.front().seq;
    gap.row.t = batch.journal.front().t;
  } else if (!batch.decisions.empty()) {
    gap.row.t = batch.decisions.front().t;
  } else {
    gap.row.t = batch.offers.front().t;
  }
  gap.row.line = gap_line(gap.row.t);
  gaps_.emplace(site, std::move(gap));
}

void WriteQueue::push(const base::SiteId& site, Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    if (!forgotten_.empty()) strip(batch, forgotten_, site);
  }
  if (batch.empty()) return;
  const std::size_t rows = rows_of(batch);
  auto op = std::make_unique<BatchOp>(site, std::move(batch));
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  if (counts_.pending_bytes + op->bytes > max_bytes_) {
    open_gap(site, op->batch());
    return;
  }
  // What follows a loss stands behind its gap; a further loss is a gap of its own.
  if (const auto gap = gaps_.find(site); gap != gaps_.end()) close_gap(gap);
  rows_ += rows;
  append(std::move(op));
}

void WriteQueue::push(const base::SiteId& site, VisitorRecord visitor) {
  VisitorKey key{site, visitor.id};
  const std::lock_guard lock(mutex_);
  if (closed_ || forgotten_.contains(key)) return;
  const auto waiting = unsaved_.find(key);
  const std::size_t more = visitor.snapshot.size();
  const std::size_t less = waiting == unsaved_.end() ? 0 : waiting->second->record.snapshot.size();
  if (more > kMaxSnapshotBytes || unsaved_bytes_ - less + more > kMaxPendingVisitorBytes ||
      (waiting == unsaved_.end() && unsaved_.size() >= max_visitors_)) {
    ++counts_.dropped_visitors;
    return;
  }
  unsaved_bytes_ += more - less;
  if (waiting != unsaved_.end() && !waiting->second->taken) {
    waiting->second->record = std::move(visitor);
    return;
  }
  auto unsaved = std::make_shared<UnsavedVisitor>(UnsavedVisitor{std::move(visitor), false});
  unsaved_[key] = unsaved;
  ++rows_;
  append(std::make_unique<SaveVisitorOp>(*this, std::move(key), std::move(unsaved)));
}

void WriteQueue::push(std::unique_ptr<BehindOp> op) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  if (counts_.pending_bytes + op->bytes > max_bytes_) {
    ++counts_.dropped_marks;
    return;
  }
  ++rows_;
  append(std::move(op));
}

void WriteQueue::count_dropped_mark() {
  const std::lock_guard lock(mutex_);
  ++counts_.dropped_marks;
}

std::unique_ptr<WriteOp> WriteQueue::push(std::unique_ptr<WriteOp> op) {
  const std::lock_guard lock(mutex_);
  if (closed_ || durable_waiting_ >= max_durable_) {
    ++counts_.refused;
    return op;
  }
  append(std::move(op));
  return nullptr;
}

std::unique_ptr<WriteOp> WriteQueue::push_erase(const VisitorKey& key, std::unique_ptr<WriteOp> op) {
  const std::lock_guard lock(mutex_);
  if (closed_ || durable_waiting_ >= max_durable_) {
    ++counts_.refused;
    return op;
  }
  // What is queued of it is written before, and erased.
  if (const auto found = unsaved_.find(key); found != unsaved_.end()) forget_unsaved(found);
  erasing_.insert(key);
  append(std::move(op));
  return nullptr;
}

void WriteQueue::erased(const VisitorKey& key) {
  const std::lock_guard lock(mutex_);
  erasing_.erase(erasing_.find(key));
}

void WriteQueue::forget(const VisitorKey& key) {
  const std::lock_guard lock(mutex_);
  if (!forgotten_.insert(key).second) return;
  forgotten_order_.push_back(key);
  if (forgotten_order_.size() <= kMaxForgotten) return;
  forgotten_.erase(forgotten_order_.front());
  forgotten_order_.pop_front();
}

WriteQueue::Glance WriteQueue::glance(const VisitorKey& key) const {
  const std::lock_guard lock(mutex_);
  Glance glance;
  if (const auto found = unsaved_.find(key); found != unsaved_.end()) {
    glance.record = std::make_shared<const VisitorRecord>(found->second->record);
  }
  glance.erased = erasing_.contains(key);
  return glance;
}

std::uint64_t WriteQueue::last_number() const {
  const std::lock_guard lock(mutex_);
  return last_number_;
}

void WriteQueue::wait_settled(std::uint64_t number) const {
  std::unique_lock lock(mutex_);
  settled_changed_.wait(lock, [&] { return settled_ >= number; });
}

void WriteQueue::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  work_.notify_one();
}

bool WriteQueue::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

bool WriteQueue::drained() const {
  const std::lock_guard lock(mutex_);
  return ops_.empty() && gaps_.empty();
}

void WriteQueue::close_gap(std::map<base::SiteId, Gap>::iterator gap) {
  Batch batch;
  batch.shard = gap->second.shard;
  batch.journal.push_back(std::move(gap->second.row));
  append(std::make_unique<BatchOp>(gap->first, std::move(batch)));
  gaps_.erase(gap);
}

std::vector<std::unique_ptr<WriteOp>> WriteQueue::next(Clock::time_point until, Patience patience) {
  std::unique_lock lock(mutex_);
  const auto now_due = [this] { return closed_ || urgent_ || rows_ >= kCommitRows; };
  if (patience == Patience::kCommitAge) {
    work_.wait_until(lock, until, [&] { return !ops_.empty() || closed_; });
    if (!ops_.empty()) work_.wait_until(lock, oldest_ + commit_every_, now_due);
  }
  // With room again, what is missing is said even if nothing more comes. Not sooner: at the bound each loss would add
  // its line.
  while (!gaps_.empty() && (closed_ || counts_.pending_bytes <= max_bytes_ / 2)) close_gap(gaps_.begin());
  rows_ = 0;
  urgent_ = false;
  return std::exchange(ops_, {});
}

void WriteQueue::released(const WriteOp& op) {
  const std::lock_guard lock(mutex_);
  counts_.pending_bytes -= op.bytes;
  if (op.durable()) --durable_waiting_;
}

void WriteQueue::settled(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  settled_ = std::max(settled_, number);
  settled_changed_.notify_all();
}

WriteQueue::Counts WriteQueue::counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

VisitorRecord WriteQueue::take(UnsavedVisitor& visitor) {
  const std::lock_guard lock(mutex_);
  visitor.taken = true;
  return visitor.record;
}

void WriteQueue::saved(const VisitorKey& key, const std::shared_ptr<UnsavedVisitor>& visitor) {
  const std::lock_guard lock(mutex_);
  const auto found = unsaved_.find(key);
  if (found != unsaved_.end() && found->second == visitor) forget_unsaved(found);
}

bool WriteQueue::put_back(const VisitorKey& key, const std::shared_ptr<UnsavedVisitor>& visitor) {
  const std::lock_guard lock(mutex_);
  visitor->taken = false;
  const auto found = unsaved_.find(key);
  return found != unsaved_.end() && found->second == visitor;
}

void WriteQueue::forget_unsaved(std::map<VisitorKey, std::shared_ptr<UnsavedVisitor>>::iterator visitor) {
  unsaved_bytes_ -= visitor->second->record.snapshot.size();
  unsaved_.erase(visitor);
}

}  // namespace beckon::store

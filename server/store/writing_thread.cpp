#include "store/writing_thread.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "store/erase_op.hpp"
#include "store/limits.hpp"

namespace beckon::store {
namespace {

// One transaction takes no more than this, so that the log stays within its bound after a time of failures.
constexpr std::size_t kMaxGroupBytes = 8 * 1024 * 1024;
constexpr std::size_t kMaxGroupOps = 20'000;

// An erasure waits so long for readers before it says that the log could not be emptied.
constexpr std::chrono::seconds kWaitForReaders{30};

}  // namespace

WritingThread::WritingThread(std::unique_ptr<Database> db, WriteQueue& queue, const SqliteOptions& options)
    : db_(std::move(db)),
      queue_(queue),
      log_(options.log),
      idle_before_truncate_(options.idle_before_truncate),
      writer_(*db_),
      log_dirty_(true) {  // a run before may have left one
  sweeps_.push_back({make_orphan_sweep(*db_, FileShelf(options.dir))});
  thread_ = std::thread([this] { run(); });
}

WritingThread::~WritingThread() {
  queue_.close();
  thread_.join();
}

void WritingThread::describe(Health& health) const {
  health.commits = commits_;
  health.failed_commits = failed_commits_;
  health.rows = rows_;
  health.wal_bytes = wal_bytes_;
  const std::lock_guard lock(problem_mutex_);
  health.problem = problem_;
  health.writable = problem_.empty();
}

void WritingThread::run() {
  while (!over()) {
    take_in(queue_.next(next_wake(), sweeps_.empty() ? WriteQueue::Patience::kCommitAge : WriteQueue::Patience::kNone));
    if (!held_.empty()) commit_group();
    if (!sweeps_.empty()) step_sweep();
    look_after_log();
    look_after_idle_log();
  }
  retry_at_ = {};
  if (!held_.empty()) commit_group();  // the last try
  for (const auto& op : held_) queue_.released(*op);
  if (!held_.empty() && log_) log_->error("stopped with rows that could not be written", {{"calls", held_.size()}});
  held_.clear();
  queue_.settled(last_taken_);
}

bool WritingThread::over() const {
  return queue_.closed() && sweeps_.empty() && (held_.empty() || failing_) && queue_.drained();
}

WritingThread::Clock::time_point WritingThread::next_wake() const {
  if (!held_.empty()) return retry_at_;
  if (log_dirty_) return last_write_ + idle_before_truncate_;
  return Clock::time_point::max();
}

void WritingThread::take_in(std::vector<std::unique_ptr<WriteOp>> ops) {
  if (ops.empty()) return;
  last_taken_ = ops.back()->number;
  // While writing fails, what cannot wait is tried at once: its answer is due, and the disk may have room again.
  if (std::any_of(ops.begin(), ops.end(), [](const auto& op) { return op->durable(); })) retry_at_ = {};
  std::move(ops.begin(), ops.end(), std::back_inserter(held_));
}

void WritingThread::commit_group() {
  if (Clock::now() < retry_at_) return;
  do {
    const std::size_t count = group_size();
    const base::Status status = write(count);
    report(status);
    if (!status) {
      lost(status.error());
      return;
    }
    kept(count);
  } while (!held_.empty());
}

std::size_t WritingThread::group_size() const {
  std::size_t count = 0, bytes = 0;
  while (count < held_.size() && count < kMaxGroupOps && bytes < kMaxGroupBytes) bytes += held_[count++]->bytes;
  return count;
}

base::Status WritingThread::write(std::size_t count) {
  if (db_->wal_bytes() >= kMaxWalBytes && !db_->checkpoint(Database::Checkpoint::kTruncate)) {
    return base::Error{base::ErrorCode::kUnavailable,
                       "a reader keeps the log from being emptied, and it has reached its limit"};
  }
  db_->begin();
  for (std::size_t i = 0; i < count && !db_->failed(); ++i) held_[i]->apply(writer_);
  base::Status status = db_->commit();
  if (!status) writer_.rolled_back();
  const std::uint64_t rows = writer_.take_rows();
  if (status) rows_ += rows;
  return status;
}

void WritingThread::kept(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    WriteOp& op = *held_[i];
    queue_.released(op);
    op.committed();
    if (auto sweep = op.follow_up()) sweeps_.push_back({std::move(sweep)});
  }
  queue_.settled(held_[count - 1]->number);
  held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(count));
}

void WritingThread::lost(const base::Error& why) {
  std::erase_if(held_, [&](const std::unique_ptr<WriteOp>& op) {
    if (op->retry_after(why)) return false;
    queue_.released(*op);
    return true;
  });
  queue_.settled(last_taken_);
  retry_at_ = Clock::now() + kRetryEvery;
}

void WritingThread::report(const base::Status& status) {
  ++(status ? commits_ : failed_commits_);
  wal_bytes_ = static_cast<std::uint64_t>(db_->wal_bytes());
  last_write_ = Clock::now();
  log_dirty_ = true;
  if (failing_ == !status.ok()) return;
  failing_ = !status.ok();
  {
    const std::lock_guard lock(problem_mutex_);
    problem_ = failing_ ? status.error().message : "";
  }
  if (!log_) return;
  if (failing_) log_->error("the store cannot write", {{"why", status.error().message}});
  else log_->info("the store can write again");
}

void WritingThread::step_sweep() {
  Draining& first = sweeps_.front();
  if (first.give_up != Clock::time_point{}) {
    remove_traces_for(first);
    return;
  }
  const base::Result<bool> more = first.sweep->step(*db_);
  report(more ? base::Status() : base::Status(more.error()));
  if (!more) {
    first.sweep->finish(more.error());
    sweeps_.pop_front();
  } else if (!*more) {
    first.give_up = Clock::now() + kWaitForReaders;
    if (first.sweep->trace() == Sweep::Trace::kMustGo) return;
    first.sweep->finish({});
    sweeps_.pop_front();
  }
}

// Rows deleted are overwritten in the database when the log is moved there; in the log itself their last page images
// stay until it is emptied, and in pages that were rebuilt copies may stay until they are scrubbed. A stretch of pages
// at a time, each behind an empty log: an image of a page from before could bring its trace back.
void WritingThread::remove_traces_for(Draining& draining) {
  base::Status how;
  if (db_->checkpoint(Database::Checkpoint::kTruncate)) {
    const auto next = db_->scrub(draining.scrub_from, kScrubStretchPages);
    if (next && *next) {
      draining.scrub_from = **next;
      draining.give_up = Clock::now() + kWaitForReaders;
      return;
    }
    if (!next) how = next.error();
  } else if (Clock::now() < draining.give_up && !queue_.closed()) {
    return;
  } else {
    how = base::Error{base::ErrorCode::kUnavailable,
                      "erased, but a reader keeps the log from being emptied: traces are left in it"};
  }
  draining.sweep->finish(std::move(how));
  sweeps_.pop_front();
}

void WritingThread::look_after_log() {
  if (db_->wal_bytes() < kCheckpointBytes) return;
  // Readers that come one upon another can keep the log growing; half-way to its bound they are waited for. What could
  // not be moved now is moved after a later commit.
  const bool long_log = db_->wal_bytes() >= kMaxWalBytes / 2;
  std::ignore = db_->checkpoint(long_log ? Database::Checkpoint::kTruncate : Database::Checkpoint::kPassive);
}

void WritingThread::look_after_idle_log() {
  if (!log_dirty_ || !held_.empty() || !sweeps_.empty()) return;
  if (!queue_.closed() && Clock::now() < last_write_ + idle_before_truncate_) return;
  log_dirty_ = !db_->checkpoint(Database::Checkpoint::kTruncate);
  last_write_ = Clock::now();  // a reader held it: again after as long
  wal_bytes_ = static_cast<std::uint64_t>(db_->wal_bytes());
}

}  // namespace beckon::store

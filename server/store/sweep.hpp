// A long deletion, done in short transactions between those of others: erasing a visitor, purging what is too old,
// tidying up behind a process that died.
//
// Thread safety: none; the writing thread's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

// One kind of rows to go.
class SweepPart {
 public:
  virtual ~SweepPart() = default;
  // Deletes one stretch, within a transaction, and adds to `removed`. True when rows may be left. Errors stick to `db`.
  virtual bool step(Database& db, std::uint64_t& removed) = 0;
  // The step is on disk.
  virtual void committed() {}
};

class Sweep {
 public:
  // Whether the log has to be emptied before it is answered: so that nothing of what was deleted is left in it.
  enum class Trace { kMayLinger, kMustGo };
  using Done = std::function<void(base::Result<std::uint64_t> removed)>;

  Sweep(Trace trace, Done done) : trace_(trace), done_(std::move(done)) {}

  // The part added last is done first.
  void add(std::unique_ptr<SweepPart> part) { parts_.push_back(std::move(part)); }
  // Rows of `table` with keys in [from, to) that are the site's and, unless it is empty, the visitor's.
  void add_keys(const char* table, std::int64_t from, std::int64_t to, std::int64_t site,
                const base::VisitorId& visitor);
  // Records of the site's visitors last seen before that.
  void add_visitors(std::int64_t site, Instant last_seen_before);

  // Deletes one stretch, in a transaction of its own. True when rows may be left.
  [[nodiscard]] base::Result<bool> step(Database& db);
  [[nodiscard]] Trace trace() const { return trace_; }
  void count(std::uint64_t removed) { removed_ += removed; }
  void finish(base::Status how);

 private:
  const Trace trace_;
  const Done done_;
  std::vector<std::unique_ptr<SweepPart>> parts_;  // the last one is being worked on
  std::uint64_t removed_ = 0;
};

}  // namespace beckon::store

// A long deletion, done in short transactions between those of others: erasing a visitor, purging what is too old.
//
// Thread safety: none; the writing thread's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

class Sweep {
 public:
  // Whether the log has to be emptied before it is answered: so that nothing of what was deleted is left in it.
  enum class Trace { kMayLinger, kMustGo };
  using Done = std::function<void(base::Result<std::uint64_t> removed)>;

  Sweep(Trace trace, Done done) : trace_(trace), done_(std::move(done)) {}

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
  struct Part {
    std::string last_sql;    // (from, to, rows) → the last key of the stretch
    std::string delete_sql;  // (from, to, site, value)
    std::int64_t from = 0, to = 0;
    std::int64_t site = 0;
    std::string visitor;           // the value, when `before` is none
    std::optional<std::int64_t> before;
  };
  void step_part(Database& db, Part& part);

  const Trace trace_;
  const Done done_;
  std::vector<Part> parts_;  // the last one is being worked on
  std::uint64_t removed_ = 0;
};

}  // namespace beckon::store

#include "store/sweep.hpp"

#include <optional>
#include <string>

#include "store/limits.hpp"

namespace beckon::store {
namespace {

std::string last_of(const std::string& table, const std::string& key) {
  return "SELECT max(k) FROM (SELECT " + key + " AS k FROM " + table + " WHERE " + key + " >= ? AND " + key +
         " < ? ORDER BY k LIMIT ?)";
}

std::string delete_from(const std::string& table, const std::string& key, const std::string& what) {
  return "DELETE FROM " + table + " WHERE " + key + " >= ? AND " + key + " < ? AND site = ? AND " + what;
}

// A range of a table's keys, looked through from its beginning to its end.
class KeyRange final : public SweepPart {
 public:
  struct What {
    std::string last_sql;    // (from, to, rows) → the last key of the stretch
    std::string delete_sql;  // (from, to, site, value)
    std::int64_t from = 0, to = 0;
    std::int64_t site = 0;
    std::string visitor;     // the value, when `before` is none
    std::optional<std::int64_t> before;
  };
  explicit KeyRange(What what) : what_(std::move(what)) {}

  bool step(Database& db, std::uint64_t& removed) override {
    Statement last(db, what_.last_sql.c_str());
    last.with(what_.from, what_.to, static_cast<std::int64_t>(kPurgeStretch));
    if (!last.next() || last.is_null(0)) return false;
    const std::int64_t end = last.integer(0) + 1;
    last.reset();
    Statement gone(db, what_.delete_sql.c_str());
    if (what_.before) gone.with(what_.from, end, what_.site, *what_.before).run();
    else gone.with(what_.from, end, what_.site, what_.visitor).run();
    if (!db.failed()) removed += static_cast<std::uint64_t>(db.changes());
    what_.from = end;
    return end < what_.to;
  }

 private:
  What what_;
};

}  // namespace

void Sweep::add_keys(const char* table, std::int64_t from, std::int64_t to, std::int64_t site,
                     const base::VisitorId& visitor) {
  const char* const what = visitor.empty() ? "? = ''" : "visitor = ?";
  add(std::make_unique<KeyRange>(KeyRange::What{last_of(table, "id"), delete_from(table, "id", what), from, to, site,
                                                visitor.text(), std::nullopt}));
}

void Sweep::add_visitors(std::int64_t site, Instant last_seen_before) {
  add(std::make_unique<KeyRange>(KeyRange::What{last_of("visitor", "number"),
                                                delete_from("visitor", "number", "last_seen < ?"), 0, INT64_MAX, site,
                                                "", rules::to_ms(last_seen_before)}));
}

base::Result<bool> Sweep::step(Database& db) {
  if (parts_.empty()) return false;
  SweepPart& part = *parts_.back();
  db.begin();
  const bool more = part.step(db, removed_);
  if (base::Status kept = db.commit(); !kept) return kept.error();
  part.committed();
  if (!more) parts_.pop_back();
  return !parts_.empty();
}

void Sweep::finish(base::Status how) {
  if (how) done_(removed_);
  else done_(how.error());
}

}  // namespace beckon::store

#include "store/sweep.hpp"

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

}  // namespace

void Sweep::add_keys(const char* table, std::int64_t from, std::int64_t to, std::int64_t site,
                     const base::VisitorId& visitor) {
  const char* const what = visitor.empty() ? "? = ''" : "visitor = ?";
  parts_.push_back(
      {last_of(table, "id"), delete_from(table, "id", what), from, to, site, visitor.text(), std::nullopt});
}

void Sweep::add_visitors(std::int64_t site, Instant last_seen_before) {
  parts_.push_back({last_of("visitor", "number"), delete_from("visitor", "number", "last_seen < ?"), 0, INT64_MAX, site,
                    "", rules::to_ms(last_seen_before)});
}

base::Result<bool> Sweep::step(Database& db) {
  if (parts_.empty()) return false;
  Part& part = parts_.back();
  const std::int64_t from = part.from;
  db.begin();
  step_part(db, part);
  if (base::Status kept = db.commit(); !kept) {
    part.from = from;
    return kept.error();
  }
  if (part.from >= part.to) parts_.pop_back();
  return !parts_.empty();
}

void Sweep::step_part(Database& db, Part& part) {
  Statement last(db, part.last_sql.c_str());
  last.with(part.from, part.to, static_cast<std::int64_t>(kPurgeStretch));
  std::int64_t end = part.to;
  if (last.next() && !last.is_null(0)) {
    end = last.integer(0) + 1;
    last.reset();
    Statement gone(db, part.delete_sql.c_str());
    if (part.before) gone.with(part.from, end, part.site, *part.before).run();
    else gone.with(part.from, end, part.site, part.visitor).run();
    if (!db.failed()) removed_ += static_cast<std::uint64_t>(db.changes());
  }
  part.from = end;
}

void Sweep::finish(base::Status how) {
  if (how) done_(removed_);
  else done_(how.error());
}

}  // namespace beckon::store

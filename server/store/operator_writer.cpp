#include "store/operator_writer.hpp"

#include <span>

#include "store/chat_columns.hpp"
#include "store/limits.hpp"

namespace beckon::store {
namespace {

std::span<const std::uint8_t> bytes_of(const base::TokenHash& hash) { return hash.bytes(); }

// None of this happens often: statements are made when they are needed.
template <class... Values>
void run(Database& db, const char* sql, const Values&... values) {
  Statement(db, sql).with(values...).run();
}

}  // namespace

OperatorWriter::OperatorWriter(Database& db) : db_(db) {}

std::optional<OperatorRecord> OperatorWriter::find(const base::OperatorId& id) {
  Statement query(db_, select(kOperatorColumns, "operator WHERE id = ?").c_str());
  if (!query.with(id.text()).next()) return std::nullopt;
  OperatorRecord found = read_operator(query);
  Statement tags(db_, kTagsOfOperator);
  read_tags(tags, query.integer(0), found);
  return found;
}

std::optional<base::OperatorId> OperatorWriter::find_login(std::string_view login) {
  Statement query(db_, "SELECT id FROM operator WHERE login = ?");
  if (!query.with(login).next()) return std::nullopt;
  return base::OperatorId(query.text(0));
}

std::uint64_t OperatorWriter::count() {
  return static_cast<std::uint64_t>(db_.number("SELECT count(*) FROM operator").value_or(0));
}

std::uint64_t OperatorWriter::count_admins() {
  Statement query(db_, "SELECT count(*) FROM operator WHERE role = ? AND disabled = 0");
  query.with(static_cast<std::int64_t>(Role::kAdmin)).next();
  return static_cast<std::uint64_t>(query.integer(0));
}

void OperatorWriter::put(const OperatorRecord& r) {
  run(db_,
      "INSERT INTO operator (id, login, name, picture, role, password_hash, capacity, disabled, created, version)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT (id) DO UPDATE SET login = excluded.login, name = excluded.name, picture = excluded.picture,"
      " role = excluded.role, password_hash = excluded.password_hash, capacity = excluded.capacity,"
      " disabled = excluded.disabled, created = excluded.created, version = excluded.version",
      r.id.text(), r.login, r.name, r.picture, static_cast<std::int64_t>(r.role), r.password_hash,
      std::int64_t{r.capacity}, std::int64_t{r.disabled ? 1 : 0}, rules::to_ms(r.created),
      static_cast<std::int64_t>(r.version));
  Statement number(db_, "SELECT number FROM operator WHERE id = ?");
  if (number.with(r.id.text()).next()) {
    const std::int64_t row = number.integer(0);
    number.reset();
    put_tags(row, r);
  }
  ++rows_;
}

void OperatorWriter::put_tags(std::int64_t number, const OperatorRecord& record) {
  run(db_, "DELETE FROM operator_tag WHERE operator = ?", number);
  std::int64_t place = 0;
  const auto add = [&](OperatorTag what, const std::string& tag) {
    run(db_, "INSERT INTO operator_tag (operator, what, place, tag) VALUES (?, ?, ?, ?)", number,
        static_cast<std::int64_t>(what), place++, tag);
  };
  for (const std::string& tag : record.skills) add(OperatorTag::kSkill, tag);
  for (const std::string& tag : record.groups) add(OperatorTag::kGroup, tag);
  for (const base::SiteId& site : record.sites) add(OperatorTag::kSite, site.text());
}

base::Status OperatorWriter::add_session(const SessionRecord& s) {
  if (!find(s.operator_id)) return base::Error{base::ErrorCode::kNotFound, "no such operator"};
  end_session(s.hash);
  run(db_, "DELETE FROM session WHERE expires <= ?", rules::to_ms(s.created));
  run(db_,
      "DELETE FROM session WHERE number IN (SELECT number FROM session WHERE operator = ? ORDER BY number DESC"
      " LIMIT -1 OFFSET ?)", s.operator_id.text(), static_cast<std::int64_t>(kMaxSessionsPerOperator) - 1);
  run(db_, "INSERT INTO session (hash, operator, created, expires) VALUES (?, ?, ?, ?)", bytes_of(s.hash),
      s.operator_id.text(), rules::to_ms(s.created), rules::to_ms(s.expires));
  ++rows_;
  return {};
}

void OperatorWriter::prolong_session(const base::TokenHash& hash, Instant expires) {
  run(db_, "UPDATE session SET expires = max(expires, ?) WHERE hash = ?", rules::to_ms(expires), bytes_of(hash));
  ++rows_;
}

void OperatorWriter::end_session(const base::TokenHash& hash) {
  run(db_, "DELETE FROM session WHERE hash = ?", bytes_of(hash));
}

void OperatorWriter::end_sessions(const base::OperatorId& who, const std::optional<base::TokenHash>& but) {
  if (but) run(db_, "DELETE FROM session WHERE operator = ? AND hash <> ?", who.text(), bytes_of(*but));
  else run(db_, "DELETE FROM session WHERE operator = ?", who.text());
}

}  // namespace beckon::store

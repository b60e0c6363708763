#include "store/writer.hpp"

#include <span>

#include "store/row_key.hpp"
#include "store/row_text.hpp"

namespace beckon::store {
namespace {

std::span<const std::uint8_t> bytes_of(const std::optional<base::TokenHash>& hash) {
  return hash ? std::span<const std::uint8_t>(hash->bytes()) : std::span<const std::uint8_t>();
}

}  // namespace

Writer::Writer(Database& db)
    : db_(db),
      find_site_(db, "SELECT number FROM site WHERE id = ?"),
      add_site_(db, "INSERT INTO site (id) VALUES (?)"),
      journal_(db, "INSERT OR IGNORE INTO journal (id, site, shard, seq, visitor, line) VALUES (?, ?, ?, ?, ?, ?)"),
      decision_(db,
                "INSERT OR IGNORE INTO decision (id, site, visitor, tab, rule, verdict, variant, why)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      offer_(db,
             "INSERT OR IGNORE INTO offer (id, site, offer, stage, rule, variant, part, visitor, tab, page)"
             " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      visitor_(db,
               "INSERT INTO visitor (site, id, snapshot, token_hash, first_seen, last_seen, identity)"
               " VALUES (?, ?, ?, ?, ?, ?, nullif(?, ''))"
               " ON CONFLICT (site, id) DO UPDATE SET snapshot = excluded.snapshot, token_hash = excluded.token_hash,"
               " first_seen = excluded.first_seen, last_seen = excluded.last_seen, identity = excluded.identity"),
      survey_(db,
              "INSERT OR IGNORE INTO survey (site, key, offer, rule, visitor, t, score, comment)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      put_setting_(db,
                   "INSERT INTO setting (site, key, value) VALUES (?, ?, ?)"
                   " ON CONFLICT (site, key) DO UPDATE SET value = excluded.value"),
      add_setting_(db, "INSERT OR IGNORE INTO setting (site, key, value) VALUES (?, ?, ?)"),
      get_setting_(db, "SELECT value FROM setting WHERE site = ? AND key = ?"),
      add_run_(db, "INSERT INTO run (started, version) VALUES (?, ?)"),
      stop_run_(db, "UPDATE run SET stopped = ? WHERE number = ?"),
      chat_(db),
      people_(db) {
  // Goes on where the run before stopped, so that rows of the same instant do not meet.
  const char* const last =
      "SELECT max(id) FROM (SELECT max(id) AS id FROM journal UNION ALL SELECT max(id) FROM decision"
      " UNION ALL SELECT max(id) FROM offer)";
  counter_ = db.number(last).value_or(0) % kKeysPerInstant;
}

std::int64_t Writer::number_of(const base::SiteId& site) {
  if (const auto known = numbers_.find(site.text()); known != numbers_.end()) return known->second;
  std::int64_t number = 0;
  find_site_.with(site.text());
  if (find_site_.next()) {
    number = find_site_.integer(0);
    find_site_.reset();
  } else {
    add_site_.with(site.text()).run();
    number = db_.last_insert_id();
  }
  if (!db_.failed()) numbers_.emplace(site.text(), number);
  return number;
}

std::int64_t Writer::next_key(Instant t) {
  counter_ = (counter_ + 1) % kKeysPerInstant;
  return first_key(t) + counter_;
}

template <class Insert>
void Writer::insert_at(Instant t, Insert insert) {
  for (std::int64_t tries = 0; tries < kKeysPerInstant && !db_.failed(); ++tries) {
    insert(next_key(t));
    if (db_.changes() == 1) break;
  }
  ++rows_;
}

void Writer::insert(std::int64_t site, const Batch& batch) {
  for (const JournalRow& row : batch.journal) insert_line(site, batch.shard, row);
  for (const DecisionRow& row : batch.decisions) insert(site, row);
  for (const OfferRow& row : batch.offers) insert(site, row);
}

void Writer::insert_line(std::int64_t site, std::uint32_t shard, const JournalRow& row) {
  insert_at(row.t, [&](std::int64_t key) {
    journal_
        .with(key, site, std::int64_t{shard}, static_cast<std::int64_t>(row.seq), row.visitor.text(),
              without_line_break(row.line))
        .run();
  });
}

void Writer::insert(std::int64_t site, const DecisionRow& row) {
  insert_at(row.t, [&](std::int64_t key) {
    decision_
        .with(key, site, row.visitor.text(), row.tab.text(), row.rule.text(), static_cast<std::int64_t>(row.verdict),
              row.variant, row.why)
        .run();
  });
}

void Writer::insert(std::int64_t site, const OfferRow& row) {
  insert_at(row.t, [&](std::int64_t key) {
    offer_.with(key, site, row.offer.text(), static_cast<std::int64_t>(row.stage), row.rule.text(), row.variant,
                static_cast<std::int64_t>(row.group), row.visitor.text(), row.tab.text(), row.page_path).run();
  });
}

void Writer::save(std::int64_t site, const VisitorRecord& visitor) {
  visitor_
      .with(site, visitor.id.text(), visitor.snapshot, bytes_of(visitor.token_hash), rules::to_ms(visitor.first_seen),
            rules::to_ms(visitor.last_seen), visitor.identity)
      .run();
  ++rows_;
}

Added Writer::insert(std::int64_t site, const SurveyRow& row) {
  survey_.with(site, row.key, row.offer.text(), row.rule.text(), row.visitor.text(), rules::to_ms(row.t),
               static_cast<std::int64_t>(row.score), row.comment).run();
  ++rows_;
  return db_.changes() == 1 ? Added::kNew : Added::kDuplicate;
}

void Writer::save_setting(std::int64_t site, std::string_view key, std::string_view value) {
  put_setting_.with(site, key, value).run();
  ++rows_;
}

std::string Writer::ensure_setting(std::int64_t site, std::string_view key, std::string_view value) {
  add_setting_.with(site, key, value).run();
  ++rows_;
  std::string kept;
  get_setting_.with(site, key);
  if (get_setting_.next()) kept = get_setting_.text(0);
  get_setting_.reset();
  return kept;
}

std::int64_t Writer::begin_run(std::string_view version, Instant t) {
  add_run_.with(rules::to_ms(t), version).run();
  return db_.last_insert_id();
}

std::uint64_t Writer::erase_small(std::int64_t site, const base::VisitorId& visitor) {
  std::int64_t gone = 0;
  for (const char* sql :
       {"DELETE FROM visitor WHERE site = ? AND id = ?", "DELETE FROM survey WHERE site = ? AND visitor = ?"}) {
    Statement(db_, sql).with(site, visitor.text()).run();
    gone += db_.changes();
  }
  return static_cast<std::uint64_t>(gone);
}

std::uint64_t Writer::purge_small(std::int64_t site, Instant before) {
  Statement(db_, "DELETE FROM survey WHERE site = ? AND t < ?").with(site, rules::to_ms(before)).run();
  return static_cast<std::uint64_t>(db_.changes());
}

std::int64_t Writer::last_key(const char* table) {
  return db_.number(("SELECT max(id) FROM " + std::string(table)).c_str()).value_or(0);
}

bool Writer::end_run(std::int64_t number, Instant t) {
  stop_run_.with(rules::to_ms(t), number).run();
  return db_.changes() == 1;
}

}  // namespace beckon::store

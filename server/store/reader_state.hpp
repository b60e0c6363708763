// What a Reader holds: its connection and the statements it uses again and again. For reader.cpp and reader_chat.cpp alone.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "store/chat_columns.hpp"
#include "store/file_shelf.hpp"
#include "store/reader.hpp"
#include "store/row_key.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

// How many keys one stretch looks at when a whole table has to be looked through for one visitor or site.
inline constexpr std::int64_t kScanStretch = 20'000;

struct Reader::State {
  State(std::unique_ptr<Database> opened, FileShelf contents) : db(std::move(opened)), shelf(std::move(contents)) {}

  // 0 when the site is not known: no row has that number.
  std::int64_t number_of(const base::SiteId& site) {
    if (const auto known = numbers.find(site); known != numbers.end()) return known->second;
    site_number.with(site.text());
    if (!site_number.next()) return 0;
    const std::int64_t number = site_number.integer(0);
    site_number.reset();
    numbers.emplace(site, number);
    return number;
  }

  // The key that the stretch from `from` on ends with (excluded); nullopt when no row is left before `until`.
  std::optional<std::int64_t> stretch_end(Statement& last_of_stretch, std::int64_t from, std::int64_t until,
                                          std::int64_t rows = kScanStretch) {
    last_of_stretch.with(from, until, rows);
    std::optional<std::int64_t> end;
    if (last_of_stretch.next() && !last_of_stretch.is_null(0)) end = last_of_stretch.integer(0) + 1;
    last_of_stretch.reset();
    return end;
  }

  // Calls `row` for every row that `select` (from, to, site, visitor) gives, stretch by stretch.
  template <class Row>
  void scan(const char* last_sql, const char* select_sql, std::int64_t site, const base::VisitorId& visitor, Row row) {
    Statement last(*db, last_sql), select(*db, select_sql);
    std::int64_t from = 0;
    while (const auto to = stretch_end(last, from, kEndOfKeys)) {
      for (select.with(from, *to, site, visitor.text()); select.next();) row(select);
      from = *to;
    }
  }

  // What was found, or the error that stuck.
  template <class T>
  base::Result<T> result(T found) {
    if (db->failed()) return db->take_error();
    return found;
  }

  std::unique_ptr<Database> db;
  FileShelf shelf;
  std::map<base::SiteId, std::int64_t> numbers;
  Statement site_number{*db, "SELECT number FROM site WHERE id = ?"};
  Statement record{
      *db, "SELECT snapshot, token_hash, first_seen, last_seen, identity FROM visitor WHERE site = ? AND id = ?"};
  Statement identity{*db, "SELECT id FROM visitor WHERE site = ? AND identity = ? ORDER BY last_seen DESC LIMIT 1"};
  Statement setting{*db, "SELECT value FROM setting WHERE site = ? AND key = ?"};
  Statement journal_last{*db,
                         "SELECT max(id) FROM (SELECT id FROM journal WHERE id >= ? AND id < ? ORDER BY id LIMIT ?)"};
  Statement journal{*db, "SELECT id, shard, seq, line FROM journal WHERE id >= ? AND id < ? AND site = ? ORDER BY id"};
  Statement conversation{*db, select(kConversationColumns, "conversation WHERE site = ? AND id = ?").c_str()};
  Statement conversation_of{*db, select(kConversationColumns, "conversation WHERE site = ? AND visitor = ?").c_str()};
  Statement conversation_number{*db, "SELECT number FROM conversation WHERE site = ? AND id = ?"};
  Statement context{*db, "SELECT json FROM context WHERE conversation = ?"};
  Statement newest{*db, select(kMessageColumns, "message WHERE conversation = ? AND seq > ? AND seq < ?"
                                                " ORDER BY seq DESC LIMIT ?").c_str()};
  Statement oldest{*db, select(kMessageColumns, "message WHERE conversation = ? AND seq > ? AND seq < ?"
                                                " ORDER BY seq LIMIT ?").c_str()};
  Statement change{*db, "SELECT change FROM site_change WHERE site = ?"};
  Statement gone{*db, "SELECT id FROM gone WHERE site = ? AND change > ? AND what = ? ORDER BY change"};
  Statement changed{*db, select(kConversationColumns, "conversation WHERE site = ? AND change > ?"
                                                      " ORDER BY change LIMIT ?").c_str()};
  Statement open_ones{*db, select(kConversationColumns, "conversation INDEXED BY conversation_open WHERE site = ?"
                                                        " AND state <> 2 AND change > ? ORDER BY change LIMIT ?")
                               .c_str()};
  Statement latest{*db, select(kConversationColumns, "conversation WHERE site = ? AND change < ?"
                                                     " ORDER BY change DESC LIMIT ?").c_str()};
  Statement changed_tasks{*db, select(kTaskColumns, "task WHERE site = ? AND change > ? ORDER BY change LIMIT ?")
                                   .c_str()};
  Statement open_tasks{*db, select(kTaskColumns, "task INDEXED BY task_open WHERE site = ? AND state = 0 AND change > ?"
                                                 " ORDER BY change LIMIT ?").c_str()};
  Statement file{*db, select(kFileColumns, "file WHERE id = ?").c_str()};
  Statement session{*db, select(kSessionColumns, "session WHERE hash = ?").c_str()};
};

}  // namespace beckon::store

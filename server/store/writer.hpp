// The statements that write, on the one connection that does. Nothing here begins or ends a transaction; errors stick
// to the database until its commit.
//
// Thread safety: none; it belongs to the store's writing thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "store/chat_writer.hpp"
#include "store/operator_writer.hpp"
#include "store/records.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

class Writer {
 public:
  explicit Writer(Database& db);

  // The number that stands for a site in every table; given when it is first asked for.
  [[nodiscard]] std::int64_t number_of(const base::SiteId& site);
  // Forgets numbers given in a transaction that was rolled back.
  void rolled_back() { numbers_.clear(); }

  void insert(std::int64_t site, const Batch& batch);
  void insert_line(std::int64_t site, std::uint32_t shard, const JournalRow& row);
  void save(std::int64_t site, const VisitorRecord& visitor);
  [[nodiscard]] Added insert(std::int64_t site, const SurveyRow& row);
  void save_setting(std::int64_t site, std::string_view key, std::string_view value);
  // What is kept afterwards.
  [[nodiscard]] std::string ensure_setting(std::int64_t site, std::string_view key, std::string_view value);
  [[nodiscard]] std::int64_t begin_run(std::string_view version, Instant t);
  [[nodiscard]] bool end_run(std::int64_t number, Instant t);

  // The chat of a site, and the operators.
  [[nodiscard]] ChatWriter& chat(const base::SiteId& site) { return chat_.of(number_of(site)); }
  [[nodiscard]] OperatorWriter& people() { return people_; }
  [[nodiscard]] Database& database() { return db_; }

  // The rows of tables that are small or have an index for it. How many went.
  [[nodiscard]] std::uint64_t erase_small(std::int64_t site, const base::VisitorId& visitor);
  [[nodiscard]] std::uint64_t purge_small(std::int64_t site, Instant before);
  // The largest key of one of the append-only tables; 0 when it is empty.
  [[nodiscard]] std::int64_t last_key(const char* table);

  // Rows written since the last call.
  [[nodiscard]] std::uint64_t take_rows() {
    return std::exchange(rows_, 0) + chat_.take_rows() + people_.take_rows();
  }

 private:
  // The next key of that instant. Should it be taken (the counter went round, or a run before wrote at the same
  // instant), the row is tried with the ones that follow.
  std::int64_t next_key(Instant t);
  template <class Insert>
  void insert_at(Instant t, Insert insert);
  void insert(std::int64_t site, const DecisionRow& row);
  void insert(std::int64_t site, const OfferRow& row);

  Database& db_;
  std::unordered_map<std::string, std::int64_t> numbers_;
  std::int64_t counter_ = 0;
  std::uint64_t rows_ = 0;
  Statement find_site_, add_site_, journal_, decision_, offer_, visitor_, survey_;
  Statement put_setting_, add_setting_, get_setting_, add_run_, stop_run_;
  ChatWriter chat_;
  OperatorWriter people_;
};

}  // namespace beckon::store

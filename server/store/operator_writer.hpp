// Operators and sessions in SQLite, on the one connection that writes.
//
// Thread safety: none; it belongs to the store's writing thread.
#pragma once

#include <optional>
#include <utility>

#include "store/operator_rules.hpp"
#include "store/sqlite.hpp"

namespace beckon::store {

class OperatorWriter final : public OperatorRows {
 public:
  explicit OperatorWriter(Database& db);

  std::optional<OperatorRecord> find(const base::OperatorId& id) override;
  std::optional<base::OperatorId> find_login(std::string_view login) override;
  std::uint64_t count() override;
  std::uint64_t count_admins() override;
  void put(const OperatorRecord& record) override;

  // As the functions of OperatorStore say.
  [[nodiscard]] base::Status add_session(const SessionRecord& session);
  void prolong_session(const base::TokenHash& hash, Instant expires);
  void end_session(const base::TokenHash& hash);
  void end_sessions(const base::OperatorId& who, const std::optional<base::TokenHash>& but);

  // Rows written since the last call.
  [[nodiscard]] std::uint64_t take_rows() { return std::exchange(rows_, 0); }

 private:
  void put_tags(std::int64_t number, const OperatorRecord& record);

  Database& db_;
  std::uint64_t rows_ = 0;
};

}  // namespace beckon::store

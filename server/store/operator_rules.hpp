// What save_operator does and refuses, the same whichever store keeps the records.
//
// Thread safety: functions without state.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "store/operator_records.hpp"

namespace beckon::store {

// The operators' rows, within one transaction.
class OperatorRows {
 public:
  virtual ~OperatorRows() = default;
  [[nodiscard]] virtual std::optional<OperatorRecord> find(const base::OperatorId& id) = 0;
  [[nodiscard]] virtual std::optional<base::OperatorId> find_login(std::string_view login) = 0;
  [[nodiscard]] virtual std::uint64_t count() = 0;
  [[nodiscard]] virtual std::uint64_t count_admins() = 0;   // who can sign in
  virtual void put(const OperatorRecord& record) = 0;   // new, or in place of the one with that id
};

// An admin who can sign in.
[[nodiscard]] bool is_active_admin(const OperatorRecord& record);
[[nodiscard]] base::Status check(const OperatorRecord& record);
// Within a transaction; the record was checked.
[[nodiscard]] base::Result<OperatorRecord> save_operator(OperatorRows& rows, OperatorRecord record,
                                                         std::uint64_t expected_version, LastAdmin last_admin);

}  // namespace beckon::store

// The people who answer, and their console sessions, as plain values. They are the server's, not a site's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"

namespace beckon::store {

using base::Instant;

enum class Role : std::uint8_t { kOperator, kAdmin };
[[nodiscard]] std::string_view name_of(Role role);   // "operator", "admin"

// Whether a change may leave no admin who can sign in.
enum class LastAdmin : std::uint8_t { kStays, kMayGo };

struct OperatorRecord {
  base::OperatorId id;
  std::string login;                   // 1 to 64 bytes without A-Z, unique
  std::string name;                    // as visitors see it
  std::string picture;                 // an address, or empty
  Role role = Role::kOperator;
  std::string password_hash;           // argon2id, with its parameters
  int capacity = 4;                    // of chats at a time, 1 to 50
  std::vector<std::string> skills, groups;
  std::vector<base::SiteId> sites;     // empty: all
  bool disabled = false;
  Instant created{};                   // kept from the first save
  std::uint64_t version = 0;           // the store's: +1 with every save
  friend bool operator==(const OperatorRecord&, const OperatorRecord&) = default;
};

// What a cookie stands for; the cookie's token itself is kept nowhere.
struct SessionRecord {
  base::TokenHash hash;
  base::OperatorId operator_id;
  Instant created{}, expires{};        // expires: at the latest; the store has no clock and gives expired ones, too
  friend bool operator==(const SessionRecord&, const SessionRecord&) = default;
};

}  // namespace beckon::store

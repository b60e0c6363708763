// Console sessions: the cookie's token, and how long it is good.
//
// Thread safety: free functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"
#include "operators/limits.hpp"
#include "store/operator_records.hpp"

namespace beckon::operators {

struct NewSession {
  std::string token;  // the cookie's value: 256 random bits; kept nowhere
  store::SessionRecord record;
};
[[nodiscard]] NewSession new_session(const base::Secret& key, const base::OperatorId& who, base::Instant now);

// What a cookie's value is looked up by; nullopt for what cannot be a token.
[[nodiscard]] std::optional<base::TokenHash> session_hash(const base::Secret& key, std::string_view token);

// Whether it is over; an instant to prolong it to, when that is worth writing down.
[[nodiscard]] bool is_over(const store::SessionRecord& session, base::Instant now);
[[nodiscard]] std::optional<base::Instant> prolonged(const store::SessionRecord& session, base::Instant now);

}  // namespace beckon::operators

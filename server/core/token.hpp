// Visitor tokens: what a browser keeps to prove that it is a visitor. A token is checked without looking anything up:
//
//   v_Hq3… . 20778 . base64url(BLAKE2b-256(key, "beckon visitor token" \0 site \0 visitor \0 day))
//
// The day (since 1970) is the one it was issued on; every welcome gives a fresh one. Nothing of a token is stored.
//
// Thread safety: pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/secret.hpp"

namespace beckon::core {

inline constexpr std::chrono::days kTokenLives{365};

[[nodiscard]] std::string make_token(const base::Secret& key, const base::SiteId& site, const base::VisitorId& visitor,
                                     base::Instant now);

// The visitor that the token proves to be; nullopt when it is cut, changed, of another site or key, too old, or issued more than
// a day in the future. Takes the same time wherever a signature differs.
[[nodiscard]] std::optional<base::VisitorId> check_token(const base::Secret& key, const base::SiteId& site,
                                                         std::string_view token, base::Instant now);

}  // namespace beckon::core

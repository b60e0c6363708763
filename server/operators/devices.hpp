// Browsers that somebody has signed in with before. Their cookie opens nothing: it says that what strangers have tried on
// a login is not to be held against this one, so that nobody can keep an operator out by guessing. (OWASP calls it a
// device cookie.) It holds all it says, signed; the server keeps nothing.
//
// Thread safety: free functions; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace beckon::operators {

// Counted from the last login there.
inline constexpr std::chrono::days kDeviceLives{180};

// The cookie of a browser in which `login` has just signed in.
[[nodiscard]] std::string new_device(const base::Secret& key, std::string_view login, base::Instant now);

// The name to count that browser's guesses under; nullopt for a cookie that is changed, too old, or another login's.
[[nodiscard]] std::optional<std::string> known_device(const base::Secret& key, std::string_view login,
                                                      std::string_view cookie, base::Instant now);

}  // namespace beckon::operators

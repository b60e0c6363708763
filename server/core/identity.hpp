// Signed identities: a JSON Web Token in which the site's own server says who its visitor is.
//
// Taken: header {"alg": "HS256"} and no critical extensions; payload with `sub` (1 to 256 bytes), `exp` (not yet reached) and
// the site's id in `aud` or `site`; signed with the site's key. Everything else is refused: `none`, other
// algorithms, a missing `exp`. The algorithm is never chosen by the token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"

namespace beckon::core {

// The `sub` of a good token. `key` empty: none is good. Compares in constant time.
// Thread safety: any thread.
[[nodiscard]] std::optional<std::string> verify_identity(std::string_view jwt, std::string_view key,
                                                         const base::SiteId& site, base::Instant now);

}  // namespace beckon::core

// The one-time link that makes the first operator: its secret is kept as a hash, for a day, until it is used.
//
// Thread safety: free functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/secret.hpp"

namespace beckon::operators {

// The setting of the server that holds it; its value is empty when there is none.
inline constexpr std::string_view kSetupSetting = "console_setup";

struct SetupLink {
  std::string secret;   // 256 random bits: goes into the link, kept nowhere
  std::string setting;  // what is kept
};
[[nodiscard]] SetupLink new_setup_link(const base::Secret& key, base::Instant now);

// Whether `secret` is the one that `setting` was made for, and its day is not over.
[[nodiscard]] bool is_setup_secret(const base::Secret& key, std::string_view setting, std::string_view secret,
                                   base::Instant now);

}  // namespace beckon::operators

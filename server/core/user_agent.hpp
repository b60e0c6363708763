// What a browser says about itself, as the facts visitor.device, .browser, .os and .language: client hints first, then the user
// agent. A small table, not a database: it knows the browsers that people use, and leaves the rest without a value.
//
// Thread safety: pure functions.
#pragma once

#include <string_view>

#include "core/connection.hpp"

namespace beckon::core {

// Names in lower case that live for ever; empty where nothing is known.
struct BrowserFacts {
  std::string_view device;   // "desktop", "mobile", "tablet"
  std::string_view browser;  // "chrome", "firefox", "safari", "edge", …
  std::string_view os;       // "windows", "macos", "linux", "android", "ios", …
};

[[nodiscard]] BrowserFacts read_user_agent(std::string_view user_agent);

// From the upgrade's Sec-CH-UA headers where they say it, else from its user agent.
[[nodiscard]] BrowserFacts browser_facts(const Upgrade& upgrade);

// The language that an Accept-Language header likes best: "fr-CA"; of equals the first. Empty when none. Points into the header.
[[nodiscard]] std::string_view preferred_language(std::string_view accept_language);

// Whether the text could be a BCP 47 tag: subtags of 1 to 8 letters and digits joined by '-', the first of letters alone.
[[nodiscard]] bool is_language_tag(std::string_view text);

}  // namespace beckon::core

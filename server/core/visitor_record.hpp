// What a shard keeps of a visitor beside what the rules know: the page loads with their last frame ids, so that a restart loses
// and doubles nothing, and the offer on screen. All of it is one JSON object in the store:
//
//   {"rules": {…rules::write_snapshot…}, "loads": [{"tab": "k3", "session": "9f2c…", "last": 17, "gone": 1800000000000}],
//    "offer": {"id": "o_…", "rule": "cart-help", "variant": 0, "tab": "k3", "path": "/checkout"}, "past": [{"id": "o_…", …}],
//    "language": "fr", "route": "sizes"}
//
// Thread safety: values and pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "beckon/rules/snapshot.hpp"

namespace beckon::core {

struct KeptLoad {
  std::string tab, session;
  std::int64_t last = 0;              // the highest frame id that was applied
  std::optional<base::Instant> gone;  // since when it has no connection; empty: it had one when this was written
};

struct KeptOffer {
  std::string id, rule, tab, path;
  std::uint8_t variant = 0;
};

struct KeptVisitor {
  rules::VisitorSnapshot snapshot;
  std::vector<KeptLoad> loads;  // the latest last
  std::optional<KeptOffer> offer;
  std::vector<KeptOffer> past;  // offers that have left the screen, the latest last
  std::string language;         // of the visitor's latest page load
  std::string route;            // skill or group that a rule wants for the chat that follows; empty: none
};

[[nodiscard]] std::string write_kept(const KeptVisitor& kept);
// nullopt when the text is not what write_kept makes.
[[nodiscard]] std::optional<KeptVisitor> read_kept(std::string_view text);

}  // namespace beckon::core

// Everything that is known of a visitor, as a plain value: what a `visitor` line of the journal holds and what a store
// keeps between visits. An engine that imports a snapshot goes on exactly as the one that exported it.
//
// A snapshot need not be full. A minimal one from another system is {visits, last_event}: whatever is absent is as for a new
// visitor. Without `visit` no visit is open.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "beckon/rules/time.hpp"

namespace beckon::rules {

using StoredScalar = std::variant<bool, double, std::string>;

// Counts and times of one rule, or of the file's own limit.
struct FiringRecord {
  std::uint32_t count = 0;        // ever: "count"
  std::uint32_t visit_count = 0;  // in the open visit: "visit"
  std::optional<Instant> last, dismissed, accepted;
  friend bool operator==(const FiringRecord&, const FiringRecord&) = default;
};

// An event or page that the rules asked about when it happened.
struct RememberedEvent {
  Instant t{};
  std::string tab;
  bool is_page = false;
  std::string name;  // the event's; a page's path
  std::vector<std::pair<std::string, StoredScalar>> data;
  friend bool operator==(const RememberedEvent&, const RememberedEvent&) = default;
};

struct PageSnapshot {
  std::string url, title;
  std::optional<std::string> referrer;
  Instant started{};
  Duration visible{0};              // up to `seen`
  Instant seen{};                   // the instant that `visible` counts to
  Instant idle_since{};
  double scroll = 0;
  bool exit_intent = false;
  std::uint32_t first_event = 0;    // how many of `events` are older than this page
  std::vector<std::pair<std::string, std::uint32_t>> fired;  // rule → times on this page
  std::vector<std::string> waiting;                          // rules that wait
  std::vector<std::pair<std::string, Instant>> held;         // a held condition's digest → true since
  friend bool operator==(const PageSnapshot&, const PageSnapshot&) = default;
};

struct TabSnapshot {
  std::string id;
  bool hidden = false;
  std::optional<Instant> last_event; // of this tab
  bool open = false;                // a page is shown; else what was shown when the visit ended
  PageSnapshot page;
  friend bool operator==(const TabSnapshot&, const TabSnapshot&) = default;
};

struct VisitSnapshot {
  Instant started{};
  std::uint32_t pages = 0;
  std::optional<Duration> since_last_visit;
  std::optional<std::string> entry, referrer, utm_source, utm_medium, utm_campaign, utm_term, utm_content;
  std::vector<std::pair<std::string, std::string>> verdicts;  // rule → its last verdict, while that is no fire
  friend bool operator==(const VisitSnapshot&, const VisitSnapshot&) = default;
};

struct ScreenSnapshot {             // the offer on screen
  std::string rule, tab;
  Instant since{};
  std::optional<Instant> until;     // when it is a duration
  friend bool operator==(const ScreenSnapshot&, const ScreenSnapshot&) = default;
};

struct VisitorSnapshot {
  std::uint32_t visits = 0;         // begun so far, the open one included
  std::optional<Instant> last_event;
  std::optional<Instant> now;       // the latest instant that was reached; empty: the last event
  double orders = 0, value = 0;     // less refunds
  std::vector<std::uint64_t> order_ids;  // digests of ids that have counted
  std::vector<std::string> tags;
  std::vector<std::pair<std::string, StoredScalar>> attributes;
  std::vector<std::pair<std::string, FiringRecord>> rules;
  FiringRecord all;                 // for the file's limit
  double pressure = 0;
  std::optional<Instant> pressure_at;
  std::optional<double> cart_value, cart_items;
  std::string cart_currency;
  std::optional<Instant> cart_at;
  bool chat_active = false;
  std::uint32_t chats = 0;
  std::optional<Instant> chat_ended;
  std::optional<bool> consent;      // empty: as the host's default
  bool identified = false;
  std::string country, language, device, browser, os;
  std::vector<RememberedEvent> events;
  std::optional<VisitSnapshot> visit;
  std::vector<TabSnapshot> tabs;
  std::optional<ScreenSnapshot> screen;
  friend bool operator==(const VisitorSnapshot&, const VisitorSnapshot&) = default;
};

}  // namespace beckon::rules

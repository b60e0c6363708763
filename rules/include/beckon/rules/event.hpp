// What happened: the events that a visitor's page, the site or the server report, as values. A journal line is one of these.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "beckon/rules/time.hpp"
#include "beckon/rules/url.hpp"

namespace beckon::rules {

enum class EventType : std::uint8_t {
  kPage, kCart, kOrder, kRefund, kEvent, kVisible, kHidden, kActivity, kExitIntent, kLeave, kScroll,
  kAttr, kTag, kConsent, kIdentified, kOutcome, kChat,
};
// As a journal line writes it: "exit_intent".
[[nodiscard]] std::string_view name_of(EventType type);

// A value of an event's data or of an attribute; monostate is JSON's null: for an attribute it means "take it away".
using EventScalar = std::variant<std::monostate, bool, double, std::string_view>;

struct EventDatum {
  std::string_view key;
  EventScalar value;
};

enum class OfferOutcome : std::uint8_t { kAccepted, kDismissed };

// One event of one visitor. All views belong to the caller and need live only until the engine's call returns.
// Which members count, by type; all others are ignored:
struct Event {
  EventType type = EventType::kActivity;
  std::string_view tab = "0";

  const PageUrl* url = nullptr;              // kPage: required, filtered by the rules in force
  std::string_view title;                    // kPage
  std::optional<std::string_view> referrer;  // kPage: filtered
  bool hidden = false;                       // kPage: the tab is hidden; kHidden and kVisible say it by their type
  std::string_view country, language, device, browser, os;  // kPage: empty when not said

  std::optional<double> value;               // kCart kOrder kRefund
  std::optional<double> margin;              // kOrder kRefund: counts in place of value
  std::optional<double> items;               // kCart
  std::string_view currency;                 // kCart
  std::string_view id;                       // kOrder kRefund: counts once; empty: no id

  std::string_view name;                     // kEvent kAttr kTag: which; kOutcome: the rule's id
  std::span<const EventDatum> data;          // kEvent
  EventScalar scalar;                        // kAttr
  double percent = 0;                        // kScroll: 0 to 100, clamped
  bool on = true;                            // kTag kConsent kIdentified: value; kChat: started (else ended)
  OfferOutcome outcome = OfferOutcome::kDismissed;  // kOutcome
};

// The site as its visitors' rules see it.
struct SiteState {
  std::uint32_t operators = 1;               // online
  std::uint32_t free_slots = 1;              // chats they could still take
  std::uint32_t queue = 0;                   // visitors waiting
  std::map<std::string, std::uint32_t, std::less<>> skills;  // free slots by skill
  bool skills_known = false;                 // false: every skill is as free as the site
  std::optional<bool> open;                  // what a journal or host says; empty: as the calendar says
  friend bool operator==(const SiteState&, const SiteState&) = default;
};

}  // namespace beckon::rules

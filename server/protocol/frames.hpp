// The frames of `beckon.v1` as values. docs/protocol.md is their description; the codec turns text into them and back.
//
// All views of a decoded frame point into its Decoder and live until that decoder's next call.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "base/limits.hpp"
#include "protocol/chat_frames.hpp"

namespace beckon::protocol {

inline constexpr std::string_view kSubprotocol = "beckon.v1";
inline constexpr std::string_view kConsoleSubprotocol = "beckon.console.v1";

// Bounds of what a client may send. Beyond one of them: "cut" means that the rest is dropped, "refused" that the
// connection is closed with kBadFrame (kTooLarge for the first).
inline constexpr std::size_t kMaxFrameBytes = base::kMaxFrameBytes;          // refused
inline constexpr std::size_t kMaxFrameDepth = 5;             // objects and arrays inside one another, one more than any frame needs; refused
inline constexpr std::size_t kMaxEventsPerFrame = base::kMaxEventsPerFrame;  // refused
inline constexpr std::size_t kMaxUrlBytes = 2 * 1024;        // cut
inline constexpr std::size_t kMaxTitleBytes = 512;           // cut, at a whole character
inline constexpr std::size_t kMaxNameBytes = 64;             // names of events, attributes, data keys; order ids; refused
inline constexpr std::size_t kMaxValueBytes = 256;           // string values of attributes and event data; refused
inline constexpr std::size_t kMaxEventData = 16;             // keys of one event's data; refused
inline constexpr std::size_t kMaxCurrencyBytes = 8;          // refused
inline constexpr std::size_t kMaxLanguageBytes = 35;         // a BCP 47 tag; refused
inline constexpr std::size_t kMaxTokenBytes = 256;           // refused
inline constexpr std::size_t kMaxJwtBytes = 4 * 1024;        // refused
inline constexpr std::size_t kMaxPhoneBytes = base::kMaxPhoneBytes;          // refused
inline constexpr std::size_t kMaxPersonNameBytes = base::kMaxPersonNameBytes;  // refused
inline constexpr std::size_t kMaxCommentBytes = base::kMaxCommentBytes;      // refused
inline constexpr std::size_t kMaxOfferIdBytes = 32;          // refused
inline constexpr std::size_t kMaxSiteBytes = 64;             // refused
inline constexpr std::size_t kMaxTabBytes = 64;              // refused
inline constexpr std::size_t kMinSessionBytes = 16;          // refused
inline constexpr std::size_t kMaxSessionBytes = 64;          // refused
inline constexpr std::int64_t kMaxFrameId = 9'007'199'254'740'991;  // 2^53 − 1: what JavaScript counts exactly; refused

// Time limits of a connection.
inline constexpr std::chrono::milliseconds kHelloWithin = std::chrono::seconds(10);
inline constexpr std::chrono::milliseconds kPingEvery = std::chrono::seconds(25);
inline constexpr std::chrono::milliseconds kPongWithin = std::chrono::seconds(8);
inline constexpr std::chrono::milliseconds kResumeWithin = std::chrono::seconds(30);  // then a leave

// ---------------------------------------------------------------------------------------------------------------------
// From the client.

// A value of event data or of an attribute; monostate is JSON's null.
using Scalar = std::variant<std::monostate, bool, double, std::string_view>;

struct Datum {
  std::string_view key;
  Scalar value;
};

struct Page {
  std::string_view url;    // cut to kMaxUrlBytes, not filtered
  std::string_view title;  // cut
  std::optional<std::string_view> referrer;  // cut, not filtered
  bool hidden = false;
};

enum class EventKind : std::uint8_t {
  kPage, kCart, kOrder, kEvent, kAttr, kVisible, kHidden, kActivity, kExitIntent, kScroll, kLeave,
};
// As frames write it: "exit_intent".
[[nodiscard]] std::string_view name_of(EventKind kind);

// One event of an events frame. Which members count, by kind; all others are as here:
struct ClientEvent {
  EventKind kind = EventKind::kActivity;
  Page page;                                   // kPage
  std::optional<double> value;                 // kCart kOrder
  std::optional<double> items;                 // kCart
  std::optional<double> margin;                // kOrder
  std::string_view currency;                   // kCart
  std::string_view id;                         // kOrder; empty: none
  std::string_view name;                       // kEvent kAttr
  Scalar scalar;                               // kAttr: its value; monostate takes the attribute away
  std::uint32_t first_datum = 0, datum_count = 0;  // kEvent: its data, in Events::data
  double percent = 0;                          // kScroll: 0 to 100
};

enum class Resume : std::uint8_t { kNew, kResume };

struct Hello {
  std::int64_t id = 0;
  std::string_view site;
  std::string_view token;     // empty: none
  std::string_view tab;       // 1 to kMaxTabBytes of [A-Za-z0-9_-]
  std::string_view session;   // kMinSessionBytes to kMaxSessionBytes of the same
  std::optional<bool> consent;
  Resume resume = Resume::kNew;
  std::string_view language;  // the page's own, BCP 47; empty: not said
  std::optional<std::int64_t> chat;  // the highest message of the conversation that this page load has; empty: not opened
  Page page;
};

struct Events {
  std::int64_t id = 0;
  std::span<const ClientEvent> events;  // 1 to kMaxEventsPerFrame
  std::span<const Datum> data;          // of all of them, see ClientEvent::first_datum
  [[nodiscard]] std::span<const Datum> data_of(const ClientEvent& event) const {
    return data.subspan(event.first_datum, event.datum_count);
  }
};

enum class Outcome : std::uint8_t { kShown, kAccepted, kDismissed };
[[nodiscard]] std::string_view name_of(Outcome outcome);

struct OfferOutcome {
  std::int64_t id = 0;
  std::string_view offer;
  Outcome outcome = Outcome::kShown;
};

struct Callback {
  std::int64_t id = 0;
  std::string_view offer;  // empty: the button was not one of an offer
  std::string_view key;    // empty: session and id name it
  std::string_view phone, name;
};

struct Survey {
  std::int64_t id = 0;
  std::string_view offer;
  int score = 0;  // 0 to 10
  std::string_view comment;
};

struct Consent {
  std::int64_t id = 0;
  bool value = false;
};

struct Identify {
  std::int64_t id = 0;
  std::string_view jwt;
};

struct Panel {
  std::int64_t id = 0;
  std::optional<bool> on;    // start or stop to send panel frames
  bool start_over = false;   // forget this visitor and begin as a new one
};

using ClientFrame = std::variant<Hello, Events, OfferOutcome, Callback, Survey, Consent, Identify, Panel, ChatOpen, Say,
                                 Typing, Seen, History, ChatClose, LeaveMessage>;

[[nodiscard]] std::int64_t id_of(const ClientFrame& frame);

// ---------------------------------------------------------------------------------------------------------------------
// From the server. Views need live only until the encoder returns.

struct OfferFrame {
  std::string_view offer, rule;
  std::string_view kind;  // "invite", "call", "survey"
  std::string_view tab;   // the tab that shows it
  std::string_view body;  // JSON, one object
};

struct Welcome {
  std::string_view visitor;
  std::string_view token;             // empty: nothing may be stored on the device
  std::int64_t last = 0;
  bool resumed = false;
  std::optional<bool> consent;        // empty: not asked yet
  bool tracking = true;
  bool demo = false;                  // the site may show the demo's panel
  std::span<const OfferFrame> offers;
  std::string_view texts;             // JSON, one object; empty: {}
  std::string_view theme;             // JSON, one object; empty: {}
  std::optional<ChatWelcome> chat;    // empty: the site has no chat
};

struct ErrorFrame {
  std::int64_t id = 0;
  std::string_view code;     // docs/protocol.md lists them
  std::string_view message;  // a sentence for developers
};

}  // namespace beckon::protocol

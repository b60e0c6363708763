// The frames of `beckon.console.v1` as values: how an operator's console and the server talk. docs/console-protocol.md
// is their description; console_codec.hpp turns text into them and back.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.hpp"
#include "protocol/chat_messages.hpp"

namespace beckon::protocol::console {

inline constexpr std::string_view kSubprotocol = "beckon.console.v1";

// Bounds of what a client may send. Beyond one of them the connection is closed with kBadFrame (kTooLarge for the
// first); a message's text alone is refused by an error frame, so that nobody's console goes for a long text.
inline constexpr std::size_t kMaxFrameBytes = base::kMaxFrameBytes;
inline constexpr std::size_t kMaxFrameDepth = 3;  // objects inside one another, one more than any frame needs
inline constexpr std::size_t kMaxSiteBytes = 64;
inline constexpr std::size_t kMaxIdBytes = 32;                           // of conversations, operators, tasks, files
inline constexpr std::size_t kMaxTargetBytes = 512;                      // the name of a group or a skill
inline constexpr std::size_t kMaxMessageBytes = base::kMaxMessageBytes;  // error `too_long`

// ---------------------------------------------------------------------------------------------------------------------
// From the console.

enum class FrameKind : std::uint8_t {
  kHello,
  kPing,
  kPresence,
  kActivity,
  kWatch,
  kUnwatch,
  kHistory,
  kList,
  kTake,
  kSay,
  kTyping,
  kRead,
  kClose,
  kTransfer,
  kTask,
};
// As frames write it: "transfer".
[[nodiscard]] std::string_view name_of(FrameKind kind);

// What an operator has chosen. Offline is who has no connection.
enum class Presence : std::uint8_t { kOnline, kAway };
[[nodiscard]] std::string_view name_of(Presence presence);

// Whom a conversation is given to.
struct Target {
  enum class Kind : std::uint8_t { kOperator, kGroup, kSkill };
  Kind kind = Kind::kOperator;
  std::string name;  // an operator's id; the name of a group or a skill
};

// Which members count, by kind; all others are as here.
struct ClientFrame {
  FrameKind kind = FrameKind::kHello;
  std::int64_t id = 0;                 // all
  std::string site;                    // all that have the next, kList, kTask
  std::string conversation;            // kWatch kUnwatch kHistory kTake kSay kTyping kRead kClose kTransfer
  Presence state = Presence::kOnline;  // kPresence
  std::optional<std::int64_t> before;  // kHistory: a seq; kList: the `next` of the page before
  std::optional<std::int64_t> after;   // kHistory: a seq; exactly one of the two
  std::int64_t version = 0;            // kTake kClose kTransfer
  std::string key;                     // kSay
  std::string text;                    // kSay: empty when it is a file
  std::string file;                    // kSay: empty when it is a text
  bool on = false;                     // kTyping
  std::int64_t seq = 0;                // kRead
  Target to;                           // kTransfer
  std::string task;                    // kTask
  bool done = true;                    // kTask
};

// ---------------------------------------------------------------------------------------------------------------------
// From the server. Views need live only until the encoder returns.

struct Named {
  std::string_view id, name;
};

// S of docs/console-protocol.md.
struct ConversationView {
  std::string_view site, id, visitor, state;
  Named who;                            // of an assigned one; no id: nobody
  std::string_view skill, group, rule;  // empty: none
  std::int64_t last = 0, version = 0;
  std::int64_t created = 0, waiting_since = 0, at = 0;  // milliseconds since 1970; 0: never
  std::string_view preview, preview_from;
  std::int64_t unread = 0, read = 0, delivered = 0;
  std::string_view name, email, language;
  bool online = false;
};

// T of docs/console-protocol.md.
struct TaskView {
  std::string_view site, id, kind, visitor, conversation, rule, name, phone, email, text, page;
  std::int64_t at = 0;
  bool done = false;
  std::string_view by;  // the name of who did it; empty: not done, or unknown
};

struct OperatorView {
  std::string_view id, name, picture, state;
  std::int64_t capacity = 0, chats = 0;
  std::span<const std::string> groups, skills, sites;
};

struct CannedView {
  std::string_view title, text;
};

struct SiteView {
  std::string_view id;
  std::vector<CannedView> canned;
  bool uploads = false;
};

// The operator whose console it is.
struct OwnView {
  OperatorView seen;
  std::string_view login, role;
};

struct WelcomeView {
  OwnView own;
  std::vector<SiteView> sites;
  std::vector<OperatorView> operators;
  std::vector<ConversationView> conversations;
  std::vector<TaskView> tasks;
  bool more = false;  // not all that is open is in it
};

// A refusal that the connection outlives.
struct ErrorView {
  std::int64_t id = 0;
  std::string_view code, message;
  std::string_view who;                            // `conflict`: the name of who has it; empty: nobody
  const ConversationView* conversation = nullptr;  // `conflict`: as it is now
};

}  // namespace beckon::protocol::console

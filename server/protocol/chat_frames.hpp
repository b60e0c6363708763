// The frames of chat, as values: part of `beckon.v1`, see frames.hpp for the rest and for how long views live.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/limits.hpp"

namespace beckon::protocol {

// Beyond each of them the connection is closed with kBadFrame.
inline constexpr std::size_t kMaxMessageBytes = base::kMaxMessageBytes;      // text of a message
inline constexpr std::size_t kMaxEmailBytes = base::kMaxEmailBytes;
inline constexpr std::size_t kMinKeyBytes = base::kMinClientKeyBytes;        // the client's own name of a message
inline constexpr std::size_t kMaxKeyBytes = base::kMaxClientKeyBytes;
inline constexpr std::size_t kMaxFileIdBytes = 32;

// --- From the client.

// The panel was opened.
struct ChatOpen {
  std::int64_t id = 0;
  std::string_view offer;  // the invitation that is accepted by it; empty: none
};

// What the form before the chat asked for. Empty: not said.
struct VisitorForm {
  std::string_view name, email;
};

// A message: a text or a file, never both.
struct Say {
  std::int64_t id = 0;
  std::string_view key;
  std::string_view text;   // empty: a file
  std::string_view file;   // empty: a text
  std::string_view offer;  // as ChatOpen's
  std::optional<VisitorForm> form;
};

struct Typing {
  std::int64_t id = 0;
  bool on = false;
};

// How far the visitor has got and read the conversation. 0: not said.
struct Seen {
  std::int64_t id = 0;
  std::int64_t delivered = 0, read = 0;
};

// Older or newer messages are asked for; exactly one is given.
struct History {
  std::int64_t id = 0;
  std::optional<std::int64_t> before, after;
};

struct ChatClose {
  std::int64_t id = 0;
};

struct LeaveMessage {
  std::int64_t id = 0;
  std::string_view key, name, email, text;
};

// --- From the server.

// The desk as a visitor sees it.
struct DeskFrame {
  std::string_view state;                  // "open", "busy", "away", "closed"
  std::optional<std::int64_t> position;    // 1: next
  std::optional<std::int64_t> wait;        // expected milliseconds
  std::optional<std::int64_t> opens;       // milliseconds since 1970
};

struct ChatFrame {
  std::string_view state;                  // "none", "waiting", "assigned", "closed"
  std::string_view conversation;           // empty: none
  std::int64_t last = 0, unread = 0, read = 0;
  std::string_view operator_name, operator_picture;  // of who has it; no name: not shown
  bool operator_away = false;                        // who has it is not at the desk now
  DeskFrame desk;
};

enum class TypingState : std::uint8_t { kOff, kOn };

// What a welcome says of chat.
struct ChatWelcome {
  std::string_view launcher;               // "always", "open", "never"
  std::span<const std::string_view> form;  // "name", "email"
  bool uploads = false;
  std::string_view state;
  std::int64_t unread = 0, last = 0;
  DeskFrame desk;
};

}  // namespace beckon::protocol

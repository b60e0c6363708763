// A message of a conversation as visitors and operators get it: the M of docs/protocol.md.
//
// Thread safety: values and pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/json/writer.hpp"
#include "protocol/frames.hpp"

namespace beckon::protocol {

// At most this many messages in one frame, and only as many as fit into kMaxFrameBytes.
inline constexpr std::size_t kMaxMessagesPerFrame = 50;

struct ChatMessage {
  enum class Kind : std::uint8_t { kText, kFile, kEvent };
  std::int64_t seq = 0;
  std::int64_t at = 0;          // milliseconds since 1970
  std::string_view from;        // "visitor", "operator", "system", "invite"
  std::string_view name;        // the operator's shown name; of an event: whom it is about
  std::string_view key;         // the sender's own; empty: not shown
  std::string_view operator_id; // for the console alone; empty: not shown
  Kind kind = Kind::kText;
  std::string_view body;        // the text; JSON, one object, of a file; an event's word: "joined"
  std::string_view by;          // of an event: who did it; empty: not said
};

// Appends one object.
void write_message(json::Writer& w, const ChatMessage& message);

// Appends what a welcome says of chat.
void write_chat_welcome(json::Writer& w, const ChatWelcome& chat);

// Whether a `messages` frame has all that there is in its direction.
enum class More : std::uint8_t { kNo, kYes };

// Gathers messages, given one by one in either order, into a frame of at most kMaxFrameBytes.
class MessagesFrame {
 public:
  // False: it does not fit any more, and was left out.
  [[nodiscard]] bool add(const ChatMessage& message);
  [[nodiscard]] bool empty() const { return parts_.empty(); }
  // The frame, ascending by seq.
  [[nodiscard]] std::string text(More more) const;

 private:
  struct Part {
    std::int64_t seq;
    std::string json;
  };
  std::vector<Part> parts_;
  std::size_t bytes_ = 0;
};

}  // namespace beckon::protocol

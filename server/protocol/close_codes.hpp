// Why a connection is closed, as the client sees it. The range of a code tells the client what to do: 4000–4499 come back
// (with jitter), 4500–4999 do not until the page is loaded again. docs/protocol.md and docs/console-protocol.md
// list when each is sent.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace beckon::protocol {

enum class CloseCode : std::uint16_t {
  // Come back.
  kShutdown = 4000,          // the server stops or restarts
  kSlowConsumer = 4001,      // the outbox is full: the client does not read
  kNoPong = 4002,            // no pong in time: the connection is dead
  kThrottled = 4003,         // more frames, bytes or connections than allowed
  kStoreUnavailable = 4004,  // the database cannot be read or written
  kStartOver = 4005,         // the visitor is another one now: come back with the token of the last welcome
  // Do not come back.
  kBadFrame = 4500,          // not JSON or not of the protocol; the reason names the field
  kNoHello = 4501,           // the first frame was no hello, or did not come in time
  kTooLarge = 4502,          // a frame over kMaxFrameBytes
  kForbidden = 4503,         // a frame that this connection may not send
  kReplaced = 4504,          // the same tab connected again
  kSignedOut = 4505,         // an operator's session is over: signed out, disabled, the password changed
};

// "bad_frame"; "" for what is no close code of ours.
[[nodiscard]] std::string_view name_of(CloseCode code);

// Whether a client that is closed with this code comes back by itself.
[[nodiscard]] constexpr bool comes_back(CloseCode code) { return static_cast<std::uint16_t>(code) < 4500; }

// Why a frame cannot be taken. `reason` is a short English sentence without a full stop, at most kMaxReasonBytes long
// and valid UTF-8, so that it fits a WebSocket close frame as it is. It never repeats what the client sent but names.
struct Refusal {
  CloseCode code = CloseCode::kBadFrame;
  std::string reason;
};

// A close frame's payload is at most 125 bytes, two of which are the code.
inline constexpr std::size_t kMaxReasonBytes = 123;

}  // namespace beckon::protocol

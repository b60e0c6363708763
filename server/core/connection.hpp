// What a shard sees of the network: a connection it may write to, and what was known when that connection was opened.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "protocol/close_codes.hpp"

namespace beckon::core {

// A text frame that may be on its way to several connections at once. Immutable once sent.
using SharedFrame = std::shared_ptr<const std::string>;

// One WebSocket, implemented by net. All calls come from the shard's thread, inside a call of the Shard, and must not call
// back into it: what they cause is posted.
class Connection {
 public:
  virtual ~Connection() = default;
  // Queues a text frame. Never blocks. A connection whose outbox overflows closes itself (kSlowConsumer) and detaches.
  virtual void send(SharedFrame frame) = 0;
  // Sends a WebSocket ping; the pong is reported by Shard::pong.
  virtual void ping() = 0;
  // Starts the closing handshake; frames sent before go out first. The shard takes nothing more from this connection and
  // expects detach() once. `reason` is at most protocol::kMaxReasonBytes and lives until the call returns.
  virtual void close(protocol::CloseCode code, std::string_view reason) = 0;
};

enum class PrivacySignal : std::uint8_t {
  kNone,
  kRefuses,  // `Sec-GPC: 1` or `DNT: 1`
};

// What the upgrade request said. net has checked the origin against the site's list before it makes one of these.
struct Upgrade {
  base::SiteId site;
  // The peer for the limits per address: an IPv4 address, or an IPv6 network of 64 bits. Kept in memory only, for as
  // long as the connection lives; never logged or stored. Empty: not counted (a trusted proxy that does not say).
  std::string address;
  std::string country;           // ISO 3166 alpha-2 from the address; empty when unknown
  std::string user_agent;        // each header as it came; empty when absent
  std::string accept_language;
  std::string ch_ua;             // Sec-CH-UA
  std::string ch_ua_mobile;      // Sec-CH-UA-Mobile
  std::string ch_ua_platform;    // Sec-CH-UA-Platform
  PrivacySignal privacy = PrivacySignal::kNone;
};

}  // namespace beckon::core

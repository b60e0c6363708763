// What the network side of a shard counts. Plain numbers of the shard's thread; Server::collect() copies them there.
#pragma once

#include <cstdint>

namespace beckon::net {

struct NetCounters {
  // Now.
  std::uint64_t http_connections = 0;
  std::uint64_t websockets = 0;  // handshake done

  // Since the start.
  std::uint64_t accepted = 0;
  std::uint64_t accept_errors = 0;        // no file descriptor or no memory
  std::uint64_t refused_per_address = 0;  // 429 at once
  std::uint64_t requests = 0;             // answered, upgrades not among them
  std::uint64_t bad_requests = 0;         // no HTTP, too long, too slow
  std::uint64_t refused_upgrades = 0;     // origin, site, sub-protocol
  std::uint64_t handed_over = 0;          // upgrades that went to another shard
  std::uint64_t upgraded = 0;
  std::uint64_t messages_in = 0, messages_out = 0;
  std::uint64_t bytes_in = 0, bytes_out = 0;  // of messages
  std::uint64_t slow_consumers = 0;
  std::uint64_t limited = 0;              // closed by the frame meter
  std::uint64_t wakeups = 0;              // of the shard's alarm
};

}  // namespace beckon::net

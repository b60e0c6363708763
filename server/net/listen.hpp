// Binds an address for several shards at once: each gets a socket of its own (SO_REUSEPORT) and the kernel spreads the
// connections over them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace beckon::net {

struct Listening {
  std::uint16_t port = 0;
  std::vector<int> fds;  // one a shard, listening, non-blocking; whoever takes this owns them
};

// `port` 0: any that is free. Errors, each one clear line: kInvalid (no address), kConflict (in use), kUnavailable.
[[nodiscard]] base::Result<Listening> listen_on(const std::string& address, std::uint16_t port, std::uint32_t shards);

}  // namespace beckon::net

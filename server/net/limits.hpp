// Bounds of the network layer by name, each with what happens beyond it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beckon::net {

// HTTP.
inline constexpr std::size_t kMaxHeaderBytes = 8 * 1024;          // of a request: 431
inline constexpr std::chrono::milliseconds kRequestWithin{10'000};  // a header, from the connection's start: closed
inline constexpr std::chrono::milliseconds kNextRequestWithin{15'000};  // the next one of a kept connection: closed
inline constexpr std::chrono::milliseconds kResponseWithin{60'000};     // until the client has taken the answer: closed
inline constexpr std::uint32_t kMaxRequestsPerConnection = 100;   // the answer to the last says `Connection: close`
inline constexpr std::uint32_t kMaxHttpPerAddress = 100;          // connections of one address and shard: 429
// Bodies on their way, by the lengths announced, in one shard.
inline constexpr std::size_t kMaxBodiesBytes = 64 * 1024 * 1024;            // of all clients: 503
inline constexpr std::size_t kMaxBodiesBytesPerClient = 16 * 1024 * 1024;   // of one address: 429
inline constexpr std::size_t kBodyReadBytes = 64 * 1024;                    // a body's memory grows by so much

// WebSocket.
inline constexpr std::size_t kReadBytes = 256;  // of an idle connection; a longer frame takes more while it lasts
inline constexpr std::chrono::milliseconds kHandshakeWithin{10'000};
inline constexpr std::chrono::milliseconds kCloseWithin{2'000};  // the answer to a close frame: then the socket goes
inline constexpr std::size_t kMaxDrainBytes = 256 * 1024;  // read and dropped after a close: then the socket goes
// The same where a body was refused: a browser looks for the answer when it has sent all.
inline constexpr std::size_t kMaxRefusedBodyBytes = 16 * 1024 * 1024;
inline constexpr std::chrono::milliseconds kRefusedBodyWithin{5'000};

// Accepting.
inline constexpr std::chrono::milliseconds kAcceptPause{100};     // when file descriptors have run out
inline constexpr std::uint32_t kMaxShedPerPause = 200;            // waiting clients that are hung up on in one pause
inline constexpr std::chrono::milliseconds kAcceptLogEvery{1'000};
inline constexpr int kListenBacklog = 4096;

// Stopping: connections get this long to take their close frame.
inline constexpr std::chrono::milliseconds kStopConnectionsWithin{2'000};
// After that the store gets this long to take what the shard knows; a disk that hangs does not keep the process.
inline constexpr std::chrono::milliseconds kStopStoreWithin{2'000};

}  // namespace beckon::net

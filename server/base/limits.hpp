// Bounds of the server that more than one layer must know. What a single layer bounds, it names in its own headers.
#pragma once

#include <chrono>
#include <cstddef>

namespace beckon::base {

// The wire: docs/protocol.md.
inline constexpr std::size_t kMaxFrameBytes = 64 * 1024;
inline constexpr std::size_t kMaxEventsPerFrame = 50;
inline constexpr std::size_t kMaxOutboxBytes = 1024 * 1024;  // then the connection is closed: slow_consumer

// Texts that visitors send and that are kept.
inline constexpr std::size_t kMaxPhoneBytes = 64;
inline constexpr std::size_t kMaxPersonNameBytes = 256;
inline constexpr std::size_t kMaxCommentBytes = 4 * 1024;
inline constexpr std::size_t kMaxIdentityBytes = 256;
inline constexpr std::size_t kMaxEmailBytes = 254;           // RFC 5321's path, without its brackets
inline constexpr std::size_t kMaxMessageBytes = 8 * 1024;    // of a chat message's text
inline constexpr std::size_t kMinClientKeyBytes = 16;        // what a client names a message by, [A-Za-z0-9_-]
inline constexpr std::size_t kMaxClientKeyBytes = 64;

// The configuration.
inline constexpr std::size_t kMaxSites = 10'000;
inline constexpr std::size_t kMaxOriginsPerSite = 100;
inline constexpr std::size_t kMaxShards = 256;

// A stop: everything is flushed and the process gone within this.
inline constexpr std::chrono::seconds kStopWithin{5};

}  // namespace beckon::base

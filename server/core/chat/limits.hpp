// Bounds of chat by name.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beckon::core {

inline constexpr std::size_t kMaxWaitingSayings = 32;              // of a visitor, for the store: too_many
inline constexpr double kTypingsPerSecond = 1, kTypingsBurst = 2;  // of a visitor; more are not passed on
// Reads until a connection has what was missing; then it is told that there is more.
inline constexpr int kMaxFills = 4;
// Changes of a conversation that others were faster with: store_unavailable.
inline constexpr int kMaxConflicts = 4;

// A conversation is read again without a hint.
inline constexpr std::chrono::milliseconds kHealOpen{5'000};
inline constexpr std::chrono::milliseconds kHealClosed{30'000};
inline constexpr std::chrono::milliseconds kHealSoon{50};          // a hint was ahead of the store
inline constexpr std::chrono::milliseconds kDigestEvery{1'000};    // at most one a visitor
inline constexpr std::chrono::milliseconds kDeskEvery{1'000};      // what changes at the desk is told this often
inline constexpr std::size_t kMaxDigestAttributes = 50;            // then the rest is left out, as of tags

}  // namespace beckon::core

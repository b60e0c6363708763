// Bounds of the operators' side by name, each with what happens beyond it.
#pragma once

#include <chrono>
#include <cstddef>

namespace beckon::core {

// Presence over the bus.
inline constexpr std::chrono::milliseconds kPresenceEvery{5'000};            // told again this often, without a change
inline constexpr std::chrono::milliseconds kPresenceForgottenAfter{15'000};  // of a shard that says nothing more
inline constexpr std::size_t kMaxPresencePartBytes = 48 * 1024;  // of one message: more operators go into another

// Following conversations and tasks.
inline constexpr std::chrono::milliseconds kFollowEvery{20};  // hints that come faster are read together
inline constexpr std::chrono::milliseconds kHealEvery{
    5'000};  // without a hint, while anything is open or anybody there
inline constexpr std::chrono::milliseconds kReadAgainAfter{1'000};  // a read that failed
inline constexpr std::chrono::milliseconds kDeskStartEvery{2};      // between the first reads of two sites
inline constexpr std::chrono::milliseconds kSettleEvery{100};       // what rules and visitors are told at most

// Visitors' digests.
inline constexpr std::chrono::milliseconds kAskVisitorEvery{30'000};   // whether one who was there still is
inline constexpr std::chrono::milliseconds kVisitorGoneAfter{45'000};  // one of whom nothing is heard

// Operators.
inline constexpr std::chrono::milliseconds kOfflineAfter{30'000};  // without a connection
inline constexpr std::chrono::milliseconds kAwayAfter{600'000};    // without activity
inline constexpr std::chrono::milliseconds kRecheckEvery{750};     // sessions and records of those connected
inline constexpr std::chrono::milliseconds kTypingEvery{1'000};    // passed on, of a conversation
inline constexpr std::chrono::milliseconds kColleaguesEvery{100};  // presence frames to a console
inline constexpr std::chrono::milliseconds kWelcomeWithin{5'000};  // from the hello: then kStoreUnavailable

// Consoles.
inline constexpr std::size_t kMaxLinksPerOperator = 16;      // kThrottled
inline constexpr std::size_t kMaxWatched = 32;               // of a connection: too_many
inline constexpr std::size_t kMaxFramesUnderWay = 64;        // whose answer waits for the store: too_many
inline constexpr std::size_t kMaxWelcomeBytes = 512 * 1024;  // the rest is left out, the welcome says so
inline constexpr std::size_t kListPage = 50;                 // conversations of one list answer
inline constexpr double kOperatorMessagesPerSecond = 1, kOperatorMessagesBurst = 20;          // too_many
inline constexpr double kConsoleFramesPerSecond = 20, kConsoleFramesBurst = 100;              // kThrottled
inline constexpr double kConsoleBytesPerSecond = 64 * 1024, kConsoleBytesBurst = 512 * 1024;  // kThrottled

// Expected waits: from so many pick-ups, none older.
inline constexpr std::size_t kPickUpsKept = 20;
inline constexpr std::chrono::milliseconds kPickUpsCount{3'600'000};

}  // namespace beckon::core

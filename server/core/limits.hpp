// Bounds of a shard by name, each with what happens beyond it.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace beckon::core {

inline constexpr std::size_t kMaxTabsPerVisitor = 32;             // then the tab unused for longest is taken as left
inline constexpr std::size_t kMaxPendingBytes = 256 * 1024;       // frames that wait for a visitor's record: kThrottled
inline constexpr std::size_t kMaxPendingFrames = 64;              // likewise
inline constexpr std::size_t kMaxSessionsKept = 32;               // page loads of a visitor whose last frame id is remembered
inline constexpr std::size_t kMaxPanelRules = 50;                 // rules that a panel frame shows: the first ones
inline constexpr std::chrono::milliseconds kLoadWithin{5'000};    // a visitor's record: then kStoreUnavailable
inline constexpr std::chrono::milliseconds kPanelEvery{250};      // at most one panel frame a tab in this time
inline constexpr std::chrono::milliseconds kPanelRefresh{1'000};  // values that grow by themselves are shown again
inline constexpr std::chrono::milliseconds kSaveEvery{30'000};    // a changed visitor is written this often while online

// What one deployment may set otherwise. 0 switches a limit off.
struct ShardLimits {
  std::size_t visitors = 1'000'000;            // in memory: then new ones are closed with kThrottled
  std::size_t connections_per_visitor = 32;    // kThrottled
  std::size_t connections_per_address = 200;   // of one shard; kThrottled
  // Tokens of visitors that are not good, of one address: kThrottled.
  double bad_tokens_per_second = 1, bad_tokens_burst = 60;
  // Token buckets of a connection; a frame of n events counts as 1 + n/10 frames. Beyond them: kThrottled.
  double frames_per_second = 50, frames_burst = 200;
  double bytes_per_second = 128 * 1024, bytes_burst = 512 * 1024;
  // Messages, and what is left for later, of a visitor: error too_many.
  double messages_per_second = 20.0 / 60, messages_burst = 10;
};

}  // namespace beckon::core

// Counts what a WebSocket peer sends, by the frame headers alone, before anything else looks at it. Beast has no limit
// on empty fragments or control frames: a million of them are accepted without a word to its caller. The meter sees
// every header and says when a peer has had enough.
//
// Thread safety: none; it belongs to its connection's thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

namespace beckon::net {

struct FrameLimits {
  std::size_t max_message_bytes = 64 * 1024;  // of all fragments of one message together
  std::uint32_t max_fragments = 64;           // frames that one message may be cut into
  double frames_per_second = 100;  // messages, fragments, pings and pongs alike, in the long run; 0: no limit
  double frames_burst = 400;                  // frames that may come at once
};

enum class FrameVerdict : std::uint8_t {
  kFine,
  kTooLarge,       // a message, or a frame's announced length, beyond max_message_bytes
  kTooFragmented,  // more than max_fragments
  kTooFast,        // more frames than the rate allows
};

// What may pass at a rate, with some saved up for a burst. A rate of 0 lets everything pass.
class TokenBucket {
 public:
  using Clock = std::chrono::steady_clock;
  TokenBucket(double per_second, double burst) : per_second_(per_second), burst_(burst), left_(burst) {}
  // False when nothing is left at `now`.
  [[nodiscard]] bool take_one(Clock::time_point now);

 private:
  double per_second_;
  double burst_;
  double left_;
  Clock::time_point at_{};
};

class FrameMeter {
 public:
  using Clock = TokenBucket::Clock;
  // `limits` must outlive the meter.
  explicit FrameMeter(const FrameLimits& limits);

  // Takes the next bytes as they came from the network. The first verdict that is not kFine is final: the connection is
  // to be closed, and later bytes are not looked at.
  [[nodiscard]] FrameVerdict take(std::span<const unsigned char> bytes, Clock::time_point now);

 private:
  [[nodiscard]] FrameVerdict on_header();
  [[nodiscard]] std::size_t header_bytes() const;

  static constexpr std::size_t kMaxHeaderBytes = 14;
  const FrameLimits& limits_;
  TokenBucket frames_;
  Clock::time_point now_{};
  std::uint64_t payload_left_ = 0;   // of the frame being read
  std::uint64_t message_bytes_ = 0;  // of the message being read
  std::uint32_t fragments_ = 0;
  std::uint8_t header_[kMaxHeaderBytes] = {};
  std::uint8_t header_size_ = 0;     // bytes of it that have come
  FrameVerdict verdict_ = FrameVerdict::kFine;
};

}  // namespace beckon::net

#include "net/frame_meter.hpp"

#include <algorithm>

namespace beckon::net {
namespace {

constexpr std::uint8_t kFinBit = 0x80;
constexpr std::uint8_t kMaskBit = 0x80;
constexpr std::uint8_t kOpcodeBits = 0x0f;
constexpr std::uint8_t kControlBit = 0x08;
constexpr std::uint8_t kLengthBits = 0x7f;
constexpr std::uint8_t kLength16 = 126;
constexpr std::uint8_t kLength64 = 127;

}  // namespace

bool TokenBucket::take_one(Clock::time_point now) {
  if (per_second_ <= 0) return true;
  if (now > at_) {
    const double seconds = std::chrono::duration<double>(now - at_).count();
    left_ = std::min(burst_, left_ + seconds * per_second_);
    at_ = now;
  }
  if (left_ < 1) return false;
  left_ -= 1;
  return true;
}

FrameMeter::FrameMeter(const FrameLimits& limits)
    : limits_(limits), frames_(limits.frames_per_second, limits.frames_burst) {}

std::size_t FrameMeter::header_bytes() const {
  if (header_size_ < 2) return 2;
  const std::uint8_t length = header_[1] & kLengthBits;
  const std::size_t extended = length == kLength64 ? 8 : length == kLength16 ? 2 : 0;
  return 2 + extended + (header_[1] & kMaskBit ? 4 : 0);
}

FrameVerdict FrameMeter::on_header() {
  std::uint64_t length = header_[1] & kLengthBits;
  if (length == kLength16 || length == kLength64) {
    const std::size_t count = length == kLength16 ? 2 : 8;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | header_[2 + i];
  }
  payload_left_ = length;
  if (length > limits_.max_message_bytes) return FrameVerdict::kTooLarge;
  if ((header_[0] & kOpcodeBits & kControlBit) == 0) {
    message_bytes_ += length;
    ++fragments_;
    if (message_bytes_ > limits_.max_message_bytes) return FrameVerdict::kTooLarge;
    if (fragments_ > limits_.max_fragments) return FrameVerdict::kTooFragmented;
    if (header_[0] & kFinBit) {
      message_bytes_ = 0;
      fragments_ = 0;
    }
  }
  if (!frames_.take_one(now_)) return FrameVerdict::kTooFast;
  return FrameVerdict::kFine;
}

FrameVerdict FrameMeter::take(std::span<const unsigned char> bytes, Clock::time_point now) {
  now_ = now;
  while (!bytes.empty() && verdict_ == FrameVerdict::kFine) {
    if (payload_left_ > 0) {
      const auto skipped = static_cast<std::size_t>(std::min<std::uint64_t>(payload_left_, bytes.size()));
      payload_left_ -= skipped;
      bytes = bytes.subspan(skipped);
      continue;
    }
    header_[header_size_++] = bytes.front();
    bytes = bytes.subspan(1);
    if (header_size_ < 2 || header_size_ < header_bytes()) continue;
    verdict_ = on_header();
    header_size_ = 0;
  }
  return verdict_;
}

}  // namespace beckon::net

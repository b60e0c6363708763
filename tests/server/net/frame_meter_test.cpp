#include "net/frame_meter.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

using namespace beckon::net;
using namespace std::chrono_literals;

namespace {

using Bytes = std::vector<unsigned char>;
const FrameMeter::Clock::time_point kStart = FrameMeter::Clock::time_point(1h);

enum class Fin { kYes, kNo };

// A client's frame: masked, `announced` as its length, `sent` bytes of payload.
Bytes frame(unsigned char opcode, Fin fin, std::uint64_t announced, std::size_t sent) {
  Bytes out{static_cast<unsigned char>((fin == Fin::kYes ? 0x80 : 0) | opcode)};
  if (announced < 126) {
    out.push_back(static_cast<unsigned char>(0x80 | announced));
  } else {
    const int bytes = announced < 65536 ? 2 : 8;
    out.push_back(static_cast<unsigned char>(0x80 | (bytes == 2 ? 126 : 127)));
    for (int i = bytes - 1; i >= 0; --i) out.push_back(static_cast<unsigned char>(announced >> (8 * i)));
  }
  out.insert(out.end(), 4 + sent, 'x');
  return out;
}

Bytes text(std::size_t size) { return frame(1, Fin::kYes, size, size); }

Bytes operator+(Bytes a, const Bytes& b) {
  for (const unsigned char byte : b) a.push_back(byte);
  return a;
}

}  // namespace

TEST_CASE("a message at the limit passes, one byte more does not") {
  const FrameLimits limits;
  CHECK(FrameMeter(limits).take(text(limits.max_message_bytes), kStart) == FrameVerdict::kFine);
  CHECK(FrameMeter(limits).take(text(limits.max_message_bytes + 1), kStart) == FrameVerdict::kTooLarge);
}

TEST_CASE("an announced length of 2^40 is refused at its header") {
  const FrameLimits limits;
  CHECK(FrameMeter(limits).take(frame(1, Fin::kYes, 1ULL << 40, 0), kStart) == FrameVerdict::kTooLarge);
}

TEST_CASE("fragments count together") {
  const FrameLimits limits;
  FrameMeter meter(limits);
  CHECK(meter.take(frame(1, Fin::kNo, 40'000, 40'000), kStart) == FrameVerdict::kFine);
  CHECK(meter.take(frame(0, Fin::kYes, 40'000, 40'000), kStart) == FrameVerdict::kTooLarge);
}

TEST_CASE("a message ends with its final fragment, and the next one counts from nothing") {
  const FrameLimits limits;
  FrameMeter meter(limits);
  for (int i = 0; i < 3; ++i) {
    CHECK(meter.take(frame(1, Fin::kNo, 30'000, 30'000) + frame(0, Fin::kYes, 30'000, 30'000), kStart) ==
          FrameVerdict::kFine);
  }
}

TEST_CASE("empty fragments are counted") {
  const FrameLimits limits{.max_fragments = 3, .frames_per_second = 0};
  FrameMeter meter(limits);
  CHECK(meter.take(frame(1, Fin::kNo, 0, 0) + frame(0, Fin::kNo, 0, 0) + frame(0, Fin::kNo, 0, 0), kStart) ==
        FrameVerdict::kFine);
  CHECK(meter.take(frame(0, Fin::kNo, 0, 0), kStart) == FrameVerdict::kTooFragmented);
}

TEST_CASE("control frames between fragments do not end the message") {
  const FrameLimits limits{.max_fragments = 2};
  FrameMeter meter(limits);
  CHECK(meter.take(frame(1, Fin::kNo, 1, 1) + frame(9, Fin::kYes, 0, 0) + frame(0, Fin::kNo, 1, 1), kStart) ==
        FrameVerdict::kFine);
  CHECK(meter.take(frame(0, Fin::kYes, 1, 1), kStart) == FrameVerdict::kTooFragmented);
}

TEST_CASE("pings count as frames, and a burst is refilled in time") {
  const FrameLimits limits{.frames_per_second = 10, .frames_burst = 5};
  FrameMeter meter(limits);
  for (int i = 0; i < 5; ++i) CHECK(meter.take(frame(9, Fin::kYes, 0, 0), kStart) == FrameVerdict::kFine);
  CHECK(meter.take(frame(9, Fin::kYes, 0, 0), kStart + 100ms) == FrameVerdict::kFine);
  CHECK(meter.take(frame(9, Fin::kYes, 0, 0), kStart + 100ms) == FrameVerdict::kTooFast);
  CHECK(meter.take(frame(9, Fin::kYes, 0, 0), kStart + 1h) == FrameVerdict::kTooFast);  // the first verdict is final
}

TEST_CASE("a rate of 0 is no limit") {
  const FrameLimits limits{.frames_per_second = 0, .frames_burst = 0};
  FrameMeter meter(limits);
  for (int i = 0; i < 10'000; ++i) REQUIRE(meter.take(text(1), kStart) == FrameVerdict::kFine);
}

TEST_CASE("however the bytes are cut, the verdict is the same") {
  const Bytes stream = frame(1, Fin::kNo, 300, 300) + frame(9, Fin::kYes, 5, 5) + frame(0, Fin::kYes, 70'000 - 300, 0);
  const FrameLimits limits;
  for (std::size_t size = 1; size < 20; ++size) {
    FrameMeter meter(limits);
    std::size_t refused_at = 0;
    for (std::size_t at = 0; at < stream.size() && refused_at == 0; at += size) {
      const auto part = std::span(stream).subspan(at, std::min(size, stream.size() - at));
      if (meter.take(part, kStart) == FrameVerdict::kTooLarge) refused_at = at;
    }
    CHECK(refused_at > 300);
  }
}

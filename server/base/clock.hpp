// Time comes from a Clock; nothing below main reads another.
//
// Engine time: the wall clock once, at the start, plus what the steady clock has counted since. It never runs back and
// never jumps, whatever happens to the wall clock: a clock step of an hour expires nobody.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "beckon/rules/time.hpp"

namespace beckon::base {

using rules::Duration;
using rules::Instant;
using rules::kNever;

// Thread safety: implementations may be called from any thread.
class Clock {
 public:
  virtual ~Clock() = default;
  // Engine time: monotone, in whole milliseconds since the epoch.
  [[nodiscard]] virtual Instant now() const = 0;
  // The steady instant at which now() becomes t: for timers of the operating system.
  [[nodiscard]] virtual std::chrono::steady_clock::time_point steady_at(Instant t) const = 0;
};

class SystemClock final : public Clock {
 public:
  // Starts at the wall clock, or at `not_before` when that is later: so that a server whose wall clock was set back
  // between two runs does not write a journal that goes back (Store::latest_instant).
  explicit SystemClock(Instant not_before = Instant::min());
  [[nodiscard]] Instant now() const override;
  [[nodiscard]] std::chrono::steady_clock::time_point steady_at(Instant t) const override;

 private:
  const std::chrono::steady_clock::time_point steady_start_;
  const Instant start_;
};

// A clock that stands until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = rules::at_ms(1'800'000'000'000)) : now_ms_(rules::to_ms(start)) {}
  [[nodiscard]] Instant now() const override { return rules::at_ms(now_ms_.load()); }
  [[nodiscard]] std::chrono::steady_clock::time_point steady_at(Instant t) const override;
  void advance(Duration by) { now_ms_ += by.count(); }
  // t before now() is a programming error of the test.
  void set(Instant t) { now_ms_ = rules::to_ms(t); }

 private:
  std::atomic<std::int64_t> now_ms_;
};

// "2026-11-21T21:40:00.123Z", and back; nullopt for anything but that form (fraction optional) or a bare date, its
// midnight UTC.
[[nodiscard]] std::string format_utc(Instant t);
[[nodiscard]] std::optional<Instant> parse_utc(std::string_view text);

}  // namespace beckon::base

// Time as the rules know it: an instant is an argument, never read from a clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace beckon::rules {

using Duration = std::chrono::milliseconds;
// Milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
using Instant = std::chrono::time_point<std::chrono::system_clock, Duration>;

// "No such instant": later than every other.
inline constexpr Instant kNever = Instant::max();

constexpr Instant at_ms(std::int64_t epoch_ms) { return Instant(Duration(epoch_ms)); }
constexpr std::int64_t to_ms(Instant t) { return t.time_since_epoch().count(); }

}  // namespace beckon::rules

// Keys of the append-only tables: an instant, and a number that tells the rows of one instant apart. Worked example:
// the first row at t = 5 ms has key 5 · 2^21 = 10485760, and all rows of 5 ms lie in [10485760, 12582912).
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/clock.hpp"

namespace beckon::store {

inline constexpr int kKeyShift = 21;                                       // two million rows an instant
inline constexpr std::int64_t kKeysPerInstant = std::int64_t{1} << kKeyShift;
// In the year 2109; later instants count as this one.
inline constexpr std::int64_t kMaxKeyMs = (std::int64_t{1} << 42) - 1;

// The first key of an instant; instants before 1970 count as 1970.
[[nodiscard]] constexpr std::int64_t first_key(base::Instant t) {
  return std::clamp<std::int64_t>(rules::to_ms(t), 0, kMaxKeyMs) << kKeyShift;
}
inline constexpr std::int64_t kEndOfKeys = INT64_MAX;                    // behind every key that is given
// The first key that a span until `t` (excluded) does not hold.
[[nodiscard]] constexpr std::int64_t end_key(base::Instant t) { return t == base::kNever ? kEndOfKeys : first_key(t); }
[[nodiscard]] constexpr base::Instant instant_of(std::int64_t key) { return rules::at_ms(key >> kKeyShift); }

}  // namespace beckon::store

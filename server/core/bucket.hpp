// A token bucket: so much a second on average, so much at once.
#pragma once

#include <algorithm>
#include <chrono>

#include "base/clock.hpp"

namespace beckon::core {

// Thread safety: none.
class Bucket {
 public:
  // Full at `now`.
  Bucket(double burst, base::Instant now) : tokens_(burst), filled_(now) {}

  // Takes `amount` when it is there. A rate of 0 does not limit.
  [[nodiscard]] bool take(double amount, double per_second, double burst, base::Instant now) {
    if (per_second <= 0) return true;
    const double seconds = std::chrono::duration<double>(now - filled_).count();
    tokens_ = std::min(burst, tokens_ + seconds * per_second);
    filled_ = now;
    if (tokens_ < amount) return false;
    tokens_ -= amount;
    return true;
  }

 private:
  double tokens_;
  base::Instant filled_;
};

}  // namespace beckon::core

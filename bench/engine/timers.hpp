// Moving one of a million pending timers: the engine's wheel against std::multimap.
#pragma once

namespace beckon::bench {

struct TimerTimes {
  double wheel_ns = 0, multimap_ns = 0;  // medians
};

[[nodiscard]] TimerTimes time_timers(int passes);

}  // namespace beckon::bench

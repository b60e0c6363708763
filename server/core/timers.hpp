// The one timer structure of a shard: rule deadlines, time-outs of connections and pings all stand in one wheel, and the
// shard's host sleeps until the earliest. Layers above put their own alarms into it too.
//
// Thread safety: none; it belongs to the shard's thread.
#pragma once

#include <algorithm>

#include "base/clock.hpp"
#include "beckon/rules/timers.hpp"

namespace beckon::core {

// A timer with something to do. Derive, and keep the object at one address while it is set; a destroyed alarm is cancelled.
class Alarm : public rules::Timer {
 public:
  virtual ~Alarm() = default;
  // The alarm has been taken out of the wheel; `due` is the instant it was set for, which may be earlier than now. It may be
  // set again from here, and may destroy itself.
  virtual void ring(base::Instant due) = 0;
};

class Timers {
 public:
  explicit Timers(base::Instant start) : wheel_(start) {}

  // Sets or moves; kNever cancels.
  void set(Alarm& alarm, base::Instant due) {
    withdraw(alarm);
    wheel_.set(alarm, due);
    next_ = std::min(next_, due);
  }
  void cancel(Alarm& alarm) {
    withdraw(alarm);
    wheel_.cancel(alarm);
  }

  // The earliest instant at which something is due; kNever when nothing is. It may be that of an alarm that was destroyed
  // meanwhile, until run_due() is called at it.
  [[nodiscard]] base::Instant next() {
    if (!next_known_) next_ = wheel_.next();
    next_known_ = true;
    return next_;
  }
  // Rings everything that is due at or before t, in order of time, then of setting.
  void run_due(base::Instant t) {
    if (t < next()) return;
    while (rules::Timer* timer = wheel_.take_due(t)) static_cast<Alarm*>(timer)->ring(timer->due());
    next_known_ = false;
  }
  [[nodiscard]] std::size_t size() const { return wheel_.size(); }

 private:
  // Takes the alarm's instant out of what is known.
  void withdraw(const Alarm& alarm) {
    if (alarm.is_set() && alarm.due() == next_) next_known_ = false;
  }

  rules::TimerWheel wheel_;
  // The host asks after every call, and the wheel would look through a slot that all connections of a while share.
  base::Instant next_ = base::kNever;
  bool next_known_ = true;
};

}  // namespace beckon::core

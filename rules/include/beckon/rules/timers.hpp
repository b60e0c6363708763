// One timer structure for many visitors: a hierarchical timing wheel of milliseconds. Setting, moving and cancelling take
// constant time; what is due comes out in order of time, then of setting.
//
// Thread safety: none; it belongs to one thread.
#pragma once

#include <cstdint>
#include <vector>

#include "beckon/rules/time.hpp"

namespace beckon::rules {

// A timer's place in the wheel. Its owner embeds it and keeps it at one address while it is set; a Timer that is destroyed
// takes itself out. `owner` is whatever the host wants to find again when the timer is due.
class Timer {
 public:
  explicit Timer(void* owner = nullptr) : owner_(owner) {}
  ~Timer();
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  [[nodiscard]] bool is_set() const { return wheel_ != nullptr; }
  [[nodiscard]] Instant due() const { return due_; }
  [[nodiscard]] void* owner() const { return owner_; }

 private:
  friend class TimerWheel;
  void* owner_;
  class TimerWheel* wheel_ = nullptr;
  Timer* next_ = nullptr;
  Timer** link_ = nullptr;  // what points to this timer
  Instant due_ = kNever;
  std::uint64_t order_ = 0;
  std::uint16_t slot_ = 0;
};

class TimerWheel {
 public:
  // Nothing may be set before `start`; an earlier instant counts as due at once.
  explicit TimerWheel(Instant start);
  ~TimerWheel();
  TimerWheel(const TimerWheel&) = delete;
  TimerWheel& operator=(const TimerWheel&) = delete;

  // Sets or moves; kNever cancels.
  void set(Timer& timer, Instant due);
  void cancel(Timer& timer);

  // No timer is due before this instant; kNever when none is set. Exact: a host that sleeps until then wakes for a timer.
  // Not const: timers that were moved to later may be filed anew.
  [[nodiscard]] Instant next();

  // Takes out the earliest timer that is due at or before `t`, or returns nullptr. Call until nullptr: a timer set meanwhile
  // comes out too when it is due.
  [[nodiscard]] Timer* take_due(Instant t);

  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  friend class Timer;
  struct Level;
  static constexpr int kLevels = 7;
  static constexpr int kSlotBits = 6;
  static constexpr int kSlots = 1 << kSlotBits;
  void insert(Timer& timer);
  void unlink(Timer& timer);
  void cascade(int level, int slot);
  void advance(std::int64_t ms);
  [[nodiscard]] int lowest_level() const;  // with something in it; kLevels: none
  [[nodiscard]] std::int64_t begin_of(int level, int slot) const;
  std::int64_t now_ms_;
  std::size_t size_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t occupied_[kLevels] = {};
  Timer* slots_[kLevels][kSlots] = {};
  Timer* overflow_ = nullptr;
};

}  // namespace beckon::rules

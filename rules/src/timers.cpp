#include "beckon/rules/timers.hpp"

#include <algorithm>
#include <bit>
#include <utility>

namespace beckon::rules {

// Level l holds what is due within 64^(l+1) ms of now, in slots of 64^l ms. A slot of a higher level is spread over the lower
// ones when now reaches it. A timer that is moved to later stays in its slot and is filed anew when that is looked at: most
// timers are moved again before. next() looks into the first occupied slot of the lowest occupied level, which holds the
// earliest unless all in it were moved.

Timer::~Timer() {
  if (wheel_) wheel_->cancel(*this);
}

TimerWheel::TimerWheel(Instant start) : now_ms_(to_ms(start)) {}

TimerWheel::~TimerWheel() {
  const auto forget = [](Timer* timer) {
    while (timer) {
      timer->wheel_ = nullptr;
      timer = timer->next_;
    }
  };
  for (auto& level : slots_) {
    for (Timer* head : level) forget(head);
  }
  forget(overflow_);
}

void TimerWheel::set(Timer& timer, Instant due) {
  if (timer.wheel_) {
    if (timer.due_ == due) return;
    if (due > timer.due_ && due != kNever) {
      timer.due_ = due;
      timer.order_ = ++order_;
      return;
    }
    unlink(timer);
    --size_;
    timer.wheel_ = nullptr;
  }
  if (due == kNever) return;
  timer.wheel_ = this;
  timer.due_ = due;
  timer.order_ = ++order_;
  ++size_;
  insert(timer);
}

void TimerWheel::cancel(Timer& timer) {
  if (!timer.wheel_) return;
  unlink(timer);
  timer.wheel_ = nullptr;
  --size_;
}

void TimerWheel::insert(Timer& timer) {
  const std::int64_t due = std::max(to_ms(timer.due_), now_ms_);
  const std::uint64_t differs = static_cast<std::uint64_t>(due ^ now_ms_);
  const int level = differs == 0 ? 0 : (63 - std::countl_zero(differs)) / kSlotBits;
  Timer** head;
  if (level >= kLevels) {
    head = &overflow_;
    timer.slot_ = 0xffff;
  } else {
    const int slot = static_cast<int>((due >> (level * kSlotBits)) & (kSlots - 1));
    head = &slots_[level][slot];
    occupied_[level] |= std::uint64_t{1} << slot;
    timer.slot_ = static_cast<std::uint16_t>(level * kSlots + slot);
  }
  timer.next_ = *head;
  timer.link_ = head;
  if (timer.next_) timer.next_->link_ = &timer.next_;
  *head = &timer;
}

void TimerWheel::unlink(Timer& timer) {
  *timer.link_ = timer.next_;
  if (timer.next_) timer.next_->link_ = timer.link_;
  if (timer.slot_ != 0xffff) {
    const int level = timer.slot_ / kSlots, slot = timer.slot_ % kSlots;
    if (!slots_[level][slot]) occupied_[level] &= ~(std::uint64_t{1} << slot);
  }
}

void TimerWheel::cascade(int level, int slot) {
  Timer* timer = slots_[level][slot];
  slots_[level][slot] = nullptr;
  occupied_[level] &= ~(std::uint64_t{1} << slot);
  while (timer) {
    Timer* next = timer->next_;
    insert(*timer);
    timer = next;
  }
}

int TimerWheel::lowest_level() const {
  int level = 0;
  while (level < kLevels && !occupied_[level]) ++level;
  return level;
}

std::int64_t TimerWheel::begin_of(int level, int slot) const {
  const std::int64_t width = std::int64_t{1} << (level * kSlotBits);
  return (now_ms_ & ~((width << kSlotBits) - 1)) + slot * width;
}

// Time goes on. Where it leaves the wheel's whole span, timers that were beyond it may have their place in the wheel now.
void TimerWheel::advance(std::int64_t ms) {
  const std::int64_t before = now_ms_;
  now_ms_ = std::max(now_ms_, ms);
  if ((before ^ now_ms_) >> (kLevels * kSlotBits) == 0) return;
  Timer* timer = std::exchange(overflow_, nullptr);
  while (timer) {
    Timer* after = timer->next_;
    insert(*timer);
    timer = after;
  }
}

Instant TimerWheel::next() {
  if (size_ == 0) return kNever;
  for (int level = lowest_level(); level < kLevels; level = lowest_level()) {
    const int slot = std::countr_zero(occupied_[level]);
    Instant earliest = kNever;
    for (const Timer* timer = slots_[level][slot]; timer; timer = timer->next_) earliest = std::min(earliest, timer->due_);
    if (to_ms(earliest) < begin_of(level, slot) + (std::int64_t{1} << (level * kSlotBits))) return earliest;
    cascade(level, slot);  // all were moved to later
  }
  Instant earliest = kNever;
  for (const Timer* timer = overflow_; timer; timer = timer->next_) earliest = std::min(earliest, timer->due_);
  return earliest;
}

Timer* TimerWheel::take_due(Instant t) {
  const std::int64_t target = to_ms(t);
  while (size_ > 0) {
    const int level = lowest_level();
    if (level == kLevels) {  // all beyond the wheel: move it there
      const Instant earliest = next();
      if (earliest > t) break;
      advance(to_ms(earliest));
      continue;
    }
    const int slot = std::countr_zero(occupied_[level]);
    const std::int64_t begin = begin_of(level, slot);
    if (begin > target) break;
    advance(begin);
    if (level > 0) {
      cascade(level, slot);
      continue;
    }
    // One millisecond: all of this slot are due at the same instant, or overdue, or were moved to later.
    Timer* first = nullptr;
    for (Timer* timer = slots_[0][slot]; timer; timer = timer->next_) {
      if (to_ms(timer->due_) > begin) continue;
      if (!first || timer->due_ < first->due_ || (timer->due_ == first->due_ && timer->order_ < first->order_)) first = timer;
    }
    if (!first) {
      cascade(level, slot);
      continue;
    }
    cancel(*first);
    return first;
  }
  // What is left begins behind t, so its slots stay right when now moves up to t.
  if (t != kNever) advance(target);
  return nullptr;
}

}  // namespace beckon::rules

#include "beckon/rules/timers.hpp"

#include <algorithm>
#include <bit>

namespace beckon::rules {

// Level l holds what is due within 64^(l+1) ms of now, in slots of 64^l ms. A slot of a higher level is spread over the lower
// ones when now reaches it. next() looks into one slot per level only, because the first occupied slot of the lowest
// occupied level holds the earliest.

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

Instant TimerWheel::next() const {
  if (size_ == 0) return kNever;
  for (int level = 0; level < kLevels; ++level) {
    if (!occupied_[level]) continue;
    const int slot = std::countr_zero(occupied_[level]);
    Instant earliest = kNever;
    for (const Timer* timer = slots_[level][slot]; timer; timer = timer->next_) earliest = std::min(earliest, timer->due_);
    return earliest;
  }
  Instant earliest = kNever;
  for (const Timer* timer = overflow_; timer; timer = timer->next_) earliest = std::min(earliest, timer->due_);
  return earliest;
}

Timer* TimerWheel::take_due(Instant t) {
  const std::int64_t target = to_ms(t);
  while (size_ > 0) {
    int level = 0;
    while (level < kLevels && !occupied_[level]) ++level;
    if (level == kLevels) {  // all beyond the wheel: move it there
      const Instant earliest = next();
      if (earliest > t) break;
      now_ms_ = std::max(now_ms_, to_ms(earliest));
      Timer* timer = overflow_;
      overflow_ = nullptr;
      while (timer) {
        Timer* after = timer->next_;
        insert(*timer);
        timer = after;
      }
      continue;
    }
    const int slot = std::countr_zero(occupied_[level]);
    if (level > 0) {
      const std::int64_t width = std::int64_t{1} << (level * kSlotBits);
      const std::int64_t span = width << kSlotBits;
      const std::int64_t begin = (now_ms_ & ~(span - 1)) + slot * width;
      if (begin > target) break;
      now_ms_ = std::max(now_ms_, begin);
      cascade(level, slot);
      continue;
    }
    // One millisecond: all of this slot are due at the same instant, or overdue.
    Timer* first = slots_[0][slot];
    for (Timer* timer = first->next_; timer; timer = timer->next_) {
      if (timer->due_ < first->due_ || (timer->due_ == first->due_ && timer->order_ < first->order_)) first = timer;
    }
    const std::int64_t due = std::max(to_ms(first->due_), now_ms_);
    if (due > target) break;
    now_ms_ = due;
    cancel(*first);
    return first;
  }
  // What is left begins behind t, so its slots stay right when now moves up to t.
  if (t != kNever) now_ms_ = std::max(now_ms_, target);
  return nullptr;
}

}  // namespace beckon::rules

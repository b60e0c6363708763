#include "beckon/rules/calendar.hpp"

namespace beckon::rules {
namespace {

constexpr std::int64_t kHourMs = 3'600'000;

class UtcCalendar final : public Calendar {
 public:
  [[nodiscard]] LocalTime local(Instant t) const override {
    const std::int64_t hours = std::chrono::floor<std::chrono::hours>(t.time_since_epoch()).count();
    const std::int64_t days = std::chrono::floor<std::chrono::days>(t.time_since_epoch()).count();
    const std::int64_t weekday = ((days + 3) % 7 + 7) % 7;  // 1970-01-01 was a Thursday
    return {static_cast<int>(hours - days * 24), static_cast<Weekday>(weekday), true};
  }
  [[nodiscard]] Instant next_change(Instant t) const override {
    const std::int64_t hours = std::chrono::floor<std::chrono::hours>(t.time_since_epoch()).count();
    return at_ms((hours + 1) * kHourMs);
  }
};

}  // namespace

const Calendar& utc_calendar() {
  static const UtcCalendar calendar;
  return calendar;
}

}  // namespace beckon::rules

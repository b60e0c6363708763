// The site's wall clock and opening hours. The engine has no time zones of its own; its host lends it a calendar.
#pragma once

#include "beckon/rules/time.hpp"

namespace beckon::rules {

enum class Weekday : std::uint8_t { kMon, kTue, kWed, kThu, kFri, kSat, kSun };

struct LocalTime {
  int hour = 0;  // 0–23
  Weekday weekday = Weekday::kMon;
  bool open = true;
};

// Thread safety: implementations are immutable and may be shared by threads.
class Calendar {
 public:
  virtual ~Calendar() = default;
  [[nodiscard]] virtual LocalTime local(Instant t) const = 0;
  // The earliest instant after t at which local() differs from local(t); kNever when none within a year.
  [[nodiscard]] virtual Instant next_change(Instant t) const = 0;
};

// UTC, always open: what is taken where no site says otherwise.
[[nodiscard]] const Calendar& utc_calendar();

}  // namespace beckon::rules

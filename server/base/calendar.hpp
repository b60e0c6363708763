// A site's wall clock and opening hours, as the rules see them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "beckon/rules/calendar.hpp"

namespace beckon::base {

// A day of the site's calendar, without a time zone.
struct LocalDate {
  int year = 1970;
  unsigned month = 1, day = 1;
  friend auto operator<=>(const LocalDate&, const LocalDate&) = default;
};
// "2026-12-25"; nullopt for anything else and for days that do not exist.
[[nodiscard]] std::optional<LocalDate> parse_date(std::string_view text);

// Open from `from` (included) until `to` (excluded), in minutes from midnight: 0 ≤ from < to ≤ 1440. "24:00" is 1440.
struct OpenSpan {
  int from = 0, to = 0;
  friend bool operator==(const OpenSpan&, const OpenSpan&) = default;
};
// "09:30" in minutes from midnight, "24:00" included; nullopt for anything else.
[[nodiscard]] std::optional<int> parse_minute_of_day(std::string_view text);

struct OpeningHours {
  bool always = true;                                // no hours are said; `days` do not count then, holidays do
  std::array<std::vector<OpenSpan>, 7> days;         // from Monday; spans in order, not overlapping; none: closed
  std::set<LocalDate> holidays;                      // closed the whole day
};

// Whether the time zone database of this machine knows the name ("Europe/Paris").
[[nodiscard]] bool is_time_zone(std::string_view name);

// A calendar for that zone and those hours. Where clocks are set forward, the missing local times do not occur: hours
// that begin within them begin at the jump. Where they are set back, the repeated times are open or closed both times.
// nullptr when the zone is not known.
[[nodiscard]] std::unique_ptr<rules::Calendar> make_calendar(std::string_view time_zone, OpeningHours hours);

}  // namespace beckon::base

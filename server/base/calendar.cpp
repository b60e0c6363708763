#include "base/calendar.hpp"

#include <date/tz.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

namespace beckon::base {
namespace {

using rules::Instant;
using rules::LocalTime;
using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr int kMinutesPerDay = 24 * 60;
constexpr days kHorizon{366};  // next_change looks no further

using LocalSeconds = date::local_time<seconds>;
using LocalDays = date::local_time<days>;

std::optional<int> two_digits(std::string_view text) {
  if (text.size() != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') return std::nullopt;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

class ZonedCalendar final : public rules::Calendar {
 public:
  ZonedCalendar(const date::time_zone& zone, OpeningHours opening) : zone_(zone), opening_(std::move(opening)) {}

  LocalTime local(Instant t) const override {
    const auto info = zone_.get_info(date::floor<seconds>(t));
    return at(local_seconds(t, info.offset));
  }

  // Within a stretch of one UTC offset local time runs evenly, so changes can only be where an hour begins, where
  // opening hours begin or end, and where the stretch ends. Every one of those is tried in order.
  Instant next_change(Instant t) const override {
    const LocalTime now = local(t);
    const Instant last = t + kHorizon;
    Instant from = t;
    while (from < last) {
      const date::sys_info stretch = zone_.get_info(date::floor<seconds>(from));
      const Instant end = std::min<Instant>(std::chrono::time_point_cast<rules::Duration>(
                                                std::min(stretch.end, date::floor<seconds>(last))), last);
      const Instant found = next_change_within(from, end, stretch.offset, now);
      if (found != rules::kNever) return found;
      if (end >= last) break;
      if (!same(local(end), now)) return end;
      from = end;
    }
    return rules::kNever;
  }

 private:
  static LocalSeconds local_seconds(Instant t, seconds offset) {
    return LocalSeconds((date::floor<seconds>(t) + offset).time_since_epoch());
  }

  static bool same(const LocalTime& a, const LocalTime& b) {
    return a.hour == b.hour && a.weekday == b.weekday && a.open == b.open;
  }

  LocalTime at(LocalSeconds local) const {
    const LocalDays day = date::floor<days>(local);
    const seconds of_day = local - day;
    LocalTime out;
    out.hour = static_cast<int>(std::chrono::duration_cast<hours>(of_day).count());
    out.weekday = static_cast<rules::Weekday>(date::weekday(day).iso_encoding() - 1);
    out.open = is_open(day, static_cast<int>(std::chrono::duration_cast<minutes>(of_day).count()));
    return out;
  }

  bool is_open(LocalDays day, int minute) const {
    const date::year_month_day date(day);
    const LocalDate plain{static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                          static_cast<unsigned>(date.day())};
    if (opening_.holidays.contains(plain)) return false;
    if (opening_.always) return true;
    const auto& spans = opening_.days[date::weekday(day).iso_encoding() - 1];
    return std::any_of(spans.begin(), spans.end(),
                       [minute](const OpenSpan& s) { return s.from <= minute && minute < s.to; });
  }

  // The first minute after the given one at which an hour begins or opening hours of that day change.
  int next_edge(LocalDays day, int minute) const {
    int edge = (minute / 60 + 1) * 60;
    for (const OpenSpan& span : opening_.days[date::weekday(day).iso_encoding() - 1]) {
      if (span.from > minute) edge = std::min(edge, span.from);
      if (span.to > minute) edge = std::min(edge, span.to);
    }
    return std::min(edge, kMinutesPerDay);
  }

  Instant next_change_within(Instant from, Instant end, seconds offset, const LocalTime& now) const {
    LocalSeconds local = local_seconds(from, offset);
    for (;;) {
      const LocalDays day = date::floor<days>(local);
      const int minute = static_cast<int>(std::chrono::duration_cast<minutes>(local - day).count());
      local = day + minutes(next_edge(day, minute));
      const Instant t{std::chrono::duration_cast<rules::Duration>(local.time_since_epoch() - offset)};
      if (t >= end) return rules::kNever;
      if (!same(at(local), now)) return t;
    }
  }

  const date::time_zone& zone_;
  const OpeningHours opening_;
};

const date::time_zone* find_zone(std::string_view name) {
  try {
    return date::locate_zone(std::string(name));
  } catch (const std::exception&) {  // a name that is not known, or no database on this machine
    return nullptr;
  }
}

}  // namespace

std::optional<LocalDate> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto century = two_digits(text.substr(0, 2)), year = two_digits(text.substr(2, 2));
  const auto month = two_digits(text.substr(5, 2)), day = two_digits(text.substr(8, 2));
  if (!century || !year || !month || !day) return std::nullopt;
  const LocalDate out{*century * 100 + *year, static_cast<unsigned>(*month), static_cast<unsigned>(*day)};
  const std::chrono::year_month_day date{std::chrono::year(out.year), std::chrono::month(out.month),
                                         std::chrono::day(out.day)};
  if (!date.ok()) return std::nullopt;
  return out;
}

std::optional<int> parse_minute_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = two_digits(text.substr(0, 2)), minute = two_digits(text.substr(3, 2));
  if (!hour || !minute || *minute > 59) return std::nullopt;
  const int total = *hour * 60 + *minute;
  if (total > kMinutesPerDay) return std::nullopt;
  return total;
}

bool is_time_zone(std::string_view name) { return find_zone(name) != nullptr; }

std::unique_ptr<rules::Calendar> make_calendar(std::string_view time_zone, OpeningHours hours) {
  const date::time_zone* zone = find_zone(time_zone);
  if (!zone) return nullptr;
  return std::make_unique<ZonedCalendar>(*zone, std::move(hours));
}

}  // namespace beckon::base

#include "base/calendar.hpp"

#include <catch2/catch.hpp>

#include "base/clock.hpp"

namespace beckon::base {
namespace {

using rules::Weekday;

Instant utc(std::string_view text) {
  const auto t = parse_utc(text);
  REQUIRE(t);
  return *t;
}

OpeningHours open_on_weekdays(std::vector<OpenSpan> spans) {
  OpeningHours hours;
  hours.always = false;
  for (std::size_t day = 0; day < 5; ++day) hours.days[day] = spans;
  return hours;
}

constexpr int minutes_of(int hour, int minute = 0) { return hour * 60 + minute; }

// Every change of (hour, weekday, open) from `from` to `to`, as next_change gives them.
std::vector<std::string> changes(const rules::Calendar& calendar, Instant from, Instant to) {
  std::vector<std::string> out;
  for (Instant t = calendar.next_change(from); t < to; t = calendar.next_change(t)) {
    const rules::LocalTime local = calendar.local(t);
    out.push_back(format_utc(t).substr(0, 16) + " " + std::to_string(local.hour) + (local.open ? " open" : " closed"));
  }
  return out;
}

TEST_CASE("calendar: local time is the zone's, in winter and in summer") {
  const auto paris = make_calendar("Europe/Paris", {});
  REQUIRE(paris);
  CHECK(paris->local(utc("2026-01-15T12:00:00Z")).hour == 13);
  CHECK(paris->local(utc("2026-07-15T12:00:00Z")).hour == 14);
  CHECK(paris->local(utc("2026-11-22T22:59:59.999Z")).weekday == Weekday::kSun);
  CHECK(paris->local(utc("2026-11-22T23:00:00Z")).weekday == Weekday::kMon);
  CHECK(paris->local(utc("2026-11-22T23:00:00Z")).hour == 0);
  CHECK(paris->local(utc("2026-01-15T12:00:00Z")).open);
}

TEST_CASE("calendar: an unknown zone makes none") {
  CHECK_FALSE(make_calendar("Europe/Pari", {}));
  CHECK_FALSE(make_calendar("", {}));
  CHECK_FALSE(is_time_zone("../etc/passwd"));
  CHECK(is_time_zone("UTC"));
}

TEST_CASE("calendar: opening hours begin and end to the millisecond, breaks included") {
  const auto paris = make_calendar(
      "Europe/Paris", open_on_weekdays({{minutes_of(9), minutes_of(12, 30)}, {minutes_of(14), minutes_of(18)}}));
  const auto open_at = [&](const char* t) { return paris->local(utc(t)).open; };
  // A Thursday in winter: local time is UTC + 1.
  CHECK_FALSE(open_at("2026-01-15T07:59:59.999Z"));
  CHECK(open_at("2026-01-15T08:00:00Z"));
  CHECK(open_at("2026-01-15T11:29:59.999Z"));
  CHECK_FALSE(open_at("2026-01-15T11:30:00Z"));
  CHECK(open_at("2026-01-15T13:00:00Z"));
  CHECK_FALSE(open_at("2026-01-15T17:00:00Z"));
  CHECK_FALSE(open_at("2026-01-17T10:00:00Z"));  // Saturday
}

TEST_CASE("calendar: the next change is an hour's begin, or opening hours within it") {
  const auto paris = make_calendar("Europe/Paris", open_on_weekdays({{minutes_of(9, 15), minutes_of(9, 45)}}));
  CHECK(changes(*paris, utc("2026-01-15T07:30:00Z"), utc("2026-01-15T10:00:00Z")) ==
        std::vector<std::string>{"2026-01-15T08:00 9 closed", "2026-01-15T08:15 9 open", "2026-01-15T08:45 9 closed",
                                 "2026-01-15T09:00 10 closed"});
  // Strictly after.
  CHECK(paris->next_change(utc("2026-01-15T08:00:00Z")) == utc("2026-01-15T08:15:00Z"));
  CHECK(paris->next_change(utc("2026-01-15T07:59:59.999Z")) == utc("2026-01-15T08:00:00Z"));
}

TEST_CASE("calendar: when clocks go forward an hour is missing, and hours that begin in it begin at the jump") {
  // Paris, Sunday 2026-03-29: 02:00 becomes 03:00, at 01:00 UTC.
  OpeningHours hours;
  hours.always = false;
  hours.days[6] = {{minutes_of(2, 30), minutes_of(4)}};
  const auto paris = make_calendar("Europe/Paris", hours);
  CHECK(changes(*paris, utc("2026-03-29T00:00:00Z"), utc("2026-03-29T03:00:00Z")) ==
        std::vector<std::string>{"2026-03-29T01:00 3 open", "2026-03-29T02:00 4 closed"});
}

TEST_CASE("calendar: when clocks go back an hour comes twice, open both times") {
  // Paris, Sunday 2026-10-25: 03:00 becomes 02:00, at 01:00 UTC.
  OpeningHours hours;
  hours.always = false;
  hours.days[6] = {{minutes_of(2, 15), minutes_of(2, 45)}};
  const auto paris = make_calendar("Europe/Paris", hours);
  CHECK(changes(*paris, utc("2026-10-24T23:30:00Z"), utc("2026-10-25T02:30:00Z")) ==
        std::vector<std::string>{"2026-10-25T00:00 2 closed", "2026-10-25T00:15 2 open", "2026-10-25T00:45 2 closed",
                                 "2026-10-25T01:15 2 open", "2026-10-25T01:45 2 closed", "2026-10-25T02:00 3 closed"});
}

TEST_CASE("calendar: clocks that go back across an opening close again") {
  // Paris, 2026-10-25: open from 02:30 to 05:00. At 01:00 UTC it is 02:00 again, and closed.
  OpeningHours hours;
  hours.always = false;
  hours.days[6] = {{minutes_of(2, 30), minutes_of(5)}};
  const auto paris = make_calendar("Europe/Paris", hours);
  CHECK(changes(*paris, utc("2026-10-25T00:00:00Z"), utc("2026-10-25T02:00:00Z")) ==
        std::vector<std::string>{"2026-10-25T00:30 2 open", "2026-10-25T01:00 2 closed", "2026-10-25T01:30 2 open"});
}

TEST_CASE("calendar: zones of half hours, and jumps of half an hour") {
  const auto lord_howe = make_calendar("Australia/Lord_Howe", {});  // UTC + 10:30, + 11 in summer
  CHECK(lord_howe->local(utc("2026-06-01T13:29:59Z")).hour == 23);
  CHECK(lord_howe->next_change(utc("2026-06-01T13:00:00Z")) == utc("2026-06-01T13:30:00Z"));
  // 2026-04-05: 02:00 becomes 01:30, at 15:00 UTC of the day before.
  CHECK(changes(*lord_howe, utc("2026-04-04T13:30:00Z"), utc("2026-04-04T16:00:00Z")) ==
        std::vector<std::string>{"2026-04-04T14:00 1 open", "2026-04-04T15:30 2 open"});
}

TEST_CASE("calendar: a holiday is closed all day, also where no hours are said") {
  OpeningHours hours;
  hours.holidays = {*parse_date("2026-12-25")};
  const auto paris = make_calendar("Europe/Paris", hours);
  CHECK(paris->local(utc("2026-12-24T22:59:59.999Z")).open);
  CHECK_FALSE(paris->local(utc("2026-12-24T23:00:00Z")).open);
  CHECK_FALSE(paris->local(utc("2026-12-25T22:59:59.999Z")).open);
  CHECK(paris->local(utc("2026-12-25T23:00:00Z")).open);
}

TEST_CASE("calendar: next_change agrees with local at every minute of a year") {
  const char* zone = GENERATE("Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC");
  const auto calendar =
      make_calendar(zone, open_on_weekdays({{0, minutes_of(0, 20)}, {minutes_of(9, 5), minutes_of(24)}}));
  Instant t = utc("2026-01-01");
  const Instant end = utc("2027-01-01");
  Instant change = calendar->next_change(t);
  rules::LocalTime before = calendar->local(t);
  int wrong = 0;
  for (t += std::chrono::minutes(1); t < end; t += std::chrono::minutes(1)) {
    const rules::LocalTime now = calendar->local(t);
    const bool differs = now.hour != before.hour || now.weekday != before.weekday || now.open != before.open;
    if (differs != (t == change)) ++wrong;
    if (t == change) change = calendar->next_change(t);
    before = now;
  }
  CHECK(wrong == 0);
}

TEST_CASE("calendar: days and times are read strictly") {
  CHECK(parse_date("2024-02-29") == LocalDate{2024, 2, 29});
  for (const char* text : {"2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-01-01T00:00", "", "2026/01/01"}) {
    CHECK_FALSE(parse_date(text));
  }
  CHECK(parse_minute_of_day("00:00") == 0);
  CHECK(parse_minute_of_day("24:00") == 1440);
  for (const char* text : {"24:01", "9:00", "09:60", "0900", "", "-1:00"}) CHECK_FALSE(parse_minute_of_day(text));
}

}  // namespace
}  // namespace beckon::base

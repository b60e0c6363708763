#include "base/clock.hpp"

#include <algorithm>
#include <cstdio>

namespace beckon::base {
namespace {

Instant wall_now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

// Reads exactly `digits` digits and moves on; nullopt when they are not there.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (char c : text.substr(0, digits)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

// The fraction behind a '.', in milliseconds; further digits are cut.
std::optional<int> take_fraction(std::string_view& text) {
  int ms = 0;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
    if (digits < 3) ms = ms * 10 + (text[digits] - '0');
  }
  if (digits == 0 || digits > 9) return std::nullopt;
  for (std::size_t i = digits; i < 3; ++i) ms *= 10;
  text.remove_prefix(digits);
  return ms;
}

// "T21:40:00.123Z" as a time of day; nullopt when it is not that.
std::optional<Duration> take_time_of_day(std::string_view text) {
  if (!take(text, 'T')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute || *minute > 59 || !take(text, ':')) return std::nullopt;
  const auto second = take_number(text, 2);
  if (!second || *second > 59) return std::nullopt;
  int ms = 0;
  if (take(text, '.')) {
    const auto fraction = take_fraction(text);
    if (!fraction) return std::nullopt;
    ms = *fraction;
  }
  if (text != "Z") return std::nullopt;
  return std::chrono::hours(*hour) + std::chrono::minutes(*minute) + std::chrono::seconds(*second) + Duration(ms);
}

}  // namespace

SystemClock::SystemClock(Instant not_before)
    : steady_start_(std::chrono::steady_clock::now()), start_(std::max(wall_now(), not_before)) {}

Instant SystemClock::now() const {
  return start_ + std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - steady_start_);
}

std::chrono::steady_clock::time_point SystemClock::steady_at(Instant t) const {
  if (t == kNever) return std::chrono::steady_clock::time_point::max();
  return steady_start_ + (t - start_);
}

std::chrono::steady_clock::time_point ManualClock::steady_at(Instant t) const {
  if (t == kNever) return std::chrono::steady_clock::time_point::max();
  return std::chrono::steady_clock::time_point(t.time_since_epoch());
}

std::string format_utc(Instant t) {
  const auto day = std::chrono::floor<std::chrono::days>(t);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(t - day);
  char text[48];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

std::optional<Instant> parse_utc(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  const Instant midnight{std::chrono::sys_days(date)};
  if (text.empty()) return midnight;
  const auto time = take_time_of_day(text);
  if (!time) return std::nullopt;
  return midnight + *time;
}

}  // namespace beckon::base

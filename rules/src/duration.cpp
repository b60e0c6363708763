#include <charconv>
#include <limits>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t ms;
};
// From long to short: the order in which a duration names them.
constexpr Unit kUnits[] = {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}};

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!text.empty()) {
    std::int64_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{} || text.front() == '-') return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
    while (next_unit < std::size(kUnits) && kUnits[next_unit].name != name) ++next_unit;
    if (next_unit == std::size(kUnits)) return std::nullopt;
    const std::int64_t unit_ms = kUnits[next_unit++].ms;
    if (count > (kMaxDuration.count() - total) / unit_ms) return std::nullopt;
    total += count * unit_ms;
    text.remove_prefix(name.size());
  }
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string out;
  if (rest < 0) {
    out = "-";
    rest = rest == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : -rest;
  }
  for (const Unit& unit : kUnits) {
    if (const std::int64_t count = rest / unit.ms; count > 0) {
      out += std::to_string(count);
      out += unit.name;
      rest -= count * unit.ms;
    }
  }
  return out;
}

}  // namespace beckon::rules

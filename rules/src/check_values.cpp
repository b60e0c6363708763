#include "check_values.hpp"

#include <algorithm>
#include <cmath>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_file.hpp"
#include "source_line.hpp"
#include "beckon/rules/suggest.hpp"

namespace beckon::rules {
namespace {

constexpr std::string_view kDurationHint = "a duration is written like \"500ms\", \"45s\", \"1h30m\" or \"7d\"";

std::string in_words(double value) {
  std::string digits = std::to_string(value);
  digits.erase(digits.find_last_not_of('0') + 1);
  if (digits.back() == '.') digits.pop_back();
  return digits;
}

// What a bare number of seconds would be as a duration: 45 is "45s", 1.5 is "1s500ms".
std::string duration_hint(const json::Value& value) {
  const auto seconds = value.number();
  if (!seconds || *seconds < 0 || *seconds > 1e9) return std::string(kDurationHint);
  return "write \"" + format_duration(Duration(std::llround(*seconds * 1000))) + "\"";
}

// "1.5m" is "1m30s": a number with a fraction and one unit.
std::string duration_of_fraction(std::string_view text) {
  const std::size_t unit = text.find_first_not_of("0123456789.");
  if (unit == std::string_view::npos || unit == 0) return {};
  const auto one = parse_duration("1" + std::string(text.substr(unit)));
  const auto number = json::to_double(text.substr(0, unit));
  if (!one || !number || *number <= 0 || *number > 1e6) return {};
  const Duration duration(std::llround(*number * static_cast<double>(one->count())));
  return duration.count() > 0 ? format_duration(duration) : std::string();
}

// What was probably meant by something that is no duration; empty when that is not clear.
std::string repaired_duration(std::string_view text) {
  std::string compact;
  for (const char c : text) {
    if (c != ' ') compact += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  constexpr std::pair<std::string_view, std::string_view> kUnits[] = {
      {"milliseconds", "ms"}, {"seconds", "s"}, {"second", "s"}, {"secs", "s"}, {"sec", "s"},
      {"minutes", "m"},       {"minute", "m"},  {"mins", "m"},   {"min", "m"},  {"hours", "h"},
      {"hour", "h"},          {"hrs", "h"},     {"days", "d"},   {"day", "d"}};
  for (const auto& [from, to] : kUnits) {
    if (compact.ends_with(from)) {
      compact.replace(compact.size() - from.size(), from.size(), to);
      break;
    }
  }
  if (!compact.empty() && compact.find_first_not_of("0123456789") == std::string::npos) compact += 's';
  if (const auto weeks = compact.find('w'); weeks != std::string::npos && weeks + 1 == compact.size() && weeks <= 3) {
    if (compact.find_first_not_of("0123456789") == weeks && weeks > 0) {
      compact = std::to_string(std::stoi(compact) * 7) + "d";
    }
  }
  return parse_duration(compact) ? compact : duration_of_fraction(compact);
}

// A duration in form, and beyond what is accepted.
bool is_too_long(std::string_view text) {
  const std::size_t unit = text.find_first_not_of("0123456789");
  return unit != std::string_view::npos && unit > 0 && parse_duration("1" + std::string(text.substr(unit)));
}

}  // namespace

bool expect(Report& report, const json::Value& value, json::Type type) {
  if (value.is(type)) return true;
  expected(report, value, json::name_of(type));
  return false;
}

void expected(Report& report, const json::Value& value, std::string_view expectation, std::string hint) {
  report.error("wrong-type", range_of(value),
               "expected " + std::string(expectation) + ", found " + std::string(json::name_of(value.type())),
               std::move(hint));
}

void missing(Report& report, const json::Value& object, std::string_view what, std::string_view key, std::string hint) {
  report.error("missing-key", opening_of(object), std::string(what) + " needs \"" + std::string(key) + "\"",
               std::move(hint));
}

void unknown_key(Report& report, const json::Value& member, std::string_view what,
                 std::span<const std::string_view> known) {
  std::string_view meant = synonym_of(member.name());
  if (std::find(known.begin(), known.end(), meant) == known.end()) meant = nearest(member.name(), known);
  report.error("unknown-key", report.key_range(member), std::string(what) + " has no key " + quoted(member.name()),
               meant.empty() ? "known here: " + list_of(known) : did_you_mean(meant));
}

std::optional<bool> read_bool(Report& report, const json::Value& value) {
  if (value.is(json::Type::kBool)) return value.boolean();
  const bool word = value.is(json::Type::kString) && (value.string() == "true" || value.string() == "false");
  expected(report, value, "true or false", word ? "write " + std::string(value.string()) + " without quotes" : "");
  return std::nullopt;
}

std::optional<double> read_number(Report& report, const json::Value& value) {
  if (!value.is(json::Type::kNumber)) {
    const bool digits = value.is(json::Type::kString) && !value.string().empty() && json::to_double(value.string()) &&
                        value.string().find_first_not_of("0123456789.") == std::string_view::npos;
    expected(report, value, "a number", digits ? "write " + std::string(value.string()) + " without quotes" : "");
    return std::nullopt;
  }
  const auto number = value.number();
  if (!number) report.error("bad-number", range_of(value), "this number is too large");
  return number;
}

std::optional<double> read_number_in(Report& report, const json::Value& value, std::string_view what, double low,
                                     double high) {
  const auto number = read_number(report, value);
  if (!number || (*number >= low && *number <= high)) return number;
  // Percentages are what people write for shares.
  const bool percentage = low == 0 && high == 1 && *number > 1 && *number <= 100;
  const std::string bounds =
      std::isinf(high) ? "at least " + in_words(low) : "from " + in_words(low) + " to " + in_words(high);
  report.error("bad-number", range_of(value), "\"" + std::string(what) + "\" must be " + bounds,
               percentage ? "for " + in_words(*number) + " % write " + in_words(*number / 100) : "");
  return std::nullopt;
}

std::optional<std::int64_t> read_integer(Report& report, const json::Value& value, std::string_view what,
                                         std::int64_t low, std::int64_t high) {
  if (!read_number(report, value)) return std::nullopt;
  const auto integer = json::to_int64(value.digits());
  if (integer && *integer >= low && *integer <= high) return integer;
  report.error("bad-number", range_of(value),
               "\"" + std::string(what) + "\" must be a whole number from " + std::to_string(low) + " to " +
                   std::to_string(high));
  return std::nullopt;
}

std::optional<Duration> read_any_duration(Report& report, const json::Value& value) {
  if (value.is(json::Type::kNumber)) {
    report.error("bad-duration", range_of(value), "a bare number is no duration", duration_hint(value));
    return std::nullopt;
  }
  if (!value.is(json::Type::kString)) {
    expected(report, value, "a duration", std::string(kDurationHint));
    return std::nullopt;
  }
  const auto duration = parse_duration(value.string());
  if (!duration && is_too_long(value.string())) {
    report.error("bad-duration", range_of(value), quoted(value.string()) + " is too long",
                 "a duration is at most \"" + format_duration(kMaxDuration) + "\"");
  } else if (!duration) {
    const std::string repaired = repaired_duration(value.string());
    report.error("bad-duration", range_of(value), quoted(value.string()) + " is no duration",
                 repaired.empty() ? std::string(kDurationHint) : "write \"" + repaired + "\"");
  }
  return duration;
}

std::optional<Duration> read_duration(Report& report, const json::Value& value, std::string_view what) {
  const auto duration = read_any_duration(report, value);
  if (!duration || duration->count() > 0) return duration;
  report.error("bad-duration", range_of(value), "\"" + std::string(what) + "\" must be longer than nothing");
  return std::nullopt;
}

std::optional<std::string_view> read_text(Report& report, const json::Value& value, std::string_view what) {
  if (!expect(report, value, json::Type::kString)) return std::nullopt;
  if (value.string().find_first_not_of(" \t\r\n") != std::string_view::npos) return value.string();
  report.error("empty", range_of(value), "\"" + std::string(what) + "\" is empty");
  return std::nullopt;
}

bool check_name(Report& report, SourceRange where, std::string_view name, std::string_view what) {
  if (name.empty()) {
    report.error("empty", where, std::string(what) + " needs a name");
    return false;
  }
  if (name.size() > kMaxNameBytes) {
    report.error("bad-name", where,
                 std::string(what) + " has a name of at most " + std::to_string(kMaxNameBytes) +
                     " bytes, this one has " + std::to_string(name.size()));
    return false;
  }
  if (std::any_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; })) {
    report.error("bad-name", where, "a name has no control characters");
    return false;
  }
  return true;
}

std::optional<std::string_view> read_name(Report& report, const json::Value& value, std::string_view what) {
  if (!expect(report, value, json::Type::kString)) return std::nullopt;
  if (!check_name(report, range_of(value), value.string(), what)) return std::nullopt;
  return value.string();
}

std::optional<std::size_t> read_choice(Report& report, const json::Value& value, std::string_view what,
                                       std::span<const std::string_view> choices) {
  if (!value.is(json::Type::kString)) {
    expected(report, value, list_of(choices));
    return std::nullopt;
  }
  const auto at = std::find(choices.begin(), choices.end(), value.string());
  if (at != choices.end()) return static_cast<std::size_t>(at - choices.begin());
  const std::string_view meant = nearest(value.string(), choices);
  report.error("bad-value", range_of(value), "\"" + std::string(what) + "\" cannot be " + quoted(value.string()),
               meant.empty() ? "it is " + list_of(choices) : did_you_mean(meant));
  return std::nullopt;
}

std::string list_of(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += '"' + std::string(names[i]) + '"';
  }
  return out;
}

}  // namespace beckon::rules

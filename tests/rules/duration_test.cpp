#include <catch2/catch.hpp>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {
namespace {

using namespace std::chrono_literals;

TEST_CASE("Durations are read as rule files write them") {
  const std::pair<std::string_view, Duration> kCases[] = {{"500ms", 500ms},
                                                          {"45s", 45s},
                                                          {"2m", 2min},
                                                          {"1h30m", 90min},
                                                          {"7d", 168h},
                                                          {"0s", 0ms},
                                                          {"0ms", 0ms},
                                                          {"90s", 90s},
                                                          {"1d2h3m4s5ms", 24h + 2h + 3min + 4s + 5ms},
                                                          {"007s", 7s},
                                                          {"36500d", kMaxDuration},
                                                          {"1s500ms", 1500ms}};
  for (const auto& [text, expected] : kCases) {
    INFO(text);
    CHECK(parse_duration(text) == expected);
  }
}

TEST_CASE("Anything else is no duration") {
  for (const std::string_view text : {"",
                                      "45",
                                      "s",
                                      "ms",
                                      "45 s",
                                      " 45s",
                                      "45s ",
                                      "1.5s",
                                      "-1s",
                                      "+1s",
                                      "1S",
                                      "30m1h",
                                      "1s1s",
                                      "1w",
                                      "1sec",
                                      "1h-30m",
                                      "36501d",
                                      "36500d1ms",
                                      "9223372036854775807ms",
                                      "9223372036854775808ms",
                                      "99999999999999999999s",
                                      "1h30",
                                      "٤s"}) {
    INFO(text);
    CHECK(parse_duration(text) == std::nullopt);
  }
  CHECK(parse_duration(std::string_view("4\0s", 3)) == std::nullopt);
}

TEST_CASE("The shortest way to write a duration reads back the same") {
  const std::pair<Duration, std::string_view> kCases[] = {
      {0ms, "0s"},    {1ms, "1ms"},        {90s, "1m30s"}, {24h, "1d"},
      {36h, "1d12h"}, {1500ms, "1s500ms"}, {45s, "45s"},   {kMaxDuration, "36500d"}};
  for (const auto& [duration, text] : kCases) {
    CHECK(format_duration(duration) == text);
    CHECK(parse_duration(text) == duration);
  }
  CHECK(format_duration(-90s) == "-1m30s");
}

}  // namespace
}  // namespace beckon::rules

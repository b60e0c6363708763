#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "beckon/json/reader.hpp"

namespace beckon::json {
namespace {

TEST_CASE("digits become the nearest double") {
  CHECK(to_double("0") == 0.0);
  CHECK(to_double("-1.5") == -1.5);
  CHECK(to_double("0.1") == 0.1);
  CHECK(to_double("1E+05") == 100000.0);
  CHECK(to_double("18446744073709551616") == 18446744073709551616.0);
  CHECK(to_double("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(to_double("5e-324") == std::numeric_limits<double>::denorm_min());
}

TEST_CASE("numbers beyond a double are none, numbers too small for one are zero") {
  CHECK_FALSE(to_double("1e400"));
  CHECK_FALSE(to_double("-1e400"));
  CHECK_FALSE(to_double("1e99999999999999999999999"));
  CHECK(to_double("1e-400") == 0.0);
  CHECK(to_double("0.0000000001e-2147483639") == 0.0);
  CHECK(to_double("1e-99999999999999999999999") == 0.0);
  CHECK(std::signbit(*to_double("-1e-400")));
}

TEST_CASE("what is no number is none") {
  const auto* text = GENERATE("", "-", "abc", "1x", "1 ");
  CHECK_FALSE(to_double(text));
}

TEST_CASE("digits that write an integer become it, whatever their form") {
  CHECK(to_int64("3") == 3);
  CHECK(to_int64("-3") == -3);
  CHECK(to_int64("3.0") == 3);
  CHECK(to_int64("3e0") == 3);
  CHECK(to_int64("1.5e1") == 15);
  CHECK(to_int64("1200e-2") == 12);
  CHECK(to_int64("-0") == 0);
  CHECK(to_int64("0.000e5") == 0);
  CHECK(to_int64("1790000000000") == 1'790'000'000'000);
  CHECK(to_int64("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
  CHECK(to_int64("-9223372036854775808.0") == std::numeric_limits<std::int64_t>::min());
  CHECK(to_int64("9007199254740993") == 9007199254740993);  // beyond what a double holds
}

TEST_CASE("fractions and integers beyond 64 bits are none") {
  const auto* text = GENERATE("1.5", "1e-1", "9223372036854775808", "18446744073709551616", "1e19", "1e400",
                              "1e99999999999999999999", "0.0000000001e-2147483639");
  CHECK_FALSE(to_int64(text));
}

}  // namespace
}  // namespace beckon::json

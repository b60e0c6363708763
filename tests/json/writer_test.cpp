#include "beckon/json/writer.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "beckon/json/reader.hpp"

namespace beckon::json {
namespace {

template <class Value>
std::string number(Value value) {
  std::string out;
  Writer(out).number(value);
  return out;
}

std::string string(std::string_view value) {
  std::string out;
  Writer(out).string(value);
  return out;
}

TEST_CASE("separators come by themselves") {
  std::string out = "before ";
  Writer w(out);
  w.begin_object().key("t").number(std::int64_t{5}).key("v").string("v1").key("l").begin_array();
  w.boolean(true).null().begin_object().end_object().begin_array().end_array().number(0.5).end_array();
  w.key("raw").raw(R"({"x":1})").key("last").boolean(false).end_object();
  CHECK(out == R"(before {"t":5,"v":"v1","l":[true,null,{},[],0.5],"raw":{"x":1},"last":false})");
}

TEST_CASE("numbers are short and read back the same") {
  CHECK(number(std::int64_t{-9223372036854775807 - 1}) == "-9223372036854775808");
  CHECK(number(0.0) == "0");
  CHECK(number(-0.0) == "-0");
  CHECK(number(80.0) == "80");
  CHECK(number(100000.0) == "100000");
  CHECK(number(79.99) == "79.99");
  CHECK(number(1e300) == "1e+300");
  CHECK(number(std::nan("")) == "null");
  CHECK(number(-std::numeric_limits<double>::infinity()) == "null");
  const double value = GENERATE(0.1, 1.0 / 3, 1e15, 123456789012345680.0, 5e-324, 1.7976931348623157e308, -2.5e-9);
  CHECK(to_double(number(value)) == value);
}

TEST_CASE("strings may stand inside a script element") {
  CHECK(string("plain é€😀") == "\"plain é€😀\"");
  CHECK(string("</script>\"\\\n\r\t\x01\x7F") == "\"\\u003c/script>\\\"\\\\\\n\\r\\t\\u0001\\u007f\"");
  CHECK(string("\xE2\x80\xA8|\xE2\x80\xA9") == "\"\\u2028|\\u2029\"");
  CHECK(string(std::string_view("a\0b", 3)) == "\"a\\u0000b\"");
}

TEST_CASE("bytes that are not UTF-8 are replaced") {
  CHECK(string("a\xFF\xC3") == "\"a\xEF\xBF\xBD\xEF\xBF\xBD\"");
  CHECK(string("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST_CASE("what is written reads back, every character") {
  for (char32_t code = 0; code < 0x11000; code += code < 0x300 ? 1 : 37) {
    if (code >= 0xD800 && code < 0xE000) continue;
    std::string text;
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0 | code >> 6);
      text += static_cast<char>(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
      text += static_cast<char>(0xE0 | code >> 12);
      text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      text += static_cast<char>(0xF0 | code >> 18);
      text += static_cast<char>(0x80 | (code >> 12 & 0x3F));
      text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (code & 0x3F));
    }
    const ParseResult parsed = parse(string(text));
    INFO(static_cast<std::uint32_t>(code));
    REQUIRE(parsed.document);
    CHECK(parsed.document->root().string() == text);
  }
}

}  // namespace
}  // namespace beckon::json

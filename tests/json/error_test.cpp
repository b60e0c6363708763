// What is refused, with which words, and where.
#include <catch2/catch.hpp>
#include <string>

#include "json/recorder.hpp"

namespace beckon::json::test {
namespace {

using namespace std::string_literals;

struct Refused {
  std::string text, error;
};

const std::vector<Refused> kRefused = {
    // What is missing.
    {"", "0: expected a value, found nothing"},
    {" \n", "2: expected a value, found nothing"},
    {"{", "1: expected a member's name in double quotes, or '}', found the end of the text"},
    {"{\"a\"", "4: expected ':' after the member's name, found the end of the text"},
    {"{\"a\":", "5: expected a value, found the end of the text"},
    {"{\"a\":1", "6: expected ',' or '}' after a member, found the end of the text"},
    {"[1", "2: expected ',' or ']' after an element, found the end of the text"},
    {"{\"a\" 1}", "5: expected ':' after the member's name, found \"1\""},
    {"{\"a\":1 \"b\":2}", "7: expected ',' or '}' after a member, found a string"},
    {"{\"a\":1]", "6: expected ',' or '}' after a member, found ']'"},
    {"[1 2]", "3: expected ',' or ']' after an element, found \"2\""},
    {"[1}", "2: expected ',' or ']' after an element, found '}'"},
    {"{\"a\":}", "5: expected a value before '}'"},
    {"{\"a\":,}", "5: expected a value, found ','"},
    {"]", "0: expected a value before ']'"},
    // Text behind the document.
    {"{} {}", "3: expected nothing more behind the document, found '{'"},
    {"1 2", "2: expected nothing more behind the document, found \"2\""},
    {"null,", "4: expected nothing more behind the document, found ','"},
    {"{}\xC3\xA9", "2: expected nothing more behind the document, found 'é'"},
    // Names and words.
    {"{a:1}", "1: a member's name stands in double quotes: \"a\""},
    {"{'a':1}", "1: strings and names stand in double quotes"},
    {"['a']", "1: strings and names stand in double quotes"},
    {"{1:2}", "1: a member's name stands in double quotes: \"1\""},
    {"tru", "0: expected a value, found \"tru\"; strings stand in double quotes"},
    {"[nulL]", "1: expected a value, found \"nulL\"; strings stand in double quotes"},
    {"[True]", "1: expected a value, found \"True\"; strings stand in double quotes"},
    {"# no\n1", "0: a comment begins with '//'"},
    // Numbers.
    {"NaN", "0: \"NaN\" is no JSON number"},
    {"[-Infinity]", "1: \"-Infinity\" is no JSON number"},
    {"-", "0: expected a digit after '-'"},
    {"[-]", "1: expected a digit after '-'"},
    {"+1", "0: a number does not begin with '+'"},
    {".5", "0: a number begins with a digit: write 0 before the point"},
    {"[01]", "1: a number does not begin with 0: \"01\""},
    {"-012", "0: a number does not begin with 0: \"-012\""},
    {"[1.]", "3: expected a digit after the decimal point, found ']'"},
    {"1e", "2: expected a digit in the exponent, found the end of the text"},
    {"1e+", "3: expected a digit in the exponent, found the end of the text"},
    {"0x10", "1: expected nothing more behind the document, found \"0x10\""},
    {"[1e400]", "1: the number \"1e400\" is too large"},
    {"1e99999999999999999999", "0: the number \"1e99999999999999999999\" is too large"},
    // Strings.
    {"[\"abc]", "1: a string is not closed"},
    {"{\"a\":\"b}\n", "5: a string is not closed on its line; a line break in it is written '\\n'"},
    {"[\"a\", \"b\n\"]", "6: a string is not closed on its line; a line break in it is written '\\n'"},
    {"\"a\tb\"", "2: a tab in a string is written '\\t'"},
    {"\"\\x\"", "1: unknown escape '\\x' in a string: a backslash itself is written '\\\\'"},
    {"\"ab\\", "0: a string is not closed"},
    {"\"\\u12G4\"", "1: expected four hexadecimal digits after '\\u'"},
    {"\"\\u12", "0: a string is not closed"},
    {"\"\\ud800\"", "1: half a surrogate pair: '\\uD800' to '\\uDFFF' come in pairs"},
    {"\"\\ud800\\u0041\"", "1: half a surrogate pair: '\\uD800' to '\\uDFFF' come in pairs"},
    {"[\"\\ud83d\\ude00 \\\\uDC00 \\udc00\"]", "23: half a surrogate pair: '\\uD800' to '\\uDFFF' come in pairs"},
    {"{\"a\":1,\"\\uDFFF\":1}", "8: half a surrogate pair: '\\uD800' to '\\uDFFF' come in pairs"},
    // Bytes that no text may hold. Some parsers let those from 0x1A to 0x1F through.
    {"\"a\x1A and more text behind it\"", "2: a control character (0x1A) is written as an escape, and in strings alone"},
    {"\"a\x1F and more text behind it\"", "2: a control character (0x1F) is written as an escape, and in strings alone"},
    {"[1]\0[2]"s, "3: a control character (0x00) is written as an escape, and in strings alone"},
    {"\"\0\""s, "1: a control character (0x00) is written as an escape, and in strings alone"},
    {"\"\xFF\"", "1: the byte 0xFF is not UTF-8"},
    {"\"\x80\"", "1: the byte 0x80 is not UTF-8"},
    {"\"\xC0\xAF\"", "1: the byte 0xC0 is not UTF-8"},          // overlong '/'
    {"\"\xE0\x80\x80\"", "1: the byte 0xE0 is not UTF-8"},      // overlong NUL
    {"\"\xED\xA0\x80\"", "1: the byte 0xED is not UTF-8"},      // a surrogate
    {"\"\xF4\x90\x80\x80\"", "1: the byte 0xF4 is not UTF-8"},  // beyond U+10FFFF
    {"\"\xE2\x82\"", "1: the byte 0xE2 is not UTF-8"},          // cut
    {"\"aaaaaaaaaaaaaaaaaaaaaa\xC3", "23: the byte 0xC3 is not UTF-8"},
};

TEST_CASE("what is no JSON is refused in plain words at its place") {
  for (const Refused& refused : kRefused) {
    INFO(refused.text);
    CHECK(read(refused.text) == refused.error);
  }
}

TEST_CASE("broken comments are refused where they begin") {
  CHECK(read_commented("[1, /* open *\n ]") == "4: a comment is not closed: expected '*/'");
  CHECK(read_commented("[\"/*\", /* open") == "7: a comment is not closed: expected '*/'");
  CHECK(read_commented("/") == "0: a comment begins with '//' or '/*'");
  CHECK(read_commented("[1] / 2") == "4: a comment begins with '//' or '/*'");
  CHECK(read_commented("/* a */ // b") == "12: expected a value, found nothing");
}

TEST_CASE("a text cut anywhere is refused, and the error is inside it or at its end") {
  const std::string whole = R"(/*c*/{"a\u00e9\ud83d\ude00":[1.5e-3,true,null,"x\n"],"b":{"c":-0.25,"é":false}})";
  for (const Dialect dialect : {Dialect::kStrict, Dialect::kCommented}) {
    const std::string text = dialect == Dialect::kStrict ? whole.substr(5) : whole;
    CHECK(read(text, {.dialect = dialect}).starts_with("{"));
    for (std::size_t size = 0; size < text.size(); ++size) {
      Recorder recorder;
      const std::optional<Error> error = Reader().read(text.substr(0, size), recorder, {.dialect = dialect});
      INFO(text.substr(0, size));
      REQUIRE(error);
      CHECK(error->offset <= size);
      CHECK_FALSE(error->message.empty());
    }
  }
}

TEST_CASE("quoted words in messages are short and hold no control characters") {
  const std::string error = read("{\"" + std::string(100, 'k') + "\":1,\"" + std::string(100, 'k') + "\":2}");
  CHECK(error == "106: the key \"" + std::string(40, 'k') + "…\" is there twice");
  CHECK(read(R"({"a\n":1,"a\n":2})") == "9: the key \"a?\" is there twice");
}

}  // namespace
}  // namespace beckon::json::test

// Tests on values, addresses and hashes: rules.md, sections 2, 3 and 5.
#include <catch2/catch.hpp>

#include "rules/oracle/address.hpp"
#include "rules/oracle/hash.hpp"
#include "rules/oracle/value.hpp"

namespace beckon::oracle {
namespace {

bool passes(std::string_view test, std::optional<Value> subject, Unit unit = Unit::kPlain) {
  json::ParseResult parsed = json::parse(test);
  REQUIRE(parsed.document);
  return passes(parse_test(parsed.document->root(), unit), subject);
}

}  // namespace

TEST_CASE("BLAKE2b with 8 bytes gives the digests of other implementations") {
  // python3: int.from_bytes(hashlib.blake2b(message, digest_size=8).digest(), 'little')
  CHECK(blake2b_64("") == 0xb4b2797457a0a6e4);
  CHECK(blake2b_64("abc") == 0x5995d533d814bbd8);
  CHECK(blake2b_64(std::string_view("shop\0cart-help\0v1", 17)) == 0x35818515f888ed70);
  CHECK(blake2b_64(std::string(128, 'a')) == 0xda187e9cfe4366f0);
  CHECK(blake2b_64(std::string(129, 'a')) == 0x99a2c5b05b5362e4);
}

TEST_CASE("glob matches the whole string") {
  struct Row {
    const char *pattern, *text;
    bool matches;
  };
  const Row kRows[] = {
      {"/a", "/a", true},       {"/a", "/ab", false},        {"/*", "/a", true},         {"/*", "/a/b", false},
      {"/*", "/", true},        {"/**", "/a/b", true},       {"/a/**", "/a", true},      {"/a/**", "/a/b/c", true},
      {"/a/**", "/ab", false},  {"/a/**/c", "/a/b/c", true}, {"/a/**/c", "/a/c", false}, {"**/c", "/a/b/c", true},
      {"/?", "/a", true},       {"/?", "/", false},          {"/a?b", "/a/b", false},    {"/a*c", "/abbc", true},
      {"/a*c", "/ab/c", false}, {"?", "\xC3\xA9", true},     {"??", "\xC3\xA9", false},  {"/a/**", "/a/", true},
      {"**", "", true},
  };
  for (const Row& row : kRows) {
    INFO(row.pattern << " on " << row.text);
    CHECK(glob(row.pattern, row.text) == row.matches);
  }
}

TEST_CASE("a test is a scalar, a list or operators that must all hold") {
  struct Row {
    const char* test;
    std::optional<Value> subject;
    bool passes;
  };
  const std::optional<Value> kNothing;
  const Row kRows[] = {
      {"5", 5.0, true},
      {"5", 6.0, false},
      {R"("a")", std::string("a"), true},
      {"true", true, true},
      {"[1, 2]", 2.0, true},
      {"[1, 2]", 3.0, false},
      {R"({"gte": 1, "lt": 2})", 1.0, true},
      {R"({"gte": 1, "lt": 2})", 2.0, false},
      {R"({"between": [1, 2]})", 1.0, true},
      {R"({"between": [1, 2]})", 2.0, true},
      {R"({"between": [1, 2]})", 2.1, false},
      {R"({"ne": 1})", 2.0, true},
      {R"({"not_in": [1]})", 2.0, true},
      {R"({"not_in": [1]})", 1.0, false},
      // Without a value all but exists: false are false.
      {R"({"ne": 1})", kNothing, false},
      {R"({"not_in": [1]})", kNothing, false},
      {R"({"exists": true})", kNothing, false},
      {R"({"exists": false})", kNothing, true},
      {R"({"exists": false})", 1.0, false},
      {R"({"exists": false, "ne": 1})", kNothing, false},
      // A value of another type.
      {R"({"ne": 1})", std::string("a"), false},
      {R"({"not_in": ["a"]})", 1.0, false},
      {R"({"gt": "a"})", 1.0, false},
      {R"({"prefix": "a"})", true, false},
      // Strings compare as bytes.
      {R"({"gt": "z"})", std::string("\xC3\xA9"), true},
      {R"({"lt": "a"})", std::string("B"), true},
      {R"({"prefix": "ab"})", std::string("abc"), true},
      {R"({"suffix": "bc"})", std::string("abc"), true},
      {R"({"suffix": "abcd"})", std::string("bcd"), false},
      {R"({"contains": "b"})", std::string("abc"), true},
      {R"({"regex": "b+"})", std::string("abbc"), true},
      {R"({"regex": "^b+"})", std::string("abbc"), false},
      // What is behind 2 KiB is not looked at.
      {R"({"contains": "b"})", std::string(2048, 'a') + "b", false},
      {R"({"suffix": "a"})", std::string(2048, 'a') + "b", true},
  };
  for (const Row& row : kRows) {
    INFO(row.test);
    CHECK(passes(row.test, row.subject) == row.passes);
  }
}

TEST_CASE("durations are written with units from long to short") {
  CHECK(milliseconds("500ms") == 500);
  CHECK(milliseconds("45s") == 45'000);
  CHECK(milliseconds("2m") == 120'000);
  CHECK(milliseconds("1h30m") == 5'400'000);
  CHECK(milliseconds("7d") == 604'800'000);
  CHECK(milliseconds("1m1ms") == 60'001);
  CHECK(passes(R"({"gte": "45s"})", 45'000.0, Unit::kDuration));
  CHECK_FALSE(passes(R"({"gte": "45s"})", 44'999.0, Unit::kDuration));
}

TEST_CASE("an address has the parts that section 3 says") {
  Address full = parse_address("https://Shop.Example:443/caf\xC3\xA9 x/?q=a+b%21&utm_source=&q=2&secret=1#top", {"q"});
  CHECK(full.host == "shop.example");
  CHECK(full.path == "/caf%C3%A9%20x");
  CHECK(full.parameter("q") == "a b!");
  CHECK(full.parameter("utm_source") == "");
  CHECK(full.parameter("secret") == std::nullopt);
  CHECK(full.url.ends_with("/?q=a+b%21&utm_source=&q=2"));

  Address relative = parse_address("/a/b/", {});
  CHECK(relative.host == std::nullopt);
  CHECK(relative.path == "/a/b");
  CHECK(relative.url == "/a/b/");
  CHECK(parse_address("/", {}).path == "/");
  CHECK(parse_address("https://a.example", {}).path == "/");
}

}  // namespace beckon::oracle

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace beckon::base {
namespace {

TEST_CASE("ids: new ones have their shape and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const VisitorId id = new_visitor_id();
    CHECK(is_visitor_id(id.text()));
    CHECK_FALSE(is_offer_id(id.text()));
    seen.insert(id.text());
  }
  CHECK(seen.size() == 1000);
  CHECK(is_offer_id(new_offer_id().text()));
}

TEST_CASE("ids: what is no id is recognised") {
  for (const char* text : {"", "v_", "v_short", "x_aaaaaaaaaaaaaaaaaaaaaa", "v_aaaaaaaaaaaaaaaaaaaaa",
                           "v_aaaaaaaaaaaaaaaaaaaaaaa", "v_aaaaaaaaaaaaaaaaaaaa/a", "v_aaaaaaaaaaaaaaaaaaaa a"}) {
    CHECK_FALSE(is_visitor_id(text));
  }
  CHECK(is_plain_name(std::string(64, 'a')));
  CHECK_FALSE(is_plain_name(std::string(65, 'a')));
  CHECK_FALSE(is_plain_name(std::string_view("a\0b", 3)));
}

TEST_CASE("secrets: tokens are 256 random bits, and their hash depends on key and token") {
  const std::string token = new_token();
  CHECK(token.size() == 43);
  CHECK(token != new_token());
  const Secret key = Secret::random(), other = Secret::random();
  CHECK(hash_token(key, token) == hash_token(key, token));
  CHECK_FALSE(hash_token(key, token) == hash_token(other, token));
  CHECK_FALSE(hash_token(key, token) == hash_token(key, token + "x"));
}

TEST_CASE("secrets: a key reads back from its digits, and from nothing else") {
  const Secret key = Secret::random();
  REQUIRE(Secret::from_hex(key.hex()));
  CHECK(Secret::from_hex(key.hex())->bytes() == key.bytes());
  for (const std::string& text : {std::string(), std::string(63, 'a'), std::string(65, 'a'), std::string(64, 'g')}) {
    CHECK_FALSE(Secret::from_hex(text));
  }
}

TEST_CASE("clock: engine time starts at the wall clock, or at the later instant it is given") {
  const Instant far = rules::at_ms(4'000'000'000'000);
  const SystemClock late(far);
  CHECK(late.now() >= far);
  CHECK(late.now() < far + std::chrono::minutes(1));
  const SystemClock clock;
  const Instant wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  CHECK(clock.now() <= wall + std::chrono::minutes(1));
  CHECK(clock.now() >= wall - std::chrono::minutes(1));
}

TEST_CASE("clock: it never runs back, and steady instants keep its distances") {
  const SystemClock clock;
  Instant last = clock.now();
  for (int i = 0; i < 10'000; ++i) {
    const Instant now = clock.now();
    REQUIRE(now >= last);
    last = now;
  }
  CHECK(clock.steady_at(last + std::chrono::seconds(5)) - clock.steady_at(last) == std::chrono::seconds(5));
  CHECK(clock.steady_at(kNever) == std::chrono::steady_clock::time_point::max());
}

TEST_CASE("clock: instants in words") {
  CHECK(format_utc(rules::at_ms(0)) == "1970-01-01T00:00:00.000Z");
  CHECK(format_utc(rules::at_ms(1'795'297'200'123)) == "2026-11-21T21:40:00.123Z");
  CHECK(parse_utc("2026-11-21T21:40:00.123Z") == rules::at_ms(1'795'297'200'123));
  CHECK(parse_utc("2026-11-21T21:40:00Z") == rules::at_ms(1'795'297'200'000));
  CHECK(parse_utc("2026-11-21T21:40:00.1239Z") == rules::at_ms(1'795'297'200'123));
  CHECK(parse_utc("2026-11-21") == rules::at_ms(1'795'219'200'000));
  for (const char* text : {"", "2026", "2026-11-31", "2026-11-21T24:00:00Z", "2026-11-21T21:40:00",
                           "2026-11-21T21:40:00.Z", "2026-11-21 "}) {
    CHECK_FALSE(parse_utc(text));
  }
}

TEST_CASE("addresses: cut to /24 and /48 before anything is written") {
  CHECK(CutAddress("203.0.113.77").text() == "203.0.113.0");
  CHECK(CutAddress("2001:db8:1:2:3:4:5:6").text() == "2001:db8:1::");
  CHECK(CutAddress("::ffff:203.0.113.77").text() == "203.0.113.0");
  CHECK(CutAddress("fe80::1%eth0").text() == "fe80::");
  CHECK(CutAddress("::1").text() == "::");
  for (const char* text : {"", "localhost", "203.0.113", "203.0.113.77:80"}) CHECK(CutAddress(text).text() == "-");
}

// The lines that `write` logs, without their time.
template <class Write>
std::string logged(LogFormat format, Write write) {
  std::ostringstream out;
  {
    Log log(LogLevel::kInfo, format, out);
    write(log);
  }
  std::string all;
  std::istringstream in(out.str());
  for (std::string line; std::getline(in, line);) all += line.substr(format == LogFormat::kJson ? 32 : 25) + "\n";
  return all;
}

TEST_CASE("log: key and value pairs") {
  CHECK(logged(LogFormat::kText, [](Log& log) {
    log.warn("store slow", {{"pending", 812}, {"share", 0.5}, {"late", true}, {"from", CutAddress("203.0.113.77")}});
  }) == "warn  store slow pending=812 share=0.5 late=true from=203.0.113.0\n");
}

TEST_CASE("log: JSON lines") {
  CHECK(logged(LogFormat::kJson,
               [](Log& log) {
                 log.error("bad {} frame", {{"reason", "a \"b\""}, {"count", std::size_t{3}}});
               }) == R"("level":"error","message":"bad {} frame","reason":"a \"b\"","count":3})"
                     "\n");
}

TEST_CASE("log: nothing that a visitor sends can forge a line") {
  const std::string forged = "x\n2026-01-01T00:00:00.000Z error root login\x1b[2J";
  const std::string text = logged(LogFormat::kText, [&](Log& log) {
    log.info("page", {{"title", forged}, {"empty", ""}});
  });
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("empty=\"\"") != std::string::npos);
}

TEST_CASE("log: below its level nothing is written") {
  CHECK(logged(LogFormat::kText, [](Log& log) { log.debug("hidden"); }).empty());
  CHECK(logged(LogFormat::kText, [](Log& log) {
    log.set_level(LogLevel::kOff);
    log.error("hidden");
  }).empty());
}

TEST_CASE("results: either a value or an error") {
  const Result<int> good(3), bad(Error{ErrorCode::kConflict, "held"});
  CHECK(*good == 3);
  CHECK_FALSE(bad);
  CHECK(bad.error().message == "held");
  CHECK(Status().ok());
  CHECK(std::string(name_of(ErrorCode::kTooNew)) == "too_new");
}

}  // namespace
}  // namespace beckon::base

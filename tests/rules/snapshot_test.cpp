#include "beckon/rules/snapshot.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "beckon/rules/journal.hpp"

namespace beckon::rules {
namespace {

std::string written(const VisitorSnapshot& snapshot) {
  std::string text;
  json::Writer out(text);
  write_snapshot(out, snapshot);
  return text;
}

VisitorSnapshot read(std::string_view text) {
  VisitorSnapshot snapshot;
  const std::optional<json::Error> error = read_snapshot(text, snapshot);
  INFO(text);
  INFO((error ? error->message : ""));
  REQUIRE_FALSE(error);
  return snapshot;
}

std::string refusal(std::string_view text) {
  VisitorSnapshot snapshot;
  const std::optional<json::Error> error = read_snapshot(text, snapshot);
  return error ? std::to_string(error->offset) + ": " + error->message : "accepted";
}

// Every member differs from a new visitor's.
VisitorSnapshot full() {
  VisitorSnapshot s;
  s.visits = 7;
  s.last_event = at_ms(1'570'000'000'000);
  s.now = at_ms(1'570'000'000'001);
  s.orders = 2;
  s.value = 159.98;
  s.order_ids = {0, 1, 0xFFFF'FFFF'FFFF'FFFFu};
  s.tags = {"vip", "late \"payer\""};
  s.attributes = {{"plan", StoredScalar("gold")}, {"age", StoredScalar(41.5)}, {"beta", StoredScalar(false)}};
  s.rules = {{"cart-help", {.count = 3, .visit_count = 1, .last = at_ms(5), .dismissed = at_ms(6), .accepted = at_ms(7)}},
             {"other", {}}};
  s.all = {.count = 4, .visit_count = 2, .last = at_ms(8), .dismissed = {}, .accepted = {}};
  s.pressure = 2.25;
  s.pressure_at = at_ms(9);
  s.cart_value = 0;
  s.cart_items = 3;
  s.cart_currency = "EUR";
  s.cart_at = at_ms(10);
  s.chat_active = true;
  s.chats = 2;
  s.chat_ended = at_ms(11);
  s.consent = false;
  s.identified = true;
  s.country = "FR";
  s.language = "fr";
  s.device = "mobile";
  s.browser = "firefox";
  s.os = "android";
  s.events = {{.t = at_ms(12), .tab = "1", .is_page = true, .name = "/a", .data = {}},
              {.t = at_ms(13), .tab = "2", .is_page = false, .name = "search", .data = {{"q", StoredScalar("x")}}}};
  s.visit = VisitSnapshot{.started = at_ms(14), .pages = 3, .since_last_visit = Duration(15), .entry = "/", .referrer = "",
                          .utm_source = "news", .utm_medium = "mail", .utm_campaign = "c", .utm_term = "", .utm_content = "x",
                          .verdicts = {{"cart-help", "limit"}}};
  s.tabs = {{.id = "1", .hidden = true, .last_event = at_ms(6), .open = true,
             .page = {.url = "/a", .title = "A", .referrer = "/b", .started = at_ms(16), .visible = Duration(17),
                      .seen = at_ms(18), .idle_since = at_ms(19), .scroll = 99.5, .exit_intent = true, .first_event = 1,
                      .fired = {{"cart-help", 1}}, .waiting = {"other"}, .held = {{"digest", at_ms(20)}}}},
            {.id = "2", .hidden = false, .last_event = std::nullopt, .open = false, .page = {}}};
  s.screen = ScreenSnapshot{.rule = "cart-help", .tab = "1", .since = at_ms(21), .until = at_ms(22)};
  return s;
}

TEST_CASE("a full snapshot survives writing and reading") { CHECK(read(written(full())) == full()); }

TEST_CASE("a full snapshot survives as a journal line") {
  std::string text;
  write_visitor(text, at_ms(23), "v", full());
  JournalReader reader;
  JournalLine line;
  REQUIRE_FALSE(reader.read(std::string_view(text).substr(0, text.size() - 1), line));
  CHECK(line.t == at_ms(23));
  CHECK(*line.snapshot == full());
}

TEST_CASE("a new visitor's snapshot is nothing") {
  CHECK(written({}) == "{}");
  CHECK(read("{}") == VisitorSnapshot{});
}

TEST_CASE("an open visit and page survive even where they say nothing") {
  VisitorSnapshot snapshot;
  snapshot.visit.emplace();
  snapshot.tabs.emplace_back();
  snapshot.screen.emplace();
  CHECK(read(written(snapshot)) == snapshot);
}

TEST_CASE("a snapshot's keys are those of the documentation") {
  VisitorSnapshot snapshot;
  snapshot.visits = 2;
  snapshot.last_event = at_ms(5);
  snapshot.order_ids = {255};
  snapshot.tags = {"vip"};
  snapshot.pressure = 1.5;
  snapshot.pressure_at = at_ms(4);
  snapshot.cart_value = 80;
  snapshot.consent = true;
  CHECK(written(snapshot) ==
        R"({"visits":2,"last_event":5,"order_ids":["ff"],"tags":{"vip":true},"pressure":{"value":1.5,"at":4},)"
        R"("cart":{"value":80},"consent":true})");
}

TEST_CASE("another system's snapshot may be minimal, in other forms, and richer than ours") {
  const VisitorSnapshot snapshot = read(
      R"({"visits":3.0,"last_event":5,"tags":["a","b","a"],"pressure":2.5,"segment":{"x":[1]},"cart":null,"attributes":{"n":1}})");
  CHECK(snapshot.visits == 3);
  CHECK(snapshot.tags == std::vector<std::string>{"a", "b"});
  CHECK(snapshot.pressure == 2.5);
  CHECK_FALSE(snapshot.pressure_at);
  CHECK_FALSE(snapshot.cart_value);
  CHECK(read(R"({"tags":{"a":true,"b":false}})").tags == std::vector<std::string>{"a"});
}

TEST_CASE("instants beyond every journal are kept at its last") {
  VisitorSnapshot snapshot;
  snapshot.screen = ScreenSnapshot{.rule = "r", .tab = "0", .since = at_ms(1), .until = kNever};
  CHECK(read(written(snapshot)).screen->until == at_ms(253'402'300'799'999));
}

TEST_CASE("wrong types are refused with their column") {
  CHECK(refusal("[]") == "0: a snapshot is an object");
  CHECK(refusal(R"({"visits":-1})") == "10: 'visits' is a whole number from 0, found -1");
  CHECK(refusal(R"({"visits":1.5})") == "10: 'visits' is a whole number from 0, found 1.5");
  CHECK(refusal(R"({"last_event":"x"})") == "14: 'last_event' is a number, found a string");
  CHECK(refusal(R"({"last_event":1e300})") == "14: 'last_event' is whole milliseconds from 1970 to 9999, found 1e300");
  CHECK(refusal(R"({"tags":[1]})") == "9: expected a string, found 1");
  CHECK(refusal(R"({"tags":"vip"})") == "8: 'tags' is an object, found a string");
  CHECK(refusal(R"({"order_ids":["xyz"]})") == "14: expected up to 16 hexadecimal digits, found a string");
  CHECK(refusal(R"({"attributes":{"a":[]}})") == "19: 'a' is a string, a number, true or false, found an array");
  CHECK(refusal(R"({"rules":{"r":{"count":"1"}}})") == "23: 'count' is a number, found a string");
  CHECK(refusal(R"({"cart":[]})") == "8: 'cart' is an object, found an array");
  CHECK(refusal(R"({"tabs":[{"page":{"held":{"d":true}}}]})") == "30: 'd' is a number, found true or false");
  CHECK(refusal(R"({"visit":{"utm":{"source":1}}})") == "26: 'source' is a string, found 1");
  CHECK(refusal(R"({"screen":true})") == "10: 'screen' is an object, found true or false");
}

}  // namespace
}  // namespace beckon::rules

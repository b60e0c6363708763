// quality.md, section 2, as far as frames go: what comes out, one by one, and that others are served on.
#include <catch2/catch.hpp>

#include "world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

constexpr std::string_view kRules = R"({"rules": [{
  "id": "cart", "when": {"cart.value": {"gte": 80}}, "then": {"invite": {"text": "Hi"}}}]})";
constexpr std::string_view kCanary = R"(\"><img src=x onerror=window.__x=1>)";

struct Row {
  std::string what, frame;
  int code;
  std::string reason;
};

}  // namespace

TEST_CASE("a hostile frame closes its own connection with a reason, changes nothing, and others are served") {
  const std::string consent = R"("type":"consent","id":2,"value":true)";
  const std::vector<Row> rows = {
      {"NaN", R"({"type":"events","id":2,"events":[{"type":"cart","value":NaN}]})", 4500, "at byte"},
      {"1e400", R"({"type":"events","id":2,"events":[{"type":"cart","value":1e400}]})", 4500, "at byte"},
      {"2^64 as an id", R"({"type":"events","id":18446744073709551616,"events":[{"type":"cart"}]})", 4500, "id:"},
      {"a negative id", R"({"type":"consent","id":-1,"value":true})", 4500, "id:"},
      {"60,000 [", std::string(60'000, '['), 4500, "frame: did not expect an array"},
      {"60,000 {\"a\":", [] {
         std::string text;
         for (int i = 0; i < 12'000; ++i) text += R"({"a":)";
         return text;
       }(), 4500, "a: unknown field"},
      {"an empty frame", "", 4500, "at byte 0"},
      {"no JSON", "GET / HTTP/1.1", 4500, "at byte 0"},
      {"bad UTF-8", "{\"type\":\"consent\",\"id\":2,\"value\":true,\"\xc3\x28\":1}", 4500, "at byte"},
      {"text behind the frame", "{" + consent + "}{}", 4500, "at byte"},
      {"a key twice", "{" + consent + R"(,"value":false})", 4500, "at byte"},
      {"role", "{" + consent + R"(,"role":"operator"})", 4500, "role: unknown field"},
      {"operator", "{" + consent + R"(,"operator":true})", 4500, "operator: unknown field"},
      {"status", "{" + consent + R"(,"status":"open"})", 4500, "status: unknown field"},
      {"visitor", "{" + consent + R"(,"visitor":"v_0123456789012345678901"})", 4500, "visitor: unknown field"},
      {"an operator's frame: assign", R"({"type":"assign","id":2})", 4500, "type: unknown frame type"},
      {"an operator's frame: reply", R"({"type":"reply","id":2,"text":"x"})", 4500, "type: unknown frame type"},
      {"a server's frame", R"({"type":"welcome","id":2})", 4500, "type: unknown frame type"},
      {"a tag, which the server sets", R"({"type":"events","id":2,"events":[{"type":"tag","name":"vip"}]})", 4500,
       "events[0].type: unknown event type"},
      {"an identity, unsigned", R"({"type":"events","id":2,"events":[{"type":"identified"}]})", 4500,
       "events[0].type: unknown event type"},
      {"an outcome for a rule", R"({"type":"events","id":2,"events":[{"type":"outcome","name":"cart"}]})", 4500,
       "events[0].type: unknown event type"},
      {"a time of one's own", R"({"type":"events","id":2,"events":[{"type":"activity","t":1}]})", 4500,
       "events[0].t: unknown field"},
      {"another tab's name", R"({"type":"events","id":2,"events":[{"type":"leave","tab":"t2"}]})", 4500,
       "events[0].tab: unknown field"},
      {"a frame of 64 KiB and a byte", "{" + std::string(65'536 - 1, ' ') + "}", 4502, "a frame is at most 64 KiB"},
      {"a second hello", R"({"type":"hello","site":"shop","tab":"t1","session":"0123456789abcdef","page":{"url":"/"}})", 4503,
       "a second hello"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    World world(kRules);
    Tab attacker(world, "t1", "s1"), other(world, "t2", "s2");
    attacker.hello("/");
    other.hello("/");
    const std::size_t before = world.journal().size();
    attacker.raw(row.frame);
    CHECK(attacker.connection->code() == row.code);
    CHECK(attacker.connection->close_reason.substr(0, row.reason.size()) == row.reason);
    CHECK(attacker.connection->close_reason.size() <= protocol::kMaxReasonBytes);
    CHECK(world.journal().size() == before);
    attacker.raw(R"({"type":"events","id":3,"events":[{"type":"activity"}]})");
    CHECK(world.journal().size() == before);
    other.events(R"({"type":"cart","value":90})");
    CHECK(field(other.next("offer"), "rule") == "cart");
  }
}

TEST_CASE("a hello for another site than its connection's is forbidden") {
  World world(kRules);
  Tab tab(world, "t1", "s1");
  tab.connect();
  tab.raw(R"({"type":"hello","site":"other","tab":"t1","session":"0123456789abcdef","page":{"url":"/"}})");
  CHECK(tab.connection->code() == 4503);
}

TEST_CASE("the number that kills other readers is taken as the zero it is") {
  World world(kRules);
  Tab tab(world, "t1", "s1");
  tab.hello("/");
  tab.events(R"({"type":"cart","value":0.0000000001e-2147483639})");
  CHECK(tab.connection->code() == 0);
}

TEST_CASE("markup in every text a page can send stays text, and out of what others get") {
  World world(kRules);
  Tab tab(world, "t1", "s1");
  const std::string canary(kCanary);
  tab.upgrade.user_agent = canary;
  tab.upgrade.accept_language = canary;
  tab.hello("/" + canary, R"(,"language":"x\"><img>")");
  CHECK(tab.connection->code() == 0);
  tab.events(R"({"type":"page","url":")" + canary + R"(","title":")" + canary + R"(","referrer":")" + canary + "\"}");
  tab.events(R"({"type":"event","name":")" + canary + R"(","data":{")" + canary + R"(":")" + canary + "\"}}");
  tab.events(R"({"type":"attr","name":")" + canary + R"(","value":")" + canary + "\"}");
  CHECK(tab.connection->code() == 0);
  world.pass(20ms);
  for (const std::string& frame : tab.connection->frames) CHECK(frame.find("img") == std::string::npos);
  for (const std::string& line : world.journal()) CHECK(line.find("<img") == std::string::npos);
}

TEST_CASE("an address that strict parsers refuse drops no event") {
  World world(R"({"rules": [{"id": "p", "when": {"page.path": {"glob": "/caf**"}}, "then": {"invite": {"text": "Hi"}}}]})");
  for (const std::string url : {"/caf|[]", "/caf %zz", "https://shop.example/café?q=[x]|y", "/caf\\u0000x", "/caf\\u202e"}) {
    INFO(url);
    Tab tab(world, "t1", "s1");
    CHECK(field(tab.hello(url), "type") == "welcome");
    CHECK(tab.connection->code() == 0);
    world.pass(1s);
  }
}

TEST_CASE("10,000 guessed tokens: none works, and their address is throttled") {
  World world(kRules);
  Tab victim(world, "t1", "s1");
  victim.hello("/");
  const std::string stem = victim.token.substr(0, victim.token.rfind('.') + 1);
  Tab guesser(world, "t2", "s2");
  guesser.upgrade.address = "203.0.113.9";
  int hits = 0, throttled = 0;
  for (int i = 0; i < 10'000; ++i) {
    guesser.token = stem + base::random_text(32);
    guesser.session = "g" + base::random_text(15);
    guesser.hello("/");
    hits += guesser.visitor == victim.visitor;
    throttled += guesser.connection->code() == 4003;
    guesser.disconnect();
    world.pass(10ms);
  }
  CHECK(hits == 0);
  CHECK(throttled > 9'800);
  Tab neighbour(world, "t3", "s3");
  neighbour.upgrade.address = "203.0.113.10";
  neighbour.token = victim.token;
  neighbour.hello("/");
  CHECK(neighbour.visitor == victim.visitor);
}

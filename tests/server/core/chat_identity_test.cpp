// Who a visitor is, and whose the conversation: consent, signing in, starting over, erasure.
#include <catch2/catch.hpp>

#include "chat_world.hpp"
#include "signing.hpp"

using namespace beckon;
using namespace beckon::test;

using Texts = std::vector<std::string>;

namespace {

constexpr std::string_view kKey = "secret-secret-secret-secret-secret";

std::string identity(std::string_view who) {
  return sign_identity(R"({"exp":4000000000,"aud":"shop","sub":")" + std::string(who) + "\"}", kKey);
}

std::shared_ptr<core::SiteSettings> asking_site() {
  auto settings = chat_site(R"({"rules": [
      {"id": "pages", "when": {"visit.pages": {"gte": 2}}, "then": {"emit": "two pages"}}]})");
  settings->consent = core::ConsentMode::kRequired;
  settings->identity_key = kKey;
  return settings;
}

std::shared_ptr<core::SiteSettings> signing_site() {
  auto settings = asking_site();
  settings->consent = core::ConsentMode::kGranted;
  settings->demo = core::DemoPanel::kOn;
  return settings;
}

}  // namespace

TEST_CASE("opening the chat without consent gives a token and keeps the conversation, and nothing else") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  const bool refused = GENERATE(false, true);
  INFO("refused " << refused);
  const std::string more = refused ? R"(,"consent":false)" : "";
  CHECK(field(panel.tab.hello("/a", more), "token") == "absent");
  const std::string visitor = panel.tab.visitor;
  panel.open();
  REQUIRE_FALSE(panel.tab.token.empty());
  panel.say("Hello");
  CHECK(panel.shown() == Texts{"Hello"});

  // A new page load, long after: the conversation is there, the visit is not.
  panel.tab.disconnect();
  world.pass(1h);
  CHECK(world.counters().visitors == 0);
  world.take(visitor);
  world.answer(visitor, "Hi");
  panel.tab.session = "s2--------------";
  const std::string welcome = panel.tab.hello("/b", more);
  CHECK(panel.tab.visitor == visitor);
  CHECK(field(welcome, "chat.unread") == "1");
  CHECK(field(welcome, "tracking") == (refused ? "false" : "true"));
  CHECK(field(welcome, "consent") == (refused ? "false" : "null"));
  panel.open();
  CHECK(panel.shown() == Texts{"Hello", "(joined)", "Hi"});

  // Soon after: still nothing of the page before is known.
  panel.tab.disconnect();
  panel.tab.session = "s3--------------";
  const std::string third = panel.tab.hello("/c", more);
  CHECK(panel.tab.visitor == visitor);
  CHECK(panel.tab.next("emit").empty());
  CHECK(field(third, "resumed") == "false");

  for (const std::string& line : world.journal()) CHECK(field(line, "visitor") == "absent");
  const std::string known = world.export_of(visitor);
  CHECK(field(known, "record") == "null");
  CHECK(field(known, "journal") == "[]");
  CHECK(world.conversation(visitor)->context.empty());
}

TEST_CASE("without the chat opened, no token is given and a token leads nowhere") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  CHECK(panel.tab.token.empty());
  panel.open();
  REQUIRE_FALSE(panel.tab.token.empty());
  const std::string visitor = panel.tab.visitor;
  panel.tab.disconnect();
  world.pass(1h);
  panel.tab.session = "s2--------------";
  panel.tab.hello("/b");
  CHECK(panel.tab.visitor != visitor);
}

TEST_CASE("a yes keeps the conversation") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  SECTION("of somebody who was not asked yet") { panel.tab.hello("/a"); }
  SECTION("of somebody who had refused") { panel.tab.hello("/a", R"(,"consent":false)"); }
  panel.say("Hello");
  panel.tab.send(R"("type":"consent","value":true)");
  const std::string welcome = panel.tab.next("welcome");
  panel.tab.visitor = field(welcome, "visitor");
  panel.tab.token = field(welcome, "token");
  panel.listen();
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello"});
  panel.say("More");
  world.take(panel.tab.visitor);
  panel.listen();
  CHECK(panel.shown() == Texts{"Hello", "More", "(joined)"});
  panel.tab.disconnect();
  world.pass(2h);
  panel.tab.session = "s2--------------";
  CHECK(field(panel.tab.hello("/b"), "chat.state") == "waiting");  // who had it did not answer
}

TEST_CASE("a yes while the first message is on its way keeps the conversation") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a", R"(,"consent":false)");
  world.store_answers = false;
  panel.say("Hello");
  panel.tab.send(R"("type":"consent","value":true)");
  std::string welcome = panel.tab.next("welcome");
  if (field(welcome, "consent") == "false") welcome = panel.tab.next("welcome");
  const std::string visitor = field(welcome, "visitor");
  REQUIRE(visitor != panel.tab.visitor);
  world.store_answers = true;
  world.pump();
  world.pass(20ms);
  panel.listen();
  CHECK(panel.acked == panel.tab.id);
  CHECK(panel.errors.empty());
  CHECK(panel.shown() == Texts{"Hello"});
  CHECK(world.said(visitor) == Texts{"visitor: Hello"});
  CHECK_FALSE(world.conversation(panel.tab.visitor));
}

TEST_CASE("a no while the first message is on its way takes it along, and says so") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a", R"(,"consent":true)");
  world.store_answers = false;
  panel.say("canary");
  panel.tab.send(R"("type":"consent","value":false)");
  world.store_answers = true;
  world.pump();
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors == Texts{"no_conversation"});
  CHECK(panel.acked == panel.tab.id);
  CHECK_FALSE(world.conversation(panel.tab.visitor));
  CHECK(world.export_of(panel.tab.visitor) == "not_found");
}

TEST_CASE("who signs in while the first message is on its way takes it along") {
  ChatWorld world(signing_site());
  Panel home(world, "t1", "s1"), away(world, "t2", "s2");
  home.tab.hello("/a");
  home.tab.send(R"("type":"identify","jwt":")" + identity("ada") + "\"");
  away.tab.hello("/b");
  world.store_answers = false;
  away.say("Away");
  away.tab.send(R"("type":"identify","jwt":")" + identity("ada") + "\"");
  world.store_answers = world.answers_reversed = true;  // who it is is known before the conversation
  world.pump();
  CHECK(away.tab.connection->code() == 4005);
  CHECK(world.said(home.tab.visitor) == Texts{"visitor: Away"});
  CHECK_FALSE(world.conversation(away.tab.visitor));
}

TEST_CASE("a no erases the conversation with everything else; the chat goes on as somebody new") {
  ChatWorld world(asking_site());
  Panel panel(world, "t1", "s1");
  SECTION("of a stored visitor") { panel.tab.hello("/a", R"(,"consent":true)"); }
  SECTION("of one in memory") { panel.tab.hello("/a"); }
  panel.say("canary");
  const std::string visitor = panel.tab.visitor;
  const std::string id = world.conversation(visitor)->id.text();
  std::vector<std::string> hints;
  const auto listening = world.bus->subscribe(
      world.site->id, "chat", [](store::Task task) { task(); },
      [&](const store::BusMessage& message) { hints.push_back(message.body); });
  panel.tab.send(R"("type":"consent","value":false)");
  panel.tab.visitor = field(panel.tab.next("welcome"), "visitor");
  panel.messages.clear();
  panel.listen();
  CHECK_FALSE(world.conversation(visitor));
  CHECK(world.export_of(visitor) == "not_found");
  REQUIRE_FALSE(hints.empty());
  CHECK(field(hints.back(), "c") == id);
  CHECK(field(hints.back(), "gone") == "true");
  CHECK(field(panel.chat, "state") == "none");

  panel.say("Hello again");
  CHECK(panel.shown() == Texts{"Hello again"});
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello again"});
  CHECK(panel.tab.visitor != visitor);
}

TEST_CASE("a conversation erased from outside is begun anew by the next message") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Before");
  bool erased = false;
  world.store->erase(world.site->id, base::VisitorId(panel.tab.visitor), [](store::Task task) { task(); },
                     [&](base::Status status) { erased = status.ok(); });
  REQUIRE(erased);
  panel.messages.clear();
  panel.say("After");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors.empty());
  CHECK(panel.acked == panel.tab.id);
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: After"});
  CHECK(panel.shown() == Texts{"After"});
}

TEST_CASE("who signs in takes the conversation along, unless the person has one") {
  const bool has_one = GENERATE(false, true);
  const std::uint32_t shards = GENERATE(1u, 4u);
  INFO("has one " << has_one << ", shards " << shards);
  ChatWorld world(signing_site(), {}, shards);
  Panel home(world, "t1", "s1");
  home.tab.hello("/a");
  home.tab.send(R"("type":"identify","jwt":")" + identity("ada") + "\"");
  const std::string known = home.tab.visitor;
  if (has_one) home.say("At home");

  Panel away(world, "t2", "s2");
  away.tab.hello("/b");
  const std::string stranger = away.tab.visitor;
  away.say("Away");
  away.tab.send(R"("type":"identify","jwt":")" + identity("ada") + "\"");
  const std::string welcome = away.tab.next("welcome");
  CHECK(field(welcome, "visitor") == known);
  CHECK(away.tab.connection->code() == 4005);
  away.tab.token = field(welcome, "token");
  away.tab.visitor = known;
  away.messages.clear();
  away.tab.hello("/b", R"(,"chat":0)");
  away.listen();
  home.listen();
  if (has_one) {
    CHECK(world.said(known) == Texts{"visitor: At home"});
    CHECK(world.said(stranger) == Texts{"visitor: Away"});
    CHECK(away.shown() == Texts{"At home"});
  } else {
    CHECK(world.said(known) == Texts{"visitor: Away"});
    CHECK_FALSE(world.conversation(stranger));
    CHECK(away.shown() == Texts{"Away"});
    // The browser at home hears of it too.
    CHECK(field(home.chat, "state") == "waiting");
    home.open();
    CHECK(home.shown() == Texts{"Away"});
  }
  away.say("Now");
  home.open();
  CHECK(home.shown() == away.shown());
}

TEST_CASE("another person on this browser, or a new beginning, does not see what was said") {
  ChatWorld world(signing_site());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.tab.send(R"("type":"identify","jwt":")" + identity("ada") + "\"");
  panel.say("Ada's");
  const std::string ada = panel.tab.visitor;
  SECTION("another person") { panel.tab.send(R"("type":"identify","jwt":")" + identity("ben") + "\""); }
  SECTION("a new beginning") { panel.tab.send(R"("type":"panel","start_over":true)"); }
  panel.tab.visitor = field(panel.tab.next("welcome"), "visitor");
  REQUIRE(panel.tab.visitor != ada);
  panel.messages.clear();
  panel.listen();
  CHECK(field(panel.chat, "state") == "none");
  panel.say("Somebody else's");
  CHECK(panel.shown() == Texts{"Somebody else's"});
  CHECK(world.said(ada) == Texts{"visitor: Ada's"});
}

TEST_CASE("nobody sees or says anything in another's conversation") {
  ChatWorld world;
  Panel ada(world, "t1", "s1"), eve(world, "t2", "s2");
  ada.tab.hello("/a");
  ada.say("Mine");
  eve.tab.hello("/b");
  // A token that is not good, with the other's name on it.
  eve.tab.token = ada.tab.token;
  eve.tab.token.back() = eve.tab.token.back() == 'A' ? 'B' : 'A';
  eve.tab.session = "s3--------------";
  eve.tab.hello("/b", R"(,"chat":0)");
  eve.listen();
  CHECK(eve.shown().empty());
  eve.say("Hers");
  CHECK(eve.shown() == Texts{"Hers"});
  CHECK(world.said(ada.tab.visitor) == Texts{"visitor: Mine"});
}

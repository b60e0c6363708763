// Chat and rules: invitations that become conversations, facts that follow them.
#include <catch2/catch.hpp>

#include "chat_world.hpp"

using namespace beckon;
using namespace beckon::test;

using Texts = std::vector<std::string>;

namespace {

constexpr const char* kInvite = R"({"rules": [
  {"id": "stay", "when": {"page.dwell": {"gte": "10s"}},
   "then": {"invite": {"text": {"en": "Need a hand?", "fr": "Besoin d'aide ?"}}, "route": "sizes"}},
  {"id": "later", "when": {"all": [{"chat.count": {"gte": 1}}, {"chat.since_last": {"gte": "5m"}}]},
   "then": {"survey": {"type": "nps", "text": "Well?"}}}]})";

std::vector<std::string> chat_lines(World& world) {
  std::vector<std::string> lines;
  for (const std::string& line : world.journal()) {
    if (field(line, "type") == "chat") lines.push_back(field(line, "state"));
  }
  return lines;
}

}  // namespace

TEST_CASE("who speaks in an invitation stands with its line: for the visitor, for operators, and for later") {
  const std::string name = GENERATE(std::string("Ada L."), std::string(300, 'n'));
  ChatWorld world(R"({"rules": [{"id": "stay", "when": {"page.path": "/a"}, "then": {"invite": {"text": "Need a hand?",
    "from": {"name": ")" + name + R"(", "picture": "/ada.png"}}}}]})");
  Panel panel(world, "t1", "s1");
  const std::string offer = field(panel.tab.hello("/a"), "offers.0.offer");
  panel.open();
  panel.tab.send(R"("type":"say","key":"key-of-a-message-1","text":"Yes","offer":")" + offer + "\"");
  world.pass(20ms);
  const std::string kept = name.substr(0, base::kMaxPersonNameBytes);
  const std::string said = panel.tab.next("messages");
  CHECK(field(said, "messages.0.from") == "invite");
  CHECK(field(said, "messages.0.name") == kept);
  CHECK(field(said, "messages.1.text") == "Yes");
  CHECK(field(said, "messages.1.name") == "absent");
  world.restart(1s);
  panel.tab.session = "s2--------------";
  panel.tab.hello("/b", R"(,"chat":0)");
  world.pass(20ms);
  CHECK(field(panel.tab.next("messages"), "messages.0.name") == kept);
}

TEST_CASE("an accepted invitation is the conversation's first line, and its rule and offer are noted") {
  ChatWorld world(kInvite);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a", R"(,"language":"fr")");
  world.pass(10s);
  const std::string offer = field(panel.tab.next("offer"), "offer");
  REQUIRE(offer.starts_with("o_"));
  const std::string with_offer = R"(,"offer":")" + offer + "\"";
  SECTION("by opening the chat") {
    panel.open(with_offer);
    CHECK(world.results()[0].accepted == 1);
    panel.say("Oui");
  }
  SECTION("by a quick reply") { panel.say("Oui", with_offer); }
  SECTION("by its button, before the chat was opened") {
    panel.tab.send(R"("type":"offer","offer":")" + offer + R"(","outcome":"accepted")");
    panel.open(with_offer);
    panel.say("Oui", with_offer);
  }
  SECTION("over a restart") {
    panel.tab.send(R"("type":"offer","offer":")" + offer + R"(","outcome":"accepted")");
    world.restart(1s);
    panel.tab.hello("/a", R"(,"resume":true,"chat":0,"language":"fr")");
    panel.say("Oui", with_offer);
  }
  CHECK(world.said(panel.tab.visitor) == Texts{"invite: Besoin d'aide ?", "visitor: Oui"});
  CHECK(panel.shown() == Texts{"Besoin d'aide ?", "Oui"});
  const auto row = world.conversation(panel.tab.visitor);
  CHECK(row->rule.text() == "stay");
  CHECK(row->offer.text() == offer);
  CHECK(row->skill == "sizes");
  CHECK(row->language == "fr");
  CHECK(world.results()[0].accepted == 1);

  panel.say("Encore", with_offer);
  CHECK(world.said(panel.tab.visitor).size() == 3);
}

TEST_CASE("an offer that is not this visitor's does not keep what is said from being said") {
  ChatWorld world(kInvite);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello", R"(,"offer":"o_nobody")");
  CHECK(panel.errors.empty());
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello"});
}

TEST_CASE("rules know of the chat: an offer on screen goes when it starts, none comes while it goes on, its end counts") {
  ChatWorld world(kInvite);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  SECTION("an offer on screen") {
    world.pass(10s);
    REQUIRE_FALSE(panel.tab.next("offer").empty());
    panel.tab.send(R"("type":"say","key":"0123456789abcdef","text":"x")");
    CHECK(field(panel.tab.next("withdraw"), "why") == "chat");
  }
  SECTION("an offer to come") {
    panel.say("Hello");
    world.pass(15s);
    CHECK(panel.tab.next("offer").empty());
  }
  panel.listen();
  CHECK(chat_lines(world) == Texts{"started"});
  world.close(panel.tab.visitor);
  CHECK(chat_lines(world) == Texts{"started", "ended"});
  panel.say("Again");
  panel.tab.send(R"("type":"chat_close")");
  CHECK(chat_lines(world) == Texts{"started", "ended", "started", "ended"});
  world.pass(5min);
  CHECK(world.counters().offers_fired >= 1);
}

TEST_CASE("a conversation that ended while the visitor was away has ended when they come back") {
  ChatWorld world(kInvite);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  panel.tab.disconnect();
  world.pass(2h);
  REQUIRE(world.counters().visitors == 0);
  world.close(panel.tab.visitor);
  panel.tab.session = "s2--------------";
  panel.tab.hello("/b");
  CHECK(chat_lines(world) == Texts{"started", "ended"});
}

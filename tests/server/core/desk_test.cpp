// The desk: who is there, what is open, and what rules and visitors are told of it, the same on every shard.
#include <catch2/catch.hpp>

#include "base/calendar.hpp"
#include "core/desk/limits.hpp"
#include "core/desk/presence.hpp"
#include "desk_world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

// What every shard was told of this member; "differ" when not all the same.
std::string told(DeskWorld& world, std::string_view member, std::string_view site = "shop") {
  const std::string first = field(world.state(0, site), member);
  for (std::uint32_t i = 1; i < world.count(); ++i) {
    if (field(world.state(i, site), member) != first) return "differ";
  }
  return first;
}

core::ChatSettings auto_assign() {
  core::ChatSettings chat;
  chat.assign = core::Assign::kAuto;
  return chat;
}

}  // namespace

TEST_CASE("a site with chat and no operator has nobody") {
  DeskWorld world;
  CHECK(told(world, "online") == "0");
  CHECK(told(world, "free_slots") == "0");
  CHECK(told(world, "queue") == "0");
}

TEST_CASE("a site without chat keeps what its host says, or the default of one operator") {
  World world;
  world.pass(10ms);
  std::string operators;
  for (const std::string& line : world.journal()) {
    if (field(line, "type") == "operators") operators = line;
  }
  CHECK(field(operators, "online") == "1");
  CHECK(field(operators, "free_slots") == "1");
  CHECK(field(operators, "skills") == "absent");
}

TEST_CASE("every shard knows who is online, and how many chats they can take") {
  DeskWorld world(3);
  ConsoleTab ada(world, world.add({"ada", "Ada", {"fr", "returns"}, {}, {}, 4}));
  ConsoleTab bob(world, world.add({"bob", "Bob", {"fr"}, {}, {}, 2}));
  REQUIRE(!ada.hello().empty());
  world.pass(200ms);
  CHECK(told(world, "online") == "1");
  CHECK(told(world, "free_slots") == "4");
  REQUIRE(!bob.hello().empty());
  world.pass(200ms);
  CHECK(told(world, "online") == "2");
  CHECK(told(world, "free_slots") == "6");
  CHECK(told(world, "skills.fr") == "6");
  CHECK(told(world, "skills.returns") == "4");

  const auto chat = world.visitor_says("v_1", "hello");
  world.pass(200ms);
  CHECK(told(world, "queue") == "1");
  CHECK(field(ada.take(chat.id.text(), chat.version), "type") == "ok");
  world.pass(200ms);
  CHECK(told(world, "queue") == "0");
  CHECK(told(world, "free_slots") == "5");
  CHECK(told(world, "skills.returns") == "3");
}

TEST_CASE("who is away counts neither as operator nor with slots") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  CHECK(field(ada.ask("presence", R"("state":"away")"), "type") == "ok");
  world.pass(200ms);
  CHECK(told(world, "online") == "0");
  CHECK(told(world, "free_slots") == "0");
  ada.ask("presence", R"("state":"online")");
  world.pass(200ms);
  CHECK(told(world, "free_slots") == "4");
}

TEST_CASE("more chats than the capacity are no negative slots") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {}, 1}));
  REQUIRE(!ada.hello().empty());
  for (const char* visitor : {"v_1", "v_2"}) {
    const auto chat = world.visitor_says(visitor, "hello");
    CHECK(field(ada.take(chat.id.text(), chat.version), "type") == "ok");
  }
  world.pass(200ms);
  CHECK(told(world, "free_slots") == "0");
  CHECK(told(world, "online") == "1");
}

TEST_CASE("an operator's chats on one site take slots on the others") {
  DeskWorld world;
  world.add_site("blog");
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {}, 3}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  ada.take(chat.id.text(), chat.version);
  world.pass(300ms);
  CHECK(told(world, "free_slots", "shop") == "2");
  CHECK(told(world, "free_slots", "blog") == "2");
}

TEST_CASE("an operator counts on their sites alone") {
  DeskWorld world;
  world.add_site("blog");
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {"blog"}, 3}));
  REQUIRE(!ada.hello().empty());
  world.pass(200ms);
  CHECK(told(world, "online", "shop") == "0");
  CHECK(told(world, "online", "blog") == "1");
}

TEST_CASE("a lost hint is healed within 5 s") {
  DeskWorld world;
  store::FaultyBus& bus = world.make_bus_faulty({});
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.pass(10s);
  bus.set_faults({.drop = 1});
  world.visitor_says("v_1", "hello");
  world.pass(core::kHealEvery + 150ms);
  CHECK(told(world, "queue") == "1");
  CHECK(field(ada.latest("conversation"), "conversation.preview") == "hello");
}

TEST_CASE("presence that is lost once is known with the next telling") {
  DeskWorld world;
  store::FaultyBus& bus = world.make_bus_faulty({});
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  bus.set_faults({.drop = 1});
  REQUIRE(!ada.hello().empty());
  world.pass(1s);
  bus.set_faults({});
  CHECK(told(world, "online") == "differ");
  world.pass(core::kPresenceEvery);
  CHECK(told(world, "online") == "1");
}

TEST_CASE("a shard that is silent for 15 s has nobody") {
  DeskWorld world(2);
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  const std::uint32_t other = 1 - core::shard_of_operator(ada.who.id, 2);
  world.pass(4s);
  world.publish(
      "presence",
      core::presence_bodies(9, world.clock.now(),
                            {{base::OperatorId("p_x"), core::PresenceState::kOnline, "X", "", {}, {}, {}, 2, 0}})[0]);
  world.pump();
  world.pass(200ms);
  CHECK(field(world.state(other), "online") == "2");
  world.pass(core::kPresenceForgottenAfter - 200ms - 12ms - 5ms);
  CHECK(field(world.state(other), "online") == "2");
  world.pass(200ms);
  CHECK(field(world.state(other), "online") == "1");
}

TEST_CASE("presence of more operators than one message holds comes in parts") {
  std::vector<core::PresentOperator> many;
  for (int i = 0; i < 900; ++i) {
    core::PresentOperator each;
    each.id = base::new_operator_id();
    each.name = std::string(120, 'n');
    each.capacity = 1;
    many.push_back(each);
  }
  const auto bodies = core::presence_bodies(3, base::Instant{}, many);
  CHECK(bodies.size() > 1);
  core::PresenceBoard board(0);
  for (const std::string& body : bodies) {
    CHECK(body.size() <= store::kMaxBusMessageBytes);
    CHECK(board.hear(body, base::Instant{}) == core::PresenceBoard::Heard::kChange);
  }
  CHECK(board.all().size() == 900);
  many.resize(1);
  CHECK(board.hear(core::presence_bodies(3, base::Instant{}, many)[0], base::Instant{}) ==
        core::PresenceBoard::Heard::kChange);
  CHECK(board.all().size() == 1);
}

TEST_CASE("presence that comes late is not believed") {
  core::PresenceBoard board(0);
  core::PresentOperator ada{base::OperatorId("p_1"), core::PresenceState::kOnline, "Ada", "", {}, {}, {}, 1, 0};
  const base::Instant t = rules::at_ms(5'000);
  CHECK(board.hear(core::presence_bodies(1, t, {ada})[0], t) == core::PresenceBoard::Heard::kChange);
  CHECK(board.hear(core::presence_bodies(1, t + 1ms, {})[0], t + 1ms) == core::PresenceBoard::Heard::kChange);
  CHECK(board.hear(core::presence_bodies(1, t, {ada})[0], t + 2ms) == core::PresenceBoard::Heard::kNothing);
  CHECK(board.all().empty());
}

TEST_CASE("what is no presence changes nothing") {
  core::PresenceBoard board(0);
  for (const char* body :
       {"", "[]", "{", R"({"shard":-1,"operators":[]})", R"({"shard":1,"at":1})", R"({"shard":1,"at":1,"operators":5})",
        R"({"shard":1,"at":1,"operators":[1,{"name":"no id"}]})", R"({"shard":1,"operators":[{"id":"p_1"}]})",
        R"({"shard":0,"at":1,"operators":[{"id":"p_own"}]})",
        R"({"shard":1,"at":1,"part":2,"parts":2,"operators":[{"id":"p_1"}]})"}) {
    INFO(body);
    CHECK(board.hear(body, base::Instant{}) == core::PresenceBoard::Heard::kNothing);
    CHECK(board.all().empty());
  }
}

TEST_CASE("offers that need an operator are withdrawn when the last slot is gone, and wait until there is one") {
  World world(R"({"rules": [{"id": "help", "when": {"page.path": "/help"}, "needs": {"operator": true},
                             "then": {"invite": {"text": "Hi"}}}]})");
  auto with_chat = std::make_shared<core::SiteSettings>(*world.site);
  with_chat->chat = std::make_shared<const core::ChatSettings>();
  world.site = with_chat;
  world.shard().put_site(with_chat);
  Tab tab(world, "t", "s");
  tab.hello("https://shop.example/help");
  world.pass(1s);
  CHECK(tab.next("offer").empty());

  core::PresentOperator ada{base::OperatorId("p_1"), core::PresenceState::kOnline, "Ada", "", {}, {}, {}, 1, 0};
  const auto present = [&] {
    world.bus->publish(base::SiteId("shop"), "presence", core::presence_bodies(1, world.clock.now(), {ada})[0]);
    world.pump();
    world.pass(200ms);
  };
  present();
  CHECK(field(tab.next("offer"), "rule") == "help");
  ada.elsewhere = 1;
  present();
  CHECK(field(tab.next("withdraw"), "why") == "withdrawn");
}

TEST_CASE("a visitor sees whether somebody is free, the place in the queue, and how long it may take") {
  DeskWorld world(3);
  Panel first(world, "t1", "first-visitor-01"), second(world, "t2", "second-visitor-2"), third(world, "t3", "third-visitor-03");
  Panel* const panels[] = {&first, &second, &third};
  const auto desk_of = [&](Panel& panel, std::string_view member) {
    world.pass(2s);
    panel.listen();
    return field(panel.chat, "desk." + std::string(member));
  };
  for (Panel* const panel : panels) {
    panel->tab.hello("/a");
    panel->open();
  }
  CHECK(desk_of(first, "state") == "away");
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {}, 1}));
  REQUIRE(!ada.hello().empty());
  CHECK(desk_of(first, "state") == "open");
  for (Panel* const panel : panels) {
    panel->say("hello");
    world.pass(10ms);
  }
  // Ada is free for the first: who is next is in no queue.
  CHECK(desk_of(first, "position") == "absent");
  CHECK(desk_of(second, "position") == "2");
  CHECK(desk_of(third, "position") == "3");
  CHECK(desk_of(third, "wait") == "absent");  // nobody has been answered yet
  const auto chat = *world.conversation(first.tab.visitor);
  world.clock.set(chat.waiting_since + 30s);
  CHECK(field(ada.say(chat.id.text(), "good day"), "type") == "ok");
  CHECK(desk_of(second, "state") == "busy");
  CHECK(desk_of(second, "position") == "1");
  CHECK(desk_of(third, "position") == "2");
  CHECK(desk_of(third, "wait") == "60000");
  CHECK(desk_of(first, "position") == "absent");
  CHECK(field(first.chat, "operator.name") == "Ada");
  ada.ask("presence", R"("state":"away")");
  CHECK(desk_of(second, "state") == "away");
  CHECK(desk_of(second, "position") == "absent");
}

TEST_CASE("the visitor of an operator who is away, or gone, is told so, and when they are back") {
  DeskWorld world(3);
  Panel panel(world, "t1", "first-visitor-01");
  const auto operator_is = [&](std::string_view member) {
    world.pass(2s);
    panel.listen();
    return field(panel.chat, "operator." + std::string(member));
  };
  panel.tab.hello("/a");
  panel.open();
  panel.say("hello");
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.pass(1s);
  const auto chat = *world.conversation(panel.tab.visitor);
  CHECK(field(ada.say(chat.id.text(), "good day"), "type") == "ok");
  CHECK(operator_is("name") == "Ada");
  CHECK(operator_is("away") == "absent");
  ada.ask("presence", R"("state":"away")");
  CHECK(operator_is("away") == "true");
  ada.ask("presence", R"("state":"online")");
  CHECK(operator_is("away") == "absent");
  ada.disconnect();
  CHECK(operator_is("away") == "absent");  // a short cut is no absence
  world.pass(core::kOfflineAfter);
  CHECK(operator_is("away") == "true");
  CHECK(operator_is("name") == "Ada");
}

TEST_CASE("outside the opening hours the desk is closed, and says when it opens") {
  base::OpeningHours hours;
  hours.always = false;
  hours.days[0] = {{9 * 60, 17 * 60}};  // Mondays
  DeskWorld world(1);
  auto changed = std::make_shared<core::SiteSettings>(*world.site);
  changed->calendar = base::make_calendar("UTC", hours);
  world.put_site(changed);
  Panel panel(world, "t1", "a-visitor-number-1");
  panel.tab.hello("/a");
  panel.open();
  CHECK(field(panel.chat, "desk.state") == "closed");
  // 2027-01-15 is a Friday; the Monday behind it.
  CHECK(base::format_utc(world.clock.now()).substr(0, 10) == "2027-01-15");
  CHECK(field(panel.chat, "desk.opens") == std::to_string(rules::to_ms(*base::parse_utc("2027-01-18T09:00:00Z"))));
}

TEST_CASE("an idle desk does nothing") {
  DeskWorld world(2);
  world.pass(10s);
  for (std::uint32_t i = 0; i < 2; ++i) CHECK(world.shard_at(i).next_deadline() == base::kNever);
}

// --- Assignment

TEST_CASE("a chat nobody answers within 2 minutes goes to another free operator") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"})), bob(world, world.add({"bob", "Bob"}));
  REQUIRE(!ada.hello().empty());
  REQUIRE(!bob.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  ada.take(chat.id.text(), chat.version);
  world.pass(119'999ms);
  CHECK(world.row(chat.id).operator_id == ada.who.id);
  world.pass(1ms);
  CHECK(world.row(chat.id).operator_id == bob.who.id);
  CHECK(world.lines(chat.id).back() == R"({"event":"unanswered","name":"Ada"})");
}

TEST_CASE("a chat nobody answers waits again when nobody else is free, in its old place") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada", {"fr"}})), bob(world, world.add({"bob", "Bob", {"de"}}));
  REQUIRE(!ada.hello().empty());
  REQUIRE(!bob.hello().empty());
  const auto chat = world.visitor_says("v_1", "bonjour", "fr");
  ada.take(chat.id.text(), chat.version);
  const base::Instant taken = world.clock.now();
  world.pass(119'999ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kAssigned);
  world.pass(1ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kWaiting);
  CHECK(world.row(chat.id).waiting_since == taken);
}

TEST_CASE("an answer stops the clock, the visitor's next message starts it") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  CHECK(field(ada.say(chat.id.text(), "hi"), "type") == "ok");
  world.pass(5min);
  CHECK(world.row(chat.id).state == store::ConversationState::kAssigned);
  world.visitor_says("v_1", "one");
  world.pass(1min);
  world.visitor_says("v_1", "two");  // waits since the first
  world.pass(59'999ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kAssigned);
  world.pass(1ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kWaiting);
}

TEST_CASE("a visitor who is silent for 30 minutes behind the operator's last message ends the chat") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  ada.say(chat.id.text(), "hi");
  world.pass(30min - 1ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kAssigned);
  world.pass(1ms);
  CHECK(world.row(chat.id).state == store::ConversationState::kClosed);
  CHECK(world.lines(chat.id).back() == R"({"event":"closed","by":"quiet"})");
  CHECK(field(ada.latest("conversation"), "conversation.state") == "closed");
}

TEST_CASE("with automatic assignment the least loaded free operator gets the chat at once") {
  DeskWorld world(3, auto_assign());
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {}, 2})), bob(world, world.add({"bob", "Bob", {}, {}, {}, 1}));
  REQUIRE(!ada.hello().empty());
  REQUIRE(!bob.hello().empty());
  world.pass(200ms);
  std::vector<store::Conversation> chats;
  for (const char* visitor : {"v_1", "v_2", "v_3", "v_4"}) chats.push_back(world.visitor_says(visitor, "hello"));
  world.pass(300ms);
  int of_ada = 0, of_bob = 0, waiting = 0;
  for (const auto& each : chats) {
    const auto now = world.row(each.id);
    of_ada += now.operator_id == ada.who.id;
    of_bob += now.operator_id == bob.who.id;
    waiting += now.state == store::ConversationState::kWaiting;
  }
  CHECK(of_ada == 2);
  CHECK(of_bob == 1);
  CHECK(waiting == 1);
  // A slot that comes free is taken by who waits.
  const auto first = world.row(chats[0].id);
  ConsoleTab& has_first = first.operator_id == ada.who.id ? ada : bob;
  has_first.ask("close", R"("site":"shop","conversation":")" + first.id.text() + R"(","version":)" +
                             std::to_string(first.version));
  world.pass(300ms);
  for (const auto& each : chats) CHECK(world.row(each.id).state != store::ConversationState::kWaiting);
}

TEST_CASE("automatic assignment heeds the wish, and waits for who has the skill") {
  DeskWorld world(2, auto_assign());
  ConsoleTab ada(world, world.add({"ada", "Ada", {"de"}}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "bonjour", "fr");
  world.pass(1s);
  CHECK(world.row(chat.id).state == store::ConversationState::kWaiting);
  ConsoleTab bob(world, world.add({"bob", "Bob", {"fr"}}));
  REQUIRE(!bob.hello().empty());
  world.pass(300ms);
  CHECK(world.row(chat.id).operator_id == bob.who.id);
  CHECK(world.lines(chat.id).back() == R"({"event":"joined","name":"Bob"})");
}

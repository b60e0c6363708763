// What visitors are told of the desk, and the desk of visitors.
#include <catch2/catch.hpp>

#include "chat_world.hpp"
#include "core/chat/availability.hpp"
#include "core/chat/page_trail.hpp"
#include "core/shard_core.hpp"
#include "store/limits.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

struct FakeDesk final : core::Availability {
  core::DeskSight sight(const store::Conversation* conversation) const override {
    core::DeskSight seen = now;
    if (conversation == nullptr || conversation->state != store::ConversationState::kWaiting) seen.position.reset();
    return seen;
  }
  std::optional<core::OperatorCard> card(const base::OperatorId& id) const override {
    if (id.text() != "p_AAAAAAAAAAAAAAAAAAAAAA") return std::nullopt;
    return core::OperatorCard{"Ada", "/ada.png"};
  }
  core::DeskSight now;
};

// A site's chat on its own, so that a desk of the test's can be put into it.
struct DeskWorld {
  explicit DeskWorld(core::Launcher launcher = core::Launcher::kAlways) {
    auto chat = std::make_shared<core::ChatSettings>();
    chat->launcher = launcher;
    settings = site_settings(R"({"rules": []})");
    settings->chat = chat;
    core.put_site(settings);
    core.find_site(settings->id)->chat->set_availability(&desk);
    pass(2s);
  }
  core::SiteChat& chat() { return *core.find_site(settings->id)->chat; }
  void pump() {
    while (!tasks.empty()) {
      const store::Task task = std::move(tasks.front());
      tasks.pop_front();
      task();
    }
  }
  void pass(base::Duration by) {
    const base::Instant end = clock.now() + by;
    while (core.timers.next() <= end) {
      clock.set(std::max(clock.now(), core.timers.next()));
      core.enter();
      pump();
    }
    clock.set(end);
    core.enter();
  }
  core::Link& hello(FakeConnection& connection, std::string_view session) {
    core::Upgrade upgrade;
    upgrade.site = settings->id;
    core::Link& link = core.attach(connection, upgrade);
    core.receive(link, R"({"type":"hello","site":"shop","tab":"t1","session":")" + std::string(session) +
                           R"(","page":{"url":"/a","title":"A"}})");
    pump();
    return link;
  }
  void send(core::Link& link, std::string_view frame) {
    core.receive(link, frame);
    pump();
  }

  std::shared_ptr<core::SiteSettings> settings;
  base::ManualClock clock;
  std::ostringstream text;
  base::Log log{base::LogLevel::kDebug, base::LogFormat::kText, text};
  std::unique_ptr<store::Store> store = store::make_memory_store();
  std::unique_ptr<store::Bus> bus = store::make_local_bus();
  std::deque<store::Task> tasks;
  FakeDesk desk;
  core::ShardCore core{{0, 1, base::Secret::random(), {}}, clock, *store, *bus, log,
                       [this](store::Task task) { tasks.push_back(std::move(task)); }};
};

constexpr std::string_view kSay = R"({"type":"say","id":2,"key":"0123456789abcdef","text":"Hello"})";

}  // namespace

TEST_CASE("the desk's state, the place in the queue and the operator's card are shown as they change") {
  DeskWorld world;
  world.desk.now = {core::DeskState::kBusy, 2, 90s, {}};
  FakeConnection connection;
  core::Link& link = world.hello(connection, "0123456789abcdef");
  CHECK(field(connection.take(), "chat.desk.state") == "busy");
  world.send(link, kSay);
  std::string chat = connection.take_type("chat");
  while (field(chat, "state") == "none") chat = connection.take_type("chat");
  CHECK(field(chat, "desk.position") == "2");
  CHECK(field(chat, "desk.wait") == "90000");
  CHECK(field(chat, "operator") == "absent");

  connection.frames.clear();
  world.desk.now.position = 1;
  world.chat().desk_changed();
  world.pass(core::kDeskEvery);
  CHECK(field(connection.take_type("chat"), "desk.position") == "1");
  // However often the desk changes within a second, it is told once.
  for (int i = 2; i < 50; ++i) {
    world.desk.now.position = static_cast<std::uint32_t>(i);
    world.chat().desk_changed();
    world.pass(20ms);
  }
  int told = 0;
  while (!connection.take_type("chat").empty()) ++told;
  CHECK(told <= 2);
  world.core.detach(link);
}

TEST_CASE("an operator who has the conversation is shown with name and picture") {
  DeskWorld world;
  world.desk.now.state = core::DeskState::kOpen;
  FakeConnection connection;
  core::Link& link = world.hello(connection, "0123456789abcdef");
  world.send(link, kSay);
  std::optional<store::Conversation> row;
  world.store->find_conversation(world.settings->id, link.visitor->id, [](store::Task task) { task(); },
                                 [&](const auto& found) { row = *found; });
  REQUIRE(row);
  store::ConversationChange change;
  change.state = store::ConversationState::kAssigned;
  change.operator_id = base::OperatorId("p_AAAAAAAAAAAAAAAAAAAAAA");
  world.store->change_conversation(world.settings->id, row->id, row->version, change, std::nullopt,
                                   [](store::Task task) { task(); }, [](const auto&) {});
  connection.frames.clear();
  world.pass(core::kHealOpen);
  const std::string chat = connection.take_type("chat");
  CHECK(field(chat, "state") == "assigned");
  CHECK(field(chat, "operator.name") == "Ada");
  CHECK(field(chat, "operator.picture") == "/ada.png");
  world.core.detach(link);
}

TEST_CASE("where the launcher is shown while somebody is there, every page is told when that changes") {
  for (const core::Launcher launcher : {core::Launcher::kOpen, core::Launcher::kAlways}) {
    DeskWorld world(launcher);
    FakeConnection connection;
    core::Link& link = world.hello(connection, "0123456789abcdef");
    CHECK(field(connection.take(), "chat.desk.state") == "away");
    world.desk.now.state = core::DeskState::kOpen;
    world.chat().desk_changed();
    world.pass(core::kDeskEvery);
    const std::string told = connection.take_type("chat");
    if (launcher == core::Launcher::kOpen) CHECK(field(told, "desk.state") == "open");
    else CHECK(told.empty());
    world.core.detach(link);
  }
}

TEST_CASE("operators are told what a visitor does who talks to them, at most once a second, and when they go") {
  ChatWorld world;
  std::vector<std::string> digests;
  const auto listening = world.bus->subscribe(
      world.site->id, "visitor", [](store::Task task) { task(); },
      [&](const store::BusMessage& message) { digests.push_back(message.body); });
  Panel panel(world, "t1", "s1");
  panel.tab.hello("https://shop.example/a?secret=1");
  panel.tab.events(R"({"type":"page","url":"https://shop.example/b","title":"B"},)"
                   R"({"type":"attr","name":"plan","value":"gold"})");
  world.pass(5s);
  CHECK(digests.empty());
  panel.say("Hello");
  world.pass(1s);
  REQUIRE_FALSE(digests.empty());
  CHECK(field(digests.back(), "v") == panel.tab.visitor);
  CHECK(field(digests.back(), "c") == world.conversation(panel.tab.visitor)->id.text());
  CHECK(field(digests.back(), "online") == "true");
  CHECK(field(digests.back(), "pages.0.url") == "https://shop.example/a");
  CHECK(field(digests.back(), "pages.1.title") == "B");
  CHECK(field(digests.back(), "attrs.plan") == "gold");
  CHECK(field(digests.back(), "facts.0.name") == "page.path");

  const std::size_t before = digests.size();
  for (int i = 0; i < 30; ++i) {
    panel.tab.events(R"({"type":"cart","value":)" + std::to_string(i) + R"(,"items":1,"currency":"EUR"})");
    world.pass(100ms);
  }
  CHECK(digests.size() - before >= 3);
  CHECK(digests.size() - before <= 4);
  world.pass(1s);
  CHECK(field(digests.back(), "cart.value") == "29");
  const std::string context = world.conversation(panel.tab.visitor)->context;
  CHECK(field(context, "cart.value") == "29");
  CHECK(field(context, "pages.1.title") == "B");

  // Nothing happens: nothing is told, until somebody asks.
  const std::size_t quiet = digests.size();
  world.pass(10s);
  CHECK(digests.size() == quiet);
  world.bus->publish(world.site->id, "who", R"({"v":")" + panel.tab.visitor + "\"}");
  world.pump();
  world.pass(1s);
  CHECK(digests.size() == quiet + 1);
  panel.tab.disconnect();
  world.pass(1s);
  CHECK(field(digests.back(), "online") == "false");

  SECTION("the pages are remembered over a restart") {
    world.restart(1s);
    panel.tab.session = "s2--------------";
    panel.tab.hello("https://shop.example/c");
    world.pass(1s);
    CHECK(field(digests.back(), "pages.0.url") == "https://shop.example/a");
    CHECK(field(digests.back(), "pages.2.url") == "https://shop.example/c");
  }
  SECTION("and nothing is told of a conversation that is closed") {
    world.close(panel.tab.visitor);
    world.pass(2s);
    const std::size_t closed = digests.size();
    world.bus->publish(world.site->id, "who", R"({"v":")" + panel.tab.visitor + "\"}");
    world.pass(2s);
    CHECK(digests.size() == closed);
  }
}

TEST_CASE("of a visitor without consent operators see that they are here, and no page, cart or fact") {
  auto settings = chat_site();
  settings->consent = core::ConsentMode::kRequired;
  ChatWorld world(settings);
  std::vector<std::string> digests;
  const auto listening = world.bus->subscribe(
      world.site->id, "visitor", [](store::Task task) { task(); },
      [&](const store::BusMessage& message) { digests.push_back(message.body); });
  Panel panel(world, "t1", "s1");
  panel.tab.hello("https://shop.example/canary");
  panel.tab.events(R"({"type":"cart","value":5},{"type":"attr","name":"plan","value":"canary"})");
  panel.say("Hello");
  world.pass(2s);
  REQUIRE_FALSE(digests.empty());
  CHECK(field(digests.back(), "online") == "true");
  CHECK(digests.back().find("canary") == std::string::npos);
  CHECK(field(digests.back(), "cart") == "absent");
  CHECK(world.conversation(panel.tab.visitor)->context.empty());
}

TEST_CASE("a context that does not fit is kept without what is missed least") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("https://shop.example/a");
  const std::string value(256, 'x');
  for (int i = 0; i < 50; ++i) {
    panel.tab.events(R"({"type":"attr","name":"a)" + std::to_string(i) + R"(","value":")" + value + "\"}");
    world.pass(50ms);
  }
  panel.say("Hello");
  world.pass(2s);
  const std::string context = world.conversation(panel.tab.visitor)->context;
  CHECK(context.size() <= store::kMaxContextBytes);
  CHECK(field(context, "pages.0.url") == "https://shop.example/a");
  CHECK(field(context, "attrs") == "absent");
}

TEST_CASE("a trail keeps the latest pages within its bounds") {
  core::PageTrail trail;
  CHECK(trail.empty());
  CHECK(trail.json() == "[]");
  const base::Instant start = base::ManualClock().now();
  for (int i = 0; i < 25; ++i) trail.add(start + base::Duration(i), "/p" + std::to_string(i), "line\nbreak");
  CHECK(field(R"({"p":)" + trail.json() + "}", "p.0.url") == "/p5");
  CHECK(field(R"({"p":)" + trail.json() + "}", "p.19.url") == "/p24");
  CHECK(field(R"({"p":)" + trail.json() + "}", "p.19.title") == "line\nbreak");
  for (int i = 0; i < 20; ++i) trail.add(start, std::string(2'000, 'u'), std::string(500, 't'));
  CHECK(trail.json().size() <= core::kMaxTrailBytes + 2);
  core::PageTrail again;
  again.restore(R"({"pages":)" + trail.json() + "}");
  CHECK(again.json() == trail.json());
  core::PageTrail none;
  for (const char* const text : {"", "[]", "{}", R"({"pages":5})", R"({"pages":[5,{},{"at":"x"}]})"}) none.restore(text);
  CHECK(none.empty());
}

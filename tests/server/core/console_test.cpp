// Consoles: from hello to the end of a session, and every frame in between.
#include <catch2/catch.hpp>

#include "base/limits.hpp"
#include "core/desk/limits.hpp"
#include "desk_world.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::string of(const store::Conversation& chat, std::string_view rest = "") {
  return R"("site":"shop","conversation":")" + chat.id.text() + "\"" + std::string(rest);
}

std::string at_version(const store::Conversation& chat, std::uint64_t version, std::string_view rest = "") {
  return of(chat, ",\"version\":" + std::to_string(version) + std::string(rest));
}

// The result of an answer: "ok" or the code of its error.
std::string result(const std::string& answer) {
  const std::string type = field(answer, "type");
  return type == "error" ? field(answer, "code") : type;
}

// Two operators at their consoles, and a visitor who waits.
struct Shop {
  Shop() {
    REQUIRE(!ada.hello().empty());
    REQUIRE(!bob.hello().empty());
    chat = world.visitor_says("v_1", "hello");
    world.pass(100ms);
  }
  void fresh() { chat = world.row(chat.id); }
  DeskWorld world{3};
  store::FaultyBus& bus = world.make_bus_faulty({});
  ConsoleTab ada{world, world.add({"ada", "Ada", {"fr"}, {"sales"}})};
  ConsoleTab bob{world, world.add({"bob", "Bob", {"de"}, {"support"}})};
  store::Conversation chat;
};

}  // namespace

// --- From hello to welcome

TEST_CASE("a welcome says who one is, who else is there and what is open") {
  core::ChatSettings settings;
  settings.canned = {{"Hello", "Good day"}};
  settings.uploads = false;
  DeskWorld world(3, settings);
  const auto chat = world.visitor_says("v_1", "help me");
  ConsoleTab bob(world, world.add({"bob", "Bob"}));
  REQUIRE(!bob.hello().empty());
  ConsoleTab ada(world, world.add({"ada", "Ada", {"fr"}, {"sales"}, {}, 7}));
  const std::string welcome = ada.hello();
  CHECK(field(welcome, "operator.login") == "ada");
  CHECK(field(welcome, "operator.role") == "operator");
  CHECK(field(welcome, "operator.state") == "online");
  CHECK(field(welcome, "operator.capacity") == "7");
  CHECK(field(welcome, "sites.0.id") == "shop");
  CHECK(field(welcome, "sites.0.canned.0.text") == "Good day");
  CHECK(field(welcome, "sites.0.uploads") == "false");
  CHECK(field(welcome, "conversations.0.id") == chat.id.text());
  CHECK(field(welcome, "conversations.0.preview") == "help me");
  CHECK(field(welcome, "conversations.0.unread") == "1");
  CHECK(field(welcome, "more") == "absent");
  world.pass(200ms);
  const std::string presence = bob.latest("presence");
  CHECK(field(presence, "operators.1.id") != "absent");
}

TEST_CASE("a hello is answered before the welcome comes") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  ada.connect();
  ada.send("hello");
  world.pass(50ms);
  CHECK(ada.connection->take() == R"({"type":"ok","id":1})");
  CHECK(field(ada.connection->take(), "type") == "welcome");
}

TEST_CASE("a console that says nothing within 10 s is closed") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  ada.connect();
  world.pass(9'999ms);
  CHECK(ada.code() == 0);
  world.pass(1ms);
  CHECK(ada.code() == 4501);
}

TEST_CASE("what is no hello, a second hello and a frame before the welcome are refused") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  ada.connect();
  ada.send("ping");
  CHECK(ada.code() == 4501);
  ada.connect();
  ada.send("hello");
  ada.send("ping");
  CHECK(ada.code() == 4503);
  REQUIRE(!ada.hello().empty());
  ada.send("hello");
  CHECK(ada.code() == 4503);
  REQUIRE(!ada.hello().empty());
  ada.raw(R"({"type":"watch","id":9,"role":"admin"})");
  CHECK(ada.code() == 4500);
}

TEST_CASE("a session that is not there, another's or over is no way in") {
  DeskWorld world;
  const auto ada = world.add({"ada", "Ada"}), bob = world.add({"bob", "Bob"});
  const base::TokenHash unknown = base::hash_token(base::Secret::random(), "x");
  ConsoleTab guessed(world, ada, unknown);
  CHECK(guessed.hello().empty());
  CHECK(guessed.code() == 4505);
  ConsoleTab another(world, ada, world.sign_in(bob));
  CHECK(another.hello().empty());
  CHECK(another.code() == 4505);
  ConsoleTab late(world, ada);
  world.pass(12h - 1ms);
  CHECK(!late.hello().empty());
  world.pass(1ms + core::kRecheckEvery);
  CHECK(late.code() == 4505);
}

TEST_CASE("a disabled operator, an ended session and a deleted one are out within 1 s without any hint") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.pass(10'123ms);
  SECTION("disabled") {
    store::OperatorRecord disabled = ada.who;
    disabled.disabled = true;
    world.save(disabled);
  }
  SECTION("signed out") { world.end_session(ada.session); }
  world.pass(1s);
  CHECK(ada.code() == 4505);
  ConsoleTab again(world, ada.who, ada.session);
  CHECK(again.hello().empty());
  CHECK(again.code() == 4505);
}

TEST_CASE("with the hint they are out at once") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.pass(10s);
  world.end_session(ada.session);
  world.hint_operators();
  world.pump();
  CHECK(ada.code() == 4505);
}

TEST_CASE("an operator whose sites change is welcomed anew and sees no more of the others") {
  DeskWorld world;
  world.add_site("blog");
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  CHECK(field(ada.hello(), "sites.1.id") == "shop");
  const auto chat = world.visitor_says("v_1", "hello");
  CHECK(result(ada.ask("watch", of(chat))) == "ok");
  store::OperatorRecord changed = ada.who;
  changed.sites = {base::SiteId("blog")};
  world.save(changed);
  world.pass(1s);
  const std::string welcome = ada.latest("welcome");
  CHECK(field(welcome, "sites.0.id") == "blog");
  CHECK(field(welcome, "sites.1.id") == "absent");
  ada.forget();
  world.visitor_says("v_1", "still there?");
  world.pass(6s);
  CHECK(ada.count("conversation") == 0);
  CHECK(ada.count("messages") == 0);
  CHECK(result(ada.ask("watch", of(chat))) == "no_conversation");
}

TEST_CASE("a site that comes or goes is told by another welcome") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.add_site("blog");
  world.pass(100ms);
  CHECK(field(ada.latest("welcome"), "sites.0.id") == "blog");
  for (std::uint32_t i = 0; i < world.count(); ++i) world.shard_at(i).remove_site(base::SiteId("blog"));
  world.pass(100ms);
  CHECK(field(ada.latest("welcome"), "sites.0.id") == "shop");
}

TEST_CASE("a welcome holds so much, says that there is more, and has who waits longest first") {
  DeskWorld world(1);
  std::string first;
  for (int i = 0; i < 1'200; ++i) {
    const auto chat = world.visitor_says("v_" + std::to_string(i), std::string(190, 'x'));
    if (i == 0) first = chat.id.text();
    world.clock.advance(1ms);
  }
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  const std::string welcome = ada.hello();
  CHECK(welcome.size() <= core::kMaxWelcomeBytes + 8'192);
  CHECK(field(welcome, "more") == "true");
  CHECK(field(welcome, "conversations.0.id") == first);
}

// --- Two operators

TEST_CASE("of two who take one chat one has it, and the other is told by whom") {
  Shop shop;
  shop.ada.send("take", at_version(shop.chat, shop.chat.version));
  shop.bob.send("take", at_version(shop.chat, shop.chat.version));
  shop.world.pass(100ms);
  const auto owner = shop.world.row(shop.chat.id).operator_id;
  ConsoleTab& quick = owner == shop.ada.who.id ? shop.ada : shop.bob;
  ConsoleTab& slow = owner == shop.ada.who.id ? shop.bob : shop.ada;
  CHECK(field(quick.latest("ok"), "conversation.operator.name") == quick.who.name);
  const std::string lost = slow.latest("error");
  CHECK(field(lost, "code") == "conflict");
  CHECK(field(lost, "operator") == quick.who.name);
  CHECK(field(lost, "conversation.operator.id") == owner.text());
  CHECK(shop.world.lines(shop.chat.id).size() == 1);
  CHECK(field(slow.latest("conversation"), "conversation.state") == "assigned");
}

TEST_CASE("taking another's chat with its present version is a conflict too, taking one's own changes nothing") {
  Shop shop;
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  shop.fresh();
  CHECK(result(shop.bob.take(shop.chat.id.text(), shop.chat.version)) == "conflict");
  CHECK(result(shop.ada.take(shop.chat.id.text(), shop.chat.version)) == "ok");
  CHECK(shop.world.row(shop.chat.id).version == shop.chat.version);
}

TEST_CASE("saying something in a waiting chat takes it; in another's it is refused") {
  Shop shop;
  const std::string answer = shop.ada.say(shop.chat.id.text(), "hi");
  CHECK(result(answer) == "ok");
  CHECK(field(answer, "seq") == "3");  // hello, joined, hi
  CHECK(shop.world.row(shop.chat.id).operator_id == shop.ada.who.id);
  CHECK(result(shop.bob.say(shop.chat.id.text(), "me too")) == "not_yours");
  CHECK(shop.world.messages(shop.chat.id).size() == 3);
  CHECK(shop.world.row(shop.chat.id).operator_unread == 0);
}

TEST_CASE("two who answer a waiting chat at once: one says it, the other is told") {
  Shop shop;
  shop.ada.send("say", of(shop.chat, R"(,"key":"0123456789abcdef","text":"a")"));
  shop.bob.send("say", of(shop.chat, R"(,"key":"fedcba9876543210","text":"b")"));
  shop.world.pass(100ms);
  const bool ada_won = !shop.ada.latest("ok").empty();
  CHECK((ada_won ? field(shop.bob.latest("error"), "code") : field(shop.ada.latest("error"), "code")) == "not_yours");
  CHECK(shop.world.messages(shop.chat.id).size() == 3);
}

TEST_CASE("the same key is said once") {
  Shop shop;
  const std::string first = shop.ada.say(shop.chat.id.text(), "hi", "0123456789abcdef");
  const std::string again = shop.ada.say(shop.chat.id.text(), "hi", "0123456789abcdef");
  CHECK(field(first, "seq") == field(again, "seq"));
  CHECK(field(first, "at") == field(again, "at"));
  CHECK(shop.world.messages(shop.chat.id).size() == 3);
}

TEST_CASE("a text of 8,192 bytes is said, a longer one refused without closing") {
  Shop shop;
  CHECK(result(shop.ada.say(shop.chat.id.text(), std::string(8'192, 'x'))) == "ok");
  CHECK(result(shop.ada.say(shop.chat.id.text(), std::string(8'193, 'x'))) == "too_long");
  CHECK(shop.ada.code() == 0);
}

TEST_CASE("a file must be one that the operator uploaded") {
  Shop shop;
  CHECK(result(shop.ada.ask("say", of(shop.chat, R"(,"key":"0123456789abcdef","file":"f_unknown")"))) == "bad_file");
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  CHECK(result(shop.ada.ask("say", of(shop.chat, R"(,"key":"0123456789abcdef","file":"f_unknown")"))) == "bad_file");
  for (ConsoleTab* const owner : {&shop.bob, &shop.ada}) {
    store::FileRecord file;
    file.id = base::new_file_id();
    file.operator_id = owner->who.id;
    file.name = "a.png";
    file.type = "image/png";
    REQUIRE(store::await<store::FileRecord>([&](const store::Poster& post, store::Callback<store::FileRecord> done) {
      shop.world.store->add_file(shop.world.site->id, file, "content", post, std::move(done));
    }));
    const std::string rest =
        R"(,"key":"file-of-)" + owner->who.login + R"(-00000000","file":")" + file.id.text() + "\"";
    CHECK(result(shop.ada.ask("say", of(shop.chat, rest))) == (owner == &shop.ada ? "ok" : "bad_file"));
  }
}

// --- Close, transfer, take back

TEST_CASE("a chat is closed by who has it, with a line, and opened again by taking it") {
  Shop shop;
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  shop.fresh();
  CHECK(result(shop.bob.ask("close", at_version(shop.chat, shop.chat.version))) == "not_yours");
  CHECK(result(shop.ada.ask("close", at_version(shop.chat, shop.chat.version - 1))) == "conflict");
  const std::string closed = shop.ada.ask("close", at_version(shop.chat, shop.chat.version));
  CHECK(field(closed, "conversation.state") == "closed");
  CHECK(shop.world.lines(shop.chat.id).back() == R"({"event":"closed","by":"Ada"})");
  shop.fresh();
  CHECK(result(shop.ada.ask("close", at_version(shop.chat, shop.chat.version))) == "ok");
  CHECK(result(shop.ada.say(shop.chat.id.text(), "one more thing")) == "closed");
  const std::string taken = shop.bob.take(shop.chat.id.text(), shop.chat.version);
  CHECK(field(taken, "conversation.operator.name") == "Bob");
  shop.world.pass(29min);
  CHECK(shop.world.row(shop.chat.id).state != store::ConversationState::kClosed);
}

TEST_CASE("a chat is transferred to an operator who is online and free") {
  Shop shop;
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  shop.fresh();
  const auto to = [&](const std::string& target) {
    return shop.ada.ask("transfer", at_version(shop.chat, shop.chat.version, R"(,"to":)" + target));
  };
  const auto offline = shop.world.add({"eve", "Eve"});
  CHECK(result(to(R"({"operator":")" + offline.id.text() + "\"}")) == "bad_target");
  CHECK(result(to(R"({"operator":"p_nobody"})")) == "bad_target");
  CHECK(result(to(R"({"operator":")" + shop.ada.who.id.text() + "\"}")) == "bad_target");
  shop.bob.ask("presence", R"("state":"away")");
  shop.world.pump();
  CHECK(result(to(R"({"operator":")" + shop.bob.who.id.text() + "\"}")) == "bad_target");
  shop.bob.ask("presence", R"("state":"online")");
  shop.world.pump();
  const std::string given = to(R"({"operator":")" + shop.bob.who.id.text() + "\"}");
  CHECK(field(given, "conversation.operator.name") == "Bob");
  CHECK(shop.world.lines(shop.chat.id).back() == R"({"event":"transferred","name":"Bob","by":"Ada"})");
  CHECK(result(shop.ada.say(shop.chat.id.text(), "bye")) == "not_yours");
  CHECK(result(shop.bob.say(shop.chat.id.text(), "hi")) == "ok");
  shop.fresh();
  CHECK(result(to(R"({"skill":"fr"})")) == "not_yours");
}

TEST_CASE("a chat is transferred to a group or a skill, and waits for one of those") {
  Shop shop;
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  shop.fresh();
  CHECK(result(shop.ada.ask("transfer", at_version(shop.chat, shop.chat.version, R"(,"to":{"group":"nobody"})"))) ==
        "bad_target");
  CHECK(result(shop.ada.ask("transfer", at_version(shop.chat, shop.chat.version, R"(,"to":{"skill":"nothing"})"))) ==
        "bad_target");
  const std::string given =
      shop.ada.ask("transfer", at_version(shop.chat, shop.chat.version, R"(,"to":{"group":"support"})"));
  CHECK(field(given, "conversation.state") == "waiting");
  CHECK(field(given, "conversation.group") == "support");
  CHECK(field(given, "conversation.operator") == "absent");
  CHECK(shop.world.lines(shop.chat.id).back() == R"({"event":"transferred","name":"support","by":"Ada"})");
  shop.fresh();
  shop.bob.take(shop.chat.id.text(), shop.chat.version);
  shop.fresh();
  const std::string skilled =
      shop.bob.ask("transfer", at_version(shop.chat, shop.chat.version, R"(,"to":{"skill":"fr"})"));
  CHECK(field(skilled, "conversation.skill") == "fr");
  CHECK(field(skilled, "conversation.group") == "absent");
  shop.fresh();
  CHECK(result(shop.bob.ask("transfer", at_version(shop.chat, shop.chat.version - 1, R"(,"to":{"skill":"de"})"))) ==
        "conflict");
}

TEST_CASE("where the site assigns by itself a chat given to a group goes to one of it") {
  core::ChatSettings settings;
  settings.assign = core::Assign::kAuto;
  DeskWorld world(3, settings);
  ConsoleTab ada(world, world.add({"ada", "Ada"})), bob(world, world.add({"bob", "Bob", {}, {"support"}}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  world.pass(300ms);
  REQUIRE(!bob.hello().empty());
  world.pass(300ms);
  auto now = world.row(chat.id);
  REQUIRE(now.operator_id == ada.who.id);
  ada.ask("transfer", at_version(now, now.version, R"(,"to":{"group":"support"})"));
  world.pass(300ms);
  CHECK(world.row(chat.id).operator_id == bob.who.id);
}

// --- Watching

TEST_CASE("who watches a chat gets its messages in order, once, and typing") {
  Shop shop;
  const std::string answer = shop.ada.ask("watch", of(shop.chat));
  CHECK(field(answer, "messages.0.text") == "hello");
  CHECK(field(answer, "conversation.id") == shop.chat.id.text());
  for (int i = 0; i < 120; ++i) shop.world.visitor_says("v_1", "line " + std::to_string(i));
  shop.world.pass(100ms);
  int next = 2;
  for (std::string frame = shop.ada.connection->take(); !frame.empty(); frame = shop.ada.connection->take()) {
    if (field(frame, "type") != "messages") continue;
    for (int i = 0; field(frame, "messages." + std::to_string(i)) != "absent"; ++i) {
      CHECK(field(frame, "messages." + std::to_string(i) + ".seq") == std::to_string(next++));
    }
  }
  CHECK(next == 122);
  CHECK(shop.bob.count("messages") == 0);

  shop.world.publish("typing", R"({"c":")" + shop.chat.id.text() + R"(","who":"visitor","on":true})");
  shop.world.pump();
  CHECK(field(shop.ada.latest("typing"), "who") == "visitor");
  CHECK(result(shop.ada.ask("unwatch", of(shop.chat))) == "ok");
  shop.world.visitor_says("v_1", "more");
  shop.world.pass(6s);
  CHECK(shop.ada.count("messages") == 0);
}

TEST_CASE("messages whose hints are lost come within 5 s") {
  Shop shop;
  shop.ada.ask("watch", of(shop.chat));
  shop.bus.set_faults({.drop = 1});
  shop.world.visitor_says("v_1", "anybody?");
  shop.world.pass(core::kHealEvery + 100ms);
  CHECK(field(shop.ada.latest("messages"), "messages.0.text") == "anybody?");
}

TEST_CASE("long messages come in frames of at most 64 KiB, and older ones are there to be asked for") {
  Shop shop;
  shop.ada.ask("watch", of(shop.chat));
  const std::string text(8'000, 'x');
  for (int i = 0; i < 30; ++i) shop.world.visitor_says("v_1", text);
  shop.world.pass(100ms);
  std::size_t seen = 0;
  for (std::string frame = shop.ada.connection->take_type("messages"); !frame.empty();
       frame = shop.ada.connection->take_type("messages")) {
    CHECK(frame.size() <= base::kMaxFrameBytes);
    while (field(frame, "messages." + std::to_string(seen)) != "absent") ++seen;
    seen = 0;
  }
  const std::string page = shop.bob.ask("watch", of(shop.chat));
  CHECK(field(page, "messages.0.seq") == "24");  // 24 to 31 fit
  const std::string older = shop.bob.ask("history", of(shop.chat, R"(,"before":24)"));
  CHECK(field(older, "messages.7.seq") == "23");
  const std::string newer = shop.bob.ask("history", of(shop.chat, R"(,"after":1)"));
  CHECK(field(newer, "messages.0.seq") == "2");
}

TEST_CASE("an operator's typing reaches the bus once a second, the colleagues who watch, and not the sender") {
  Shop shop;
  shop.ada.take(shop.chat.id.text(), shop.chat.version);
  shop.ada.ask("watch", of(shop.chat));
  shop.bob.ask("watch", of(shop.chat));
  for (int i = 0; i < 3; ++i) CHECK(result(shop.ada.ask("typing", of(shop.chat, R"(,"on":true)"))) == "ok");
  CHECK(shop.bob.count("typing") == 1);
  CHECK(field(shop.bob.latest("typing"), "name") == "Ada");
  CHECK(shop.ada.count("typing") == 0);
  shop.world.pass(999ms);
  shop.ada.ask("typing", of(shop.chat, R"(,"on":true)"));
  CHECK(shop.bob.count("typing") == 0);
  shop.world.pass(1ms);
  shop.ada.ask("typing", of(shop.chat, R"(,"on":true)"));
  CHECK(shop.bob.count("typing") == 1);
  shop.ada.ask("typing", of(shop.chat, R"(,"on":false)"));
  CHECK(field(shop.bob.latest("typing"), "on") == "false");
  CHECK(result(shop.bob.ask("typing", of(shop.chat, R"(,"on":true)"))) == "not_yours");
}

TEST_CASE("a visitor's digest is shown to who watches, and everybody sees that they are there") {
  Shop shop;
  shop.ada.ask("watch", of(shop.chat));
  CHECK(field(shop.ada.latest("visitor"), "visitor.online") == "false");
  shop.ada.forget();
  const std::string digest =
      R"({"v":"v_1","c":")" + shop.chat.id.text() +
      R"(","online":true,"pages":[{"url":"/a","title":"A","at":1}],"tags":["vip"],"secret":"x"})";
  shop.world.publish("visitor", digest);
  shop.world.pump();
  const std::string seen = shop.ada.latest("visitor");
  CHECK(field(seen, "visitor.id") == "v_1");
  CHECK(field(seen, "visitor.online") == "true");
  CHECK(field(seen, "visitor.pages.0.url") == "/a");
  CHECK(field(seen, "visitor.secret") == "absent");
  CHECK(field(shop.bob.latest("conversation"), "conversation.online") == "true");
  CHECK(shop.bob.count("visitor") == 0);
  // Nothing more is heard.
  shop.world.pass(core::kVisitorGoneAfter + 5s);
  CHECK(field(shop.bob.latest("conversation"), "conversation.online") == "false");
  CHECK(field(shop.ada.latest("visitor"), "visitor.online") == "false");
}

TEST_CASE("at most 32 conversations are watched at a time") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  std::vector<store::Conversation> chats;
  for (int i = 0; i < 33; ++i) chats.push_back(world.visitor_says("v_" + std::to_string(i), "hello"));
  for (int i = 0; i < 32; ++i) CHECK(result(ada.ask("watch", of(chats[static_cast<std::size_t>(i)]))) == "ok");
  CHECK(result(ada.ask("watch", of(chats[32]))) == "too_many");
  ada.ask("unwatch", of(chats[0]));
  CHECK(result(ada.ask("watch", of(chats[32]))) == "ok");
}

TEST_CASE("reading is told: the unread count goes") {
  Shop shop;
  CHECK(field(shop.bob.latest("conversation"), "conversation.unread") == "1");
  CHECK(result(shop.ada.ask("read", of(shop.chat, R"(,"seq":1)"))) == "ok");
  shop.world.pass(100ms);
  CHECK(field(shop.bob.latest("conversation"), "conversation.unread") == "0");
  CHECK(shop.world.row(shop.chat.id).operator_read == 1);
}

TEST_CASE("the list pages through everything, closed ones too, latest change first") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  for (int i = 0; i < 60; ++i) world.visitor_says("v_" + std::to_string(i), std::to_string(i));
  const std::string first = ada.ask("list", R"("site":"shop")");
  CHECK(field(first, "conversations.0.preview") == "59");
  CHECK(field(first, "conversations.49.preview") == "10");
  const std::string second = ada.ask("list", R"("site":"shop","before":)" + field(first, "next"));
  CHECK(field(second, "conversations.0.preview") == "9");
  CHECK(field(second, "conversations.9.preview") == "0");
  CHECK(field(second, "next") == "absent");
  CHECK(result(ada.ask("list", R"("site":"other")")) == "no_site");
}

TEST_CASE("a conversation that is erased is forgotten everywhere") {
  Shop shop;
  shop.ada.ask("watch", of(shop.chat));
  REQUIRE(store::await<void>([&](const store::Poster& post, store::Callback<void> done) {
    shop.world.store->erase(shop.world.site->id, base::VisitorId("v_1"), post, std::move(done));
  }));
  shop.world.publish("chat", R"({"c":")" + shop.chat.id.text() + R"(","v":"v_1","gone":true})");
  shop.world.pass(100ms);
  CHECK(field(shop.bob.latest("conversation_gone"), "conversation") == shop.chat.id.text());
  CHECK(result(shop.ada.take(shop.chat.id.text(), shop.chat.version)) == "no_conversation");
}

// --- Who may

TEST_CASE("what is of another site is as what does not exist") {
  DeskWorld world;
  world.add_site("blog");
  ConsoleTab ada(world, world.add({"ada", "Ada", {}, {}, {"blog"}}));
  REQUIRE(!ada.hello().empty());
  const auto chat = world.visitor_says("v_1", "hello");
  const std::string real = R"("conversation":")" + chat.id.text() + "\"",
                    made_up = R"("conversation":"c_0000000000000000000000")";
  const std::pair<const char*, const char*> frames[] = {{"watch", ""},
                                                        {"history", R"(,"before":9)"},
                                                        {"take", R"(,"version":1)"},
                                                        {"say", R"(,"key":"0123456789abcdef","text":"x")"},
                                                        {"read", R"(,"seq":1)"},
                                                        {"close", R"(,"version":1)"},
                                                        {"typing", R"(,"on":true)"},
                                                        {"transfer", R"(,"version":1,"to":{"skill":"fr"})"}};
  const auto error = [&](const char* type, const std::string& rest) {
    const std::string answer = ada.ask(type, rest);
    CHECK(field(answer, "type") == "error");
    return field(answer, "code") + (std::string(type) == "typing" ? "" : field(answer, "message"));
  };
  for (const auto& [type, rest] : frames) {
    INFO(type);
    const std::string other = error(type, R"("site":"shop",)" + real + rest),
                      none = error(type, R"("site":"blog",)" + made_up + rest);
    CHECK(other.substr(0, 15) == "no_conversation");
    CHECK(other == none);
    CHECK(error(type, R"("site":"blog",)" + real + rest) == none);
    CHECK(error(type, R"("site":"unknown",)" + real + rest) == none);
  }
  CHECK(world.messages(chat.id).size() == 1);
}

// --- Tasks

TEST_CASE("tasks are shown, done, and opened again") {
  Shop shop;
  store::TaskRow task;
  task.id = base::new_task_id();
  task.key = "k";
  task.visitor = base::VisitorId("v_1");
  task.phone = "+33 1";
  task.t = shop.world.clock.now();
  REQUIRE(store::await<store::Added>([&](const store::Poster& post, store::Callback<store::Added> done) {
    shop.world.store->add_task(shop.world.site->id, task, post, std::move(done));
  }));
  shop.world.publish("chat", R"({"t":")" + task.id.text() + R"("})");
  shop.world.pass(100ms);
  CHECK(field(shop.bob.latest("task"), "task.phone") == "+33 1");
  const std::string done = shop.ada.ask("task", R"("site":"shop","task":")" + task.id.text() + R"(","done":true)");
  CHECK(field(done, "task.by") == "Ada");
  shop.world.pass(100ms);
  CHECK(field(shop.bob.latest("task"), "task.done") == "true");
  CHECK(result(shop.ada.ask("task", R"("site":"shop","task":"t_none","done":true)")) == "no_task");
  ConsoleTab late(shop.world, shop.world.add({"eve", "Eve"}));
  CHECK(field(late.hello(), "tasks.0") == "absent");
  CHECK(result(shop.bob.ask("task", R"("site":"shop","task":")" + task.id.text() + R"(","done":false)")) == "ok");
  shop.world.pass(100ms);
  CHECK(field(late.latest("task"), "task.done") == "false");
}

// --- Presence

TEST_CASE("a cut of less than 30 s does not show, one of 30 s does") {
  Shop shop;
  shop.world.pass(1s);
  shop.bob.forget();
  shop.ada.disconnect();
  shop.world.pass(29'999ms);
  CHECK(shop.bob.count("presence") == 0);
  REQUIRE(!shop.ada.hello().empty());
  shop.world.pass(5s);
  CHECK(shop.bob.count("presence") == 0);
  shop.ada.disconnect();
  shop.world.pass(30s);
  shop.world.pass(200ms);
  CHECK(field(shop.bob.latest("presence"), "operators.1") == "absent");
}

TEST_CASE("who signs out is gone at once") {
  Shop shop;
  shop.world.end_session(shop.ada.session);
  shop.world.hint_operators();
  shop.world.pass(200ms);
  CHECK(field(shop.bob.latest("presence"), "operators.1") == "absent");
}

TEST_CASE("without activity for 10 minutes an operator is away, and back with the next") {
  Shop shop;
  shop.ada.ask("activity");
  const auto state = [&] {
    shop.world.pass(200ms);
    return shop.ada.latest("presence");
  };
  state();
  shop.world.pass(9min);
  shop.bob.ask("activity");
  shop.ada.ask("ping");  // none
  shop.world.pass(1min - 201ms);
  CHECK(shop.ada.count("presence") == 0);
  shop.world.pass(1ms);
  CHECK(state().find(R"("state":"away")") != std::string::npos);
  shop.ada.ask("activity");
  CHECK(state().find(R"("state":"away")") == std::string::npos);
  // Chosen, it stays.
  shop.ada.ask("presence", R"("state":"away")");
  CHECK(state().find(R"("state":"away")") != std::string::npos);
  shop.ada.ask("activity");
  CHECK(state().empty());
}

TEST_CASE("several tabs of an operator are one operator") {
  Shop shop;
  ConsoleTab second(shop.world, shop.ada.who, shop.ada.session);
  const std::string welcome = second.hello();
  CHECK(field(welcome, "operators.2") == "absent");
  shop.world.pass(200ms);
  second.forget();
  shop.ada.disconnect();
  shop.world.pass(1min);
  CHECK(second.count("presence") == 0);
  shop.ada.hello();
  CHECK(result(second.say(shop.chat.id.text(), "hi")) == "ok");
  CHECK(result(shop.ada.say(shop.chat.id.text(), "there")) == "ok");
}

// --- Limits

TEST_CASE("an operator has at most 16 connections") {
  DeskWorld world;
  const auto ada = world.add({"ada", "Ada"});
  std::vector<std::unique_ptr<ConsoleTab>> tabs;
  for (int i = 0; i < 16; ++i) {
    tabs.push_back(std::make_unique<ConsoleTab>(world, ada));
    CHECK(!tabs.back()->hello().empty());
  }
  ConsoleTab one_more(world, ada);
  CHECK(one_more.hello().empty());
  CHECK(one_more.code() == 4003);
  tabs.pop_back();
  CHECK(!one_more.hello().empty());
}

TEST_CASE("more frames than 20 a second, 100 at once, close the connection") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.pass(10s);
  for (int i = 0; i < 100; ++i) CHECK(result(ada.ask("ping")) == "ok");
  ada.send("ping");
  CHECK(ada.code() == 4003);
}

TEST_CASE("more messages than 20 at once wait, and the connection stays") {
  Shop shop;
  shop.world.pass(30s);
  for (int i = 0; i < 20; ++i) CHECK(result(shop.ada.say(shop.chat.id.text(), "x")) == "ok");
  CHECK(result(shop.ada.say(shop.chat.id.text(), "x")) == "too_many");
  shop.world.pass(1s);
  CHECK(result(shop.ada.say(shop.chat.id.text(), "x")) == "ok");
}

TEST_CASE("at most 64 frames wait for the store") {
  Shop shop;
  shop.world.pass(30s);
  shop.ada.forget();
  for (int i = 0; i < 66; ++i) shop.ada.send("history", of(shop.chat, R"(,"before":9)"));
  shop.world.pass(100ms);
  CHECK(shop.ada.count("error") == 2);
  CHECK(shop.ada.count("ok") == 64);
}

TEST_CASE("a console that does not answer a ping within 8 s is closed") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  std::erase(world.consoles, &ada);  // nobody answers pings
  world.pass(25s);
  CHECK(ada.connection->pings == 1);
  world.pass(7'900ms);
  CHECK(ada.code() == 0);
  world.pass(100ms);
  CHECK(ada.code() == 4002);
}

TEST_CASE("a stop tells consoles to come back") {
  DeskWorld world;
  ConsoleTab ada(world, world.add({"ada", "Ada"}));
  REQUIRE(!ada.hello().empty());
  world.home_of(ada.who.id).stop([] {});
  world.pump();
  CHECK(ada.code() == 4000);
}

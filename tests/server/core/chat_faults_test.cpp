// Nothing missing and nothing twice, whatever breaks: connections, hints, the store, the server.
#include <catch2/catch.hpp>
#include <random>
#include <sstream>

#include "chat_world.hpp"
#include "core/repeated_error.hpp"

using namespace beckon;
using namespace beckon::test;

using Texts = std::vector<std::string>;

namespace {

// What the store has, as a panel shows it.
Texts kept(ChatWorld& world, std::string_view visitor) {
  Texts texts;
  for (const std::string& each : world.said(visitor)) {
    const std::string text = each.substr(each.find(": ") + 2);
    texts.push_back(text.starts_with('{') ? "(" + field(text, "event") + ")" : text);
  }
  return texts;
}

void meanwhile(ChatWorld& world, std::string_view visitor) {
  const auto row = world.conversation(visitor);
  if (!row || row->last_seq == 0 || row->state == store::ConversationState::kClosed) return;
  if (row->state == store::ConversationState::kWaiting) world.take(visitor, Hint::kNo);
  world.answer(visitor, "meanwhile", Hint::kNo);
}

core::ShardLimits no_rate() {
  core::ShardLimits limits;
  limits.messages_per_second = 0;
  return limits;
}

}  // namespace

TEST_CASE("cut behind every frame, with the answer heard or lost, the conversation is complete after a reconnect") {
  constexpr int kFrames = 9;
  for (int cut = 0; cut < kFrames; ++cut) {
    for (const bool heard : {false, true}) {
      for (const bool stuck : {false, true}) {
        INFO("cut behind frame " << cut << (heard ? ", heard" : ", lost") << (stuck ? ", store slow" : ""));
        ChatWorld world("{\"rules\": []}", no_rate());
        Panel panel(world, "t1", "s1");
        panel.tab.hello("/a");
        const std::string visitor = panel.tab.visitor;
        const std::string frames[kFrames] = {
            R"("type":"chat_open")",
            R"("type":"say","key":"key-of-a-message-1","text":"one")",
            R"("type":"typing","on":true)",
            R"("type":"say","key":"key-of-a-message-2","text":"two")",
            R"("type":"seen","delivered":2,"read":2)",
            R"("type":"say","key":"key-of-a-message-3","text":"three")",
            R"("type":"chat_close")",
            R"("type":"say","key":"key-of-a-message-4","text":"four")",
            R"("type":"history","before":3)",
        };
        for (int i = 0; i < kFrames; ++i) {
          if (i == cut && stuck) world.store_answers = false;
          panel.send(frames[i]);
          if (i != cut) {
            panel.listen();
            continue;
          }
          if (heard) panel.listen();
          panel.cut();
          world.pass(3s);
          if (stuck) {
            world.store_answers = true;
            world.pump();
          }
          meanwhile(world, visitor);
          panel.resume();
        }
        world.pass(1s);
        panel.listen();
        panel.mend();
        CHECK(panel.unacknowledged.empty());
        CHECK(panel.errors.empty());
        CHECK(panel.shown() == kept(world, visitor));
        Texts mine;
        for (const std::string& each : panel.shown()) {
          if (each != "meanwhile" && each[0] != '(') mine.push_back(each);
        }
        CHECK(mine == Texts{"one", "two", "three", "four"});
      }
    }
  }
}

TEST_CASE("hints that are dropped, doubled, late or out of order leave nothing out and nothing twice") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    INFO("seed " << seed);
    ChatWorld world("{\"rules\": []}", no_rate(), 1 + seed % 3);
    const double drops[] = {1, 0.6, 0};
    store::FaultyBus& bus = world.make_bus_faulty({.seed = seed, .drop = drops[seed % 3], .twice = 0.4, .late = 0.4});
    std::mt19937 random(seed);
    Panel one(world, "t1", "s1"), two(world, "t2", "s2");
    one.tab.hello("/a");
    two.tab.token = one.tab.token;
    two.tab.visitor = one.tab.visitor;
    two.tab.hello("/b");
    const std::string visitor = one.tab.visitor;
    one.say("first");
    two.open();
    world.take(visitor);
    for (int i = 0; i < 60; ++i) {
      switch (random() % 4) {
        case 0: one.say("one " + std::to_string(i)); break;
        case 1: two.say("two " + std::to_string(i)); break;
        default:
          if (world.conversation(visitor)->state == store::ConversationState::kAssigned) {
            world.answer(visitor, "answer " + std::to_string(i));
          }
      }
      world.pass(base::Duration(random() % 300));
      if (random() % 9 == 0) {
        one.cut();
        one.resume();
      }
    }
    bus.settle();
    world.pass(core::kHealOpen + 1s);
    one.listen();
    two.listen();
    CHECK(one.shown() == kept(world, visitor));
    CHECK(two.shown() == kept(world, visitor));
    CHECK(two.doubles == 0);
    CHECK(one.doubles == 0);
    CHECK(field(one.chat, "last") == std::to_string(two.messages.rbegin()->first));
  }
}

TEST_CASE("what operators do is shown without any hint, within the time of healing") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  world.take(panel.tab.visitor, Hint::kNo);
  world.answer(panel.tab.visitor, "Hi", Hint::kNo);
  panel.listen();
  CHECK(panel.shown() == Texts{"Hello"});
  world.pass(core::kHealOpen);
  panel.listen();
  CHECK(panel.shown() == Texts{"Hello", "(joined)", "Hi"});
  CHECK(field(panel.chat, "state") == "assigned");
  world.read(panel.tab.visitor, 1, Hint::kNo);
  world.pass(core::kHealOpen);
  panel.listen();
  CHECK(field(panel.chat, "read") == "1");
}

TEST_CASE("a late or doubled hint, or one that is nonsense, costs no read and changes nothing") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  world.take(panel.tab.visitor);
  const auto row = *world.conversation(panel.tab.visitor);
  panel.listen();
  panel.tab.connection->frames.clear();
  auto old = row;
  old.change = 1;
  old.last_seq = 1;
  world.hint(old);
  world.hint(row);
  for (const char* const body : {"", "x", "[]", "{}", R"({"c":5})", R"({"c":"c_nobody","v":"v_nobody","seq":-1,"change":1e9})",
                                 R"({"c":"c_nobody","seq":"1"})"}) {
    world.bus->publish(world.site->id, "chat", body);
    world.bus->publish(world.site->id, "typing", body);
    world.bus->publish(world.site->id, "who", body);
  }
  world.pump();
  CHECK(panel.tab.connection->frames.empty());
  // One that says more than there is makes it read again, and no more.
  auto ahead = row;
  ahead.last_seq += 5;
  ahead.change += 5;
  world.hint(ahead);
  world.pass(1s);
  CHECK(panel.tab.next("messages").empty());
}

TEST_CASE("what cannot be written is never acknowledged, and may be sent again under the same key") {
  ChatWorld world;
  FailingStore& store = world.make_store_fail();
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  store.fails = {GENERATE(std::string("append"), std::string("open_conversation"))};
  const std::string key = panel.say("Hello");
  world.pass(1s);
  panel.listen();
  CHECK(panel.errors == Texts{"store_unavailable"});
  CHECK(panel.shown().empty());
  CHECK(field(panel.chat, "state") == "none");
  store.fails.clear();
  panel.say_as(key, "Hello");
  CHECK(panel.errors.size() == 1);
  CHECK(panel.shown() == Texts{"Hello"});
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello"});

  store.fails = {"change_conversation", "add_task"};
  panel.send(R"("type":"chat_close")");
  panel.send(R"("type":"callback","key":"0123456789abcdef","phone":"12345")");
  world.pass(1s);
  panel.listen();
  CHECK(panel.errors == Texts{"store_unavailable", "store_unavailable", "store_unavailable"});
  CHECK(field(panel.chat, "state") == "waiting");
}

TEST_CASE("however many frames a full disk refuses, the log has a line, then a number every 10 s") {
  ChatWorld world(R"({"rules": []})", no_rate());
  FailingStore& store = world.make_store_fail();
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  const auto lines = [&] {
    Texts found;
    std::istringstream log(world.log_text.str());
    for (std::string line; std::getline(log, line);) {
      const std::size_t at = line.find("a visitor's frame");
      if (at != std::string::npos) found.push_back(line.substr(at));
    }
    return found;
  };
  const std::string what = "a visitor's frame could not be written why=\"the disk is full\"";
  store.fails = {"append"};
  for (int i = 0; i < 30; ++i) panel.say("Hello");
  CHECK(panel.errors.size() == 30);
  CHECK(lines() == Texts{what});
  world.pass(core::kErrorLogEvery);
  CHECK(lines() == Texts{what, what + " times=29 within_s=10"});
  panel.say("Hello");
  CHECK(lines().size() == 2);
  world.pass(core::kErrorLogEvery);
  CHECK(lines().back() == what + " times=1 within_s=10");
  // After an interval without an error the next one is told at once.
  world.pass(core::kErrorLogEvery);
  CHECK(lines().size() == 3);
  panel.say("Hello");
  CHECK(lines().size() == 4);
  CHECK(lines().back() == what);
}

TEST_CASE("an error that comes while nobody is connected is told at the reconnect") {
  ChatWorld world;
  FailingStore& store = world.make_store_fail();
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  store.fails = {"append"};
  world.store_answers = false;
  panel.say("Hello");
  panel.cut();
  world.store_answers = true;
  world.pump();
  panel.unacknowledged.clear();
  panel.resume();
  CHECK(panel.errors == Texts{"store_unavailable"});
}

TEST_CASE("what cannot be read closes the connection that must have it, and it comes back") {
  ChatWorld world;
  FailingStore& store = world.make_store_fail();
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  store.fails = {"read_messages"};
  SECTION("messages") {
    panel.cut();
    panel.resume();
    CHECK(panel.tab.connection->code() == 4004);
  }
  SECTION("messages that are new are read again by themselves") {
    world.take(panel.tab.visitor);
    CHECK(panel.tab.connection->code() == 0);
    store.fails.clear();
    world.pass(core::kHealSoon);
    panel.listen();
    CHECK(panel.shown() == Texts{"Hello", "(joined)"});
  }
  SECTION("history") {
    panel.tab.send(R"("type":"history","before":5)");
    panel.listen();
    CHECK(panel.errors == Texts{"store_unavailable"});
    CHECK(panel.tab.connection->code() == 0);
  }
  SECTION("the conversation of somebody who comes back") {
    panel.tab.disconnect();
    world.pass(2h);
    store.fails = {"find_conversation"};
    panel.tab.session = "s2--------------";
    panel.tab.hello("/a");
    CHECK(panel.tab.connection->code() == 4004);
  }
  store.fails.clear();
  panel.tab.session = "s3--------------";
  panel.messages.clear();
  panel.tab.hello("/a", R"(,"chat":0)");
  panel.listen();
  CHECK(panel.shown().front() == "Hello");
}

TEST_CASE("a file may be said by who uploaded it alone") {
  ChatWorld world;
  Panel panel(world, "t1", "s1"), other(world, "t2", "s2");
  panel.tab.hello("/a");
  other.tab.hello("/a");
  store::FileRecord file;
  file.id = base::FileId("f_AAAAAAAAAAAAAAAAAAAAAA");
  file.visitor = base::VisitorId(panel.tab.visitor);
  file.name = "size.png";
  file.type = "image/png";
  bool added = false;
  world.store->add_file(world.site->id, file, "content", [](store::Task task) { task(); },
                        [&](const auto& result) { added = result.ok(); });
  REQUIRE(added);
  const std::string say = R"("type":"say","key":"0123456789abcdef","file":"f_AAAAAAAAAAAAAAAAAAAAAA")";
  other.send(say);
  other.listen();
  CHECK(other.errors == Texts{"bad_file"});
  panel.tab.send(say);
  const std::string frame = panel.tab.next("messages");
  CHECK(field(panel.tab.next("messages"), "messages.0.file.name") == "size.png");
  other.send(R"("type":"say","key":"0123456789abcdeg","file":"f_BBBBBBBBBBBBBBBBBBBBBB")");
  other.listen();
  CHECK(other.errors == Texts{"bad_file", "bad_file"});
  world.pass(20ms);
  other.listen();
  CHECK(other.unacknowledged.empty());
}

TEST_CASE("many messages missed are given as far as they fit, and the rest when asked for") {
  ChatWorld world("{\"rules\": []}", no_rate());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("first");
  panel.cut();
  world.take(panel.tab.visitor);
  for (int i = 0; i < 300; ++i) world.answer(panel.tab.visitor, "m" + std::to_string(i));
  panel.resume();
  CHECK(panel.messages.size() == 1 + core::kMaxFills * protocol::kMaxMessagesPerFrame);
  CHECK(panel.more_said == 1);
  world.answer(panel.tab.visitor, "live");
  panel.listen();
  CHECK(panel.messages.rbegin()->second == "live");
  for (int i = 0; i < 3; ++i) panel.mend();
  CHECK(panel.shown() == kept(world, panel.tab.visitor));
}

TEST_CASE("an answer that others have overtaken changes nothing back") {
  ChatWorld world("{\"rules\": []}", no_rate());
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("one");
  world.take(panel.tab.visitor);
  panel.listen();
  world.store_answers = false;
  // The conversation is read because of a hint; before the answer comes, more is said.
  auto ahead = *world.conversation(panel.tab.visitor);
  ahead.change += 1;
  world.hint(ahead);
  world.step();
  world.answers_reversed = true;
  world.shard().receive(*panel.tab.link, R"({"type":"say","id":90,"key":"key-of-a-message-9","text":"two"})");
  world.store_answers = true;
  world.pump();
  std::int64_t last = 0;
  for (std::string frame = panel.tab.next("chat"); !frame.empty(); frame = panel.tab.next("chat")) {
    CHECK(std::stoll(field(frame, "last")) >= last);
    last = std::stoll(field(frame, "last"));
  }
  CHECK(last == 3);
}

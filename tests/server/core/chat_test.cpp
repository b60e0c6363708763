#include <catch2/catch.hpp>

#include "chat_world.hpp"

using namespace beckon;
using namespace beckon::test;

using Texts = std::vector<std::string>;

TEST_CASE("a message begins the conversation and is acknowledged when it is kept") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  const std::string welcome = panel.tab.hello("/a");
  CHECK(field(welcome, "chat.state") == "none");
  CHECK(field(welcome, "chat.launcher") == "always");
  CHECK(field(welcome, "chat.desk.state") == "away");
  panel.open();
  CHECK(field(panel.chat, "state") == "none");
  CHECK_FALSE(world.conversation(panel.tab.visitor));

  world.store_answers = false;
  panel.say("Hello");
  world.pass(1s);
  panel.listen();
  CHECK(panel.acked < panel.tab.id);
  CHECK(panel.shown().empty());

  world.store_answers = true;
  world.pump();
  world.pass(20ms);
  panel.listen();
  CHECK(panel.acked == panel.tab.id);
  CHECK(panel.shown() == Texts{"Hello"});
  CHECK(field(panel.chat, "state") == "waiting");
  CHECK(field(panel.chat, "last") == "1");
  CHECK(field(panel.chat, "unread") == "0");
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello"});
}

TEST_CASE("an operator answers: the visitor's tabs are given it in order, once, and told who and what is unread") {
  ChatWorld world;
  Panel one(world, "t1", "s1"), two(world, "t2", "s2");
  one.tab.hello("/a");
  two.tab.token = one.tab.token;
  two.tab.visitor = one.tab.visitor;
  two.tab.hello("/b");
  one.say("Hello");
  const std::string visitor = one.tab.visitor;
  world.take(visitor);
  world.answer(visitor, "Hi");
  world.answer(visitor, "How can I help?");
  one.listen();
  two.listen();
  CHECK(one.shown() == Texts{"Hello", "(joined)", "Hi", "How can I help?"});
  CHECK(one.doubles == 0);
  CHECK(field(one.chat, "state") == "assigned");
  CHECK(field(one.chat, "unread") == "2");
  // The other tab has not opened the chat: it knows how much is unread, and no more.
  CHECK(two.shown().empty());
  CHECK(field(two.chat, "unread") == "2");

  two.open();
  CHECK(two.shown() == one.shown());
  two.tab.send(R"("type":"seen","delivered":4,"read":4)");
  one.listen();
  two.listen();
  CHECK(field(one.chat, "unread") == "0");
  CHECK(field(two.chat, "unread") == "0");
  CHECK(world.conversation(visitor)->visitor_read == 4);
  CHECK(world.conversation(visitor)->visitor_delivered == 4);

  two.say("With the size");
  one.listen();
  CHECK(one.shown() == two.shown());
  CHECK(one.shown().back() == "With the size");
  world.read(visitor, 5);
  one.listen();
  CHECK(field(one.chat, "read") == "5");
}

TEST_CASE("a key is kept once, whichever frame, page load or connection it comes with") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  const std::string key = panel.say("Once");
  panel.say_as(key, "Once");
  panel.tab.session = "s2--------------";
  panel.tab.hello("/b", R"(,"chat":0)");
  panel.say_as(key, "Once");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.acked == panel.tab.id);
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Once"});
  world.restart();
  panel.resume();
  panel.say_as(key, "Once");
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Once"});
  CHECK(panel.shown() == Texts{"Once"});
}

TEST_CASE("a conversation that was closed is reopened by a message") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  SECTION("by the visitor") {
    panel.tab.send(R"("type":"chat_close")");
    panel.listen();
  }
  SECTION("by the operator") {
    world.close(panel.tab.visitor);
    panel.listen();
  }
  CHECK(field(panel.chat, "state") == "closed");
  CHECK(world.conversation(panel.tab.visitor)->state == store::ConversationState::kClosed);
  panel.say("One more thing");
  CHECK(panel.shown() == Texts{"Hello", "(closed)", "(reopened)", "One more thing"});
  CHECK(field(panel.chat, "state") == "waiting");
}

TEST_CASE("closing wins over a change that came first, and closing what is closed is no error") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  world.take(panel.tab.visitor, Hint::kNo);
  panel.tab.send(R"("type":"chat_close")");
  panel.tab.send(R"("type":"chat_close")");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors.empty());
  CHECK(panel.acked == panel.tab.id);
  CHECK(panel.shown() == Texts{"Hello", "(joined)", "(closed)"});
}

TEST_CASE("who comes back finds the conversation and what is unread, also after a restart") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  const std::string visitor = panel.tab.visitor;
  panel.tab.disconnect();
  SECTION("soon") { world.pass(1s); }
  SECTION("after the visit") { world.pass(2h); }
  SECTION("after a restart") { world.restart(1s); }
  SECTION("after a crash") {
    world.pass(1s);
    world.crash();
  }
  world.take(visitor);
  world.answer(visitor, "Here is the answer");
  panel.tab.session = "s2--------------";
  const std::string welcome = panel.tab.hello("/b");
  CHECK(panel.tab.visitor == visitor);
  CHECK(field(welcome, "chat.state") == "assigned");
  CHECK(field(welcome, "chat.unread") == "1");
  CHECK(field(welcome, "chat.last") == "3");
  panel.messages.clear();
  panel.open();
  CHECK(panel.shown() == Texts{"Hello", "(joined)", "Here is the answer"});
}

TEST_CASE("history is given in pages, in both directions") {
  core::ShardLimits limits;
  limits.messages_per_second = 0;
  ChatWorld world(R"({"rules": []})", limits);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  for (int i = 1; i <= 120; ++i) {
    panel.say("m" + std::to_string(i));
    if (i % 20 == 0) world.pass(1s);
  }
  panel.listen();
  CHECK(panel.messages.size() == 120);
  panel.messages.clear();
  panel.more_said = 0;
  panel.open();
  CHECK(panel.messages.begin()->first == 71);
  CHECK(panel.more_said == 1);
  panel.tab.send(R"("type":"history","before":71)");
  panel.listen();
  CHECK(panel.messages.begin()->first == 21);
  CHECK(panel.more_said == 2);
  panel.tab.send(R"("type":"history","before":21)");
  panel.listen();
  CHECK(panel.messages.size() == 120);
  CHECK(panel.more_said == 2);
  CHECK(panel.shown()[7] == "m8");
  panel.messages.clear();
  panel.tab.send(R"("type":"history","after":50)");
  panel.listen();
  CHECK(panel.messages.begin()->first == 51);
  CHECK(panel.messages.size() == 50);
  CHECK(panel.more_said == 3);

  SECTION("and before there is a conversation there is none") {
    Panel other(world, "t9", "s9");
    other.tab.hello("/a");
    other.tab.send(R"("type":"history","before":5)");
    other.listen();
    CHECK(other.errors == Texts{"no_conversation"});
  }
}

TEST_CASE("typing is passed on both ways, the visitor's at most once a second") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  std::vector<std::string> heard;
  const auto listening = world.bus->subscribe(
      world.site->id, "typing", [](store::Task task) { task(); },
      [&](const store::BusMessage& message) { heard.push_back(message.body); });
  for (int i = 0; i < 5; ++i) panel.tab.send(R"("type":"typing","on":true)");
  CHECK(heard.size() == 2);
  world.pass(1s);
  panel.tab.send(R"("type":"typing","on":false)");
  REQUIRE(heard.size() == 3);
  CHECK(field(heard.back(), "who") == "visitor");
  CHECK(field(heard.back(), "on") == "false");

  const std::string id = world.conversation(panel.tab.visitor)->id.text();
  world.bus->publish(world.site->id, "typing", R"({"c":")" + id + R"(","who":"operator","name":"Ada","on":true})");
  world.pump();
  const std::string frame = panel.tab.next("typing");
  CHECK(field(frame, "name") == "Ada");
  CHECK(field(frame, "on") == "true");
}

TEST_CASE("more messages than allowed are refused by name and may be sent again") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  for (int i = 0; i < 10; ++i) panel.say("m");
  CHECK(panel.errors.empty());
  const std::string key = panel.say("too fast");
  CHECK(panel.errors == Texts{"too_many"});
  CHECK(world.said(panel.tab.visitor).size() == 10);
  world.pass(3s);
  panel.say_as(key, "not any more");
  CHECK(panel.errors.size() == 1);
  CHECK(world.said(panel.tab.visitor).size() == 11);
}

TEST_CASE("messages and callbacks left for later are tasks, kept once") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/contact");
  const std::string left = R"("type":"leave_message","key":"0123456789abcdef","email":"ada@example.org","text":"Call me")";
  panel.tab.send(left);
  panel.tab.send(left);
  panel.tab.send(R"("type":"callback","key":"fedcba9876543210","phone":"+33 1 23 45","name":"Ada")");
  panel.tab.send(R"("type":"leave_message","key":"0123456789abcdeg","email":"nowhere","text":"x")");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors == Texts{"bad_email"});
  CHECK(panel.acked == panel.tab.id);
  const auto tasks = world.tasks();
  REQUIRE(tasks.size() == 2);
  CHECK(tasks[0].kind == store::TaskKind::kMessage);
  CHECK(tasks[0].email == "ada@example.org");
  CHECK(tasks[0].page_path == "/contact");
  CHECK(tasks[0].visitor.text() == panel.tab.visitor);
  CHECK(tasks[1].kind == store::TaskKind::kCallback);
  CHECK(tasks[1].phone == "+33 1 23 45");
}

TEST_CASE("a site without chat refuses its frames and says nothing of it") {
  World world;
  Tab tab(world, "t1", "s1");
  CHECK(field(tab.hello("/"), "chat") == "absent");
  tab.send(R"("type":"say","key":"0123456789abcdef","text":"x")");
  CHECK(field(tab.next(), "code") == "not_allowed");
  tab.send(R"("type":"chat_open")");
  CHECK(field(tab.next(), "code") == "not_allowed");
  tab.send(R"("type":"callback","phone":"12345")");
  CHECK(field(tab.next(), "code") == "not_allowed");
}

TEST_CASE("so many messages may wait for the store, and no more") {
  core::ShardLimits limits;
  limits.messages_per_second = 0;
  ChatWorld world(R"({"rules": []})", limits);
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  world.store_answers = false;
  for (std::size_t i = 0; i < core::kMaxWaitingSayings; ++i) panel.say("m");
  CHECK(panel.errors.empty());
  panel.say("one too many");
  CHECK(panel.errors == Texts{"too_many"});
  world.store_answers = true;
  world.pump();
  CHECK(world.said(panel.tab.visitor).size() == core::kMaxWaitingSayings);
}

TEST_CASE("chat is switched on and off under way") {
  ChatWorld world(site_settings(R"({"rules": []})"));
  Panel panel(world, "t1", "s1");
  CHECK(field(panel.tab.hello("/a"), "chat") == "absent");
  const auto put = [&](std::shared_ptr<const core::ChatSettings> chat) {
    auto changed = std::make_shared<core::SiteSettings>(*world.site);
    changed->chat = std::move(chat);
    world.site = changed;
    world.shard().put_site(changed);
  };
  put(std::make_shared<core::ChatSettings>());
  panel.say("Hello");
  CHECK(panel.shown() == Texts{"Hello"});
  world.store_answers = false;
  panel.say("On its way");
  put(nullptr);
  world.store_answers = true;
  world.pump();
  world.pass(20ms);
  panel.listen();
  CHECK(panel.acked == panel.tab.id);
  panel.say("Off");
  CHECK(panel.errors == Texts{"not_allowed"});
  CHECK(world.said(panel.tab.visitor) == Texts{"visitor: Hello", "visitor: On its way"});
}

TEST_CASE("what changed while nobody was connected is shown at the return, without a hint") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  panel.say("Hello");
  panel.cut();
  world.take(panel.tab.visitor, Hint::kNo);
  world.answer(panel.tab.visitor, "Hi", Hint::kNo);
  panel.resume();
  CHECK(panel.shown() == Texts{"Hello", "(joined)", "Hi"});
  CHECK(field(panel.chat, "state") == "assigned");
  CHECK(field(panel.chat, "unread") == "1");
}

#include "core/form_answers.hpp"

#include <catch2/catch.hpp>

#include "chat_world.hpp"

using namespace beckon;
using namespace beckon::test;

using Texts = std::vector<std::string>;

TEST_CASE("an e-mail address has one @ inside, and nothing that ends it") {
  for (const std::string_view good : {"ada@example.org", "a@b", "zoé+tag@exemple.fr", "a.b-c@d.e"}) {
    CAPTURE(good);
    CHECK(core::looks_like_email(good));
  }
  for (const std::string_view bad : {"", "@", "ada", "@example.org", "ada@", "a@b@c", "a b@c", "a@b\n", "a\t@b", "a@b\x7F"}) {
    CAPTURE(bad);
    CHECK_FALSE(core::looks_like_email(bad));
  }
}

TEST_CASE("a telephone number has five digits, and only what is written between them") {
  for (const std::string_view good : {"12345", "+33 1 23 45 67 89", "(0)20/79.46-00", "01\u202F23\u00A045\u300067", "\t12345 "}) {
    CAPTURE(good);
    CHECK(core::looks_like_phone(good));
  }
  for (const std::string_view bad : {"", "1234", "call me 12345", "12345x", "<12345>", "12345\n", "12345\u202E", "123\xC2" "45"}) {
    CAPTURE(bad);
    CHECK_FALSE(core::looks_like_phone(bad));
  }
}

TEST_CASE("what a visitor enters before a chat is checked as a left message is, and nothing of it is kept") {
  ChatWorld world;
  Panel panel(world, "t1", "s1");
  panel.tab.hello("/a");
  const std::string key = panel.say("Hello", R"(,"form":{"name":"Ada","email":"nowhere"})");
  CHECK(panel.errors == Texts{"bad_email"});
  CHECK_FALSE(world.conversation(panel.tab.visitor));
  panel.say_as(key, "Hello", R"(,"form":{"name":"Ada","email":"ada@example.org"})");
  CHECK(panel.errors == Texts{"bad_email"});
  CHECK(world.conversation(panel.tab.visitor)->email == "ada@example.org");
  panel.say("No address this time", R"(,"form":{"name":"Ada","email":""})");
  CHECK(panel.errors.size() == 1);
  CHECK(world.said(panel.tab.visitor).size() == 2);
}

TEST_CASE("a number that is none is no callback: of the queue, and of an offer, which stays on screen") {
  ChatWorld world(
      R"({"rules": [{"id": "call", "when": {"page.path": "/"}, "then": {"call": {"text": "Call", "callback": true}}}]})");
  Panel panel(world, "t1", "s1");
  const std::string offer = field(panel.tab.hello("/"), "offers.0.offer");
  panel.tab.send(R"("type":"callback","key":"0123456789abcdef","phone":"later")");
  panel.tab.send(R"("type":"callback","key":"0123456789abcdeg","phone":"later","offer":")" + offer + "\"");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors == Texts{"bad_phone", "bad_phone"});
  CHECK(panel.acked == panel.tab.id);
  CHECK(world.tasks().empty());
  CHECK(world.results()[0].accepted == 0);
  panel.tab.send(R"("type":"callback","key":"0123456789abcdeg","phone":"+33 1 23 45","offer":")" + offer + "\"");
  world.pass(20ms);
  panel.listen();
  CHECK(panel.errors.size() == 2);
  REQUIRE(world.tasks().size() == 1);
  CHECK(world.tasks()[0].phone == "+33 1 23 45");
}

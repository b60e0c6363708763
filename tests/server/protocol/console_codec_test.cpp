#include <catch2/catch.hpp>
#include <string>

#include "beckon/json/reader.hpp"
#include "protocol/console_codec.hpp"

using namespace beckon;
using namespace beckon::protocol;

namespace {

const std::string kKey = "0123456789abcdef";

// A frame of this type with id 1 and an address, and more members.
std::string of_one(std::string_view type, std::string_view more = "") {
  std::string text = R"({"type":")";
  text.append(type).append(R"(","id":1,"site":"shop","conversation":"c_1")").append(more).append("}");
  return text;
}

console::ClientFrame taken(std::string_view text) {
  const auto decoded = console::decode(text);
  if (const auto* refusal = std::get_if<Refusal>(&decoded)) FAIL(refusal->reason);
  return std::get<console::ClientFrame>(decoded);
}

// The reason of a refusal, with its code when it is not bad_frame; "" when the frame was taken.
std::string refusal_of(std::string_view text) {
  const auto decoded = console::decode(text);
  const auto* refusal = std::get_if<Refusal>(&decoded);
  if (refusal == nullptr) return "";
  if (refusal->reason.size() > kMaxReasonBytes) return "reason too long";
  if (refusal->code == CloseCode::kBadFrame) return refusal->reason;
  return std::string(name_of(refusal->code)) + " " + refusal->reason;
}

// A key and a text of this many bytes.
std::string said(std::size_t key, std::size_t text) {
  return R"(,"key":")" + std::string(key, 'k') + R"(","text":")" + std::string(text, 't') + "\"";
}

template <class Encode>
std::string encoded(Encode encode) {
  std::string out;
  encode(out);
  CHECK(json::parse(out).document);
  return out;
}

}  // namespace

TEST_CASE("console: frames without members are read") {
  for (const char* type : {"hello", "ping", "activity"}) {
    const auto frame = taken(std::string(R"({"id":7,"type":")") + type + "\"}");
    CHECK(name_of(frame.kind) == type);
    CHECK(frame.id == 7);
  }
}

TEST_CASE("console: every frame is read with its members, in any order") {
  CHECK(taken(R"({"state":"away","type":"presence","id":1})").state == console::Presence::kAway);
  CHECK(taken(R"({"state":"online","type":"presence","id":1})").state == console::Presence::kOnline);
  const auto watch = taken(R"({"conversation":"c_1","site":"shop","id":5,"type":"watch"})");
  CHECK(watch.kind == console::FrameKind::kWatch);
  CHECK(watch.site == "shop");
  CHECK(watch.conversation == "c_1");
  CHECK(taken(of_one("unwatch")).kind == console::FrameKind::kUnwatch);
  CHECK(taken(of_one("history", R"(,"before":40)")).before == 40);
  CHECK(taken(of_one("history", R"(,"after":0)")).after == 0);
  CHECK(taken(R"({"type":"list","id":1,"site":"shop","before":9})").before == 9);
  CHECK_FALSE(taken(R"({"type":"list","id":1,"site":"shop"})").before);
  CHECK(taken(of_one("take", R"(,"version":3)")).version == 3);
  CHECK(taken(of_one("close", R"(,"version":3)")).kind == console::FrameKind::kClose);
  const auto say = taken(of_one("say", R"(,"key":"0123456789abcdef","text":"a\u0000b")"));
  CHECK(say.key == kKey);
  CHECK(say.text == std::string("a\0b", 3));
  CHECK(taken(of_one("say", R"(,"key":"0123456789abcdef","file":"f_1")")).file == "f_1");
  CHECK(taken(of_one("typing", R"(,"on":true)")).on);
  CHECK(taken(of_one("read", R"(,"seq":12)")).seq == 12);
  const auto task = taken(R"({"type":"task","id":1,"site":"shop","task":"t_1","done":false})");
  CHECK(task.task == "t_1");
  CHECK_FALSE(task.done);
}

TEST_CASE("console: a conversation is transferred to an operator, a group or a skill") {
  using Kind = console::Target::Kind;
  const auto to = [](std::string_view target) {
    return taken(of_one("transfer", R"(,"version":2,"to":)" + std::string(target))).to;
  };
  CHECK(to(R"({"operator":"p_1"})").kind == Kind::kOperator);
  CHECK(to(R"({"operator":"p_1"})").name == "p_1");
  CHECK(to(R"({"group":"Après-vente"})").kind == Kind::kGroup);
  CHECK(to(R"({"group":"Après-vente"})").name == "Après-vente");
  CHECK(to(R"({"skill":"fr"})").kind == Kind::kSkill);
}

TEST_CASE("console: a refusal names the member and says why") {
  struct Row {
    std::string text;
    std::string_view reason;
  };
  const Row rows[] = {
      {"", "at byte 0: "},
      {"[]", "frame: expected an object"},
      {R"({"id":1})", "type: missing"},
      {R"({"type":7,"id":1})", "type: expected a string"},
      {R"({"type":"events","id":1})", "type: unknown frame type"},
      {R"({"type":"hello"})", "id: missing"},
      {R"({"type":"hello","id":0})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"hello","id":9007199254740992})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"hello","id":1.5})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"hello","id":1e400})", "at byte 21: the number \"1e400\" is too large"},
      {R"({"type":"hello","id":"1"})", "id: expected a number"},
      {R"({"type":"hello","id":1,"role":"admin"})", "role: unknown field"},
      {R"({"type":"hello","id":1,"site":"shop"})", "site: unknown field"},
      {R"({"type":"hello","id":1,"<img src=x>":1})", "?: unknown field"},
      {R"({"type":"presence","id":1})", "state: missing"},
      {R"({"type":"presence","id":1,"state":"offline"})", "state: expected online or away"},
      {R"({"type":"watch","id":1,"site":"shop"})", "conversation: missing"},
      {R"({"type":"watch","id":1,"site":"../x","conversation":"c_1"})", "site: expected 1 to 64 of A-Z a-z 0-9 _ -"},
      {of_one("history"), "before: expected either before or after"},
      {of_one("history", R"(,"before":5,"after":2)"), "before: expected either before or after"},
      {of_one("take"), "version: missing"},
      {of_one("take", R"(,"version":0)"), "version: expected an integer from 1 to 9007199254740991"},
      {of_one("say", R"(,"key":"0123456789abcdef")"), "text: expected either text or file"},
      {of_one("say", R"(,"key":"0123456789abcdef","text":"a","file":"f_1")"), "text: expected either text or file"},
      {of_one("say", R"(,"text":"a")"), "key: missing"},
      {of_one("say", said(16, 0)), "text: must not be empty"},
      {of_one("say", said(15, 1)), "key: expected 16 to 64 of A-Z a-z 0-9 _ -"},
      {of_one("say", said(65, 1)), "key: expected 16 to 64 of A-Z a-z 0-9 _ -"},
      {of_one("typing", R"(,"on":1)"), "on: expected true or false"},
      {of_one("read", R"(,"seq":-1)"), "seq: expected an integer from 0 to 9007199254740991"},
      {of_one("transfer", R"(,"version":1,"to":"p_1")"), "to: expected an object"},
      {of_one("transfer", R"(,"version":1,"to":{})"), "to: expected one of operator, group, skill"},
      {of_one("transfer", R"(,"version":1,"to":{"skill":"a","group":"b"})"),
       "to: expected one of operator, group, skill"},
      {of_one("transfer", R"(,"version":1,"to":{"site":"a"})"), "to: expected one of operator, group, skill"},
      {of_one("transfer", R"(,"version":1,"to":{"skill":""})"), "to.skill: must not be empty"},
      {of_one("transfer", R"(,"version":1,"to":{"operator":"a b"})"),
       "to.operator: expected 1 to 32 of A-Z a-z 0-9 _ -"},
      {R"({"type":"task","id":1,"site":"shop","task":"t_1"})", "done: missing"},
      {R"({"type":"hello","id":1,"id":2})", "at byte "},
      {"{\"type\":\"hello\",\"id\":1,\"x\":\"\xff\"}", "at byte "},
      {R"({"type":"transfer","id":1,"to":{"a":{"b":{}}}})", "at byte "},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const std::string reason = refusal_of(row.text);
    CHECK(reason.substr(0, row.reason.size()) == row.reason);
  }
}

TEST_CASE("console: what is at its limit is taken, one more is refused") {
  const auto named = [](std::size_t bytes) {
    return R"(,"version":1,"to":{"skill":")" + std::string(bytes, 's') + "\"}";
  };
  CHECK(refusal_of(of_one("say", said(64, 1))).empty());
  CHECK(refusal_of(of_one("transfer", named(console::kMaxTargetBytes))).empty());
  CHECK(refusal_of(of_one("transfer", named(console::kMaxTargetBytes + 1))) == "to.skill: longer than 512 bytes");
  const auto site = [](std::size_t bytes) {
    return R"({"type":"list","id":1,"site":")" + std::string(bytes, 's') + "\"}";
  };
  CHECK(refusal_of(site(64)).empty());
  CHECK(refusal_of(site(65)) == "site: expected 1 to 64 of A-Z a-z 0-9 _ -");
  // A text beyond its bound is read: the desk refuses it without closing.
  CHECK(taken(of_one("say", said(16, console::kMaxMessageBytes + 1))).text.size() == console::kMaxMessageBytes + 1);

  std::string frame = R"({"type":"ping","id":1)";
  frame.append(console::kMaxFrameBytes - frame.size() - 1, ' ').append("}");
  CHECK(refusal_of(frame).empty());
  CHECK(refusal_of(frame + " ") == "too_large a frame is at most 64 KiB");
}

TEST_CASE("console: answers carry what they add") {
  CHECK(encoded([](auto& out) { console::encode_ok(out, 3); }) == R"({"type":"ok","id":3})");
  CHECK(encoded([](auto& out) { console::encode_ok(out, 3, R"("seq":9,"at":5)"); }) ==
        R"({"type":"ok","id":3,"seq":9,"at":5})");
  console::ErrorView error{3, "not_yours", "it is another operator's", {}, nullptr};
  CHECK(encoded([&](auto& out) { console::encode_error(out, error); }) ==
        R"({"type":"error","id":3,"code":"not_yours","message":"it is another operator's"})");
}

TEST_CASE("console: a conversation is written whole, and without what it has not") {
  console::ConversationView c;
  c.site = "shop";
  c.id = "c_1";
  c.visitor = "v_1";
  c.state = "waiting";
  c.last = 2;
  c.version = 1;
  CHECK(
      encoded([&](auto& out) { console::encode_conversation(out, c); }) ==
      R"({"type":"conversation","conversation":{"site":"shop","id":"c_1","visitor":"v_1","state":"waiting","last":2,)"
      R"("version":1,"created":0,"waiting_since":0,"at":0,"preview":"","unread":0,"read":0,"delivered":0,"online":false}})");
  c.who = {"p_1", "Ada"};
  c.skill = "fr";
  c.group = "sales";
  c.rule = "cart-help";
  c.preview = "</script>";
  c.preview_from = "visitor";
  c.name = "Bo";
  c.email = "bo@example.com";
  c.language = "fr";
  c.online = true;
  console::ErrorView error{4, "conflict", "taken", "Ada", &c};
  const std::string text = encoded([&](auto& out) { console::encode_error(out, error); });
  CHECK(text.find(R"("operator":"Ada","conversation":{)") != std::string::npos);
  CHECK(text.find(R"("operator":{"id":"p_1","name":"Ada"},"skill":"fr","group":"sales","rule":"cart-help")") !=
        std::string::npos);
  CHECK(text.find(R"("name":"Bo","email":"bo@example.com","language":"fr","online":true)") != std::string::npos);
  CHECK(text.find("</script>") == std::string::npos);
}

TEST_CASE("console: a welcome says who, where, with whom and what is open") {
  console::WelcomeView welcome;
  const std::vector<std::string> groups = {"sales"}, none;
  welcome.own.login = "ada";
  welcome.own.role = "admin";
  welcome.own.seen = {"p_1", "Ada", "", "online", 4, 1, groups, none, none};
  welcome.sites = {{"shop", {{"Hello", "Good day"}}, true}};
  welcome.operators = {welcome.own.seen};
  const std::string ada =
      R"({"id":"p_1","name":"Ada","state":"online","capacity":4,"chats":1,"groups":["sales"],"skills":[],"sites":[]})";
  const std::string text = encoded([&](auto& out) { console::encode_welcome(out, welcome); });
  CHECK(text ==
        R"({"type":"welcome","operator":{"login":"ada","role":"admin",)" + ada.substr(1) +
            R"(,"sites":[{"id":"shop","canned":[{"title":"Hello","text":"Good day"}],"uploads":true}],"operators":[)" +
            ada + R"(],"conversations":[],"tasks":[]})");
}

TEST_CASE("console: what follows a conversation names it") {
  CHECK(encoded([](auto& out) { console::encode_typing(out, "shop", "c_1", "visitor", "", true); }) ==
        R"({"type":"typing","site":"shop","conversation":"c_1","who":"visitor","on":true})");
  CHECK(encoded([](auto& out) { console::encode_messages(out, "shop", "c_1", "[]"); }) ==
        R"({"type":"messages","site":"shop","conversation":"c_1","messages":[]})");
  CHECK(encoded([](auto& out) { console::encode_visitor(out, "shop", "c_1", R"({"id":"v_1"})"); }) ==
        R"({"type":"visitor","site":"shop","conversation":"c_1","visitor":{"id":"v_1"}})");
}

TEST_CASE("console: what was erased is named") {
  CHECK(encoded([](auto& out) { console::encode_conversation_gone(out, "shop", "c_1"); }) ==
        R"({"type":"conversation_gone","site":"shop","conversation":"c_1"})");
  CHECK(encoded([](auto& out) { console::encode_task_gone(out, "shop", "t_1"); }) ==
        R"({"type":"task_gone","site":"shop","task":"t_1"})");
}

TEST_CASE("console: a task is written with what its kind has") {
  console::TaskView t;
  t.site = "shop";
  t.id = "t_1";
  t.kind = "callback";
  t.visitor = "v_1";
  t.phone = "+33 1";
  t.at = 5;
  CHECK(
      encoded([&](auto& out) { console::encode_task(out, t); }) ==
      R"({"type":"task","task":{"site":"shop","id":"t_1","kind":"callback","visitor":"v_1","phone":"+33 1","at":5,"done":false}})");
}

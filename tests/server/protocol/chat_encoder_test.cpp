#include <catch2/catch.hpp>
#include <string>

#include "beckon/json/reader.hpp"
#include "protocol/chat_messages.hpp"
#include "protocol/codec.hpp"

using namespace beckon;
using namespace beckon::protocol;

namespace {

std::string written(const ChatMessage& message) {
  std::string out;
  json::Writer w(out);
  write_message(w, message);
  return out;
}

ChatMessage text_message(std::int64_t seq, std::string_view text) {
  ChatMessage message;
  message.seq = seq;
  message.at = 1'700'000'000'000 + seq;
  message.from = "operator";
  message.name = "Ada";
  message.body = text;
  return message;
}

}  // namespace

TEST_CASE("messages are written as docs/protocol.md shows them") {
  ChatMessage message = text_message(3, "Hello");
  CHECK(written(message) == R"({"seq":3,"at":1700000000003,"from":"operator","name":"Ada","text":"Hello"})");
  message.operator_id = "p_1";
  CHECK(written(message) ==
        R"({"seq":3,"at":1700000000003,"from":"operator","name":"Ada","operator":"p_1","text":"Hello"})");
  ChatMessage file;
  file.seq = 4;
  file.from = "visitor";
  file.key = "0123456789abcdef";
  file.kind = ChatMessage::Kind::kFile;
  file.body = R"({"id":"f_1","name":"a.png"})";
  CHECK(written(file) ==
        R"({"seq":4,"at":0,"from":"visitor","key":"0123456789abcdef","file":{"id":"f_1","name":"a.png"}})");
  ChatMessage event;
  event.seq = 5;
  event.from = "system";
  event.kind = ChatMessage::Kind::kEvent;
  event.name = "Sales";
  event.body = "transferred";
  event.by = "Ada";
  CHECK(written(event) == R"({"seq":5,"at":0,"from":"system","name":"Sales","event":"transferred","by":"Ada"})");
}

TEST_CASE("a message cannot leave the JSON it stands in") {
  const std::string text = written(text_message(1, "</script>\"><img src=x onerror=window.__x=1>\xE2\x80\xA8"));
  CHECK(text.find('<') == std::string::npos);
  CHECK(text.find("\xE2\x80\xA8") == std::string::npos);
  CHECK(json::parse(text).document.has_value());
}

TEST_CASE("a messages frame ascends, whichever way its messages were given") {
  MessagesFrame frame;
  CHECK(frame.empty());
  REQUIRE(frame.add(text_message(2, "b")));
  REQUIRE(frame.add(text_message(1, "a")));
  const std::string text = frame.text(More::kNo);
  CHECK(text.find(R"("seq":1)") < text.find(R"("seq":2)"));
  CHECK(text.find("more") == std::string::npos);
  CHECK(frame.text(More::kYes).ends_with(R"(],"more":true})"));
  CHECK(json::parse(frame.text(More::kYes)).document.has_value());
}

TEST_CASE("a messages frame holds what fits, whatever the texts are escaped to") {
  MessagesFrame frame;
  std::int64_t taken = 0;
  while (frame.add(text_message(taken + 1, "short"))) ++taken;
  CHECK(taken == static_cast<std::int64_t>(kMaxMessagesPerFrame));

  const std::string longest(kMaxMessageBytes, '\x01');  // six bytes each
  MessagesFrame escaped;
  REQUIRE(escaped.add(text_message(1, longest)));
  CHECK_FALSE(escaped.add(text_message(2, longest)));
  CHECK(escaped.text(More::kYes).size() <= kMaxFrameBytes);

  const std::string plain(kMaxMessageBytes, 'x');
  MessagesFrame full;
  std::int64_t long_ones = 0;
  while (full.add(text_message(long_ones + 1, plain))) ++long_ones;
  CHECK(long_ones == 7);
  CHECK(full.text(More::kYes).size() <= kMaxFrameBytes);
}

TEST_CASE("what the panel shows is written as docs/protocol.md shows it") {
  ChatFrame chat;
  chat.state = "none";
  chat.desk.state = "open";
  std::string out;
  encode_chat(out, chat);
  CHECK(out == R"({"type":"chat","state":"none","last":0,"unread":0,"read":0,"desk":{"state":"open"}})");

  chat.state = "waiting";
  chat.conversation = "c_1";
  chat.last = 17;
  chat.unread = 2;
  chat.read = 15;
  chat.operator_name = "Ada";
  chat.operator_picture = "/a.png";
  chat.desk = {"busy", 2, 120'000, 1'700'000'000'000};
  out.clear();
  encode_chat(out, chat);
  CHECK(out == R"({"type":"chat","state":"waiting","conversation":"c_1","last":17,"unread":2,"read":15,)"
               R"("operator":{"name":"Ada","picture":"/a.png"},)"
               R"("desk":{"state":"busy","position":2,"wait":120000,"opens":1700000000000}})");

  chat.operator_away = true;
  out.clear();
  encode_chat(out, chat);
  CHECK(out.find(R"("operator":{"name":"Ada","picture":"/a.png","away":true},)") != std::string::npos);

  out.clear();
  encode_typing(out, TypingState::kOn, "Ada");
  encode_typing(out, TypingState::kOff, "");
  CHECK(out == R"({"type":"typing","on":true,"name":"Ada"}{"type":"typing","on":false})");
}

TEST_CASE("a welcome tells of chat where the site has one") {
  const std::string_view form[] = {"name", "email"};
  Welcome welcome;
  welcome.visitor = "v_1";
  welcome.chat = ChatWelcome{"always", form, true, "waiting", 2, 17, {"busy", {}, {}, {}}};
  std::string out;
  encode_welcome(out, welcome);
  CHECK(out.ends_with(R"("theme":{},"chat":{"launcher":"always","form":["name","email"],"uploads":true,)"
                      R"("state":"waiting","unread":2,"last":17,"desk":{"state":"busy"}}})"));
}

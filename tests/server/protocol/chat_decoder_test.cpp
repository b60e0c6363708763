#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "decoding.hpp"

using namespace beckon::test;

namespace {

// A say with this in place of its text.
std::string say(std::string_view rest) { return join({R"({"type":"say","id":1,"key":"0123456789abcdef",)", rest, "}"}); }

}  // namespace

TEST_CASE("the frames of chat are read whole") {
  const Taken<ChatOpen> open(R"({"type":"chat_open","id":1})");
  CHECK(open->offer.empty());
  const Taken<ChatOpen> accepted(R"({"type":"chat_open","id":1,"offer":"o_1"})");
  CHECK(accepted->offer == "o_1");
  const Taken<Say> text(say(R"("text":"Bonjour \ud83d\ude00","offer":"o_1","form":{"name":"Zoé","email":"z@example.org"})"));
  CHECK(text->key == "0123456789abcdef");
  CHECK(text->text == "Bonjour 😀");
  CHECK(text->file.empty());
  CHECK(text->offer == "o_1");
  REQUIRE(text->form.has_value());
  CHECK(text->form->name == "Zoé");
  CHECK(text->form->email == "z@example.org");
  const Taken<Say> file(say(R"("file":"f_0123456789abcdefghijkl")"));
  CHECK(file->file == "f_0123456789abcdefghijkl");
  CHECK_FALSE(file->form.has_value());
  const Taken<Typing> typing(R"({"type":"typing","id":2,"on":true})");
  CHECK(typing->on);
  const Taken<Seen> seen(R"({"type":"seen","id":3,"delivered":17,"read":15})");
  CHECK(seen->delivered == 17);
  CHECK(seen->read == 15);
  const Taken<Seen> read_only(R"({"type":"seen","id":3,"read":15})");
  CHECK(read_only->delivered == 0);
  const Taken<History> before(R"({"type":"history","id":4,"before":51})");
  CHECK(before->before == 51);
  CHECK_FALSE(before->after.has_value());
  const Taken<History> after(R"({"type":"history","id":4,"after":0})");
  CHECK(after->after == 0);
  const Taken<ChatClose> close(R"({"type":"chat_close","id":5})");
  CHECK(close->id == 5);
  const Taken<LeaveMessage> left(
      R"({"type":"leave_message","id":6,"key":"0123456789abcdef","name":"Ada","email":"a@b.c","text":"Call me"})");
  CHECK(left->name == "Ada");
  CHECK(left->email == "a@b.c");
  CHECK(left->text == "Call me");
  const Taken<Callback> callback(R"({"type":"callback","id":7,"key":"0123456789abcdef","phone":"+33 1"})");
  CHECK(callback->offer.empty());
  CHECK(callback->key == "0123456789abcdef");
}

TEST_CASE("a hello says how far the conversation has come, or that it was not opened") {
  const Taken<Hello> opened(join({R"({"type":"hello","chat":17,)", kHelloTail}));
  CHECK(opened->chat == 17);
  const Taken<Hello> nothing_yet(join({R"({"type":"hello","chat":0,)", kHelloTail}));
  CHECK(nothing_yet->chat == 0);
  const Taken<Hello> not_opened(join({R"({"type":"hello",)", kHelloTail}));
  CHECK_FALSE(not_opened->chat.has_value());
}

TEST_CASE("nothing of a chat frame is left over for the next one") {
  Decoder decoder;
  const std::string full = say(R"("text":"x","form":{"name":"Ada"})");
  REQUIRE(std::holds_alternative<ClientFrame>(decoder.decode(full)));
  const std::string bare = say(R"("file":"f_1")");
  const Decoded decoded = decoder.decode(bare);
  const Say& second = std::get<Say>(std::get<ClientFrame>(decoded));
  CHECK(second.text.empty());
  CHECK_FALSE(second.form.has_value());
}

TEST_CASE("lengths of chat hold at the limit and refuse beyond it") {
  const auto text = [](std::size_t n) { return refusal_of(say(join({R"("text":")", std::string(n, 'x'), "\""}))); };
  CHECK(text(kMaxMessageBytes) == "");
  CHECK(text(kMaxMessageBytes + 1) == "text: longer than 8192 bytes");
  CHECK(text(0) == "text: must not be empty");
  const auto key = [](std::size_t n) {
    return refusal_of(join({R"({"type":"say","id":1,"text":"x","key":")", std::string(n, 'k'), "\"}"}));
  };
  CHECK(key(kMinKeyBytes) == "");
  CHECK(key(kMaxKeyBytes) == "");
  CHECK(key(kMinKeyBytes - 1) == "key: expected 16 to 64 of A-Z a-z 0-9 _ -");
  CHECK(key(kMaxKeyBytes + 1) == "key: expected 16 to 64 of A-Z a-z 0-9 _ -");
  const auto email = [](std::size_t n) {
    return refusal_of(say(join({R"("text":"x","form":{"email":")", std::string(n, 'e'), "\"}"})));
  };
  CHECK(email(kMaxEmailBytes) == "");
  CHECK(email(kMaxEmailBytes + 1) == "form.email: longer than 254 bytes");
  const auto name = [](std::size_t n) {
    return refusal_of(say(join({R"("text":"x","form":{"name":")", std::string(n, 'n'), "\"}"})));
  };
  CHECK(name(kMaxPersonNameBytes) == "");
  CHECK(name(kMaxPersonNameBytes + 1) == "form.name: longer than 256 bytes");
}

TEST_CASE("a chat frame that is wrong is refused by the name of its field") {
  struct Row {
    std::string frame, reason;
  };
  const std::vector<Row> rows = {
      {say(R"("offer":"o_1")"), "say: expected either text or file"},
      {say(R"("text":"x","file":"f_1")"), "say: expected either text or file"},
      {say(R"("text":7)"), "text: expected a string"},
      {say(R"("file":"../f")"), "file: expected 1 to 32 of A-Z a-z 0-9 _ -"},
      {say(R"("text":"x","form":{"name":"a","phone":"1"})"), "form.phone: unknown field"},
      {say(R"("text":"x","form":{"name":{}})"), "form.name: did not expect an object"},
      {say(R"("text":"x","form":[])"), "form: did not expect an array"},
      {say(R"("text":"x","form":"Ada")"), "form: expected an object"},
      {say(R"("text":"x","operator":"p_1")"), "operator: unknown field"},
      {say(R"("text":"x","from":"operator")"), "from: unknown field"},
      {say(R"("text":"x","conversation":"c_1")"), "conversation: unknown field"},
      {say(R"("text":"x","seq":4)"), "seq: unknown field"},
      {R"({"type":"say","id":1,"text":"x"})", "key: missing"},
      {R"({"type":"say","key":"0123456789abcdef","text":"x"})", "id: missing"},
      {R"({"type":"typing","id":1})", "on: missing"},
      {R"({"type":"typing","id":1,"on":"yes"})", "on: expected true or false"},
      {R"({"type":"seen","id":1,"read":-1})", "read: expected an integer from 0 to 9007199254740991"},
      {R"({"type":"seen","id":1,"read":1.5})", "read: expected an integer from 0 to 9007199254740991"},
      {R"({"type":"seen","id":1,"delivered":"1"})", "delivered: expected a number"},
      {R"({"type":"history","id":1})", "history: expected either before or after"},
      {R"({"type":"history","id":1,"before":1,"after":1})", "history: expected either before or after"},
      {R"({"type":"history","id":1,"before":18446744073709551616})",
       "before: expected an integer from 0 to 9007199254740991"},
      {R"({"type":"chat_close","id":1,"conversation":"c_1"})", "conversation: unknown field"},
      {R"({"type":"leave_message","id":1,"key":"0123456789abcdef","text":"x"})", "email: missing"},
      {R"({"type":"leave_message","id":1,"key":"0123456789abcdef","email":"a@b","text":""})", "text: must not be empty"},
      {R"({"type":"close","id":1})", "type: unknown frame type"},
      {R"({"type":"transfer","id":1})", "type: unknown frame type"},
      {R"({"type":"events","id":1,"events":[{"type":"event","name":"e","text":"x"}]})", "events[0].text: unknown field"},
      {join({R"({"type":"hello","chat":-1,)", kHelloTail}), "chat: expected an integer from 0 to 9007199254740991"},
  };
  for (const Row& row : rows) {
    INFO(row.frame);
    CHECK(refusal_of(row.frame) == row.reason);
  }
}

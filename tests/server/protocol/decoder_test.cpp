#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "decoding.hpp"

using namespace beckon::test;

TEST_CASE("a hello is read whole, in any order of fields") {
  const Taken<Hello> hello(R"({"page":{"hidden":true,"title":"T","url":"https://a/b","referrer":""},"session":"0123456789abcdef",
    "tab":"k3v9x2","token":"v_x.1.y","site":"shop","resume":true,"consent":false,"language":"fr-CA","id":7,"type":"hello"})");
  CHECK(hello->id == 7);
  CHECK(hello->site == "shop");
  CHECK(hello->token == "v_x.1.y");
  CHECK(hello->tab == "k3v9x2");
  CHECK(hello->session == "0123456789abcdef");
  CHECK(hello->consent == false);
  CHECK(hello->resume == Resume::kResume);
  CHECK(hello->language == "fr-CA");
  CHECK(hello->page.url == "https://a/b");
  CHECK(hello->page.title == "T");
  CHECK(hello->page.referrer == "");
  CHECK(hello->page.hidden);
}

TEST_CASE("what a hello does not say has no value") {
  const Taken<Hello> hello(join({R"({"type":"hello",)", kHelloTail}));
  CHECK(hello->token.empty());
  CHECK_FALSE(hello->consent.has_value());
  CHECK(hello->resume == Resume::kNew);
  CHECK_FALSE(hello->page.referrer.has_value());
}

TEST_CASE("every event is read with its fields") {
  const Taken<Events> frame(R"({"type":"events","id":2,"events":[
    {"type":"page","url":"/a","title":"A","referrer":"/z","hidden":true},
    {"type":"cart","value":80.5,"items":3,"currency":"EUR"},
    {"type":"order","value":80,"margin":12.25,"id":"A-1"},
    {"type":"event","name":"rage_click","data":{"s":"x","n":1,"b":true,"z":null}},
    {"type":"attr","name":"plan","value":"gold"}, {"type":"attr","name":"plan","value":null},
    {"type":"visible"},{"type":"hidden"},{"type":"activity"},{"type":"exit_intent"},
    {"type":"scroll","percent":55.5},{"type":"leave"}]})");
  REQUIRE(frame->events.size() == 12);
  CHECK(frame->events[0].page.url == "/a");
  CHECK(frame->events[0].page.referrer == "/z");
  CHECK(frame->events[0].page.hidden);
  CHECK(frame->events[1].value == 80.5);
  CHECK(frame->events[1].items == 3.0);
  CHECK(frame->events[1].currency == "EUR");
  CHECK(frame->events[2].margin == 12.25);
  CHECK(frame->events[2].id == "A-1");
  const auto data = frame->data_of(frame->events[3]);
  REQUIRE(data.size() == 4);
  CHECK(data[0].key == "s");
  CHECK(std::get<std::string_view>(data[0].value) == "x");
  CHECK(std::get<double>(data[1].value) == 1);
  CHECK(std::get<bool>(data[2].value));
  CHECK(std::holds_alternative<std::monostate>(data[3].value));
  CHECK(std::get<std::string_view>(frame->events[4].scalar) == "gold");
  CHECK(std::holds_alternative<std::monostate>(frame->events[5].scalar));
  CHECK(frame->events[9].kind == EventKind::kExitIntent);
  CHECK(frame->events[10].percent == 55.5);
  CHECK(frame->events[11].kind == EventKind::kLeave);
  for (std::size_t i = 0; i < frame->events.size(); ++i) {
    CHECK(frame->data_of(frame->events[i]).size() == (i == 3 ? 4 : 0));
  }
}

TEST_CASE("the other frames are read") {
  const Taken<OfferOutcome> outcome(R"({"type":"offer","id":3,"offer":"o_1","outcome":"dismissed"})");
  CHECK(outcome->outcome == Outcome::kDismissed);
  CHECK(outcome->offer == "o_1");
  const Taken<Callback> callback(R"({"type":"callback","id":4,"offer":"o_1","phone":"+33 1","name":"Zoé"})");
  CHECK(callback->phone == "+33 1");
  CHECK(callback->name == "Zoé");
  const Taken<Survey> survey(R"({"type":"survey","id":5,"offer":"o_1","score":10,"comment":"good"})");
  CHECK(survey->score == 10);
  const Taken<Consent> consent(R"({"type":"consent","id":6,"value":true})");
  CHECK(consent->value);
  const Taken<Identify> identify(R"({"type":"identify","id":7,"jwt":"a.b.c"})");
  CHECK(identify->jwt == "a.b.c");
  const Taken<Panel> panel(R"({"type":"panel","id":8,"on":false})");
  CHECK(panel->on == false);
  const Taken<Panel> start_over(R"({"type":"panel","id":9,"start_over":true})");
  CHECK(start_over->start_over);
  CHECK_FALSE(start_over->on.has_value());
}

TEST_CASE("addresses and titles beyond their limit are cut at a whole character, not refused") {
  const std::string url = join({"/", std::string(kMaxUrlBytes, 'x')});
  std::string title(kMaxTitleBytes - 1, 'x');
  title += "é and more";
  const Taken<Events> frame(
      join({R"({"type":"events","id":1,"events":[{"type":"page","url":")", url, R"(","title":")", title, R"("}]})"}));
  CHECK(frame->events[0].page.url.size() == kMaxUrlBytes);
  CHECK(frame->events[0].page.title.size() == kMaxTitleBytes - 1);
}

TEST_CASE("limits hold at the limit and refuse beyond it") {
  const auto many = [](std::size_t n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += i == 0 ? R"({"type":"activity"})" : R"(,{"type":"activity"})";
    return text;
  };
  CHECK(event_refusal(many(kMaxEventsPerFrame)) == "");
  CHECK(event_refusal(many(kMaxEventsPerFrame + 1)) == "events: more than 50");
  const auto named = [](std::size_t n) { return join({R"({"type":"event","name":")", std::string(n, 'n'), "\"}"}); };
  CHECK(event_refusal(named(kMaxNameBytes)) == "");
  CHECK(event_refusal(named(kMaxNameBytes + 1)) == "events[0].name: longer than 64 bytes");
  const auto keys = [](std::size_t n) {
    std::string text = R"({"type":"event","name":"e","data":{)";
    for (std::size_t i = 0; i < n; ++i) text += join({i ? ",\"k" : "\"k", std::to_string(i), "\":1"});
    text += "}}";
    return text;
  };
  CHECK(event_refusal(keys(kMaxEventData)) == "");
  CHECK(event_refusal(keys(kMaxEventData + 1)) == "events[0].data: more than 16 keys");
  const auto value = [](std::size_t n) {
    return join({R"({"type":"event","name":"e","data":{"k":")", std::string(n, 'v'), "\"}}"});
  };
  CHECK(event_refusal(value(kMaxValueBytes)) == "");
  CHECK(event_refusal(value(kMaxValueBytes + 1)) == "events[0].data: longer than 256 bytes");
  std::string frame = R"({"type":"consent","id":1,"value":true})";
  frame.insert(1, kMaxFrameBytes - frame.size(), ' ');
  CHECK(refusal_of(frame) == "");
  frame += " ";
  CHECK(refusal_of(frame) == "too_large a frame is at most 64 KiB");
}

TEST_CASE("a refusal names the field") {
  struct Row {
    std::string frame, reason;
  };
  const std::vector<Row> rows = {
      {R"([])", "frame: did not expect an array"},
      {R"(1)", "frame: expected an object"},
      {R"(null)", "frame: expected an object"},
      {R"({})", "type: missing"},
      {R"({"type":"nonsense","id":1})", "type: unknown frame type"},
      {R"({"type":1,"id":1})", "type: expected a string"},
      {R"({"type":"consent","value":true})", "id: missing"},
      {R"({"type":"consent","id":0,"value":true})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"consent","id":1.5,"value":true})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"consent","id":18446744073709551616,"value":true})", "id: expected an integer from 1 to 9007199254740991"},
      {R"({"type":"consent","id":"1","value":true})", "id: expected a number"},
      {R"({"type":"consent","id":1,"value":1})", "value: expected true or false"},
      {R"({"type":"consent","id":1,"value":true,"role":"operator"})", "role: unknown field"},
      {R"({"type":"consent","id":1,"value":true,"operator":true})", "operator: unknown field"},
      {R"({"type":"consent","id":1,"value":true,"status":"open"})", "status: unknown field"},
      {R"({"type":"consent","id":1,"value":true,"<img src=x>":1})", "?: unknown field"},
      {R"({"type":"consent","id":1,"value":true,"jwt":"x"})", "jwt: unknown field"},
      {R"({"type":"events","id":1})", "events: missing"},
      {R"({"type":"events","id":1,"events":[]})", "events: empty"},
      {R"({"type":"events","id":1,"events":{}})", "events: did not expect an object"},
      {R"({"type":"events","id":1,"events":[1]})", "events[0]: expected an object"},
      {R"({"type":"events","id":1,"events":[[1]]})", "events[0]: did not expect an array"},
      {R"({"type":"offer","id":1,"offer":"o_1","outcome":"withdrawn"})", "outcome: expected shown, accepted or dismissed"},
      {R"({"type":"offer","id":1,"offer":"o 1","outcome":"shown"})", "offer: expected 1 to 32 of A-Z a-z 0-9 _ -"},
      {R"({"type":"survey","id":1,"offer":"o_1","score":11})", "score: expected an integer from 0 to 10"},
      {R"({"type":"callback","id":1,"offer":"o_1","phone":""})", "phone: must not be empty"},
      {join({R"({"type":"hello","token":5,)", kHelloTail}), "token: expected a string"},
      {R"({"type":"hello","session":"short","site":"s","tab":"t","page":{"url":"/"}})",
       "session: expected 16 to 64 of A-Z a-z 0-9 _ -"},
      {R"({"type":"hello","session":"0123456789abcdef","site":"s","tab":"../t","page":{"url":"/"}})",
       "tab: expected 1 to 64 of A-Z a-z 0-9 _ -"},
      {R"({"type":"hello","session":"0123456789abcdef","site":"s","tab":"t","page":{}})", "page.url: missing"},
      {R"({"type":"hello","session":"0123456789abcdef","site":"s","tab":"t","page":{"url":"/","x":1}})",
       "page.x: unknown field"},
      {R"({"type":"hello","session":"0123456789abcdef","site":"s","tab":"t","page":"/"})", "page: expected an object"},
      {R"({"type":"hello","session":"0123456789abcdef","site":"s","tab":"t"})", "page: missing"},
      {R"({"type":"take","id":1,"conversation":"c_1"})", "type: unknown frame type"},
      {R"({"type":"message","id":1,"text":"hi"})", "type: unknown frame type"},
      {R"({"type":"assign","id":1})", "type: unknown frame type"},
  };
  for (const Row& row : rows) {
    INFO(row.frame);
    CHECK(refusal_of(row.frame) == row.reason);
  }
}

TEST_CASE("a refused event is named by its place") {
  struct Row {
    std::string event, reason;
  };
  const std::vector<Row> rows = {
      {R"({})", "events[0].type: missing"},
      {R"({"type":"teleport"})", "events[0].type: unknown event type"},
      {R"({"type":"activity"},{"type":"page"})", "events[1].url: missing"},
      {R"({"type":"page","url":5})", "events[0].url: expected a string"},
      {R"({"type":"page","url":"/","hidden":"yes"})", "events[0].hidden: expected true or false"},
      {R"({"type":"page","url":"/","value":1})", "events[0].value: unknown field"},
      {R"({"type":"cart","value":"80"})", "events[0].value: expected a number"},
      {R"({"type":"cart","value":1e400})", "at byte 57: the number \"1e400\" is too large"},
      {R"({"type":"cart","items":true})", "events[0].items: expected a number"},
      {R"({"type":"cart","currency":"EUROPEANS"})", "events[0].currency: longer than 8 bytes"},
      {R"({"type":"order","value":null})", "events[0].value: expected a number"},
      {R"({"type":"event","name":""})", "events[0].name: must not be empty"},
      {R"({"type":"event","name":"e","data":[]})", "events[0].data: did not expect an array"},
      {R"({"type":"event","name":"e","data":5})", "events[0].data: expected an object"},
      {R"({"type":"event","name":"e","data":{"a":{}}})", "events[0].data: did not expect an object"},
      {R"({"type":"event","name":"e","data":{"a":[]}})", "events[0].data: did not expect an array"},
      {R"({"type":"event","name":"e","data":{"":1}})", "events[0].data: expected keys of 1 to 64 bytes"},
      {R"({"type":"attr","name":"plan"})", "events[0].value: missing"},
      {R"({"type":"attr","name":"plan","value":{}})", "events[0].value: did not expect an object"},
      {R"({"type":"scroll","percent":101})", "events[0].percent: expected a number from 0 to 100"},
      {R"({"type":"scroll","percent":-1})", "events[0].percent: expected a number from 0 to 100"},
      {R"({"type":"leave","t":5})", "events[0].t: unknown field"},
      {R"({"type":"tag","name":"vip","value":true})", "events[0].type: unknown event type"},
      {R"({"type":"outcome","rule":"r","outcome":"accepted"})", "events[0].type: unknown event type"},
  };
  for (const Row& row : rows) {
    INFO(row.event);
    const std::string reason = event_refusal(row.event);
    // Fields that no event has are refused where they stand, before the type is known to be wrong.
    if (row.event.find("\"rule\"") != std::string::npos) CHECK_FALSE(reason.empty());
    else CHECK(reason == row.reason);
  }
}

TEST_CASE("text that is no JSON is refused with the place") {
  const std::vector<std::string> texts = {
      "",
      "{",
      "hello",
      R"({"type":"consent","id":1,"value":true} x)",
      R"({"type":"consent","id":1,"id":2,"value":true})",
      R"({"type":"consent","id":NaN,"value":true})",
      R"({"type":"consent","id":1,"value":true,})",
      "{\"type\":\"consent\",\"id\":1,\"value\":true,\"a\":\"\xff\"}",
      std::string(60'000, '['),
      std::string(60'000, '{'),
      join({R"({"type":"events","id":1,"events":[{"type":"event","name":"e","data":{"a":)", std::string(30'000, '['), "}]}"}),
  };
  for (const std::string& text : texts) {
    INFO(text.substr(0, 80));
    CHECK_FALSE(refusal_of(text).empty());
  }
}

TEST_CASE("the number that kills other readers is a number") {
  const Taken<Events> frame(R"({"type":"events","id":1,"events":[{"type":"cart","value":0.0000000001e-2147483639}]})");
  CHECK(frame->events[0].value == 0.0);
}

TEST_CASE("escapes and NUL bytes arrive as they are meant") {
  const Taken<Events> frame(R"({"type":"events","id":1,"events":[{"type":"event","name":"a\u0000b","data":{"k\u00e9":"\ud83d\ude00"}}]})");
  CHECK(frame->events[0].name == std::string_view("a\0b", 3));
  CHECK(frame->data[0].key == "ké");
  CHECK(std::get<std::string_view>(frame->data[0].value) == "😀");
}

TEST_CASE("a decoder that refused a frame reads the next one as if nothing had been") {
  Decoder decoder;
  CHECK(std::holds_alternative<Refusal>(decoder.decode(R"({"type":"events","id":1,"events":[{"type":"page","url":1}]})")));
  CHECK(std::holds_alternative<Refusal>(decoder.decode(R"({"type":"hello")")));
  const Decoded decoded = decoder.decode(R"({"type":"consent","id":2,"value":false})");
  REQUIRE(std::holds_alternative<ClientFrame>(decoded));
  CHECK(id_of(std::get<ClientFrame>(decoded)) == 2);
}

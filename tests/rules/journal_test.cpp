#include "beckon/rules/journal.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "beckon/rules/limits.hpp"

// Events are written with the members that count; the others keep their defaults on purpose.
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

namespace beckon::rules {
namespace {

using namespace std::string_view_literals;

// Reads a line that must be good. The views in the result live as long as the fixture.
class Reading {
 public:
  const JournalLine& operator()(std::string_view text) {
    INFO(text);
    const std::optional<json::Error> error = reader_.read(text, line_);
    INFO((error ? error->message : ""));
    REQUIRE_FALSE(error);
    return line_;
  }

 private:
  JournalReader reader_;
  JournalLine line_;
};

std::string refusal(std::string_view text) {
  JournalReader reader;
  JournalLine line;
  const std::optional<json::Error> error = reader.read(text, line);
  return error ? std::to_string(error->offset) + ": " + error->message : "accepted";
}

// The line with the members that every event has.
std::string event(std::string_view members) { return R"({"t":5,"visitor":"v",)" + std::string(members) + "}"; }

TEST_CASE("a page line says what was shown, and where") {
  Reading read;
  const JournalLine& line = read(
      R"({"t":1570000000123,"visitor":"v1","tab":"2","type":"page","url":"/a?b=c","title":"A \"title\"","referrer":"",)"
      R"("hidden":true,"country":"FR","language":"fr-FR","device":"mobile","browser":"firefox","os":"linux","ua":"M/5"})");
  CHECK(line.kind == LineKind::kEvent);
  CHECK(line.t == at_ms(1'570'000'000'123));
  CHECK(line.visitor == "v1");
  CHECK(line.event.type == EventType::kPage);
  CHECK(line.event.tab == "2");
  CHECK(line.raw_url == "/a?b=c");
  CHECK(line.event.url == nullptr);
  CHECK(line.event.title == "A \"title\"");
  CHECK(line.raw_referrer == "");
  CHECK(line.event.hidden);
  CHECK(line.event.country == "FR");
  CHECK(line.event.language == "fr-FR");
  CHECK(line.event.device == "mobile");
  CHECK(line.event.browser == "firefox");
  CHECK(line.event.os == "linux");
  CHECK(line.user_agent == "M/5");
}

TEST_CASE("what a line leaves out is as the rules say, whatever the line before said") {
  Reading read;
  read(R"({"t":1,"visitor":"v","tab":"9","type":"page","url":"/a","title":"x","referrer":"y","hidden":true,"ua":"z"})");
  const JournalLine& line = read(R"({"t":2,"visitor":"w","type":"page","url":"/b"})");
  CHECK(line.event.tab == "0");
  CHECK(line.event.title.empty());
  CHECK_FALSE(line.raw_referrer);
  CHECK_FALSE(line.event.hidden);
  CHECK(line.user_agent.empty());
}

TEST_CASE("keys may come in any order, null is as good as absent, and unknown keys are ignored") {
  Reading read;
  const JournalLine& line = read(
      R"({"list":[1,{"t":9,"url":"/no"}],"url":"/a","brand":"x","type":"page","price":-1.5e-7,"tab":null,)"
      R"("value":"of no page","items":{},"referrer":null,"visitor":"v","t":7.0e0})");
  CHECK(line.t == at_ms(7));
  CHECK(line.raw_url == "/a");
  CHECK(line.event.tab == "0");
  CHECK_FALSE(line.raw_referrer);
  CHECK_FALSE(line.event.value);
}

TEST_CASE("each type of event reads its own keys") {
  Reading read;
  SECTION("cart") {
    const Event& cart = read(event(R"("type":"cart","value":79.5,"items":2,"currency":"EUR")")).event;
    CHECK(cart.type == EventType::kCart);
    CHECK(cart.value == 79.5);
    CHECK(cart.items == 2);
    CHECK(cart.currency == "EUR");
  }
  SECTION("order and refund") {
    const Event& order = read(event(R"("type":"order","value":10,"margin":-2.5,"id":"o1")")).event;
    CHECK(order.type == EventType::kOrder);
    CHECK(order.value == 10);
    CHECK(order.margin == -2.5);
    CHECK(order.id == "o1");
    CHECK(read(event(R"("type":"refund")")).event.type == EventType::kRefund);
  }
  SECTION("event") {
    const Event& custom =
        read(event(R"("data":{"s":"x","n":1.5,"t":true,"z":null},"type":"event","name":"search")")).event;
    CHECK(custom.name == "search");
    REQUIRE(custom.data.size() == 4);
    CHECK(custom.data[0].key == "s");
    CHECK(custom.data[0].value == EventScalar("x"sv));
    CHECK(custom.data[1].value == EventScalar(1.5));
    CHECK(custom.data[2].value == EventScalar(true));
    CHECK(custom.data[3].value == EventScalar());
    CHECK(read(event(R"("type":"event","name":"search")")).event.data.empty());
  }
  SECTION("scroll") { CHECK(read(event(R"("type":"scroll","percent":55.5)")).event.percent == 55.5); }
  SECTION("attr") {
    const auto [written, scalar] = GENERATE(table<const char*, EventScalar>({
        {R"("gold")", EventScalar("gold"sv)}, {"7", EventScalar(7.0)}, {"false", EventScalar(false)}, {"null", EventScalar()},
    }));
    const Event& attr = read(event(R"("type":"attr","name":"plan","value":)" + std::string(written))).event;
    CHECK(attr.name == "plan");
    CHECK(attr.scalar == scalar);
  }
  SECTION("tag") {
    CHECK(read(event(R"("type":"tag","name":"vip")")).event.on);
    CHECK_FALSE(read(event(R"("type":"tag","name":"vip","value":false)")).event.on);
  }
  SECTION("consent and identified") {
    CHECK_FALSE(read(event(R"("type":"consent","value":false)")).event.on);
    CHECK(read(event(R"("type":"identified","value":true)")).event.on);
  }
  SECTION("outcome") {
    const Event& outcome = read(event(R"("type":"outcome","rule":"cart-help","outcome":"accepted")")).event;
    CHECK(outcome.name == "cart-help");
    CHECK(outcome.outcome == OfferOutcome::kAccepted);
    CHECK(read(event(R"("type":"outcome","rule":"r","outcome":"dismissed")")).event.outcome == OfferOutcome::kDismissed);
  }
  SECTION("chat") {
    CHECK(read(event(R"("type":"chat","state":"started")")).event.on);
    CHECK_FALSE(read(event(R"("type":"chat","state":"ended")")).event.on);
  }
  SECTION("those that say all by their type") {
    CHECK(read(event(R"("type":"visible")")).event.type == EventType::kVisible);
    CHECK(read(event(R"("type":"hidden")")).event.type == EventType::kHidden);
    CHECK(read(event(R"("type":"activity")")).event.type == EventType::kActivity);
    CHECK(read(event(R"("type":"exit_intent")")).event.type == EventType::kExitIntent);
    CHECK(read(event(R"("type":"leave")")).event.type == EventType::kLeave);
  }
}

TEST_CASE("lines about the site need no visitor") {
  Reading read;
  SECTION("operators") {
    const JournalLine& line = read(
        R"({"t":5,"type":"operators","online":3,"free_slots":2,"queue":1,"skills":{"sales":2,"returns":0},"shard":1,"shards":4})");
    CHECK(line.kind == LineKind::kOperators);
    CHECK(line.visitor.empty());
    CHECK(line.site.operators == 3);
    CHECK(line.site.free_slots == 2);
    CHECK(line.site.queue == 1);
    CHECK(line.site.skills_known);
    CHECK(line.site.skills == decltype(line.site.skills){{"returns", 0}, {"sales", 2}});
    CHECK(line.shard == 1);
    CHECK(line.shards == 4);
  }
  SECTION("operators that are not all counted") {
    CHECK(read(R"({"t":5,"type":"operators"})").site == SiteState{});
    CHECK(read(R"({"t":5,"type":"operators","online":0})").site.free_slots == 0);
    CHECK(read(R"({"t":5,"type":"operators","online":0,"free_slots":1})").site.free_slots == 1);
  }
  SECTION("hours") {
    CHECK(read(R"({"t":5,"type":"hours","open":false})").site.open == false);
    CHECK(read(R"({"t":5,"type":"hours","open":true})").kind == LineKind::kHours);
  }
  SECTION("rules") {
    const JournalLine& line = read(R"({"t":5,"type":"rules","text":"{\n}","hash":"ab","site":"shop","time_zone":"Europe/Paris"})");
    CHECK(line.kind == LineKind::kRules);
    CHECK(line.rules_text == "{\n}");
    CHECK(line.rules_hash == "ab");
    CHECK(line.site_id == "shop");
    CHECK(line.time_zone == "Europe/Paris");
    CHECK(line.shards == 1);
  }
  SECTION("gap") { CHECK(read(R"({"t":5,"type":"gap"})").kind == LineKind::kGap); }
}

TEST_CASE("a visitor line holds a snapshot") {
  Reading read;
  const JournalLine& line = read(event(R"("type":"visitor","visits":3,"last_event":4,"tags":["vip"])"));
  CHECK(line.kind == LineKind::kVisitor);
  CHECK(line.visitor == "v");
  REQUIRE(line.snapshot != nullptr);
  CHECK(line.snapshot->visits == 3);
  CHECK(line.snapshot->last_event == at_ms(4));
  CHECK(line.snapshot->tags == std::vector<std::string>{"vip"});
  CHECK(read(event(R"("type":"visitor")")).snapshot->visits == 0);
}

// A line with an '@' where the error is, and the error.
struct Refused {
  std::string line, error;
};

const std::vector<Refused> kRefused = {
    {"@", "expected a value, found nothing"},
    {"@[]", "a journal line is an object"},
    {"@7", "a journal line is an object"},
    {R"(@{"t":5})", "'type' is missing"},
    {R"({"type":@"gap"})", "'t' is missing"},
    {R"({"type":"gap","t":@"5"})", "'t' is a number, found a string"},
    {R"({"type":@"gap","t":null})", "'t' is missing"},
    {R"({"type":"gap","t":@1.5})", "'t' is whole milliseconds from 1970 to 9999"},
    {R"({"type":"gap","t":@-1})", "'t' is whole milliseconds from 1970 to 9999"},
    {R"({"type":"gap","t":@18446744073709551616})", "'t' is whole milliseconds from 1970 to 9999"},
    {R"({"type":"gap","t":@253402300800000})", "'t' is whole milliseconds from 1970 to 9999"},
    {R"({"type":"gap","t":5,@"t":6})", "the key \"t\" is there twice"},
    {R"({"t":5,"type":@7})", "'type' is a string, found a number"},
    {R"({"t":5,"type":@"Page"})", "there is no type 'Page'"},
    {R"({"t":5,"type":@"page","url":"/"})", "'visitor' is missing"},
    {R"({"t":5,"type":"page","url":"/","visitor":@5})", "'visitor' is a string, found a number"},
    {R"({"t":5,"type":"page","url":"/","visitor":@""})", "'visitor' is empty"},
    {event(R"("type":@"page")"), "'url' is missing"},
    {event(R"("type":"page","url":@["/"])"), "'url' is a string, found an array"},
    {event(R"("type":"page","url":"/","hidden":@1)"), "'hidden' is true or false, found a number"},
    {event(R"("type":"page","url":"/","country":@{})"), "'country' is a string, found an object"},
    {event(R"("type":"leave","tab":@7)"), "'tab' is a string, found a number"},
    {event(R"("type":"leave","tab":@"")"), "'tab' is empty"},
    {event(R"("type":"cart","value":@"80")"), "'value' is a number, found a string"},
    {event(R"("type":"order","id":@5)"), "'id' is a string, found a number"},
    {event(R"("type":@"event")"), "'name' is missing"},
    {event(R"("type":"event","name":@"")"), "'name' is empty"},
    {event(R"("type":"event","name":"n","data":@[1])"), "'data' is an object, found an array"},
    {event(R"("type":"event","name":"n","data":{"k":@[1]})"),
     "'k' is a string, a number, true, false or null, found an array"},
    {event(R"("type":"event","name":"n","data":{"k":@{"l":1}})"),
     "'k' is a string, a number, true, false or null, found an object"},
    {event(R"("type":@"scroll")"), "'percent' is missing"},
    {event(R"("type":"scroll","percent":@"5")"), "'percent' is a number, found a string"},
    {event(R"("type":@"attr","name":"n")"), "'value' is missing"},
    {event(R"("type":"attr","name":"n","value":@[])"),
     "'value' is a string, a number, true, false or null, found an array"},
    {event(R"("type":"tag","name":"n","value":@1)"), "'value' is true or false, found a number"},
    {event(R"("type":@"consent")"), "'value' is missing"},
    {event(R"("type":"outcome","rule":"r","outcome":@"shown")"), "'outcome' is 'accepted' or 'dismissed'"},
    {event(R"("type":@"outcome","outcome":"accepted")"), "'rule' is missing"},
    {event(R"("type":"chat","state":@"paused")"), "'state' is 'started' or 'ended'"},
    {R"({"t":5,"type":"operators","online":@-1})", "'online' is a whole number from 0"},
    {R"({"t":5,"type":"operators","online":@4294967296})", "'online' is a whole number from 0"},
    {R"({"t":5,"type":"operators","skills":{"s":@"x"}})", "the free slots of a skill are a whole number from 0"},
    {R"({"t":5,"type":"operators","skills":@[]})", "'skills' is an object, found an array"},
    {R"({"t":5,"type":@"operators","shard":2,"shards":2})", "'shard' is less than 'shards'"},
    {R"({"t":5,"type":"gap","shard":2,"shards":@1001})", "'shards' is at most 1000"},
    {R"({"t":5,"type":@"hours"})", "'open' is missing"},
    {R"({"t":5,"type":@"rules","hash":"x"})", "'text' is missing"},
    {event(R"("type":"visitor","visits":@"3")"), "'visits' is a number, found a string"},
};

TEST_CASE("a line that cannot be meant is refused at its place") {
  for (const auto& [marked, error] : kRefused) {
    INFO(marked);
    const std::size_t place = marked.find('@');
    CHECK(refusal(std::string(marked).erase(place, 1)) == std::to_string(place) + ": " + error);
  }
}

TEST_CASE("names, keys of data and lines are bounded") {
  const std::string longest(kMaxNameBytes, 'n');
  CHECK(refusal(event(R"("type":"tag","name":")" + longest + '"')) == "accepted");
  CHECK(refusal(event(R"("type":"tag","name":"n)" + longest + '"')) == "41: 'name' is longer than 64 bytes");
  CHECK(refusal(event(R"("type":"leave","tab":"n)" + longest + '"')) == "42: 'tab' is longer than 64 bytes");

  std::string data = R"("type":"event","name":"n","data":{)";
  for (std::size_t i = 0; i < kMaxEventData; ++i) data += (i ? ",\"k" : "\"k") + std::to_string(i) + "\":1";
  CHECK(refusal(event(data + "}")) == "accepted");
  CHECK(refusal(event(data + ",\"more\":1}")).ends_with(": 'data' holds more than 16 keys"));

  const std::string page = event(R"("type":"page","url":"/","x":"")");
  const auto padded = [](std::string line, std::size_t size) { return line.insert(line.size() - 2, size - line.size(), 'x'); };
  CHECK(refusal(padded(page, kMaxJournalLineBytes)) == "accepted");
  CHECK(refusal(padded(page, kMaxJournalLineBytes + 1)) == "65536: the line is longer than 65536 bytes");
  const std::string rules = R"({"t":5,"type":"rules","text":""})";
  CHECK(refusal(padded(rules, kMaxRuleFileBytes)) == "accepted");
  CHECK(refusal(padded(rules, kMaxRulesLineBytes + 1)) == "4259840: the text is longer than 4259840 bytes");
}

// What is written reads back as it was.
TEST_CASE("every type of event survives writing and reading") {
  PageUrl url;
  parse_page_url("https://shop.example/a b?utm_source=x", {}, url);
  const std::vector<EventDatum> data = {{"s", "x<\"\n"sv}, {"n", -1.25}, {"t", true}, {"z", std::monostate{}}};
  const std::vector<Event> events = {
      {.type = EventType::kPage, .tab = "7", .url = &url, .title = "T", .referrer = "https://r.example/", .hidden = true,
       .country = "FR", .language = "fr", .device = "mobile", .browser = "firefox", .os = "android"},
      {.type = EventType::kPage, .url = &url},
      {.type = EventType::kPage, .url = &url, .referrer = ""},
      {.type = EventType::kCart, .value = 79.99, .items = 0, .currency = "EUR"},
      {.type = EventType::kCart},
      {.type = EventType::kOrder, .value = 1e6, .margin = 0.1, .id = "o-1"},
      {.type = EventType::kRefund, .value = 5, .id = "o-1"},
      {.type = EventType::kEvent, .name = "search", .data = data},
      {.type = EventType::kEvent, .name = "empty"},
      {.type = EventType::kVisible}, {.type = EventType::kHidden}, {.type = EventType::kActivity},
      {.type = EventType::kExitIntent}, {.type = EventType::kLeave, .tab = "x"},
      {.type = EventType::kScroll, .percent = 33.3},
      {.type = EventType::kAttr, .name = "plan", .scalar = "gold"sv},
      {.type = EventType::kAttr, .name = "age", .scalar = 3.0},
      {.type = EventType::kAttr, .name = "vip", .scalar = false},
      {.type = EventType::kAttr, .name = "gone"},
      {.type = EventType::kTag, .name = "vip", .on = false}, {.type = EventType::kTag, .name = "vip"},
      {.type = EventType::kConsent, .on = false}, {.type = EventType::kIdentified},
      {.type = EventType::kOutcome, .name = "r", .outcome = OfferOutcome::kAccepted},
      {.type = EventType::kOutcome, .name = "r", .outcome = OfferOutcome::kDismissed},
      {.type = EventType::kChat}, {.type = EventType::kChat, .on = false},
  };
  Reading read;
  for (const Event& given : events) {
    std::string text;
    write_event(text, at_ms(1'570'000'000'000), "visitor \"1\"", given);
    REQUIRE(text.ends_with("}\n"));
    const JournalLine& line = read(std::string_view(text).substr(0, text.size() - 1));
    CHECK(line.kind == LineKind::kEvent);
    CHECK(line.t == at_ms(1'570'000'000'000));
    CHECK(line.visitor == "visitor \"1\"");
    const Event& got = line.event;
    CHECK(got.type == given.type);
    CHECK(got.tab == given.tab);
    CHECK(line.raw_url == (given.url != nullptr ? given.url->url : ""));
    CHECK(got.title == given.title);
    CHECK(line.raw_referrer == given.referrer);
    CHECK(got.hidden == given.hidden);
    CHECK(std::tie(got.country, got.language, got.device, got.browser, got.os) ==
          std::tie(given.country, given.language, given.device, given.browser, given.os));
    CHECK(got.value == given.value);
    CHECK(got.margin == given.margin);
    CHECK(got.items == given.items);
    CHECK(got.currency == given.currency);
    CHECK(got.id == given.id);
    CHECK(got.name == given.name);
    CHECK(std::equal(got.data.begin(), got.data.end(), given.data.begin(), given.data.end(),
                     [](const EventDatum& a, const EventDatum& b) { return a.key == b.key && a.value == b.value; }));
    CHECK(got.scalar == given.scalar);
    CHECK(got.percent == given.percent);
    CHECK(got.on == given.on);
    CHECK(got.outcome == given.outcome);
  }
}

TEST_CASE("lines about the site survive writing and reading") {
  Reading read;
  std::string text;
  SECTION("operators") {
    SiteState site{.operators = 0, .free_slots = 0, .queue = 7, .skills = {{"a", 1}, {"b", 0}}, .skills_known = true};
    write_operators(text, at_ms(1), site, {.shard = 2, .shards = 3});
    const JournalLine& line = read(text);
    CHECK(line.site == site);
    CHECK(line.shard == 2);
    CHECK(line.shards == 3);
  }
  SECTION("hours") {
    write_hours(text, at_ms(1), false);
    CHECK(read(text).site.open == false);
  }
  SECTION("rules") {
    write_rules(text, at_ms(1), {.text = "{ // é\n}", .hash = "h", .site_id = "s", .time_zone = "UTC"}, {1, 2});
    const JournalLine& line = read(text);
    CHECK(line.rules_text == "{ // é\n}");
    CHECK(line.rules_hash == "h");
    CHECK(line.site_id == "s");
    CHECK(line.time_zone == "UTC");
    CHECK(line.shard == 1);
  }
  SECTION("gap") {
    write_gap(text, at_ms(1));
    CHECK(text == "{\"t\":1,\"type\":\"gap\"}\n");
    CHECK(read(text).kind == LineKind::kGap);
  }
  SECTION("gap of a shard") {
    write_gap(text, at_ms(1), {.shard = 2, .shards = 4});
    CHECK(text == "{\"t\":1,\"type\":\"gap\",\"shard\":2,\"shards\":4}\n");
    CHECK(read(text).shard == 2);
    CHECK(read(text).shards == 4);
  }
}

TEST_CASE("a line is written as the documentation shows it") {
  std::string text;
  write_event(text, at_ms(5), "v", {.type = EventType::kOutcome, .name = "cart-help", .outcome = OfferOutcome::kDismissed});
  write_event(text, at_ms(6), "v", {.type = EventType::kScroll, .tab = "1", .percent = 50});
  write_hours(text, at_ms(7), true, {.shard = 0, .shards = 2});
  CHECK(text == R"({"t":5,"visitor":"v","type":"outcome","rule":"cart-help","outcome":"dismissed"})" "\n"
                R"({"t":6,"visitor":"v","tab":"1","type":"scroll","percent":50})" "\n"
                R"({"t":7,"type":"hours","open":true,"shard":0,"shards":2})" "\n");
}

TEST_CASE("every type has the name that lines write") {
  CHECK(name_of(EventType::kPage) == "page");
  CHECK(name_of(EventType::kExitIntent) == "exit_intent");
  CHECK(name_of(EventType::kChat) == "chat");
}

TEST_CASE("a visitor's shard is the same everywhere and for ever") {
  CHECK(shard_of("anybody", 1) == 0);
  CHECK(shard_of("", 7) == (0xcbf29ce4u ^ 0x84222325u) % 7);  // FNV-1a's basis
  CHECK(shard_of("a", 1000) == (0xaf63dc4cu ^ 0x8601ec8cu) % 1000);
  std::vector<int> visitors(4);
  for (int i = 0; i < 4000; ++i) ++visitors[shard_of("visitor-" + std::to_string(i), 4)];
  for (const int count : visitors) CHECK((count > 900 && count < 1100));
}

}  // namespace
}  // namespace beckon::rules

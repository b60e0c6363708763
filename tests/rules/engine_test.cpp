// What the engine decides, at the boundaries, on journal lines: rules.md, sections 3 to 6.
#include <catch2/catch.hpp>

#include "beckon/rules/limits.hpp"
#include "rules/support/decide.hpp"

using beckon::test::decide;

namespace {

std::string one_rule(const std::string& when, const std::string& more = "") {
  return R"({"rules":[{"id":"r","when":)" + when + R"(,"then":{"invite":{"text":"Hi"}})" + more + "}]}";
}

const std::string kPage = R"({"t":0,"visitor":"v","type":"page","url":"/a"})";

}  // namespace

TEST_CASE("a dwell rule fires at its instant and not before") {
  const std::string rules = one_rule(R"({"page.dwell":{"gte":"45s"}})");
  CHECK(decide(rules, {kPage, R"({"t":44999,"visitor":"v","type":"leave"})"}).empty());
  CHECK(decide(rules, {kPage, R"({"t":45000,"visitor":"v","type":"leave"})"}) == std::vector<std::string>{"45000 v 0 r fire"});
  CHECK(decide(rules, {kPage}) == std::vector<std::string>{"45000 v 0 r fire"});
}

TEST_CASE("a strict bound is passed a millisecond later") {
  CHECK(decide(one_rule(R"({"page.dwell":{"gt":"45s"}})"), {kPage}) == std::vector<std::string>{"45001 v 0 r fire"});
}

TEST_CASE("visible time stands still while the tab is hidden") {
  const std::string rules = one_rule(R"({"page.visible":{"gte":"10s"}})");
  CHECK(decide(rules, {kPage, R"({"t":4000,"visitor":"v","type":"hidden"})", R"({"t":9000,"visitor":"v","type":"visible"})"}) ==
        std::vector<std::string>{"15000 v 0 r fire"});
}

TEST_CASE("a window slides with no new event") {
  const std::string rules =
      one_rule(R"({"all":[{"event":"x","within":"10s"},{"none":[{"event":"x","count":{"gte":2},"within":"10s"}]},
                          {"page.dwell":{"gte":"5s"}}]})");
  CHECK(decide(rules, {kPage, R"({"t":1000,"visitor":"v","type":"event","name":"x"})",
                       R"({"t":2000,"visitor":"v","type":"event","name":"x"})"}) ==
        std::vector<std::string>{"11000 v 0 r fire"});
}

TEST_CASE("an offer on screen holds others back until it is gone") {
  const std::string rules = R"({"rules":[
    {"id":"a","when":{"page.path":"/a"},"then":{"invite":{"text":"A"}}},
    {"id":"b","when":{"page.path":"/a"},"then":{"invite":{"text":"B"}}}]})";
  CHECK(decide(rules, {kPage, R"({"t":7000,"visitor":"v","type":"outcome","rule":"a","outcome":"dismissed"})"}) ==
        std::vector<std::string>{"0 v 0 a fire", "0 v 0 b outranked", "7000 v 0 b fire"});
}

TEST_CASE("a sequence finds its steps in order, others between them") {
  const std::string rules = one_rule(R"({"sequence":[{"page":"/a"},{"page":"/b"},{"page":"/a"}],"within":"1m"})");
  const auto page = [](int t, const char* path) {
    return R"({"t":)" + std::to_string(t) + R"(,"visitor":"v","type":"page","url":")" + path + "\"}";
  };
  CHECK(decide(rules, {page(0, "/a"), page(1000, "/c"), page(2000, "/b"), page(3000, "/a")}) ==
        std::vector<std::string>{"3000 v 0 r fire"});
  CHECK(decide(rules, {page(0, "/a"), page(30000, "/b"), page(60000, "/a")}).empty());
  CHECK(decide(rules, {page(0, "/a"), page(30000, "/b"), page(59999, "/a")}) == std::vector<std::string>{"59999 v 0 r fire"});
}

TEST_CASE("held survives a change of page while its condition holds") {
  const std::string rules = one_rule(R"({"held":{"cart.value":{"gte":50}},"for":"20s"})");
  CHECK(decide(rules, {kPage, R"({"t":1000,"visitor":"v","type":"cart","value":60})",
                       R"({"t":9000,"visitor":"v","type":"page","url":"/b"})"}) ==
        std::vector<std::string>{"21000 v 0 r fire"});
  CHECK(decide(rules, {kPage, R"({"t":1000,"visitor":"v","type":"cart","value":60})",
                       R"({"t":9000,"visitor":"v","type":"cart","value":10})",
                       R"({"t":9000,"visitor":"v","type":"cart","value":60})"}) ==
        std::vector<std::string>{"29000 v 0 r fire"});
}

TEST_CASE("a visit ends with its time-out, and an event exactly then is of the next") {
  const std::string rules = one_rule(R"({"visit.number":2})");
  CHECK(decide(rules, {kPage, R"({"t":1800000,"visitor":"v","type":"activity"})"}) ==
        std::vector<std::string>{"1800000 v 0 r fire"});
  CHECK(decide(rules, {kPage, R"({"t":1799999,"visitor":"v","type":"activity"})"}).empty());
}

TEST_CASE("the share hash is BLAKE2b-64 over NUL-separated texts") {
  // python3: (int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), 'little') >> 11) / 2**53
  using beckon::rules::share;
  using beckon::rules::ShareOf;
  CHECK(share("shop", "r", "v1", ShareOf::kHoldout) == 0.9769813852276051);
  CHECK(share("shop", "r", "v1", ShareOf::kVariant) == 0.9843049347754539);
  CHECK(share(std::string(200, 'x'), "", "v", ShareOf::kHoldout) == 0.6798689608696526);  // more than one block
}

TEST_CASE("a rule that waits for its limit is woken after a restart too") {
  using namespace beckon::rules;
  const auto rules = beckon::test::compiled(
      one_rule(R"({"page.scroll":{"gte":0}})", R"(,"limit":{"every":"500ms"})"));
  Engine engine(rules);
  Visitor visitor = engine.make_visitor("v");
  PageUrl url;
  parse_page_url("/a", {}, url);
  Event page;
  page.type = EventType::kPage;
  page.url = &url;
  Output out;
  engine.apply(visitor, at_ms(1000), page, out);
  engine.apply(visitor, at_ms(1000), page, out);
  REQUIRE(out.decisions.back().verdict == Verdict::kLimit);
  CHECK(engine.import("v", engine.snapshot(visitor)).next_deadline() == at_ms(1500));
}

TEST_CASE("a null among an event's data is as absent, in a later visit too") {
  const std::string rules = one_rule(R"({"event":"x","where":{"k":{"exists":false}},"within":"visitor"})");
  const std::string event = R"({"t":1000,"visitor":"v","type":"event","name":"x","data":{"k":null}})";
  const std::string later = R"({"t":1801000,"visitor":"v","type":"page","url":"/a"})";
  CHECK(decide(rules, {kPage, event, later}) == std::vector<std::string>{"1000 v 0 r fire", "1801000 v 0 r fire"});
}

TEST_CASE("of a text in an event's data the first 2 KiB are looked at, as of a fact") {
  const std::string seen(2048, 'x');
  const std::vector<std::string> journal = {R"({"t":0,"visitor":"v","type":"page","url":"/"})",
                                            R"({"t":1,"visitor":"v","type":"event","name":"e","data":{"k":")" + seen + R"(yz"}})"};
  const auto decided = [&](const std::string& test) {
    return decide(one_rule(R"({"event":"e","where":{"k":)" + test + "}}"), journal);
  };
  CHECK(decided('"' + seen + '"') == decided(R"({"prefix":"x"})"));
  CHECK_FALSE(decided('"' + seen + '"').empty());
  CHECK(decided('"' + seen + "yz\"").empty());
  CHECK(decided(R"({"contains":"y"})").empty());
}

TEST_CASE("very many decisions of one instant come in order, rule by rule and page by page") {
  constexpr int kRules = 2'000, kTabs = 32;
  std::string rules = R"({"rules":[)";
  for (int i = 0; i < kRules; ++i) {
    rules += (i ? "," : "") + (R"({"id":"r)" + std::to_string(i)) + R"(","when":{"page.dwell":{"gte":"1s"}},"then":{"emit":"e"},"limit":"none"})";
  }
  std::vector<std::string> lines;
  for (int tab = 10; tab < 10 + kTabs; ++tab) {
    lines.push_back(R"({"t":0,"visitor":"v","type":"page","url":"/","tab":")" + std::to_string(tab) + "\"}");
  }
  const std::vector<std::string> decisions = decide(rules + "]}", lines);
  REQUIRE(decisions.size() == kRules * kTabs);
  CHECK(decisions.front() == "1000 v 10 r0 fire");
  CHECK(decisions[kTabs] == "1000 v 10 r1 fire");
  CHECK(decisions.back() == "1000 v 41 r1999 fire");
}

TEST_CASE("what is held long enough on a hidden page does not speak for the visible one") {
  const std::string rules = R"({"rules":[
    {"id":"a","when":{"held":{"visitor.device":{"exists":false}},"for":"10s"},"then":{"invite":{"text":"A"}}},
    {"id":"b","when":{"page.dwell":{"lte":"10s"}},"then":{"invite":{"text":"B"}}}]})";
  CHECK(decide(rules, {kPage, R"({"t":3000,"visitor":"v","tab":"1","type":"page","url":"/b","hidden":true})"}) ==
        std::vector<std::string>{"0 v 0 b fire", "3000 v 1 b limit", "10000 v 0 a outranked"});
}

TEST_CASE("a snapshot with too many tabs keeps those used last") {
  using namespace beckon::rules;
  const Engine engine(beckon::test::compiled(one_rule(R"({"page.path":"/a"})")));
  VisitorSnapshot snapshot;
  snapshot.visits = 1;
  snapshot.now = snapshot.last_event = at_ms(1'000);
  snapshot.visit.emplace().started = at_ms(0);
  for (std::size_t i = 0; i < kMaxTabs + 8; ++i) {
    TabSnapshot& tab = snapshot.tabs.emplace_back();
    tab.id = "tab" + std::to_string(i);
    tab.open = true;
    tab.last_event = at_ms(static_cast<std::int64_t>(i));
    tab.page.url = "/a";
  }
  const Visitor visitor = engine.import("v", snapshot);
  const auto open = visitor.open_tabs();
  REQUIRE(open.size() == kMaxTabs);
  CHECK(open.front() == "tab8");
  CHECK(open.back() == "tab39");
}

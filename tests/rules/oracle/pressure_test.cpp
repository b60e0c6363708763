// Pressure, and rules that are loaded under way: rules.md, section 6, and the decisions on the fine print, 38 to 43.
#include <catch2/catch.hpp>

#include "rules/oracle/timeline.hpp"

namespace beckon::oracle {
namespace {

const char* const kAlways = R"({"visit.pages":{"gte":1}})";
const char* const kTagged = R"({"visitor.tag.x":true})";
const std::string kPage = R"(0 page "url":"/")";

std::string load(const std::string& t, const std::string& rules) {
  std::string escaped;
  for (char c : rules) escaped += c == '"' ? "\\\"" : std::string(1, c);
  return "*" + t + R"( rules "text":")" + escaped + "\"";
}
std::string outcome(const std::string& t, const std::string& what) {
  return t + R"( outcome "rule":"a","outcome":")" + what + "\"";
}
std::string tag(const std::string& t) { return t + R"( tag "name":"x","value":true)"; }

// `a` is an offer; `p` fires when the pressure passes the test; what the file says of pressure is `pressure`.
std::string with_pressure(const std::string& test, const std::string& pressure) {
  return file({offer("a", kAlways), silent("p", R"({"visitor.pressure":)" + test + "}")}, R"(,"pressure":)" + pressure);
}

}  // namespace

TEST_CASE("a fired offer adds pressure, which halves") {
  CHECK(decide(with_pressure("1", "{}"), {kPage}) == "0 a fire | 0 p fire");
  CHECK(decide(with_pressure(R"({"between":[0.1,0.5]})", R"({"half_life":"10s"})"), {kPage}) ==
        "0 a fire | 10000 p fire");
  // Below a half only at the next millisecond.
  CHECK(decide(with_pressure(R"({"gt":0,"lt":0.5})", R"({"half_life":"10s"})"), {kPage}) == "0 a fire | 10001 p fire");
}

TEST_CASE("outcomes add theirs, and it is never below 0") {
  CHECK(decide(with_pressure(R"({"gt":3.9})", "{}"), {kPage, outcome("5", "dismissed")}) == "0 a fire | 5 p fire");
  CHECK(decide(with_pressure("0", "{}"), {kPage, outcome("5", "accepted")}) == "0 a fire | 5 p fire");
  CHECK(decide(with_pressure(R"({"gt":1.9})", "{}"), {kPage, R"(5 page "url":"/")"}) ==
        "0 a fire | 5 a limit | 5 p fire");
  CHECK(decide(with_pressure(R"({"gt":1.9})", "{}"), {kPage, R"(5 chat "state":"started")"}) == "0 a fire");
}

TEST_CASE("the visit's end is the end of an offer, and adds as ignored") {
  CHECK(decide(with_pressure(R"({"gt":1.9})", "{}"), {kPage, "1900000 activity"}) ==
        "0 a fire | 1900000 a fire | 1900000 p fire");
}

TEST_CASE("over it no offer fires unless its rule ignores pressure") {
  std::string pressure = R"(,"pressure":{"half_life":"10s","shown":4,"dismissed":0,"over":2})";
  std::vector<std::string> lines = {kPage, outcome("1000", "dismissed")};
  CHECK(decide(file({offer("a", kAlways), offer("b", kAlways)}, pressure), lines) ==
        "0 a fire | 0 b pressure | 10001 b fire");
  CHECK(decide(file({offer("a", kAlways), offer("b", kAlways, R"(,"ignore_pressure":true)")}, pressure), lines) ==
        "0 a fire | 0 b outranked | 1000 b fire");
  CHECK(decide(file({offer("a", kAlways), silent("b", R"({"visitor.pressure_state":"over"})"),
                     silent("c", R"({"visitor.pressure_state":"balanced"})"),
                     silent("d", R"({"visitor.pressure_state":"under"})")},
                    pressure),
               {kPage}) == "0 a fire | 0 b fire | 10001 c fire | 30001 d fire");
}

TEST_CASE("loaded rules are looked at on every open page at once") {
  std::string before = file({silent("a", kTagged)});
  std::string after = file({silent("b", kAlways)});
  CHECK(decide(before, {kPage, R"(0 page "url":"/","tab":"1")", load("5", after)}) == "5 b fire | 5 @1 b fire");
  CHECK(decide(before, {kPage, load("5", after)}, {.rules_from = Options::RulesFrom::kGiven}).empty());
}

TEST_CASE("a rule of the same id keeps its counts, its verdict and its being disarmed") {
  std::string before = file({offer("a", kAlways), silent("s", kAlways)});
  CHECK(decide(before, {kPage, load("5", file({offer("a", kAlways), silent("s", R"({"visit.pages":1})")}))}) ==
        "0 a fire | 0 s fire");
  CHECK(decide(before, {kPage, load("5", file({offer("a", kTagged), silent("s", kTagged)})), tag("6")}) ==
        "0 a fire | 0 s fire | 6 a limit | 6 s fire");
  // One that was gone meanwhile is armed when it comes back.
  CHECK(decide(before, {kPage, load("5", file({silent("b", kTagged)})), load("6", before)}) ==
        "0 a fire | 0 s fire | 6 a limit | 6 s fire");
  CHECK(decide(before, {kPage, R"(1 page "url":"/")", load("5", file({silent("b", kTagged)})), load("6", before)}) ==
        "0 a fire | 0 s fire | 1 a limit | 1 s fire | 6 a limit | 6 s fire");
  // Counted under "none", nothing was counted.
  std::string limited = R"({"rules":[{"id":"s","when":{"visitor.tag.x":true},"then":{"emit":"e"}}]})";
  CHECK(decide(before, {kPage, load("5", limited), tag("6")}) == "0 a fire | 0 s fire | 6 s fire");
}

TEST_CASE("the offer of a rule that is gone leaves the screen, others stay") {
  std::string before = file({offer("a", kAlways)});
  CHECK(decide(before,
               {kPage, load("5", file({offer("b", kAlways), silent("p", R"({"visitor.pressure":{"gt":1.9}})")}))}) ==
        "0 a fire | 5 b fire | 5 p fire");
  CHECK(decide(before, {kPage, load("5", file({offer("a", kTagged), offer("b", kAlways)}))}) ==
        "0 a fire | 5 b outranked");
}

TEST_CASE("what is held stays held when the new file holds the same for the same time") {
  auto held = [](const std::string& id, const std::string& time) {
    return silent(id, R"({"held":{"visitor.tag.x":true},"for":")" + time + "\"}");
  };
  CHECK(decide(file({held("a", "5s")}), {kPage, tag("0"), load("3000", file({held("b", "5s")}))}) == "5000 b fire");
  CHECK(decide(file({held("a", "5s")}), {kPage, tag("0"), load("3000", file({held("a", "4s")}))}) == "7000 a fire");
}

TEST_CASE("visitors are told apart, and decisions of one instant come in their order") {
  std::string rules = file({offer("a", R"({"page.dwell":{"gte":"1s"}})")});
  CHECK(decide(rules, {R"(0 page "url":"/","visitor":"w")", R"(0 page "url":"/","visitor":"b")"}) ==
        "1000 b a fire | 1000 w a fire");
}

}  // namespace beckon::oracle

// Arming, verdicts, limits, offers: rules.md, section 5, and the decisions on the fine print, 26 to 37.
#include <catch2/catch.hpp>

#include "rules/oracle/timeline.hpp"

namespace beckon::oracle {
namespace {

const char* const kAlways = R"({"visit.pages":{"gte":1}})";
const char* const kTagged = R"({"visitor.tag.x":true})";
const std::string kPage = R"(0 page "url":"/")";

std::string tag(const std::string& t, const std::string& name = "x") {
  return t + R"( tag "name":")" + name + R"(","value":true)";
}
std::string untag(const std::string& t, const std::string& name = "x") {
  return t + R"( tag "name":")" + name + R"(","value":false)";
}
std::string outcome(const std::string& t, const std::string& rule, const std::string& what) {
  return t + R"( outcome "rule":")" + rule + R"(","outcome":")" + what + "\"";
}

}  // namespace

TEST_CASE("a rule is armed by its page's start and by its condition becoming false") {
  CHECK(decide_one(silent("r", kTagged), {kPage, tag("1"), tag("2"), untag("3"), tag("4"), R"(5 page "url":"/")"}) ==
        "1 r fire | 4 r fire | 5 r fire");
}

TEST_CASE("candidates are considered by priority, then in file order") {
  CHECK(decide(file({silent("a", kAlways), silent("b", kAlways), silent("c", kAlways, R"(,"priority":1)")}), {kPage}) ==
        "0 c fire | 0 a fire | 0 b fire");
}

TEST_CASE("a rule on several pages: visible ones first, then the newest, then by tab id") {
  std::string rules = file({silent("r", kTagged)});
  CHECK(decide(rules, {R"(0 page "url":"/","tab":"b")", R"(0 page "url":"/","tab":"a")",
                       R"(1 page "url":"/","tab":"c")", R"(2 page "url":"/","tab":"d","hidden":true)", tag("3")}) ==
        "3 @c r fire | 3 @a r fire | 3 @b r fire | 3 @d r fire");
}

TEST_CASE("after a fire everything is looked at again") {
  std::string tags = rule("a", kAlways, R"({"tag":"x"})", "");
  CHECK(decide(file({silent("b", kTagged), tags}), {kPage}) == "0 a fire | 0 b fire");
  // What the fire makes false arms again.
  std::string until_tagged = silent("c", R"({"none":[{"visitor.tag.x":true}]})", R"(,"priority":1)");
  CHECK(decide(file({until_tagged, tags}), {kPage, untag("5")}) == "0 c fire | 0 a fire | 5 c fire");
}

TEST_CASE("without any limit a rule has one per visit") {
  CHECK(decide_one(offer("r", kAlways), {kPage, R"(1 page "url":"/")", R"(1900000 page "url":"/")"}) ==
        "0 r fire | 1 r limit | 1900000 r fire");
  std::string removed =
      R"({"defaults":{"limit":{"every":"1m"}},"rules":[)" + offer("r", kAlways, R"(,"limit":null)") + "]}";
  CHECK(decide(removed, {kPage, R"(100000 page "url":"/")"}) == "0 r fire | 100000 r limit");
  // Only "none" says none.
  std::string emptied =
      R"({"defaults":{"limit":{"every":"1m"}},"rules":[)" + offer("r", kAlways, R"(,"limit":{"every":null})") + "]}";
  CHECK(decide(emptied, {kPage, R"(100000 page "url":"/")"}) == "0 r fire | 100000 r limit");
}

TEST_CASE("limits count and keep quiet") {
  std::string again = R"(4000 page "url":"/")";
  auto limited = [](const std::string& limit) { return offer("r", kAlways, R"(,"limit":)" + limit); };
  // Per page: the page is new.
  CHECK(decide_one(limited(R"({"per_page":1})"), {kPage, again}) == "0 r fire | 4000 r fire");
  CHECK(decide_one(limited(R"({"per_visitor":1})"), {kPage, R"(1900000 page "url":"/")"}) ==
        "0 r fire | 1900000 r limit");
  // A quiet time is over at its end, and the rule that waits fires then.
  CHECK(decide_one(limited(R"({"every":"10s"})"), {kPage, again}) == "0 r fire | 4000 r limit | 10000 r fire");
  CHECK(decide_one(limited(R"({"after_dismiss":"10s"})"), {kPage, outcome("1000", "r", "dismissed"), again}) ==
        "0 r fire | 4000 r limit | 11000 r fire");
  CHECK(decide_one(limited(R"({"after_accept":"10s"})"), {kPage, outcome("1000", "r", "accepted"), again}) ==
        "0 r fire | 4000 r limit | 11000 r fire");
  CHECK(decide_one(limited(R"({"after_accept":"10s"})"), {kPage, outcome("1000", "r", "dismissed"), again}) ==
        "0 r fire | 4000 r fire");
  // Key by key from the defaults; null takes one away.
  std::string merged = R"({"defaults":{"limit":{"per_visit":1,"every":"10s"}},"rules":[)" +
                       offer("r", kAlways, R"(,"limit":{"per_visit":null})") + "]}";
  CHECK(decide(merged, {kPage, again}) == "0 r fire | 4000 r limit | 10000 r fire");
}

TEST_CASE("the file's limit counts the fires of all rules") {
  std::string once = R"(,"limit":{"per_visit":1})";
  CHECK(decide(file({silent("a", kAlways), silent("b", kAlways)}, once), {kPage}) == "0 a fire | 0 b limit");
  // Control does not count in it.
  CHECK(decide(file({silent("a", kAlways, R"(,"holdout":1)"), silent("b", kAlways)}, once), {kPage}) ==
        "0 a control | 0 b fire");
  // Its own quiet follows every offer.
  CHECK(decide(file({offer("a", kAlways), silent("b", kTagged)}, R"(,"limit":{"after_dismiss":"10s"})"),
               {kPage, outcome("1000", "a", "dismissed"), tag("2000")}) == "0 a fire | 2000 b limit | 11000 b fire");
  // The rule's own comes first, the file's is looked at all the same.
  CHECK(decide(file({silent("a", kTagged), silent("b", kTagged)}, R"(,"limit":{"every":"10s"})"), {kPage, tag("5")}) ==
        "5 a fire | 5 b limit | 10005 b fire");
}

TEST_CASE("one offer is on screen at a time, and the next one waits") {
  std::string two = file({offer("a", kAlways), offer("b", kAlways)});
  CHECK(decide(two, {kPage, outcome("5", "a", "dismissed")}) == "0 a fire | 0 b outranked | 5 b fire");
  CHECK(decide(two, {kPage, R"(5 page "url":"/","tab":"1")", "6 leave"}) ==
        "0 a fire | 0 b outranked | 5 @1 a limit | 6 @1 b fire");
  // An outcome of what is not on screen is nothing.
  CHECK(decide(two, {kPage, outcome("5", "b", "dismissed")}) == "0 a fire | 0 b outranked");
  // One from another tab counts.
  CHECK(decide(two, {kPage, R"(5 outcome "rule":"a","outcome":"accepted","tab":"9")"}) ==
        "0 a fire | 0 b outranked | 5 b fire");
  // `shown` is for measuring only.
  CHECK(decide(two, {kPage, outcome("5", "a", "shown")}) == "0 a fire | 0 b outranked");
  // Rules without an offer neither take the screen nor wait for it.
  CHECK(decide(file({silent("s", kAlways), offer("a", kAlways), silent("t", kAlways)}), {kPage}) ==
        "0 s fire | 0 a fire | 0 t fire");
}

TEST_CASE("an offer stays until its page, its visit or its time is over") {
  auto waiting = [](const std::string& until) {
    return file({offer("a", kAlways, R"(,"until":)" + until), offer("b", kTagged)});
  };
  std::vector<std::string> lines = {kPage, tag("0"), R"(4000 page "url":"/")", "5000 leave", R"(6000 page "url":"/")"};
  CHECK(decide(waiting(R"("page")"), lines) == "0 a fire | 0 b outranked | 4000 a limit | 4000 b fire | 6000 b limit");
  CHECK(decide(waiting(R"("visit")"), lines) == "0 a fire | 0 b outranked | 4000 a limit");
  CHECK(decide(waiting(R"("4500ms")"), lines) ==
        "0 a fire | 0 b outranked | 4000 a limit | 4500 b fire | 6000 b limit");
  // The duration ends before the events of its instant.
  CHECK(decide(waiting(R"("4s")"), {kPage, tag("0"), outcome("4000", "a", "accepted")}) ==
        "0 a fire | 0 b outranked | 4000 b fire");
}

TEST_CASE("no offer is made during a chat, and its start takes the offer away") {
  std::string rules = file({offer("a", kAlways), offer("b", kAlways), silent("s", R"({"chat.active":true})")});
  CHECK(decide(rules, {kPage, R"(5 chat "state":"started")", R"(9 chat "state":"ended")"}) ==
        "0 a fire | 0 b outranked | 5 b chat_active | 5 s fire | 9 b fire");
}

TEST_CASE("needs: consent, an operator, a skill") {
  CHECK(decide_one(silent("r", kAlways, R"(,"needs":{"consent":true})"),
                   {R"(0 consent "value":false)", R"(0 page "url":"/")", R"(5 consent "value":true)"}) ==
        "0 r no_consent | 5 r fire");
  CHECK(decide_one(silent("r", kAlways, R"(,"needs":{"consent":true})"), {kPage}, {.consent = false}) ==
        "0 r no_consent");
  std::string needs_operator = offer("r", kAlways, R"(,"needs":{"operator":true})");
  std::vector<std::string> comes = {R"(*0 operators "online":1,"free_slots":0,"queue":0)", kPage,
                                    R"(*5 operators "online":1,"free_slots":1,"queue":0)"};
  CHECK(decide_one(needs_operator, comes) == "0 r no_operator | 5 r fire");
  std::string needs_skill = offer("r", kAlways, R"(,"needs":{"skill":"sales"})");
  CHECK(decide_one(needs_skill, comes) == "0 r no_operator | 5 r fire");
  CHECK(decide_one(needs_skill, {R"(*0 operators "online":1,"free_slots":1,"queue":0,"skills":{"help":1})", kPage}) ==
        "0 r no_operator");
  CHECK(decide_one(silent("r", R"({"page.dwell":{"gte":"1s"}})", R"(,"needs":{"operator":true})"), comes) ==
        "1000 r fire");
}

TEST_CASE(
    "an offer that needs an operator is withdrawn when nobody can answer, and that is neither ignored nor dismissed") {
  std::string rules = file({offer("a", kAlways, R"(,"needs":{"operator":true},"limit":{"after_dismiss":"1h"})"),
                            offer("b", kTagged), silent("p", R"({"visitor.pressure":{"gt":1.5}})")});
  CHECK(decide(rules, {kPage, tag("0"), R"(*5 operators "online":0,"free_slots":0,"queue":0)"}) ==
        "0 a fire | 0 b outranked | 5 b fire | 5 p fire");
}

TEST_CASE("a hidden tab is shown no offer") {
  CHECK(decide(file({offer("a", kAlways), silent("s", kAlways)}), {R"(0 page "url":"/","hidden":true)", "5 visible"}) ==
        "0 a hidden | 0 s fire | 5 a fire");
}

TEST_CASE("the first verdict that applies is the one") {
  std::string rules =
      offer("r", kTagged, R"(,"limit":{"per_page":1},"needs":{"operator":true,"consent":true},"holdout":1)");
  std::vector<std::string> lines = {R"(*0 operators "online":0,"free_slots":0,"queue":0)",
                                    R"(0 page "url":"/","hidden":true)",
                                    R"(0 consent "value":false)",
                                    R"(0 chat "state":"started")",
                                    tag("1"),
                                    R"(2 chat "state":"ended")",
                                    R"(3 consent "value":true)",
                                    R"(*4 operators "online":1,"free_slots":1,"queue":0)",
                                    "5 visible",
                                    untag("6"),
                                    tag("7")};
  CHECK(decide_one(rules, lines) ==
        "1 r chat_active | 2 r no_consent | 3 r no_operator | 4 r hidden | 5 r control | 7 r limit");
  CHECK(decide_one(offer("r", kAlways, R"(,"mode":"off")"), {kPage, R"(1 page "url":"/")"}) == "0 r off");
  CHECK(decide_one(offer("r", kAlways, R"(,"mode":"shadow")"), {kPage, R"(1 page "url":"/")"}) ==
        "0 r shadow | 1 r limit");
}

TEST_CASE("control and shadow take no screen and add no pressure") {
  std::string next = offer("b", R"({"visitor.pressure":0})");
  CHECK(decide(file({offer("a", kAlways, R"(,"holdout":1)"), next}), {kPage}) == "0 a control | 0 b fire");
  CHECK(decide(file({offer("a", kAlways, R"(,"mode":"shadow")"), next}), {kPage}) == "0 a shadow | 0 b fire");
  CHECK(decide(file({rule("a", kAlways, R"({"tag":"x"})", R"(,"holdout":1)"), silent("b", kTagged)}), {kPage}) ==
        "0 a control");
}

TEST_CASE("holdout is the share of a hash that anyone can compute") {
  // python3: (int.from_bytes(blake2b(b'shop\0r\0v', digest_size=8).digest(), 'little') >> 11) / 2**53
  CHECK(decide_one(silent("r", kAlways, R"(,"holdout":0.501816)"), {kPage}, {.site = "shop"}) == "0 r control");
  CHECK(decide_one(silent("r", kAlways, R"(,"holdout":0.501814)"), {kPage}, {.site = "shop"}) == "0 r fire");
  CHECK(decide(file({silent("r", kAlways)}, R"(,"salt":"salt","holdout":0.478063)"), {kPage}) == "0 r control");
  CHECK(decide(file({silent("r", kAlways)}, R"(,"salt":"salt","holdout":0.478061)"), {kPage}) == "0 r fire");
}

TEST_CASE("variants are taken by the hash and named in the decision") {
  auto varied = [](const std::string& first_weight, const std::string& more) {
    return R"({"rules":[{"id":"r","when":{"visit.pages":1},"variants":[{"weight":)" + first_weight +
           R"(,"then":{"tag":"one"}},{"then":{"tag":"two"}}])" + more +
           "},{\"id\":\"s\",\"when\":{\"visitor.tag.two\":true}," + R"("then":{"emit":"e"}}]})";
  };
  // The share of shop\0r\0variant\0v is 0.981094.
  CHECK(decide(varied("51.8950", ""), {kPage}, {.site = "shop"}) == "0 r fire #1");
  CHECK(decide(varied("51.8930", ""), {kPage}, {.site = "shop"}) == "0 r fire #2 | 0 s fire");
  CHECK(decide(varied("51.8930", R"(,"holdout":1)"), {kPage}, {.site = "shop"}) == "0 r control #2");
}

TEST_CASE("a waiting verdict is recorded when first reached in a visit and when it changes") {
  std::string two = file({offer("a", kAlways, R"(,"until":"visit")"), offer("b", kAlways)});
  CHECK(decide(two, {kPage, R"(1 page "url":"/")", "2 activity", R"(3 page "url":"/","tab":"1","hidden":true)",
                     "4 leave", R"(1900000 page "url":"/")"}) ==
        "0 a fire | 0 b outranked | 1 a limit | 4 @1 b hidden | 1900000 a fire | 1900000 b outranked");
}

TEST_CASE("of several pages the first one's waiting verdict is the rule's") {
  std::string rules = file({offer("a", kAlways, R"(,"until":"visit")"), offer("b", kAlways)});
  CHECK(decide(rules, {R"(0 page "url":"/","hidden":true)", R"(1 page "url":"/","tab":"1")"}) ==
        "0 a hidden | 0 b hidden | 1 @1 a fire | 1 a limit | 1 @1 b outranked");
}

TEST_CASE("after control on one page the rule's wait on another is recorded at once") {
  std::string rules = file({silent("r", R"({"visitor.tag.x":true})", R"(,"mode":"shadow")")});
  std::string limited =
      R"({"rules":[{"id":"r","when":{"visitor.tag.x":true},"then":{"emit":"e"},"limit":{"per_page":1},"holdout":1}]})";
  CHECK(decide(rules, {kPage, R"(0 page "url":"/","tab":"1")", tag("5")}) == "5 r shadow | 5 @1 r shadow");
  CHECK(decide(limited, {R"(1 page "url":"/","tab":"1")", tag("2"), untag("3"), R"(4 page "url":"/","hidden":true)",
                         tag("5"), "6 activity", "7 visible"}) ==
        "2 @1 r control | 5 @1 r limit | 5 r control | 5 @1 r limit");
}

}  // namespace beckon::oracle

// Facts, visits, tabs and pages: rules.md, section 3, and the decisions on the fine print, 1 to 19.
#include <catch2/catch.hpp>

#include "rules/oracle/timeline.hpp"

namespace beckon::oracle {
namespace {

struct Row {
  const char* says;
  const char* when;
  std::vector<std::string> lines;
  const char* decisions;
};

// Each row is a rule `r` without an offer and without a limit: it fires whenever its condition turns true on a page.
void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.says);
    CHECK(decide_one(silent("r", row.when), row.lines) == row.decisions);
  }
}

}  // namespace

TEST_CASE("page facts belong to what a tab shows") {
  check({
      {"dwell is reached on the millisecond",
       R"({"page.dwell":{"gte":"45s"}})",
       {R"(7 page "url":"/")"},
       "45007 r fire"},
      {"gt is a millisecond later", R"({"page.dwell":{"gt":"45s"}})", {R"(0 page "url":"/")"}, "45001 r fire"},
      {"dwell starts anew with a page event",
       R"({"page.dwell":{"gte":"5s"}})",
       {R"(0 page "url":"/")", R"(4999 page "url":"/")"},
       "9999 r fire"},
      {"what is due at an instant comes before its events",
       R"({"page.dwell":{"gte":"5s"}})",
       {R"(0 page "url":"/")", R"(5000 page "url":"/b")", "5001 leave"},
       "5000 r fire"},
      {"a leave ends the page", R"({"page.dwell":{"gte":"5s"}})", {R"(0 page "url":"/")", "4999 leave"}, ""},
      {"hidden time is dwell and not visible",
       R"({"page.visible":{"gte":"5s"}})",
       {R"(0 page "url":"/")", "2000 hidden", "10000 visible"},
       "13000 r fire"},
      {"a page may start hidden",
       R"({"page.visible":{"gte":"5s"}})",
       {R"(0 page "url":"/","hidden":true)", "10000 visible"},
       "15000 r fire"},
      {"a page event says the tab is visible again",
       R"({"page.visible":{"gte":"5s"}})",
       {R"(0 page "url":"/")", "1000 hidden", R"(2000 page "url":"/")"},
       "7000 r fire"},
      {"activity and scroll end idling, other events do not",
       R"({"page.idle":{"gte":"5s"}})",
       {R"(0 page "url":"/")", "1000 activity", R"(3000 scroll "percent":1)", R"(4000 event "name":"x")"},
       "8000 r fire"},
      {"activity in another tab is not of this page",
       R"({"page.idle":{"gte":"5s"}})",
       {R"(0 page "url":"/")", R"(1000 activity "tab":"1")"},
       "5000 r fire"},
      {"scroll is the deepest and clamped",
       R"({"page.scroll":100})",
       {R"(0 page "url":"/")", R"(1 scroll "percent":180)", R"(2 scroll "percent":10)"},
       "1 r fire"},
      {"scroll starts at 0", R"({"page.scroll":0})", {R"(0 page "url":"/")"}, "0 r fire"},
      {"exit intent is forgotten with the page",
       R"({"page.exit_intent":true})",
       {R"(0 page "url":"/")", "5 exit_intent", R"(6 page "url":"/b")", "7 exit_intent"},
       "5 r fire | 7 r fire"},
      {"an absent referrer has no value", R"({"page.referrer":{"exists":false}})", {R"(0 page "url":"/")"}, "0 r fire"},
      {"an empty title has none", R"({"page.title":{"exists":false}})", {R"(0 page "url":"/","title":"")"}, "0 r fire"},
      {"the path has no query", R"({"page.path":"/a"})", {R"(0 page "url":"https://h/a/?q=1#x")"}, "0 r fire"},
      {"a rule is evaluated for every page",
       R"({"page.path":"/a"})",
       {R"(0 page "url":"/a")", R"(1 page "url":"/b","tab":"1")", R"(2 page "url":"/a","tab":"2")"},
       "0 r fire | 2 @2 r fire"},
  });
}

TEST_CASE("a visit lasts until the timeout after its last event") {
  check({
      {"visit pages count in all tabs",
       R"({"visit.pages":{"gte":3}})",
       {R"(0 page "url":"/")", R"(1 page "url":"/","tab":"1")", R"(2 page "url":"/")"},
       "2 r fire | 2 @1 r fire"},
      {"an event at the timeout is of the next visit",
       R"({"visit.number":2})",
       {R"(0 page "url":"/")", R"(1800000 page "url":"/")"},
       "1800000 r fire"},
      {"an event just before it is not",
       R"({"visit.number":2})",
       {R"(0 page "url":"/")", R"(1799999 page "url":"/")"},
       ""},
      {"any event starts a visit",
       R"({"visit.duration":{"gte":"5s"}})",
       {R"(0 attr "name":"a","value":1)", R"(1000 page "url":"/")"},
       "5000 r fire"},
      {"a late leave starts none",
       R"({"visit.number":2})",
       {R"(0 page "url":"/")", "1800000 leave", R"(1800001 page "url":"/")"},
       "1800001 r fire"},
      {"the page that ended with the visit starts again with an event of its tab",
       R"({"page.dwell":{"gte":"5s"}})",
       {R"(0 page "url":"/")", "1900000 activity"},
       "5000 r fire | 1905000 r fire"},
      {"it counts as the first page of the new visit",
       R"({"visit.number":2,"visit.pages":1,"visit.entry":"/a","visit.utm.source":"x"})",
       {R"(0 page "url":"/")", R"(1 page "url":"/a?utm_source=x")", "1900000 activity"},
       "1900000 r fire"},
      {"an event of another tab does not bring it back",
       R"({"visit.number":2})",
       {R"(0 page "url":"/")", R"(1900000 activity "tab":"1")"},
       ""},
      {"a page that was left does not come back",
       R"({"visit.number":2})",
       {R"(0 page "url":"/")", "1 leave", "1900000 activity"},
       ""},
      {"the tab keeps its visibility",
       R"({"visit.number":2,"page.visible":{"gte":"1s"}})",
       {R"(0 page "url":"/")", "5 hidden", "1900000 activity", "1905000 visible"},
       "1906000 r fire"},
      {"also what is said while no visit is open",
       R"({"visit.number":2,"page.visible":{"gte":"1s"}})",
       {R"(0 page "url":"/")", "5 hidden", R"(1900000 visible)"},
       "1901000 r fire"},
      {"entry, referrer and utm are of the first page",
       R"({"visit.entry":"/a","visit.referrer":"https://x/","visit.utm.medium":""})",
       {R"(0 consent "value":true)", R"(1 page "url":"/a?utm_medium=","referrer":"https://x/")",
        R"(2 page "url":"/b?utm_medium=z","referrer":"https://y/")"},
       "1 r fire | 2 r fire"},
      {"since the last visit: from its last event",
       R"({"visitor.since_last_visit":"40m"})",
       {R"(0 page "url":"/")", "60000 activity", R"(2460000 page "url":"/")"},
       "2460000 r fire"},
      {"returning from the second visit on",
       R"({"visitor.returning":true})",
       {R"(0 page "url":"/")", R"(1800000 page "url":"/")"},
       "1800000 r fire"},
  });
  CHECK(decide_one(silent("r", R"({"visit.number":2})"), {R"(0 page "url":"/")", R"(1000 page "url":"/")"},
                   {.visit_timeout = 1000}) == "1000 r fire");
}

TEST_CASE("facts of the visitor, the cart and the chat") {
  check({
      {"flags are false at first",
       R"({"visitor.identified":false,"visitor.tag.x":false,"chat.active":false})",
       {R"(0 page "url":"/")"},
       "0 r fire"},
      {"counts are 0 at first",
       R"({"visitor.orders":0,"visitor.lifetime_value":0,"chat.count":0,"visitor.pressure":0})",
       {R"(0 page "url":"/")"},
       "0 r fire"},
      {"a cart has no value at first",
       R"({"cart.value":{"exists":false},"cart.idle":{"exists":false}})",
       {R"(0 page "url":"/")"},
       "0 r fire"},
      {"a cart event replaces the whole cart",
       R"({"cart.items":{"exists":false},"cart.value":5})",
       {R"(0 page "url":"/")", R"(1 cart "value":5,"items":2,"currency":"EUR")", R"(2 cart "value":5)"},
       "2 r fire"},
      {"an order empties it and leaves the rest",
       R"({"cart.items":0,"cart.value":0,"cart.currency":"EUR","cart.idle":"3s"})",
       {R"(0 page "url":"/")", R"(1000 cart "value":5,"items":2,"currency":"EUR")", R"(2000 order "value":5)"},
       "4000 r fire"},
      {"an id counts once",
       R"({"visitor.orders":2,"visitor.lifetime_value":13})",
       {R"(0 page "url":"/")", R"(1 order "value":10,"id":"a")", R"(2 order "value":10,"id":"a")",
        R"(3 order "value":10,"margin":3)"},
       "3 r fire"},
      {"a repeated order does not empty the cart",
       R"({"cart.value":7})",
       {R"(0 page "url":"/")", R"(1 order "id":"a")", R"(2 cart "value":7)", R"(3 order "id":"a")",
        R"(4 page "url":"/")"},
       "2 r fire | 4 r fire"},
      {"a refund takes the same away, and its id is another's",
       R"({"visitor.orders":0,"visitor.lifetime_value":0})",
       {R"(0 page "url":"/")", R"(1 order "value":9,"margin":4,"id":"a")", R"(2 refund "value":9,"margin":4,"id":"a")"},
       "0 r fire | 2 r fire"},
      {"an attribute has the type it was given",
       R"({"visitor.attr.plan":{"ne":"pro"}})",
       {R"(0 page "url":"/")", R"(1 attr "name":"plan","value":1)", R"(2 attr "name":"plan","value":"free")"},
       "2 r fire"},
      {"null takes an attribute away",
       R"({"visitor.attr.plan":{"exists":false}})",
       {R"(0 attr "name":"plan","value":1)", R"(1 page "url":"/")", R"(2 attr "name":"plan","value":null)"},
       "2 r fire"},
      {"a tag is true or false",
       R"({"visitor.tag.x":true})",
       {R"(0 page "url":"/")", R"(1 tag "name":"x","value":true)", R"(2 tag "name":"x","value":false)",
        R"(3 tag "name":"x","value":true)"},
       "1 r fire | 3 r fire"},
      {"the last said country stays",
       R"({"visitor.country":"FR"})",
       {R"(0 page "url":"/","country":"FR")", R"(1 page "url":"/")"},
       "0 r fire | 1 r fire"},
      {"a chat counts when it starts",
       R"({"chat.count":1,"chat.active":true})",
       {R"(0 page "url":"/")", R"(1 chat "state":"started")", R"(2 chat "state":"started")"},
       "1 r fire"},
      {"since a chat ended, also during the next",
       R"({"chat.since_last":{"gte":"5s"}})",
       {R"(0 page "url":"/")", R"(0 chat "state":"ended")", R"(1 chat "state":"started")",
        R"(2000 chat "state":"ended")", R"(3000 chat "state":"started")"},
       "7000 r fire"},
      {"identified",
       R"({"visitor.identified":true})",
       {R"(0 page "url":"/")", R"(1 identified "value":true)"},
       "1 r fire"},
  });
}

TEST_CASE("facts of the site") {
  check({
      {"a journal that does not say: 1, 1, 0 and open",
       R"({"site.operators":1,"site.free_slots":1,"site.queue":0,"site.open":true})",
       {R"(0 page "url":"/")"},
       "0 r fire"},
      {"an operators line is looked at",
       R"({"site.queue":3})",
       {R"(0 page "url":"/")", R"(*5 operators "online":2,"free_slots":0,"queue":3)"},
       "5 r fire"},
      {"hours close the site",
       R"({"site.open":false})",
       {R"(0 page "url":"/")", R"(*5 hours "open":false)"},
       "5 r fire"},
      {"the hour turns", R"({"site.hour":1})", {R"(3000000 page "url":"/")"}, "3600000 r fire"},
      {"the day turns", R"({"site.weekday":"thu"})", {R"(86000000 page "url":"/")"}, "86400000 r fire"},
      {"time before the visitor's first line has passed too",
       R"({"site.open":false})",
       {R"(*0 hours "open":false)", R"(9 page "url":"/")"},
       "9 r fire"},
  });
}

TEST_CASE("a line from before is taken at the latest instant") {
  CHECK(decide_one(silent("r", R"({"page.dwell":{"gte":"5s"}})"),
                   {R"(0 page "url":"/","visitor":"w")", R"(1000 activity)", R"(400 page "url":"/")"}) ==
        "5000 w r fire | 6000 r fire");
}

TEST_CASE("the page of a tab more than 32 makes the tab unused for longest leave") {
  std::vector<std::string> lines;
  for (int tab = 0; tab < 33; ++tab) {
    lines.push_back(std::to_string(tab) + R"( page "url":"/","tab":")" + std::to_string(100 + tab) + "\"");
  }
  lines.insert(lines.begin() + 32, R"(31 activity "tab":"100")");
  lines.push_back(R"(40 tag "name":"x","value":true)");
  std::string decisions = decide_one(silent("r", R"({"visitor.tag.x":true})"), lines);
  CHECK(decisions.find("@100 ") != std::string::npos);
  CHECK(decisions.find("@101 ") == std::string::npos);
  CHECK(decisions.find("@102 ") != std::string::npos);
}

TEST_CASE("a visitor line says what was known before, and a gap forgets") {
  std::string returning =
      silent("r", R"({"visit.number":4,"visitor.orders":2,"visitor.tag.vip":true,"visitor.attr.a":"b"})");
  CHECK(
      decide_one(returning, {R"(0 visitor "visits":3,"last_event":5,"orders":2,"tags":["vip"],"attributes":{"a":"b"})",
                             R"(10 page "url":"/")"}) == "10 r fire");
  CHECK(decide_one(silent("r", R"({"visit.number":1,"page.dwell":{"gte":"5s"}})"),
                   {R"(0 page "url":"/")", "*1000 gap", R"(2000 page "url":"/")"}) == "7000 r fire");
}

}  // namespace beckon::oracle

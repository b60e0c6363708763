// `event`, `sequence` and `held`: rules.md, section 2, and the decisions on the fine print, 19 to 25.
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

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.says);
    CHECK(decide_one(silent("r", row.when), row.lines) == row.decisions);
  }
}

}  // namespace

TEST_CASE("events are counted within a span") {
  check({
      {"one is enough without a count",
       R"({"event":"x"})",
       {R"(0 page "url":"/")", R"(1 event "name":"x")"},
       "1 r fire"},
      {"a count",
       R"({"event":"x","count":{"gte":2}})",
       {R"(0 page "url":"/")", R"(1 event "name":"x")", R"(2 event "name":"y")", R"(3 event "name":"x")"},
       "3 r fire"},
      {"where looks at the data",
       R"({"event":"x","where":{"n":{"gt":1},"s":"a"}})",
       {R"(0 page "url":"/")", R"(1 event "name":"x","data":{"n":1,"s":"a"})", R"(2 event "name":"x","data":{"n":2})",
        R"(3 event "name":"x","data":{"n":2,"s":"a"})"},
       "3 r fire"},
      {"data without the key",
       R"({"event":"x","where":{"n":{"exists":false}}})",
       {R"(0 page "url":"/")", R"(1 event "name":"x","data":{"n":1})", R"(2 event "name":"x")"},
       "2 r fire"},
      {"data that is no scalar is absent",
       R"({"event":"x","where":{"n":{"exists":false}}})",
       {R"(0 page "url":"/")", R"(1 event "name":"x","data":{"n":null})"},
       "1 r fire"},
      {"a window slides: an event is out at its time plus the span",
       R"({"none":[{"event":"x","within":"10s"}]})",
       {R"(0 page "url":"/")", R"(1000 event "name":"x")"},
       "0 r fire | 11000 r fire"},
      {"and it is in until then",
       R"({"event":"x","count":{"gte":2},"within":"10s"})",
       {R"(0 page "url":"/")", R"(1000 event "name":"x")", R"(10999 event "name":"x")"},
       "10999 r fire"},
      {"not at that instant",
       R"({"event":"x","count":{"gte":2},"within":"10s"})",
       {R"(0 page "url":"/")", R"(1000 event "name":"x")", R"(11000 event "name":"x")"},
       ""},
      {"a window reaches into the visit before",
       R"({"event":"x","within":"1h","count":1})",
       {R"(0 event "name":"x")", R"(1800000 page "url":"/")"},
       "1800000 r fire"},
      {"the visit's span does not", R"({"event":"x"})", {R"(0 event "name":"x")", R"(1800000 page "url":"/")"}, ""},
      {"the visitor's does",
       R"({"event":"x","within":"visitor"})",
       {R"(0 event "name":"x")", R"(1800000 page "url":"/")"},
       "1800000 r fire"},
      {"the page's span is of this tab since its page event",
       R"({"event":"x","within":"page"})",
       {R"(0 event "name":"x")", R"(0 page "url":"/")", R"(1 page "url":"/","tab":"1")",
        R"(2 event "name":"x","tab":"1")", R"(3 page "url":"/","tab":"1")"},
       "2 @1 r fire"},
      {"a count of none", R"({"event":"x","count":{"eq":0}})", {R"(0 page "url":"/")"}, "0 r fire"},
  });
}

TEST_CASE("a sequence is its steps in order") {
  const char* kThere = R"({"sequence":[{"page":"/a"},{"event":"x"},{"page":"/b"}]})";
  check({
      {"in order, others between",
       kThere,
       {R"(0 page "url":"/a")", R"(1 event "name":"y")", R"(2 event "name":"x")", R"(3 page "url":"/b")"},
       "3 r fire"},
      {"out of order", kThere, {R"(0 page "url":"/a")", R"(1 page "url":"/b")", R"(2 event "name":"x")"}, ""},
      {"in one millisecond the order received counts",
       kThere,
       {R"(0 page "url":"/a")", R"(0 event "name":"x")", R"(0 page "url":"/b")"},
       "0 r fire"},
      {"each step is another event",
       R"({"sequence":[{"event":"x"},{"event":"x"}]})",
       {R"(0 page "url":"/a")", R"(1 event "name":"x")", R"(2 event "name":"x")"},
       "2 r fire"},
      {"over tabs",
       R"({"sequence":[{"page":"/a"},{"page":"/b"}]})",
       {R"(0 page "url":"/a","tab":"1")", R"(1 page "url":"/b")"},
       "1 r fire | 1 @1 r fire"},
      {"within the page: its page event included",
       R"({"sequence":[{"page":"/a"},{"event":"x"}],"within":"page"})",
       {R"(0 page "url":"/a")", R"(1 event "name":"x","tab":"1")", R"(2 event "name":"x")", R"(3 page "url":"/b")",
        R"(4 event "name":"x")"},
       "2 r fire"},
      {"the first step leaves the window",
       R"({"none":[{"sequence":[{"event":"x"},{"event":"y"}],"within":"10s"}]})",
       {R"(0 page "url":"/a")", R"(1000 event "name":"x")", R"(3000 event "name":"y")"},
       "0 r fire | 11000 r fire"},
      {"a page that starts again is a step",
       R"({"sequence":[{"page":"/a"},{"event":"x"}]})",
       {R"(0 page "url":"/a")", R"(1900000 event "name":"x")"},
       "1900000 r fire"},
  });
}

TEST_CASE("events are remembered when the rules of their instant ask for them") {
  std::string asks = file({silent("r", R"({"event":"x"})")});
  auto rules_line = [](const std::string& t, const std::string& text) {
    std::string escaped;
    for (char c : text) escaped += c == '"' ? "\\\"" : std::string(1, c);
    return "*" + t + R"( rules "text":")" + escaped + "\"";
  };
  std::vector<std::string> lines = {R"(0 page "url":"/")", R"(1 event "name":"x")", rules_line("2", asks)};
  CHECK(decide_one(silent("q", R"({"visit.pages":9})"), lines).empty());
  CHECK(decide_one(silent("q", R"({"event":"x","count":9})"), lines) == "2 r fire");
  // A rule that is off asks too: its verdict needs to know.
  CHECK(decide_one(silent("q", R"({"event":"x","count":9})", R"(,"mode":"off")"), lines) == "2 r fire");
  CHECK(decide_one(silent("q", R"({"event":"x"})", R"(,"mode":"off")"), {lines[0], lines[1]}) == "1 q off");
}

TEST_CASE("held is true once its condition was true for the time") {
  const char* kHeld = R"({"held":{"visitor.tag.x":true},"for":"5s"})";
  check({
      {"from the first look at which it is true",
       kHeld,
       {R"(0 page "url":"/")", R"(1000 tag "name":"x","value":true)"},
       "6000 r fire"},
      {"a look at which it is not breaks it",
       kHeld,
       {R"(0 page "url":"/")", R"(1000 tag "name":"x","value":true)", R"(3000 tag "name":"x","value":false)",
        R"(3000 tag "name":"x","value":true)"},
       "8000 r fire"},
      {"a change of page does not",
       kHeld,
       {R"(0 page "url":"/")", R"(1000 tag "name":"x","value":true)", R"(3000 page "url":"/b")"},
       "6000 r fire"},
      {"a leave does",
       kHeld,
       {R"(0 page "url":"/")", R"(1000 tag "name":"x","value":true)", "3000 leave", R"(3000 page "url":"/b")"},
       "8000 r fire"},
      {"the visit's end does",
       R"({"held":{"visitor.tag.x":true},"for":"40m"})",
       {R"(0 page "url":"/")", R"(0 tag "name":"x","value":true)", "1800000 activity", "3000000 activity",
        "4200000 activity"},
       "4200000 r fire"},
      {"a window inside that runs out breaks it",
       R"({"held":{"event":"x","within":"4s"},"for":"5s"})",
       {R"(0 page "url":"/")", R"(1000 event "name":"x")", R"(5000 event "name":"x")", R"(8000 event "name":"x")"},
       "10000 r fire"},
      {"it is held by tab",
       kHeld,
       {R"(0 tag "name":"x","value":true)", R"(0 page "url":"/")", R"(2000 page "url":"/","tab":"1")"},
       "5000 r fire | 7000 @1 r fire"},
      {"one inside the other",
       R"({"held":{"held":{"visitor.tag.x":true},"for":"2s"},"for":"5s"})",
       {R"(0 page "url":"/")", R"(1000 tag "name":"x","value":true)"},
       "8000 r fire"},
  });
}

}  // namespace beckon::oracle

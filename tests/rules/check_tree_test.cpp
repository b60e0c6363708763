// What the checker makes of a file that is in order: the tree that the compiler and the explanation rely on.
#include <catch2/catch.hpp>

#include "beckon/rules/rule_file.hpp"
#include "beckon/rules/words.hpp"

namespace beckon::rules {
namespace {

using namespace std::chrono_literals;
using Kind = Condition::Kind;

// The file with one rule of that condition; fails the test when it is refused.
RuleFile file_with(std::string_view when, std::string_view segments = "{}") {
  const std::string text = "{\"segments\": " + std::string(segments) +
                           ", \"rules\": [{\"id\": \"a\", \"when\": " + std::string(when) +
                           ", \"then\": {\"tag\": \"x\"}}]}";
  CheckResult result = check(text);
  for (const Diagnostic& diagnostic : result.diagnostics) UNSCOPED_INFO(render(diagnostic, "test", text));
  REQUIRE(result.file);
  return std::move(*result.file);
}

Condition condition_of(std::string_view when) { return file_with(when).rules[0].when; }

TEST_CASE("A scalar is eq, an array is in") {
  const Condition scalar = condition_of(R"({"page.path": "/a"})");
  CHECK(scalar.kind == Kind::kFact);
  CHECK(scalar.fact == FactId::kPagePath);
  REQUIRE(scalar.test.all.size() == 1);
  CHECK(scalar.test.all[0].op == Operator::kEq);
  CHECK(scalar.test.all[0].operands == std::vector<Scalar>{"/a"});

  const Condition list = condition_of(R"({"cart.value": [1, 2.5]})");
  REQUIRE(list.test.all.size() == 1);
  CHECK(list.test.all[0].op == Operator::kIn);
  CHECK(list.test.all[0].operands == std::vector<Scalar>{1.0, 2.5});
}

TEST_CASE("Every operator keeps its operands in order") {
  const std::pair<std::string_view, std::pair<Operator, std::vector<Scalar>>> kCases[] = {
      {R"({"page.path": {"eq": "/a"}})", {Operator::kEq, {"/a"}}},
      {R"({"page.path": {"ne": "/a"}})", {Operator::kNe, {"/a"}}},
      {R"({"cart.value": {"lt": 1}})", {Operator::kLt, {1.0}}},
      {R"({"cart.value": {"lte": 1}})", {Operator::kLte, {1.0}}},
      {R"({"cart.value": {"gt": -1e2}})", {Operator::kGt, {-100.0}}},
      {R"({"cart.value": {"gte": 1}})", {Operator::kGte, {1.0}}},
      {R"({"cart.value": {"between": [1, 2]}})", {Operator::kBetween, {1.0, 2.0}}},
      {R"({"page.path": {"in": ["/b", "/a"]}})", {Operator::kIn, {"/b", "/a"}}},
      {R"({"page.path": {"not_in": ["/b"]}})", {Operator::kNotIn, {"/b"}}},
      {R"({"page.path": {"prefix": "/b"}})", {Operator::kPrefix, {"/b"}}},
      {R"({"page.path": {"suffix": "b"}})", {Operator::kSuffix, {"b"}}},
      {R"({"page.path": {"contains": "b"}})", {Operator::kContains, {"b"}}},
      {R"({"page.path": {"glob": "/**"}})", {Operator::kGlob, {"/**"}}},
      {R"({"page.path": {"regex": "^/b+"}})", {Operator::kRegex, {"^/b+"}}},
      {R"({"page.path": {"exists": false}})", {Operator::kExists, {false}}},
      {R"({"page.dwell": {"gte": "1m30s"}})", {Operator::kGte, {Duration(90s)}}},
      {R"({"page.dwell": ["1s", "2s"]})", {Operator::kIn, {Duration(1s), Duration(2s)}}},
      {R"({"page.exit_intent": true})", {Operator::kEq, {true}}},
      {R"({"visitor.attr.x": ["1", 1, true]})", {Operator::kIn, {"1", 1.0, true}}},
  };
  for (const auto& [text, expected] : kCases) {
    INFO(text);
    const Condition condition = condition_of(text);
    REQUIRE(condition.test.all.size() == 1);
    CHECK(condition.test.all[0].op == expected.first);
    CHECK(condition.test.all[0].operands == expected.second);
  }
}

TEST_CASE("All operators of a test are kept, in order") {
  const Condition condition = condition_of(R"({"cart.value": {"gte": 1, "lt": 5, "ne": 3}})");
  REQUIRE(condition.test.all.size() == 3);
  CHECK(condition.test.all[0].op == Operator::kGte);
  CHECK(condition.test.all[1].op == Operator::kLt);
  CHECK(condition.test.all[2].op == Operator::kNe);
}

TEST_CASE("Several facts of one object are an all of them") {
  const Condition condition = condition_of(R"({"page.path": "/a", "visitor.tag.vip": true})");
  CHECK(condition.kind == Kind::kAll);
  REQUIRE(condition.children.size() == 2);
  CHECK(condition.children[0].fact == FactId::kPagePath);
  CHECK(condition.children[1].fact == FactId::kVisitorTag);
  CHECK(condition.children[1].member == "vip");
}

TEST_CASE("Groups keep their kind and their children") {
  const Condition condition = condition_of(
      R"({"all": [{"any": [{"page.path": "/a"}]}, {"none": [{"page.path": "/b"}, {"page.path": "/c"}]}]})");
  CHECK(condition.kind == Kind::kAll);
  REQUIRE(condition.children.size() == 2);
  CHECK(condition.children[0].kind == Kind::kAny);
  CHECK(condition.children[1].kind == Kind::kNone);
  CHECK(condition.children[1].children.size() == 2);
}

TEST_CASE("An event counts at least one in the visit unless it says otherwise") {
  const Condition plain = condition_of(R"({"event": "added"})");
  CHECK(plain.kind == Kind::kEvent);
  REQUIRE(plain.steps.size() == 1);
  CHECK(plain.steps[0].kind == EventPattern::Kind::kNamed);
  CHECK(plain.steps[0].name == "added");
  CHECK(plain.span == Span{SpanKind::kVisit, Duration(0)});
  REQUIRE(plain.test.all.size() == 1);
  CHECK(plain.test.all[0].op == Operator::kGte);
  CHECK(plain.test.all[0].operands == std::vector<Scalar>{1.0});

  const Condition full =
      condition_of(R"({"within": "10m", "count": 2, "where": {"price": {"gte": 5}, "k": "v"}, "event": "added"})");
  CHECK(full.span == Span{SpanKind::kDuration, Duration(10min)});
  CHECK(full.test.all[0].op == Operator::kEq);
  REQUIRE(full.steps[0].where.size() == 2);
  CHECK(full.steps[0].where[0].key == "price");
  CHECK(full.steps[0].where[1].test.all[0].operands == std::vector<Scalar>{"v"});
  CHECK(condition_of(R"({"event": "a", "within": "page"})").span.kind == SpanKind::kPage);
  CHECK(condition_of(R"({"event": "a", "within": "visitor"})").span.kind == SpanKind::kVisitor);
}

TEST_CASE("A sequence has pages and events as steps") {
  const Condition condition = condition_of(
      R"({"sequence": [{"page": "/a"}, {"event": "e", "where": {"k": 1}}, {"page": {"prefix": "/b"}}], "within": "1h"})");
  CHECK(condition.kind == Kind::kSequence);
  CHECK(condition.span == Span{SpanKind::kDuration, Duration(1h)});
  REQUIRE(condition.steps.size() == 3);
  CHECK(condition.steps[0].kind == EventPattern::Kind::kPage);
  CHECK(condition.steps[0].path.all[0].operands == std::vector<Scalar>{"/a"});
  CHECK(condition.steps[1].kind == EventPattern::Kind::kNamed);
  CHECK(condition.steps[1].where[0].key == "k");
  CHECK(condition.steps[2].path.all[0].op == Operator::kPrefix);
}

TEST_CASE("A held condition has one child and its duration") {
  const Condition condition = condition_of(R"({"held": {"page.exit_intent": true}, "for": "5s"})");
  CHECK(condition.kind == Kind::kHeld);
  CHECK(condition.duration == 5s);
  REQUIRE(condition.children.size() == 1);
  CHECK(condition.children[0].fact == FactId::kPageExitIntent);
}

TEST_CASE("Segments are known by index, whatever their order in the file") {
  const RuleFile file = file_with(R"({"segment": "b"})", R"({"b": {"segment": "a"}, "a": {"page.path": "/"}})");
  REQUIRE(file.segments.size() == 2);
  CHECK(file.rules[0].when.kind == Kind::kSegment);
  CHECK(file.rules[0].when.segment == 0);
  CHECK(file.segments[0].condition.segment == 1);
  CHECK(file.segments[1].name == "a");
}

TEST_CASE("Every condition knows where it stands") {
  const std::string text =
      R"({"rules": [{"id": "a", "when": {"any": [{"page.path": "/a"}, {"event": "e"}]}, "then": {"tag": "x"}}]})";
  const CheckResult result = check(text);
  REQUIRE(result.file);
  const auto source = [&](SourceRange where) { return text.substr(where.begin, where.end - where.begin); };
  const Condition& when = result.file->rules[0].when;
  CHECK(source(when.where) == R"({"any": [{"page.path": "/a"}, {"event": "e"}]})");
  CHECK(source(when.children[0].where) == R"("page.path": "/a")");
  CHECK(source(when.children[0].test.where) == R"("/a")");
  CHECK(source(when.children[1].where) == R"({"event": "e"})");
  CHECK(source(result.file->rules[0].where).starts_with(R"({"id": "a")"));
}

TEST_CASE("Conditions are said in words") {
  const std::pair<std::string_view, std::string_view> kCases[] = {
      {R"({"page.dwell": {"gte": "45s"}})", "page.dwell ≥ 45s"},
      {R"({"cart.value": {"gt": 1.5, "lte": 9}})", "cart.value > 1.5 and ≤ 9"},
      {R"({"visitor.attr.plan": ["pro", 7, true]})", "visitor.attr.plan one of \"pro\", 7, true"},
      {R"({"page.path": {"glob": "/a/**"}})", "page.path like \"/a/**\""},
      {R"({"page.path": {"exists": false}})", "page.path has no value"},
      {R"({"cart.value": {"between": [1, 2]}})", "cart.value between 1 and 2"},
      {R"({"visitor.tag.vip": true})", "visitor.tag.vip = true"},
      {R"({"all": [{"page.path": "/"}]})", "all of"},
      {R"({"any": [{"page.path": "/"}]})", "any of"},
      {R"({"none": [{"page.path": "/x"}]})", "none of"},
      {R"({"segment": "s"})", "segment \"s\""},
      {R"({"event": "added", "count": {"gte": 2}})", "count of \"added\" within visit ≥ 2"},
      {R"({"event": "added", "where": {"price": {"gte": 50}}, "within": "10m"})",
       "count of \"added\" where \"price\" ≥ 50 within 10m ≥ 1"},
      {R"({"sequence": [{"page": "/a"}, {"event": "e"}], "within": "page"})",
       "sequence page = \"/a\", event \"e\" within page"},
      {R"({"held": {"page.exit_intent": true}, "for": "1m30s"})", "held for 1m30s"},
      {R"({"visitor.attr.x": {"in": [1,2,3,4,5,6,7,8,9,10]}})",
       "visitor.attr.x one of 1, 2, 3, 4, 5, 6, 7, 8 and 2 more"},
  };
  for (const auto& [text, words] : kCases) {
    const RuleFile file = file_with(text, R"({"s": {"page.path": "/"}})");
    CHECK(to_words(file.rules[0].when, file) == words);
  }
}

}  // namespace
}  // namespace beckon::rules

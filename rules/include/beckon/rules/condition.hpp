// A rule file as it is meant: conditions with their tests, after checking and before compiling. The checker makes it, the
// compiler and the explanation read it.
#pragma once

#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "beckon/rules/diagnostic.hpp"
#include "beckon/rules/facts.hpp"
#include "beckon/rules/time.hpp"

namespace beckon::rules {

enum class Operator : std::uint8_t {
  kEq, kNe, kLt, kLte, kGt, kGte, kBetween, kIn, kNotIn, kPrefix, kSuffix, kContains, kGlob, kRegex, kExists,
};
// "gte"
[[nodiscard]] std::string_view name_of(Operator op);

// A value as rule files and events hold it. A duration in a test is a Duration; no event or attribute holds one.
using Scalar = std::variant<bool, double, std::string, Duration>;

// One operator with what it compares to: one operand; two for between (low, high); any number for in and not_in.
struct Comparison {
  Operator op = Operator::kEq;
  std::vector<Scalar> operands;
  SourceRange where;
};

// All comparisons must hold. `"x"` is {eq "x"}, `["x", "y"]` is {in "x", "y"}.
struct Test {
  std::vector<Comparison> all;
  SourceRange where;
};

enum class SpanKind : std::uint8_t { kDuration, kPage, kVisit, kVisitor };
// Which events a condition looks at. `duration` counts for kDuration alone.
struct Span {
  SpanKind kind = SpanKind::kVisit;
  Duration duration{0};
  friend bool operator==(const Span&, const Span&) = default;
};

// KEY: TEST of an event's data.
struct WhereTest {
  std::string key;
  Test test;
};

// What one event must be: a page whose path passes a test, or a named event whose data passes all tests.
struct EventPattern {
  enum class Kind : std::uint8_t { kPage, kNamed } kind = Kind::kNamed;
  Test path;                      // of kPage
  std::string name;               // of kNamed
  std::vector<WhereTest> where;   // of kNamed
  SourceRange source;
};

struct Condition {
  enum class Kind : std::uint8_t { kAll, kAny, kNone, kFact, kSegment, kEvent, kSequence, kHeld };
  Kind kind = Kind::kAll;
  SourceRange where;                 // of this condition in the file
  std::vector<Condition> children;   // kAll kAny kNone: any number; kHeld: one
  // kFact. An object with several facts is a kAll of them.
  FactId fact = FactId::kPageUrl;
  std::string member;                // the admin's part of a family's name
  Test test;                         // kFact: of the value; kEvent: of the count
  // kSegment
  std::size_t segment = 0;           // index into RuleFile::segments; never a cycle
  // kEvent (one pattern, kNamed) and kSequence (its steps)
  std::vector<EventPattern> steps;
  Span span;
  // kHeld
  Duration duration{0};              // at least 1 ms
};

// An "all" of nothing is true, an "any" of nothing false, a "none" of nothing true; the checker refuses all three.

}  // namespace beckon::rules

// Conditions as a tree, read from the rule file with every segment written out in its place: rules.md, section 2.
// Thread safety: values.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beckon/json/reader.hpp"
#include "rules/oracle/value.hpp"

namespace beckon::oracle {

struct Span {
  enum class Kind { kPage, kVisit, kVisitor, kDuration } kind = Kind::kVisit;
  std::int64_t ms = 0;  // of kDuration
};

using Where = std::vector<std::pair<std::string, Test>>;

struct Step {
  bool is_page = false;
  Test path;  // of a page
  std::string name;
  Where where;  // of an event
};

struct Condition {
  enum class Kind { kAll, kAny, kNone, kFacts, kEvent, kSequence, kHeld } kind = Kind::kAll;
  std::vector<Condition> children;                  // kAll kAny kNone; of kHeld one
  std::vector<std::pair<std::string, Test>> facts;  // kFacts
  std::vector<Step> steps;                          // kSequence; of kEvent one
  Test count;                                       // kEvent
  Span within;                                      // kEvent kSequence
  std::int64_t held_ms = 0;                         // kHeld
  std::string held_name;                            // kHeld: the same for the same condition held for the same time
};

// Segments by name, as the file writes them.
using Segments = std::map<std::string, const json::Value*, std::less<>>;

Condition parse_condition(const json::Value& value, const Segments& segments);

// Calls `visit` with every condition in the tree, inner ones first.
template <typename Visit>
void each_inside_out(const Condition& condition, Visit&& visit) {
  for (const Condition& child : condition.children) each_inside_out(child, visit);
  visit(condition);
}

bool is_duration(std::string_view fact);

}  // namespace beckon::oracle

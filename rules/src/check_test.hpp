// TEST of rules.md, section 2: a scalar, a list or an object of operators, checked against what is tested.
#pragma once

#include <string_view>

#include "beckon/rules/condition.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// What a test is about. Views live until the test is read.
struct Subject {
  std::string_view name;  // for messages: `page.dwell`, `"price" of an event`
  FactType type = FactType::kString;
  std::string_view values = {};                                                     // FactInfo::values
  enum class Existence { kMayLack, kAlwaysThere } existence = Existence::kMayLack;  // a count is always there
};

// What is in order is appended to `test`; the rest is reported.
void read_test(Report& report, const json::Value& value, const Subject& subject, Test& test);

}  // namespace beckon::rules

// Facts and conditions at an instant: rules.md, sections 2, 3 and 6.
// Thread safety: free functions without state.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rules/oracle/visitor.hpp"

namespace beckon::oracle {

// What is seen from one tab at one instant.
struct View {
  const RuleFile& file;
  const Visitor& visitor;
  const Site& site;
  const std::string& tab;  // shows a page
  Time now;
};

// No value: nullopt.
std::optional<Value> fact(const View& view, const std::string& name);
bool is_true(const View& view, const Condition& condition);

double pressure_at(const RuleFile& file, const Visitor& visitor, Time t);
// Time the page was visible since it started.
Time visible_time(const Page& page, Time now);

}  // namespace beckon::oracle

// Tests on values whose type is not known before they come: event data and attributes.
#pragma once

#include <vector>

#include "beckon/rules/condition.hpp"
#include "beckon/rules/event.hpp"
#include "patterns.hpp"

namespace beckon::rules::detail {

class ScalarTest {
 public:
  explicit ScalarTest(const Test& test);
  // nullptr and monostate: there is no value. A value of another type than the test's fails it.
  [[nodiscard]] bool holds(const EventScalar* value) const;

 private:
  struct One {
    Comparison comparison;
    std::vector<StringComparison> strings;  // one when its operands hold a string
  };
  [[nodiscard]] static bool holds(const One& one, const EventScalar& value);
  std::vector<One> all_;
};

// The number a comparison with a number asks about holds for x.
[[nodiscard]] bool number_holds(const Comparison& comparison, double x);

}  // namespace beckon::rules::detail

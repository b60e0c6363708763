// Conditions in words: for traces, warnings and panels. One line each; what is inside an `all`, `any`, `none` or `held`
// is told apart, by the words of its own conditions.
//
//   page.dwell ≥ 45s
//   visitor.country one of "FR", "BE"
//   count of "added" where "price" ≥ 50 within 10m ≥ 2
//   sequence page = "/pricing", event "compared" within visit
//   segment "hesitant" · all of · any of · none of · held for 5s
//
// Thread safety: free functions of their arguments alone.
#pragma once

#include <string>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules {

// The condition itself, without its children. Texts of the file are quoted, and cut when they are long.
[[nodiscard]] std::string to_words(const Condition& condition, const RuleFile& file);

// What a fact's or an event's test is about: `page.dwell`, `count of "added" within visit`.
[[nodiscard]] std::string subject_to_words(const Condition& condition);

// A test without what it is about: `≥ 45s`, `≥ 1 and < 5`.
[[nodiscard]] std::string to_words(const Test& test);
[[nodiscard]] std::string to_words(const Comparison& comparison);

// A value as words write it: 45s, 12.5, true, "text".
[[nodiscard]] std::string to_words(const Scalar& value);

}  // namespace beckon::rules

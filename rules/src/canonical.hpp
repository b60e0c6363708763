// Texts that are the same for conditions that mean the same by their form. See canonical.cpp.
#pragma once

#include <string>
#include <string_view>

#include "beckon/rules/rule_file.hpp"

namespace beckon::rules::detail {

[[nodiscard]] std::string canonical(const Comparison& comparison);
[[nodiscard]] std::string canonical(const Test& test);
[[nodiscard]] std::string canonical(const Span& span);
[[nodiscard]] std::string canonical(const EventPattern& pattern);
[[nodiscard]] std::string canonical(const Condition& condition, const RuleFile& file);
[[nodiscard]] std::string fact_key(FactId fact, std::string_view member);
[[nodiscard]] std::string count_key(const Condition& condition);
[[nodiscard]] std::string sequence_key(const Condition& condition);

}  // namespace beckon::rules::detail

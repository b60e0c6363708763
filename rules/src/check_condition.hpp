// The forms of a condition: rules.md, section 2.
#pragma once

#include <string>
#include <unordered_map>

#include "beckon/rules/condition.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// The names of a file's segments, each with its index. Views point into the document.
using SegmentNames = std::unordered_map<std::string_view, std::size_t>;

// Reads a condition as far as it is in order; the rest is reported.
void read_condition(Report& report, const json::Value& value, const SegmentNames& segments, Condition& out);

}  // namespace beckon::rules

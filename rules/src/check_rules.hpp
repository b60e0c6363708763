// The list of rules, and what lies under them all.
#pragma once

#include "beckon/rules/rule_file.hpp"
#include "check_condition.hpp"
#include "check_options.hpp"

namespace beckon::rules {

// Reads `defaults`: any key of a rule but id, when and then.
void read_defaults(Report& report, const json::Value& value, RuleOptions& defaults);
// Reads `rules`.
void read_rules(Report& report, const json::Value& list, const RuleOptions& defaults, const SegmentNames& segments,
                RuleFile& file);

}  // namespace beckon::rules

// The bound on how many values a file may compare one fact with: the engine numbers what lies between them.
#pragma once

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// One error for each fact, or count of an event, that is compared with more than kMaxValuesOfFact values, where that is exceeded.
void check_fact_values(Report& report, const RuleFile& file);

}  // namespace beckon::rules

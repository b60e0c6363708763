// The offers: `invite`, `call`, `survey`.
#pragma once

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// Reads the offer's object, whose member is named after the offer.
void read_invite(Report& report, const json::Value& value, Actions& out);
void read_call(Report& report, const json::Value& value, Actions& out);
void read_survey(Report& report, const json::Value& value, Actions& out);

}  // namespace beckon::rules

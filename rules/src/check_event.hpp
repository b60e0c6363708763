// The conditions on what happened: events, sequences of them, and the window that they look at.
#pragma once

#include "beckon/rules/condition.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// "page", "visit", "visitor" or a duration.
void read_span(Report& report, const json::Value& value, Span& span);
// An {"event": …} object.
void read_event(Report& report, const json::Value& object, Condition& out);
// A {"sequence": […]} object.
void read_sequence(Report& report, const json::Value& object, Condition& out);

}  // namespace beckon::rules

// What conditions amount to when the segments they name are put in: no cycles, and bounds on depth and size.
#pragma once

#include <vector>

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"

namespace beckon::rules {

// A condition's extent with its segments put in. Saturates beyond the bounds.
struct Extent {
  std::size_t depth = 0;
  std::size_t nodes = 0;
};

// Reports every cycle among segments, with a note for each hop, and every segment beyond the bounds. Returns the extent
// of each segment; those of a cycle have none.
std::vector<Extent> check_segments(Report& report, const std::vector<Segment>& segments);

// Reports a condition that is too deep or too large.
void check_extent(Report& report, const Condition& condition, const std::vector<Extent>& segments);

// Which segments a condition names, each once, in order.
void collect_segments(const Condition& condition, std::vector<const Condition*>& references);

}  // namespace beckon::rules

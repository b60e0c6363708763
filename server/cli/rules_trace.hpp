// A rule's trace as people read it and as JSON.
#pragma once

#include <string>

#include "beckon/json/writer.hpp"
#include "beckon/rules/trace.hpp"

namespace beckon::cli {

//   cart-help · tab 0 · armed · waits for its condition
//     ✔ all of
//       ✔ page.path glob "/checkout/**"       "/checkout/pay"   since 21:40:02.000
//       ✘ page.dwell ≥ 45s                    33s
//     would fire in 12s if nothing else happens
[[nodiscard]] std::string trace_in_words(const rules::RuleTrace& trace, const rules::RuleSet& set, rules::Instant now,
                                         rules::Color color);
void write_trace(json::Writer& out, const rules::RuleTrace& trace, const rules::RuleSet& set);

}  // namespace beckon::cli

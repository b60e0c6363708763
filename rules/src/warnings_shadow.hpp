// Offers that another rule always outranks.
//
// Let A rank before B (by priority, then by place), both live offers, and let B's condition imply A's at every instant.
// When B could fire on a page, A's condition holds there too and A was considered first. So A fired in place of B,
// unless A had fired before and is disarmed, or a verdict keeps A and not B. The verdicts are excluded by comparing
// what the two need; being a control by giving A no holdout. What is left is that A had fired before on this page, or
// that A's own limit is reached.
//
// never shown: the file's limit allows one fire per page, visit or visitor, and A's own limit reaches no farther than
// that.
//   Then A's fire, or the fire that keeps A back, keeps B back as well.
// shown only after A was closed: A stays as long as the page and has no limit but one per page, or stays as long as the
// visit
//   and has none that reaches farther. Then A is on screen whenever B could be, until the visitor accepts or dismisses
//   it.
//
// Anything weaker is no proof: with A limited to once a visit and gone with its page, B shows on the next page.
#pragma once

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"
#include "proof.hpp"

namespace beckon::rules {

// Whether the rule shows something, whichever variant is drawn.
[[nodiscard]] bool is_offer(const Rule& rule);

// `fires` says which rules are live and not known to never fire; `ids` where the rules' ids stand.
void warn_of_shadows(Report& report, const RuleFile& file, const std::vector<SourceRange>& ids, Prover& prover,
                     const std::vector<bool>& fires);

}  // namespace beckon::rules

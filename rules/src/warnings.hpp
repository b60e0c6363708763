// What is doubtful in a file without errors. Each warning is proven: what only might be wrong is left unsaid.
#pragma once

#include "beckon/rules/rule_file.hpp"
#include "check_report.hpp"
#include "proof.hpp"

namespace beckon::rules {

// All warnings of a file. `root` is the document that `file` was read from, for the places of names.
void warn(Report& report, const RuleFile& file, const json::Value& root);

// The parts.

// `when`, or a part of it, can never be true; an `any` is always. Returns for each rule whether it can never fire for
// that.
std::vector<bool> warn_of_contradictions(Report& report, const RuleFile& file, const json::Value& root, Prover& prover);
// Single values that a fact never has: a path without its slash, a country in small letters.
void warn_of_values(Report& report, const RuleFile& file);
// Rules that never fire, whatever their condition: because of what they need, or because another rule always comes
// first. `never` says which are known to never fire already.
void warn_of_verdicts(Report& report, const RuleFile& file, const json::Value& root, Prover& prover,
                      const std::vector<bool>& never);
// Segments that no rule uses.
void warn_of_segments(Report& report, const RuleFile& file, const json::Value& root);

// Where the rules' ids stand.
[[nodiscard]] std::vector<SourceRange> id_ranges(const json::Value& root);

}  // namespace beckon::rules

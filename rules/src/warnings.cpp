#include "warnings.hpp"

#include "check_segments.hpp"
#include "source_line.hpp"

namespace beckon::rules {

void warn(Report& report, const RuleFile& file, const json::Value& root) {
  Prover prover(file);
  const std::vector<bool> never = warn_of_contradictions(report, file, root, prover);
  warn_of_values(report, file);
  warn_of_verdicts(report, file, root, prover, never);
  warn_of_segments(report, file, root);
}

std::vector<SourceRange> id_ranges(const json::Value& root) {
  std::vector<SourceRange> ranges;
  const json::Value* rules = root.find("rules");
  for (const json::Value* rule = rules->first(); rule; rule = rule->next()) {
    ranges.push_back(range_of(*rule->find("id")));
  }
  return ranges;
}

void warn_of_segments(Report& report, const RuleFile& file, const json::Value& root) {
  std::vector<bool> used(file.segments.size());
  std::vector<const Condition*> references;
  for (const Rule& rule : file.rules) collect_segments(rule.when, references);
  // What a used segment uses is used.
  for (std::size_t next = 0; next < references.size(); ++next) {
    const std::size_t segment = references[next]->segment;
    if (used[segment]) continue;
    used[segment] = true;
    collect_segments(file.segments[segment].condition, references);
  }
  const json::Value* segments = root.find("segments");
  const json::Value* member = segments ? segments->first() : nullptr;
  for (std::size_t i = 0; i < used.size(); ++i, member = member->next()) {
    if (used[i]) continue;
    report.warning("unused-segment", report.key_range(*member),
                   "no rule uses segment " + quoted(file.segments[i].name));
  }
}

}  // namespace beckon::rules

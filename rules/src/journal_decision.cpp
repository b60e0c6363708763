#include "beckon/rules/journal.hpp"
#include "beckon/rules/rule_set.hpp"
#include "journal_line.hpp"

namespace beckon::rules {

void write_decision(std::string& out, std::string_view visitor, const Decision& decision, const RuleSet& rules) {
  const Rule& rule = rules.rules()[decision.rule];
  const bool counted = decision.verdict == Verdict::kFire || decision.verdict == Verdict::kControl ||
                       decision.verdict == Verdict::kShadow;
  LineWriter line(out, decision.t);
  line.string(Key::kVisitor, visitor);
  line.string(Key::kTab, decision.tab);
  line.string(Key::kRule, rule.id);
  json::Writer& writer = line.writer();
  writer.key("verdict").string(name_of(decision.verdict));
  if (counted && rule.has_variants) writer.key("variant").number(std::int64_t{decision.variant} + 1);
  if (!counted) writer.key("why").string(to_words(decision.why, rules));
}

}  // namespace beckon::rules

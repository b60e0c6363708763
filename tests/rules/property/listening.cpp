#include "rules/property/listening.hpp"

namespace beckon::property {

void Listening::decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& rule_set) {
  decisions.push_back(decision_text(visitor, decision, rule_set));
}

std::string decision_text(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& rule_set) {
  std::string line;
  rules::write_decision(line, visitor, decision, rule_set);
  json::ParseResult parsed = json::parse(std::string_view(line).substr(0, line.find('\n')));
  if (!parsed.document) return "no JSON: " + line;
  Node node = Node::copy(parsed.document->root());
  node.remove("why");
  return node.dump();
}

std::shared_ptr<const rules::RuleSet> compiled(const Scenario& scenario) {
  rules::CheckResult checked = rules::check(scenario.rules_text());
  return rules::RuleSet::compile(std::move(*checked.file), {.site = scenario.site});
}

rules::ReplayOptions replay_options(const Scenario& scenario) {
  rules::ReplayOptions options;
  options.engine.visit_timeout = rules::Duration(scenario.visit_timeout_ms);
  options.engine.consent = scenario.consent;
  options.site = scenario.site;
  options.rules_from = rules::ReplayOptions::RulesFrom::kJournal;
  return options;
}

}  // namespace beckon::property

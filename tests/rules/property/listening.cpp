#include "rules/property/listening.hpp"

namespace beckon::property {

void Listening::decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& rule_set) {
  std::string line;
  rules::write_decision(line, visitor, decision, rule_set);
  json::ParseResult parsed = json::parse(std::string_view(line).substr(0, line.find('\n')));
  Node node = parsed.document ? Node::copy(parsed.document->root()) : Node::of("no JSON: " + line);
  node.remove("why");
  told.push_back({rules::to_ms(decision.t), std::string(visitor), node.dump()});
}

std::vector<std::string> Listening::texts() const {
  std::vector<std::string> texts;
  for (const Told& one : told) texts.push_back(one.text);
  return texts;
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

#include "rules/property/scenario.hpp"

#include <stdexcept>

namespace beckon::property {

std::vector<std::string> Scenario::line_texts() const {
  std::vector<std::string> texts;
  for (Node line : lines) {
    if (const Node* file = line.find("file")) {
      std::string text = file->dump();
      line.remove("file");
      line.set("text", Node::of(text));
      line.set("hash", Node::of(std::to_string(std::hash<std::string>{}(text))));
    }
    texts.push_back(line.dump());
  }
  return texts;
}

oracle::Options Scenario::oracle_options() const {
  oracle::Options options;
  options.site = site;
  options.visit_timeout = visit_timeout_ms;
  options.consent = consent;
  return options;
}

std::string case_text(const Scenario& scenario, const std::string& why,
                      const std::vector<oracle::Decision>& decisions) {
  std::string text = "{\n\"why\": " + Node::of(why).dump() + ",\n\"site\": " + Node::of(scenario.site).dump() +
                     ",\n\"visit_timeout_ms\": " + std::to_string(scenario.visit_timeout_ms) +
                     ",\n\"consent\": " + (scenario.consent ? "true" : "false") + ",\n\"rules\": {";
  bool first = true;
  for (const Node& member : scenario.rules.children) {
    text += std::string(first ? "\n" : ",\n") + "  " + Node::of(member.name).dump() + ": ";
    first = false;
    if (member.name != "rules") {
      text += member.dump();
      continue;
    }
    text += "[";
    for (const Node& rule : member.children)
      text += (&rule == &member.children[0] ? "\n    " : ",\n    ") + rule.dump();
    text += "]";
  }
  text += "},\n\"journal\": [";
  for (const Node& line : scenario.lines) text += (&line == scenario.lines.data() ? "\n  " : ",\n  ") + line.dump();
  text += "],\n\"decisions\": [";
  for (const oracle::Decision& decision : decisions) {
    text += (&decision == decisions.data() ? "\n  " : ",\n  ") + oracle::to_json(decision);
  }
  return text + "]\n}\n";
}

Case parse_case(std::string_view text) {
  json::ParseResult parsed = json::parse(text);
  if (!parsed.document) throw std::runtime_error(parsed.error->message);
  Node root = Node::copy(parsed.document->root());
  auto member = [&](std::string_view name) -> const Node& {
    const Node* found = root.find(name);
    if (!found) throw std::runtime_error("a case without " + std::string(name));
    return *found;
  };
  Case kept;
  kept.why = member("why").text;
  kept.scenario.site = member("site").text;
  kept.scenario.visit_timeout_ms = std::stoll(member("visit_timeout_ms").text);
  kept.scenario.consent = member("consent").text == "true";
  kept.scenario.rules = member("rules");
  kept.scenario.lines = member("journal").children;
  for (const Node& decision : member("decisions").children) kept.decisions.push_back(decision.dump());
  return kept;
}

std::vector<oracle::Decision> oracle_decisions(const Scenario& scenario) {
  oracle::Evaluator evaluator(scenario.rules_text(), scenario.oracle_options());
  for (const std::string& line : scenario.line_texts()) evaluator.line(line);
  return evaluator.decisions();
}

}  // namespace beckon::property

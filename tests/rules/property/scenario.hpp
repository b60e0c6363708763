// A rule file and a journal, as trees: made at random, shrunk, kept as a file.
// Thread safety: a value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rules/oracle/evaluator.hpp"
#include "rules/property/node.hpp"

namespace beckon::property {

struct Scenario {
  Node rules = Node::object();
  std::vector<Node> lines;  // a `rules` line holds the rule file itself, as its member `file`
  std::string site = "shop";
  std::int64_t visit_timeout_ms = 30 * 60 * 1000;
  bool consent = true;

  std::string rules_text() const { return rules.dump(); }
  std::vector<std::string> line_texts() const;
  oracle::Options oracle_options() const;
};

// As files in cases/ have it: {"why", "site", "visit_timeout_ms", "consent", "rules", "journal", "decisions"}, in
// readable lines.
std::string case_text(const Scenario& scenario, const std::string& why, const std::vector<oracle::Decision>& decisions);

struct Case {
  std::string why;
  Scenario scenario;
  std::vector<std::string> decisions;  // lines of oracle::to_json
};
// Throws std::runtime_error when the text is no case.
Case parse_case(std::string_view text);

// The slow evaluator's decisions.
std::vector<oracle::Decision> oracle_decisions(const Scenario& scenario);

}  // namespace beckon::property

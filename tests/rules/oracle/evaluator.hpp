// The reference evaluator: a journal's decisions, worked out slowly and obviously from rules.md. The engine is compared
// to it.
//
//   oracle::Evaluator evaluator(rules_text, {.site = "shop"});
//   for (std::string_view line : journal) evaluator.line(line);
//   for (const oracle::Decision& decision : evaluator.decisions()) std::cout << oracle::to_json(decision) << '\n';
//
// Thread safety: none.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "rules/oracle/life.hpp"

namespace beckon::oracle {

class Evaluator {
 public:
  // The rule file is known to be valid.
  explicit Evaluator(std::string_view rules, Options options = {});

  // The next line of the journal, known to be valid.
  void line(std::string_view text);

  // Of all lines so far and of the visit timeout behind them: in order of time, then visitor, then section 5.
  std::vector<Decision> decisions() const;

 private:
  std::vector<Decision> decisions_of(const std::string& visitor) const;

  Options options_;
  RuleFile rules_;
  std::vector<Line> lines_;
};

// As replay writes it, without `why`.
std::string to_json(const Decision& decision);

}  // namespace beckon::oracle

// What a replay of a scenario needs, and a listener that keeps the decisions.
// Thread safety: none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "beckon/rules/replay.hpp"
#include "rules/property/scenario.hpp"

namespace beckon::property {

struct Told {
  std::int64_t t = 0;
  std::string visitor;
  std::string text;  // as oracle::to_json writes it
};

// Keeps what is decided.
class Listening : public rules::ReplayListener {
 public:
  void decided(std::string_view visitor, const rules::Decision& decision, const rules::RuleSet& rules) override;

  std::vector<Told> told;
  std::vector<std::string> texts() const;
};

// The scenario's rules, which are known to be valid.
std::shared_ptr<const rules::RuleSet> compiled(const Scenario& scenario);
rules::ReplayOptions replay_options(const Scenario& scenario);

}  // namespace beckon::property

// Why a rule decided as it did: the condition tree with each value and threshold, as data. The commands and the demo's panel
// only render it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "beckon/rules/engine.hpp"

namespace beckon::rules {

struct TraceNode {
  std::string text;      // the condition as the file means it: `page.dwell ≥ 45s`, `all of`, `segment "hesitant"`
  std::string value;     // what it is now: `33s`, `"/checkout/pay"`, `3 events`; "no value"; empty for all, any, none
  bool truth = false;
  std::optional<Instant> since;  // since when `truth` is as it is, where the caller follows it (see Follower)
  std::vector<TraceNode> children;
};

struct RuleTrace {
  std::uint32_t rule = 0;
  std::string tab;
  TraceNode when;
  bool armed = false;
  // The verdict that the rule would get now if its condition holds and it is armed; for a disarmed rule empty.
  std::optional<Verdict> verdict;
  Why why;
  // When the rule would fire if nothing else happened but the passing of time; within the visit.
  std::optional<Instant> would_fire;
};

// A rule's trace for one open tab; nullopt when the tab shows no page.
[[nodiscard]] std::optional<RuleTrace> explain(const Engine& engine, const Visitor& visitor, std::uint32_t rule,
                                               std::string_view tab);

// A fact's value in words, as explain shows it: for panels and consoles. "no value" when it has none.
[[nodiscard]] std::string fact_in_words(const Engine& engine, const Visitor& visitor, FactId fact,
                                        std::string_view member, std::string_view tab);

// Follows one visitor's conditions through a replay, so that a trace can say since when each is as it is. Call look()
// after every call of the engine for that visitor.
class Follower {
 public:
  void look(const Engine& engine, const Visitor& visitor);
  // Fills in `since` of every node of a trace of that visitor.
  void date(const Engine& engine, RuleTrace& trace) const;

 private:
  struct Seen {
    bool truth = false;
    Instant since{};
  };
  std::map<std::string, Seen> seen_;  // tab, rule and place in the tree → as last seen
};

}  // namespace beckon::rules

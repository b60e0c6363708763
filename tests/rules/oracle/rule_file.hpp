// A rule file that is known to be valid, with its defaults filled in: rules.md, section 1.
// Thread safety: values.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "rules/oracle/condition.hpp"

namespace beckon::oracle {

// Durations in milliseconds.
struct Limit {
  std::optional<double> per_page, per_visit, per_visitor;
  std::optional<std::int64_t> every, after_dismiss, after_accept;
  bool is_none = false;  // "none"
};

struct Needs {
  bool operator_free = false;
  std::string skill;
  bool consent = false;
};

struct Variant {
  double weight = 1;
  bool is_offer = false;
  std::vector<std::string> tags;
};

struct Rule {
  std::string id;
  Condition when;
  std::vector<Variant> variants;  // one where the file says `then`
  bool has_variants = false;
  Limit limit;
  Needs needs;
  std::string until;  // "page", "visit" or a duration
  double holdout = 0;
  double priority = 0;
  bool ignore_pressure = false;
  std::string mode;

  bool is_offer() const;  // any of its variants shows something
};

struct Pressure {
  std::int64_t half_life = 7 * 86'400'000;
  double shown = 1, ignored = 1, dismissed = 3, accepted = -2, under = 0.5, over = 5.5;
};

struct RuleFile {
  std::vector<Rule> rules;
  Limit limit;
  double holdout = 0;
  std::optional<std::string> salt;
  Pressure pressure;

  // What the rules ask about, gathered from all of them.
  std::set<std::string> query_names;
  std::set<std::string> remembered;  // names of events; of rules that are not off
  bool remembers_pages = false;
  std::vector<Condition> held;             // every `held`, inner ones first
  std::set<std::int64_t> fact_thresholds;  // durations that facts are tested against
  std::set<std::int64_t> windows;          // durations of spans
  std::set<double> pressure_thresholds;

  const Rule* find(std::string_view id) const;
};

// Throws std::runtime_error when the text is no JSON.
RuleFile parse_rule_file(std::string_view text);

}  // namespace beckon::oracle

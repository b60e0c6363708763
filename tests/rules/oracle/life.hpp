// One visitor's life under the rules: every line that concerns the visitor, and every instant in between at which
// anything could change, looked at in turn. Slow on purpose: all of it is worked out anew at each look.
//
// Thread safety: none.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "rules/oracle/facts.hpp"
#include "rules/oracle/journal.hpp"

namespace beckon::oracle {

struct Options {
  std::string site = {};  // the salt where the rule file names none
  Time visit_timeout = 30 * 60 * 1000;
  bool consent = true;  // until the journal says otherwise
  enum class RulesFrom { kGiven, kJournal } rules_from = RulesFrom::kJournal;
};

struct Decision {
  Time t = 0;
  std::string visitor, tab, rule, verdict;
  int variant = 0;  // from 1; 0 where the rule has no variants or the verdict is none of fire, control, shadow
  friend bool operator==(const Decision&, const Decision&) = default;
};

class Life {
 public:
  Life(std::string visitor, const RuleFile& file, const Options& options);

  // Everything that is due up to and including t.
  void pass(Time t);
  // One line of this visitor or of the site, at `t`, which is not before what has passed.
  void apply(const Line& line, Time t);
  // The rules of `file`, which outlives this, from now on.
  void load(const RuleFile& file, Time t);

  const std::vector<Decision>& decisions() const { return decisions_; }

 private:
  struct Candidate {
    const Rule* rule;
    std::string tab;
  };

  // life.cpp: what lines do
  void apply_event(const Line& line, Time t);
  void apply_to_page(const Line& line, Tab& tab, Time t);
  void apply_to_visitor(const Line& line, Time t);
  void begin_visit(Time t);
  void begin_page(const std::string& tab, Page page, Time t);
  void show_page(const Line& line, Time t);
  void end_page(const std::string& tab, Time t);
  void make_room_for(const std::string& tab, Time t);
  void cart(const Line& line, Time t);
  void order(const Line& line);
  void refund(const Line& line);
  void custom_event(const Line& line, Time t);
  void attribute(const Line& line);
  void remember(const std::string& tab, Remembered event, Time t);
  void outcome(const Line& line, Time t);
  void chat(const Line& line, Time t);
  void operators(const Line& line);
  void forget();
  void replace_visitor(const Line& line);

  // look.cpp: deciding
  void settle(Time t);
  void look(Time t);
  void follow_held(Time t);
  std::vector<Candidate> candidates(Time t);
  bool consider_all(const std::vector<Candidate>& candidates, Time t);
  std::string verdict(const Rule& rule, const std::string& tab, Time t) const;
  bool is_limited(const Rule& rule, const Page& page, Time t) const;
  bool in_control(const Rule& rule) const;
  bool somebody_can_answer(const Needs& needs) const;
  std::size_t variant_of(const Rule& rule) const;
  void count(const Rule& rule, const std::string& tab, Time t);
  void fire(const Rule& rule, const std::string& tab, Time t);
  void decide(const Rule& rule, const std::string& tab, const std::string& verdict, Time t);
  void add_pressure(double amount, Time t);
  void offer_ignored(Time t);

  // instants.cpp: when to look again
  std::set<Time> instants(Time now) const;
  void page_instants(const Page& page, Time now, std::set<Time>& out) const;
  void limit_instants(const Limit& limit, const Record& record, std::set<Time>& out) const;
  void pressure_instants(Time now, std::set<Time>& out) const;

  const RuleFile* file_;
  Options options_;
  Visitor visitor_;
  Site site_;
  Time now_ = 0;
  std::vector<Decision> decisions_;
};

}  // namespace beckon::oracle

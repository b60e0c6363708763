// Rules that never fire though their condition may be true: what a fire needs contradicts it.
#include <algorithm>

#include "source_line.hpp"
#include "warnings.hpp"
#include "warnings_shadow.hpp"

namespace beckon::rules {
namespace {

Condition fact_is(FactId fact, Operator op, Scalar operand) {
  Condition condition;
  condition.kind = Condition::Kind::kFact;
  condition.fact = fact;
  condition.test.all.push_back({op, {std::move(operand)}, {}});
  return condition;
}

// What holds at every instant at which a rule fires, by its needs and by being an offer.
struct Premise {
  Condition condition;
  std::vector<FactId> about;  // a `when` that names none of these cannot contradict it
  std::string_view why, hint;
};

class NeverFires {
 public:
  NeverFires(Report& report, const RuleFile& file, Prover& prover) : report_(report), file_(file), prover_(prover) {
    no_chat_ = {fact_is(FactId::kChatActive, Operator::kEq, false),
                {FactId::kChatActive},
                "it waits for a chat to go on, and during a chat nothing is offered",
                "leave \"chat.active\" out"};
    not_pressed_ = {fact_is(FactId::kVisitorPressure, Operator::kLt, file.pressure.over),
                    {FactId::kVisitorPressure, FactId::kVisitorPressureState},
                    "it waits for pressure to be over, and then nothing is offered",
                    "it may say \"ignore_pressure\": true"};
    free_slot_ = {fact_is(FactId::kSiteFreeSlots, Operator::kGte, 1.0),
                  {FactId::kSiteFreeSlots},
                  "it waits for no free slot, and needs one",
                  "leave \"operator\" and \"skill\" out of \"needs\""};
    operator_ = {fact_is(FactId::kSiteOperators, Operator::kGte, 1.0),
                 {FactId::kSiteOperators},
                 "it waits for no operator, and needs one",
                 "leave \"operator\" and \"skill\" out of \"needs\""};
  }

  // True, reported, when the rule never fires.
  bool look_at(const Rule& rule, SourceRange id) {
    if (rule.holdout >= 1) {
      report(rule, id, "everybody is in its control group", "a holdout of 0.1 keeps it from one visitor in ten");
      return true;
    }
    facts_.clear();
    collect(rule.when);
    std::vector<const Premise*> premises;
    if (is_offer(rule)) {
      premises.push_back(&no_chat_);
      if (!rule.ignore_pressure) premises.push_back(&not_pressed_);
    }
    if (rule.needs.operator_free || !rule.needs.skill.empty()) {
      premises.insert(premises.end(), {&free_slot_, &operator_});
    }
    for (const Premise* premise : premises) {
      const bool related = std::any_of(premise->about.begin(), premise->about.end(), [&](FactId fact) {
        return std::find(facts_.begin(), facts_.end(), fact) != facts_.end();
      });
      if (!related || prover_.implies(rule.when, negation_of(*premise)) == false) continue;
      report(rule, id, premise->why, premise->hint);
      return true;
    }
    return false;
  }

 private:
  static Condition negation_of(const Premise& premise) {
    Condition none;
    none.kind = Condition::Kind::kNone;
    none.children.push_back(premise.condition);
    return none;
  }

  void collect(const Condition& condition) {
    if (condition.kind == Condition::Kind::kFact) facts_.push_back(condition.fact);
    if (condition.kind == Condition::Kind::kSegment) collect(file_.segments[condition.segment].condition);
    for (const Condition& child : condition.children) collect(child);
  }

  void report(const Rule& rule, SourceRange id, std::string_view why, std::string_view hint) {
    report_.warning("never-fires", id, "rule " + quoted(rule.id) + " can never fire: " + std::string(why),
                    std::string(hint));
  }

  Report& report_;
  const RuleFile& file_;
  Prover& prover_;
  Premise no_chat_, not_pressed_, free_slot_, operator_;
  std::vector<FactId> facts_;  // of the rule being looked at, segments put in
};

}  // namespace

bool is_offer(const Rule& rule) {
  return std::all_of(rule.variants.begin(), rule.variants.end(),
                     [](const Variant& v) { return v.then.offer != Actions::Offer::kNone; });
}

void warn_of_verdicts(Report& report, const RuleFile& file, const json::Value& root, Prover& prover,
                      const std::vector<bool>& never) {
  const std::vector<SourceRange> ids = id_ranges(root);
  NeverFires search(report, file, prover);
  std::vector<bool> fires(file.rules.size());
  for (std::size_t i = 0; i < file.rules.size(); ++i) {
    const Rule& rule = file.rules[i];
    fires[i] = rule.mode == Mode::kLive && !never[i] && !search.look_at(rule, ids[i]);
  }
  warn_of_shadows(report, file, ids, prover, fires);
}

}  // namespace beckon::rules

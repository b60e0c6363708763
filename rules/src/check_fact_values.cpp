#include "check_fact_values.hpp"

#include <string>
#include <unordered_map>

#include "beckon/rules/limits.hpp"

namespace beckon::rules {
namespace {

class Counter {
 public:
  explicit Counter(Report& report) : report_(report) {}

  void count(const Condition& condition) {
    if (condition.kind == Condition::Kind::kFact) {
      std::string name(fact_info(condition.fact).name);
      add(name += condition.member, condition.test);
    } else if (condition.kind == Condition::Kind::kEvent) {
      add("count of \"" + condition.steps.front().name + "\"", condition.test);
    }
    for (const EventPattern& step : condition.steps) {
      if (step.kind == EventPattern::Kind::kPage) add(std::string(fact_info(FactId::kPagePath).name), step.path);
    }
    for (const Condition& child : condition.children) count(child);
  }

 private:
  void add(const std::string& name, const Test& test) {
    std::size_t& values = values_[name];
    const bool within = values <= kMaxValuesOfFact;
    for (const Comparison& comparison : test.all) values += comparison.operands.size();
    if (!within || values <= kMaxValuesOfFact) return;
    report_.error("too-many", test.where,
                  "a file compares one fact with at most " + std::to_string(kMaxValuesOfFact) + " values, " + name +
                      " is compared with more",
                  "let the site send an attribute that says which of them it is");
  }

  Report& report_;
  std::unordered_map<std::string, std::size_t> values_;
};

}  // namespace

void check_fact_values(Report& report, const RuleFile& file) {
  Counter counter(report);
  for (const Segment& segment : file.segments) counter.count(segment.condition);
  for (const Rule& rule : file.rules) counter.count(rule.when);
}

}  // namespace beckon::rules

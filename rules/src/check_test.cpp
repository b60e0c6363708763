#include "check_test.hpp"

#include <algorithm>

#include "beckon/rules/words.hpp"
#include "check_operand.hpp"
#include "check_values.hpp"
#include "domain.hpp"
#include "source_line.hpp"
#include "beckon/rules/suggest.hpp"

namespace beckon::rules {
namespace {

using json::Type;

constexpr std::string_view kOperatorNames[] = {"eq",     "ne",       "lt",   "lte",    "gt",
                                               "gte",    "between",  "in",   "not_in", "prefix",
                                               "suffix", "contains", "glob", "regex",  "exists"};

void read_list(Report& report, const json::Value& list, const Subject& subject, Comparison& comparison) {
  if (list.size() == 0) {
    report.error("empty", range_of(list), "an empty list is never passed");
    return;
  }
  for (const json::Value* item = list.first(); item; item = item->next()) {
    if (auto operand = read_operand(report, *item, subject, comparison.op)) {
      comparison.operands.push_back(std::move(*operand));
    }
  }
}

// Hours that go over midnight are what people write backwards on purpose.
std::string reversed_hint(const Subject& subject, const Scalar& low, const Scalar& high) {
  if (subject.name != fact_info(FactId::kSiteHour).name) return "write the lowest value first";
  return "over midnight: {\"any\": [{\"site.hour\": {\"gte\": " + to_words(low) +
         "}}, {\"site.hour\": {\"lte\": " + to_words(high) + "}}]}";
}

void read_between(Report& report, const json::Value& value, const Subject& subject, Comparison& comparison) {
  if (!value.is(Type::kArray) || value.size() != 2) {
    report.error("wrong-type", range_of(value), "\"between\" takes a list of two: the lowest and the highest value");
    return;
  }
  read_list(report, value, subject, comparison);
  if (comparison.operands.size() != 2) return;
  const Scalar& low = comparison.operands[0];
  const Scalar& high = comparison.operands[1];
  if (low.index() != high.index()) {
    report.error("type-mismatch", range_of(value), "the two ends of \"between\" are of different types");
  } else if (high < low) {
    report.error("impossible-test", range_of(value), "nothing is between these: the lowest value is the larger one",
                 reversed_hint(subject, low, high));
  }
}

void read_operator(Report& report, const json::Value& value, const Subject& subject, Operator op, Test& test) {
  Comparison comparison{op, {}, member_range(value)};
  const std::size_t errors = report.errors();
  if (op == Operator::kExists) {
    if (subject.existence == Subject::Existence::kAlwaysThere) {
      report.error("operator-mismatch", report.key_range(value), std::string(subject.name) + " is always there",
                   "to ask for none, write 0");
    } else if (const auto yes = read_bool(report, value)) {
      comparison.operands.emplace_back(*yes);
    }
  } else if (!has_operator(subject.type, op)) {
    const bool ordering = op <= Operator::kBetween;
    report.error("operator-mismatch", report.key_range(value),
                 "\"" + std::string(name_of(op)) + "\" asks about " +
                     (ordering ? "numbers, durations and strings" : "strings") + ", and " + std::string(subject.name) +
                     " is " + std::string(holds(subject.type)));
  } else if (op == Operator::kBetween) {
    read_between(report, value, subject, comparison);
  } else if (op == Operator::kIn || op == Operator::kNotIn) {
    if (value.is(Type::kArray)) {
      read_list(report, value, subject, comparison);
    } else {
      expected(report, value, "a list", op == Operator::kIn ? "for one value use \"eq\"" : "for one value use \"ne\"");
    }
  } else if (auto operand = read_operand(report, value, subject, op)) {
    comparison.operands.push_back(std::move(*operand));
  }
  if (report.errors() == errors) test.all.push_back(std::move(comparison));
}

void read_operators(Report& report, const json::Value& object, const Subject& subject, Test& test) {
  if (object.size() == 0) {
    report.error(
        "empty", range_of(object), "this test asks nothing",
        subject.existence == Subject::Existence::kMayLack ? "to ask for any value, write {\"exists\": true}" : "");
    return;
  }
  for (const json::Value* member = object.first(); member; member = member->next()) {
    const auto name = std::find(std::begin(kOperatorNames), std::end(kOperatorNames), member->name());
    if (name != std::end(kOperatorNames)) {
      read_operator(report, *member, subject, static_cast<Operator>(name - std::begin(kOperatorNames)), test);
      continue;
    }
    std::string_view meant = synonym_of(member->name());
    if (std::find(std::begin(kOperatorNames), std::end(kOperatorNames), meant) == std::end(kOperatorNames)) {
      meant = nearest(member->name(), kOperatorNames);
    }
    report.error("unknown-operator", report.key_range(*member), "unknown operator " + quoted(member->name()),
                 meant.empty() ? "the operators are " + list_of(kOperatorNames) : did_you_mean(meant));
  }
}

// Operators that contradict one another whatever is tested: `{"gte": 5, "lt": 3}`.
void check_possible(Report& report, const Subject& subject, const Test& test) {
  if (test.all.size() < 2) return;
  Domain domain = Domain::of_type(subject.type);
  for (const Comparison& comparison : test.all) domain.restrict(comparison, Polarity::kHolds);
  if (domain.empty()) {
    report.error("impossible-test", test.where, "nothing passes this test: " + to_words(test),
                 "all operators of a test must hold together");
  }
}

}  // namespace

std::string_view name_of(Operator op) { return kOperatorNames[static_cast<std::size_t>(op)]; }

void read_test(Report& report, const json::Value& value, const Subject& subject, Test& test) {
  test.where = range_of(value);
  const std::size_t errors = report.errors();
  if (value.is(Type::kObject)) {
    read_operators(report, value, subject, test);
    if (report.errors() == errors) check_possible(report, subject, test);
    return;
  }
  Comparison comparison{value.is(Type::kArray) ? Operator::kIn : Operator::kEq, {}, range_of(value)};
  if (value.is(Type::kArray)) {
    read_list(report, value, subject, comparison);
  } else if (auto operand = read_operand(report, value, subject, Operator::kEq)) {
    comparison.operands.push_back(std::move(*operand));
  }
  if (report.errors() == errors) test.all.push_back(std::move(comparison));
}

}  // namespace beckon::rules

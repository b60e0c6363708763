#include "domain.hpp"

#include <cmath>

#include "beckon/rules/limits.hpp"
#include "patterns.hpp"

namespace beckon::rules {
namespace {

using Numbers = IntervalSet<double>;
using Strings = IntervalSet<std::string>;

// All texts that begin with `prefix`.
Strings beginning_with(const std::string& prefix) {
  std::string after = prefix;
  while (!after.empty() && static_cast<unsigned char>(after.back()) == 0xFF) after.pop_back();
  if (after.empty()) return Strings::at_least(prefix);
  after.back() = static_cast<char>(static_cast<unsigned char>(after.back()) + 1);
  return Strings::of({{prefix, false}, {after, true}});
}

template <class T>
IntervalSet<T> ordered(Operator op, const std::vector<T>& operands) {
  switch (op) {
    case Operator::kLt:
      return IntervalSet<T>::below(operands[0]);
    case Operator::kLte:
      return IntervalSet<T>::at_most(operands[0]);
    case Operator::kGt:
      return IntervalSet<T>::above(operands[0]);
    case Operator::kGte:
      return IntervalSet<T>::at_least(operands[0]);
    case Operator::kBetween:
      return operands.size() == 2 ? IntervalSet<T>::between(operands[0], operands[1]) : IntervalSet<T>();
    case Operator::kNe:
    case Operator::kNotIn:
      return IntervalSet<T>::points(operands).complement();
    default:
      return IntervalSet<T>::points(operands);
  }
}

// What has a value from the start: counts, flags and what is measured from a page's or a visit's beginning.
bool is_always_there(FactId fact) {
  switch (fact) {
    case FactId::kPageDwell:
    case FactId::kPageVisible:
    case FactId::kPageIdle:
    case FactId::kPageScroll:
    case FactId::kPageExitIntent:
    case FactId::kVisitPages:
    case FactId::kVisitNumber:
    case FactId::kVisitDuration:
    case FactId::kVisitorReturning:
    case FactId::kVisitorIdentified:
    case FactId::kVisitorTag:
    case FactId::kVisitorPressure:
    case FactId::kVisitorPressureState:
    case FactId::kChatActive:
    case FactId::kChatCount:
    case FactId::kSiteOperators:
    case FactId::kSiteFreeSlots:
    case FactId::kSiteQueue:
    case FactId::kSiteOpen:
    case FactId::kSiteHour:
    case FactId::kSiteWeekday:
      return true;
    default:
      return false;
  }
}

bool is_pattern(Operator op) {
  return op == Operator::kSuffix || op == Operator::kContains || op == Operator::kGlob || op == Operator::kRegex;
}

}  // namespace

// The values for which a comparison holds, by type. Of a pattern, the strings are those that it may hold for.
struct Domain::Matching {
  bool of_bools = false, of_numbers = false, of_strings = false;  // which types it speaks of
  bool is_true = false, is_false = false;
  Numbers numbers;
  Strings strings;
};

Domain Domain::of_type(FactType type) {
  Domain domain;
  domain.missing_ = true;
  const bool any = type == FactType::kScalar;
  domain.may_be_true_ = domain.may_be_false_ = any || type == FactType::kBool;
  if (any || type == FactType::kNumber || type == FactType::kDuration) domain.numbers_ = Numbers::all();
  if (any || type == FactType::kString) domain.strings_ = Strings::all();
  if (type == FactType::kDuration) domain.whole_ = true;
  return domain;
}

Domain Domain::of_fact(FactId fact) {
  const FactInfo& info = fact_info(fact);
  Domain domain = of_type(info.type);
  domain.missing_ = !is_always_there(fact);
  if (info.type == FactType::kDuration) domain.numbers_ = Numbers::at_least(0);
  switch (fact) {
    case FactId::kPageScroll:
      domain.numbers_ = Numbers::between(0, 100);
      break;
    case FactId::kSiteHour:
      domain.numbers_ = Numbers::between(0, 23);
      domain.whole_ = true;
      break;
    case FactId::kVisitNumber:
      domain.numbers_ = Numbers::at_least(1);
      domain.whole_ = true;
      break;
    case FactId::kVisitPages:
    case FactId::kChatCount:
    case FactId::kSiteOperators:
    case FactId::kSiteFreeSlots:
    case FactId::kSiteQueue:
      domain.numbers_ = Numbers::at_least(0);
      domain.whole_ = true;
      break;
    case FactId::kVisitorPressure:
      domain.numbers_ = Numbers::at_least(0);
      break;
    default:
      break;
  }
  if (!info.values.empty()) {
    std::vector<std::string> values(1);
    for (const char c : info.values) {
      if (c == '|') {
        values.emplace_back();
      } else {
        values.back() += c;
      }
    }
    domain.strings_ = Strings::points(std::move(values));
  }
  return domain;
}

Domain Domain::of_count() {
  Domain domain;
  domain.numbers_ = Numbers::between(0, static_cast<double>(kMaxRememberedEvents));
  domain.whole_ = true;
  return domain;
}

Domain Domain::of_truth() {
  Domain domain;
  domain.may_be_true_ = domain.may_be_false_ = true;
  return domain;
}

Domain::Matching Domain::matching(const Comparison& comparison) {
  Matching out;
  std::vector<double> numbers;
  std::vector<std::string> strings;
  bool yes = false, no = false;
  for (const Scalar& operand : comparison.operands) {
    if (const auto* flag = std::get_if<bool>(&operand)) {
      (*flag ? yes : no) = true;
    } else if (const auto* number = std::get_if<double>(&operand)) {
      numbers.push_back(*number);
    } else if (const auto* duration = std::get_if<Duration>(&operand)) {
      numbers.push_back(static_cast<double>(duration->count()));
    } else {
      strings.push_back(std::get<std::string>(operand));
    }
  }
  const Operator op = comparison.op;
  const bool negative = op == Operator::kNe || op == Operator::kNotIn;
  out.of_bools = yes || no;
  out.is_true = out.of_bools && yes != negative;
  out.is_false = out.of_bools && no != negative;
  out.of_numbers = !numbers.empty();
  if (out.of_numbers) out.numbers = ordered(op, numbers);
  out.of_strings = !strings.empty();
  if (!out.of_strings) return out;
  if (op == Operator::kPrefix) {
    out.strings = beginning_with(strings[0]);
  } else if (op == Operator::kGlob) {
    const detail::StringComparison glob(comparison);
    out.strings = beginning_with(std::string(glob.beginning()));
  } else if (is_pattern(op)) {
    out.strings = Strings::all();
  } else {
    out.strings = ordered(op, strings);
  }
  return out;
}

void Domain::restrict_existence(bool exists, Polarity polarity) {
  if (exists == (polarity == Polarity::kHolds)) {
    missing_ = false;
    return;
  }
  may_be_true_ = may_be_false_ = false;
  numbers_ = {};
  strings_ = {};
}

void Domain::restrict(const Comparison& comparison, Polarity polarity) {
  if (comparison.op == Operator::kExists) {
    return restrict_existence(std::get<bool>(comparison.operands.front()), polarity);
  }
  const Matching match = matching(comparison);
  if (polarity == Polarity::kHolds) {
    missing_ = false;
    may_be_true_ = may_be_true_ && match.is_true;
    may_be_false_ = may_be_false_ && match.is_false;
    numbers_ = numbers_.intersect(match.numbers);
    strings_ = strings_.intersect(match.strings);
  } else {
    // A comparison fails for every value of another type, and where there is none.
    if (match.of_bools) {
      may_be_true_ = may_be_true_ && !match.is_true;
      may_be_false_ = may_be_false_ && !match.is_false;
    }
    if (match.of_numbers) numbers_ = numbers_.intersect(match.numbers.complement());
    if (match.of_strings && !is_pattern(comparison.op)) strings_ = strings_.intersect(match.strings.complement());
  }
  if (is_pattern(comparison.op) && !strings_.empty()) patterns_.push_back({&comparison, polarity});
}

void Domain::restrict_truth(bool truth) { (truth ? may_be_false_ : may_be_true_) = false; }

void Domain::restrict_numbers(const Numbers& numbers) { numbers_ = numbers_.intersect(numbers); }

bool Domain::no_number() const {
  if (!whole_) return numbers_.empty();
  return std::all_of(numbers_.intervals().begin(), numbers_.intervals().end(), [](const Interval<double>& i) {
    if (!i.low.value || !i.high.value) return false;
    const double low = i.low.open ? std::floor(*i.low.value) + 1 : std::ceil(*i.low.value);
    const double high = i.high.open ? std::ceil(*i.high.value) - 1 : std::floor(*i.high.value);
    return high < low;
  });
}

bool Domain::suffixes_clash() const {
  std::string_view longest;
  for (const Pattern& pattern : patterns_) {
    if (pattern.polarity == Polarity::kFails || pattern.comparison->op != Operator::kSuffix) continue;
    std::string_view suffix = std::get<std::string>(pattern.comparison->operands[0]);
    if (suffix.size() > longest.size()) std::swap(suffix, longest);
    if (!longest.ends_with(suffix)) return true;
  }
  return false;
}

bool Domain::no_string() const {
  if (strings_.empty() || suffixes_clash()) return true;
  if (patterns_.empty()) return false;
  for (const Pattern& pattern : patterns_) {
    for (const Pattern& other : patterns_) {
      // The same pattern, once holding and once failing.
      if (pattern.polarity == Polarity::kHolds && other.polarity == Polarity::kFails &&
          pattern.comparison->op == other.comparison->op &&
          pattern.comparison->operands == other.comparison->operands) {
        return true;
      }
    }
  }
  if (!strings_.finite()) return false;
  // Few values are left: each pattern is tried on them.
  Strings left = strings_;
  for (const Pattern& pattern : patterns_) {
    const detail::StringComparison comparison(*pattern.comparison);
    left.drop([&](const Interval<std::string>& i) {
      return comparison.holds(*i.low.value) != (pattern.polarity == Polarity::kHolds);
    });
  }
  return left.empty();
}

bool Domain::empty() const { return !missing_ && !may_be_true_ && !may_be_false_ && no_number() && no_string(); }

}  // namespace beckon::rules

// The prover against chance: random conditions, evaluated the plain way for random values of their facts. What is
// proven to be impossible must never be found, and what is proven to follow must always follow.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <random>

#include "beckon/rules/rule_file.hpp"
#include "patterns.hpp"
#include "proof.hpp"

namespace beckon::rules {
namespace {

using Kind = Condition::Kind;
using Value = std::optional<Scalar>;

// One instant: what each fact is, and how often each event was counted.
struct Moment {
  std::map<std::pair<FactId, std::string>, Value> facts;
  std::map<std::string, double> counts;
};

bool holds(const Comparison& comparison, const Value& value) {
  if (comparison.op == Operator::kExists) return value.has_value() == std::get<bool>(comparison.operands[0]);
  if (!value) return false;
  const Scalar& v = *value;
  const auto& operands = comparison.operands;
  const bool known =
      std::any_of(operands.begin(), operands.end(), [&](const Scalar& s) { return s.index() == v.index(); });
  if (!known) return false;
  const bool listed = std::find(operands.begin(), operands.end(), v) != operands.end();
  switch (comparison.op) {
    case Operator::kEq:
    case Operator::kIn:
      return listed;
    case Operator::kNe:
    case Operator::kNotIn:
      return !listed;
    case Operator::kLt:
      return v < operands[0];
    case Operator::kLte:
      return v <= operands[0];
    case Operator::kGt:
      return v > operands[0];
    case Operator::kGte:
      return v >= operands[0];
    case Operator::kBetween:
      return v >= operands[0] && v <= operands[1];
    default:
      return detail::StringComparison(comparison).holds(std::get<std::string>(v));
  }
}

bool holds(const Test& test, const Value& value) {
  return std::all_of(test.all.begin(), test.all.end(), [&](const Comparison& c) { return holds(c, value); });
}

bool holds(const Condition& condition, const RuleFile& file, const Moment& moment) {
  const auto child_holds = [&](const Condition& child) { return holds(child, file, moment); };
  const auto begin = condition.children.begin(), end = condition.children.end();
  switch (condition.kind) {
    case Kind::kAll:
      return std::all_of(begin, end, child_holds);
    case Kind::kAny:
      return std::any_of(begin, end, child_holds);
    case Kind::kNone:
      return std::none_of(begin, end, child_holds);
    case Kind::kSegment:
      return holds(file.segments[condition.segment].condition, file, moment);
    case Kind::kFact:
      return holds(condition.test, moment.facts.at({condition.fact, condition.member}));
    case Kind::kEvent:
      return holds(condition.test, Scalar(moment.counts.at(condition.steps[0].name)));
    default:
      return false;
  }
}

class Chance {
 public:
  explicit Chance(unsigned seed) : random_(seed) {}

  std::size_t below(std::size_t n) { return random_() % n; }

  Moment moment() {
    Moment m;
    const auto ms = [](std::size_t n) { return Scalar(Duration(n * 1000)); };
    const std::size_t visit = below(5), dwell = below(visit + 1);
    m.facts[{FactId::kVisitDuration, ""}] = ms(visit);
    m.facts[{FactId::kPageDwell, ""}] = ms(dwell);
    m.facts[{FactId::kPageIdle, ""}] = ms(below(dwell + 1));
    m.facts[{FactId::kPageVisible, ""}] = ms(below(dwell + 1));
    const std::size_t number = 1 + below(3);
    m.facts[{FactId::kVisitNumber, ""}] = Scalar(static_cast<double>(number));
    m.facts[{FactId::kVisitorReturning, ""}] = Scalar(number > 1);
    m.facts[{FactId::kVisitorSinceLastVisit, ""}] = number > 1 && below(4) ? Value(ms(below(4))) : std::nullopt;
    const double pressure = static_cast<double>(below(8));
    m.facts[{FactId::kVisitorPressure, ""}] = Scalar(pressure);
    m.facts[{FactId::kVisitorPressureState, ""}] = Scalar(std::string(pressure < 0.5   ? "under"
                                                                      : pressure < 5.5 ? "balanced"
                                                                                       : "over"));
    m.facts[{FactId::kCartValue, ""}] = below(4) ? Value(Scalar(static_cast<double>(below(5)) / 2)) : std::nullopt;
    m.facts[{FactId::kPagePath, ""}] = Scalar(text());
    m.facts[{FactId::kVisitorAttr, "x"}] = below(5) ? Value(scalar()) : std::nullopt;
    m.facts[{FactId::kVisitorTag, "t"}] = Scalar(below(2) == 0);
    for (const char* name : {"e", "f"}) m.counts[name] = static_cast<double>(below(4));
    return m;
  }

  Condition condition(int depth) {
    Condition c;
    const std::size_t form = below(depth > 0 ? 9 : 5);
    if (form < 4) return fact();
    if (form == 4) return event();
    if (form == 8) {
      c.kind = Kind::kSegment;
      c.segment = below(2);
      return c;
    }
    c.kind = form == 5 ? Kind::kAll : form == 6 ? Kind::kAny : Kind::kNone;
    for (std::size_t n = 1 + below(3); n > 0; --n) c.children.push_back(condition(depth - 1));
    return c;
  }

 private:
  std::string text() {
    const char* texts[] = {"/", "/a", "/a/b", "/b", "/b/a"};
    return texts[below(5)];
  }

  Scalar scalar() {
    if (below(3) == 0) return below(2) == 0;
    if (below(2) == 0) return static_cast<double>(below(3));
    return text();
  }

  Scalar operand(FactType type, FactId fact) {
    switch (type) {
      case FactType::kBool:
        return below(2) == 0;
      case FactType::kNumber:
        return static_cast<double>(below(8)) / (fact == FactId::kCartValue ? 2 : 1);
      case FactType::kDuration:
        return Duration(below(5) * 1000);
      case FactType::kString:
        break;
      case FactType::kScalar:
        return scalar();
    }
    const char* states[] = {"under", "balanced", "over"};
    return fact == FactId::kVisitorPressureState ? std::string(states[below(3)]) : text();
  }

  Comparison comparison(FactType type, FactId fact) {
    const bool text = type == FactType::kString && fact != FactId::kVisitorPressureState;
    std::size_t form = below(text ? 15 : type == FactType::kBool ? 5 : 11);
    if (form == 0 && fact != FactId::kCartCurrency) return {Operator::kExists, {below(2) == 0}, {}};
    if (form < 3) return {below(2) ? Operator::kEq : Operator::kNe, {operand(type, fact)}, {}};
    if (form < 5) return {below(2) ? Operator::kIn : Operator::kNotIn, list(type, fact), {}};
    if (type == FactType::kScalar || fact == FactId::kVisitorPressureState) {
      return {Operator::kEq, {operand(type, fact)}, {}};
    }
    if (form < 10) {
      return {static_cast<Operator>(static_cast<int>(Operator::kLt) + below(4)), {operand(type, fact)}, {}};
    }
    if (form == 10) {
      Scalar low = operand(type, fact), high = operand(type, fact);
      if (high < low) std::swap(low, high);
      return {Operator::kBetween, {low, high}, {}};
    }
    const std::pair<Operator, const char*> kPatterns[] = {
        {Operator::kPrefix, "/a"},  {Operator::kSuffix, "b"}, {Operator::kSuffix, "/b"}, {Operator::kContains, "a"},
        {Operator::kGlob, "/a/**"}, {Operator::kGlob, "/*"},  {Operator::kRegex, "^/a"}, {Operator::kGlob, "/b"}};
    const auto& [op, pattern] = kPatterns[below(std::size(kPatterns))];
    return {op, {std::string(pattern)}, {}};
  }

  // Of one type: what a list of several types means for not_in is the engine's to say.
  std::vector<Scalar> list(FactType type, FactId fact) {
    std::vector<Scalar> out{operand(type, fact)};
    for (std::size_t n = below(3); n > 0; --n) {
      Scalar next = operand(type, fact);
      if (next.index() == out[0].index()) out.push_back(std::move(next));
    }
    return out;
  }

  Condition fact() {
    const FactId kFacts[] = {FactId::kVisitDuration,
                             FactId::kPageDwell,
                             FactId::kPageIdle,
                             FactId::kPageVisible,
                             FactId::kVisitNumber,
                             FactId::kVisitorReturning,
                             FactId::kVisitorSinceLastVisit,
                             FactId::kVisitorPressure,
                             FactId::kVisitorPressureState,
                             FactId::kCartValue,
                             FactId::kPagePath,
                             FactId::kVisitorAttr,
                             FactId::kVisitorTag};
    Condition c;
    c.kind = Kind::kFact;
    c.fact = kFacts[below(std::size(kFacts))];
    c.member = c.fact == FactId::kVisitorAttr ? "x" : c.fact == FactId::kVisitorTag ? "t" : "";
    for (std::size_t n = 1 + below(4) / 3; n > 0; --n) c.test.all.push_back(comparison(fact_info(c.fact).type, c.fact));
    return c;
  }

  Condition event() {
    Condition c;
    c.kind = Kind::kEvent;
    c.steps.resize(1);
    c.steps[0].name = below(2) ? "e" : "f";
    const Operator op = static_cast<Operator>(below(6));
    c.test.all.push_back({op, {static_cast<double>(below(5))}, {}});
    return c;
  }

  std::mt19937 random_;
};

TEST_CASE("What is proven impossible never happens, what is proven to follow always follows") {
  Chance chance(20261121);
  std::vector<Moment> moments;
  for (int i = 0; i < 1500; ++i) moments.push_back(chance.moment());
  std::size_t refuted = 0, implied = 0, possible = 0;
  for (int round = 0; round < 4000; ++round) {
    RuleFile file;
    file.segments.resize(2);
    for (Segment& segment : file.segments) segment.condition = chance.condition(0);
    const Condition a = chance.condition(2), b = chance.condition(1);
    Prover prover(file);
    const bool never = prover.refute({{&a, Polarity::kHolds}}).has_value();
    const bool follows = Prover::Hypothesis(prover, a).implies(b);
    // Both ways of asking say the same where neither gives up.
    REQUIRE((follows || !prover.implies(a, b) || never));
    bool happened = false;
    for (const Moment& moment : moments) {
      const bool now = holds(a, file, moment);
      happened = happened || now;
      if ((never && now) || (follows && now && !holds(b, file, moment))) {
        FAIL("round " << round << ": never " << never << ", follows " << follows);
      }
    }
    refuted += never;
    implied += follows && !never;
    possible += happened;
  }
  // The test means something only if there is enough of each.
  CHECK(refuted > 300);
  CHECK(implied > 100);
  CHECK(possible > 2000);
}

}  // namespace
}  // namespace beckon::rules

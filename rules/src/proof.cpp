#include "proof.hpp"

#include <algorithm>
#include <span>

#include "canonical.hpp"

namespace beckon::rules {
namespace {

using Numbers = IntervalSet<double>;

constexpr int kMaxNestedChoices = 2;  // alternatives inside one another that are tried out

// `lower` is at no instant above `upper`. Both have a value on every open page.
struct Order {
  FactId lower, upper;
};
constexpr Order kOrders[] = {
    {FactId::kPageVisible, FactId::kPageDwell},
    {FactId::kPageIdle, FactId::kPageDwell},
    {FactId::kPageDwell, FactId::kVisitDuration},
};

bool is_related(FactId fact) {
  return fact == FactId::kVisitorReturning || fact == FactId::kVisitorSinceLastVisit ||
         fact == FactId::kVisitorPressureState || std::any_of(std::begin(kOrders), std::end(kOrders), [fact](Order o) {
           return o.lower == fact || o.upper == fact;
         });
}

// One of these must hold: the parts of a condition, or the comparisons of its test, all with one polarity.
struct Choice {
  const Condition* owner = nullptr;
  Polarity polarity = Polarity::kHolds;
  enum class Of : std::uint8_t { kChildren, kComparisons } of = Of::kChildren;
  [[nodiscard]] std::size_t size() const {
    return of == Of::kChildren ? owner->children.size() : owner->test.all.size();
  }
};

}  // namespace

// What is known under the claims so far.
class Prover::State {
 public:
  State(const RuleFile& file, std::size_t& steps) : file_(&file), steps_(&steps) {}

  // False, with clash(), when the condition cannot be so. Alternatives are kept as choices.
  bool assume(const Condition& condition, Polarity polarity) {
    if (*steps_ == 0) return true;
    --*steps_;
    const bool holds = polarity == Polarity::kHolds;
    switch (condition.kind) {
      case Condition::Kind::kAll:
        return holds ? assume_each(condition, polarity) : choose(condition, polarity);
      case Condition::Kind::kAny:
        return holds ? choose(condition, polarity) : assume_each(condition, polarity);
      case Condition::Kind::kNone:
        return holds ? assume_each(condition, Polarity::kFails) : choose(condition, Polarity::kHolds);
      case Condition::Kind::kSegment:
        return assume(file_->segments[condition.segment].condition, polarity);
      case Condition::Kind::kFact:
      case Condition::Kind::kEvent:
        return assume_test(condition, polarity);
      case Condition::Kind::kSequence:
        return assume_truth(condition, polarity);
      case Condition::Kind::kHeld:
        // What has held until now holds now.
        return assume_truth(condition, polarity) && (!holds || assume(condition.children.front(), polarity));
    }
    return true;
  }

  // Tries the choices until one has no way out or nothing new comes of it. False, with clash(), when there is none.
  bool settle(int depth) {
    for (bool changed = true; changed && *steps_ > 0;) {
      changed = false;
      for (std::size_t i = 0; i < choices_.size(); ++i) {
        const Choice choice = choices_[i];
        State without = *this;
        without.choices_.erase(without.choices_.begin() + static_cast<std::ptrdiff_t>(i));
        std::optional<State> only;
        std::size_t ways = 0;
        for (std::size_t part = 0; part < choice.size() && ways < 2; ++part) {
          State branch = without;
          if (!branch.take(choice, part)) continue;
          if (depth > 0 && !State(branch).settle(depth - 1)) continue;
          if (++ways == 1) only = std::move(branch);
        }
        if (*steps_ == 0) return true;
        if (ways == 0) {
          clash_ = {{}, choice.owner};
          return false;
        }
        if (ways == 1) {
          *this = std::move(*only);
          changed = true;
          break;
        }
      }
    }
    return true;
  }

  [[nodiscard]] Clash& clash() { return clash_; }
  [[nodiscard]] bool has_choices() const { return !choices_.empty(); }

  // Whether the test follows from what is known of its own fact or count alone.
  bool entails(const Condition& condition) const {
    const bool is_fact = condition.kind == Condition::Kind::kFact;
    const Known* k =
        is_fact ? find(static_cast<int>(condition.fact), condition.member) : find(kCount, detail::count_key(condition));
    const Domain known_values = k ? k->domain : is_fact ? Domain::of_fact(condition.fact) : Domain::of_count();
    return std::all_of(condition.test.all.begin(), condition.test.all.end(), [&](const Comparison& comparison) {
      Domain domain = known_values;
      domain.restrict(comparison, Polarity::kFails);
      return domain.empty();
    });
  }

 private:
  // What something can still be, and the tests that made it so.
  struct Known {
    int fact;          // FactId; or one of the two below
    std::string text;  // a family's member; the key of a count or of a truth
    Domain domain;
    std::vector<Literal> literals;
  };
  static constexpr int kCount = -1, kTruth = -2;

  const Known* find(int fact, std::string_view text) const {
    const auto at =
        std::find_if(known_.begin(), known_.end(), [&](const Known& k) { return k.fact == fact && k.text == text; });
    return at == known_.end() ? nullptr : &*at;
  }

  Known& known(int fact, std::string_view text) {
    if (const Known* k = find(fact, text)) return known_[static_cast<std::size_t>(k - known_.data())];
    Domain domain = fact == kCount   ? Domain::of_count()
                    : fact == kTruth ? Domain::of_truth()
                                     : Domain::of_fact(static_cast<FactId>(fact));
    return known_.emplace_back(Known{fact, std::string(text), std::move(domain), {}});
  }
  Known& known(FactId fact) { return known(static_cast<int>(fact), {}); }

  Known& known_of(const Condition& condition) {
    if (condition.kind == Condition::Kind::kFact) return known(static_cast<int>(condition.fact), condition.member);
    return known(kCount, detail::count_key(condition));
  }

  bool assume_each(const Condition& condition, Polarity polarity) {
    return std::all_of(condition.children.begin(), condition.children.end(),
                       [&](const Condition& child) { return assume(child, polarity); });
  }

  bool choose(const Condition& condition, Polarity polarity) {
    if (condition.children.size() == 1) return assume(condition.children.front(), polarity);
    choices_.push_back({&condition, polarity, Choice::Of::kChildren});
    return true;
  }

  bool assume_test(const Condition& condition, Polarity polarity) {
    if (polarity == Polarity::kFails && condition.test.all.size() > 1) {
      choices_.push_back({&condition, polarity, Choice::Of::kComparisons});
      return true;
    }
    return std::all_of(condition.test.all.begin(), condition.test.all.end(),
                       [&](const Comparison& c) { return assume_comparison(condition, c, polarity); });
  }

  bool assume_comparison(const Condition& condition, const Comparison& comparison, Polarity polarity) {
    Known& k = known_of(condition);
    k.domain.restrict(comparison, polarity);
    k.literals.push_back({&condition, &comparison, polarity});
    if (k.domain.empty()) return fail(k);
    return condition.kind != Condition::Kind::kFact || follow(condition.fact);
  }

  bool assume_truth(const Condition& condition, Polarity polarity) {
    Known& k = known(kTruth, detail::canonical(condition, *file_));
    k.domain.restrict_truth(polarity == Polarity::kHolds);
    k.literals.push_back({&condition, nullptr, polarity});
    return !k.domain.empty() || fail(k);
  }

  bool take(const Choice& choice, std::size_t part) {
    if (choice.of == Choice::Of::kChildren) return assume(choice.owner->children[part], choice.polarity);
    return assume_comparison(*choice.owner, choice.owner->test.all[part], choice.polarity);
  }

  bool fail(const Known& k) {
    clash_ = {k.literals, nullptr};
    return false;
  }

  // What `fact` tells about another fact.
  bool pass_on(FactId fact, FactId other, const Numbers& numbers) {
    (void)known(other);  // made first: it may move the others
    const Literal cause = known(fact).literals.back();
    Known& target = known(other);
    target.domain.restrict_numbers(numbers);
    target.literals.push_back(cause);
    if (target.domain.empty()) return fail(target);
    return follow(other);
  }

  // Draws the conclusions from what is newly known of a fact.
  bool follow(FactId fact) {
    if (!is_related(fact)) return true;
    const Domain domain = known(fact).domain;
    switch (fact) {
      case FactId::kVisitorReturning:
        if (domain.may_be(true) && domain.may_be(false)) return true;
        return pass_on(fact, FactId::kVisitNumber, domain.may_be(true) ? Numbers::at_least(2) : Numbers::at_most(1));
      case FactId::kVisitorSinceLastVisit:
        return domain.may_be_missing() || pass_on(fact, FactId::kVisitNumber, Numbers::at_least(2));
      case FactId::kVisitorPressureState:
        return follow_pressure(domain);
      default:
        break;
    }
    for (const Order& order : kOrders) {
      if (domain.numbers().empty()) break;
      if (order.lower == fact) {
        const Edge<double>& low = domain.numbers().low();
        if (low.value && *low.value > 0 && !pass_on(fact, order.upper, Numbers::of({low, {}}))) return false;
      }
      if (order.upper == fact) {
        const Edge<double>& high = domain.numbers().high();
        if (high.value && known_below(order.lower, high) && !pass_on(fact, order.lower, Numbers::of({{}, high}))) {
          return false;
        }
      }
    }
    return true;
  }

  // Something is known of `lower` that goes beyond `high`: only then is it worth saying that it cannot.
  bool known_below(FactId lower, const Edge<double>& high) {
    for (const Known& k : known_) {
      if (k.fact != static_cast<int>(lower) || k.domain.numbers().empty()) continue;
      const Edge<double>& own = k.domain.numbers().high();
      return !own.value || *own.value > *high.value || (*own.value == *high.value && high.open && !own.open);
    }
    return false;
  }

  bool follow_pressure(const Domain& domain) {
    if (domain.may_be_missing() || domain.strings().empty()) return true;
    const Pressure& pressure = file_->pressure;
    const std::pair<std::string_view, Numbers> kStates[] = {
        {"under", Numbers::below(pressure.under)},
        {"balanced", Numbers::of({{pressure.under, false}, {pressure.over, true}})},
        {"over", Numbers::at_least(pressure.over)},
    };
    Numbers possible = Numbers::all();
    for (const auto& [state, numbers] : kStates) {
      const std::string name(state);
      if (domain.strings().intersect(IntervalSet<std::string>::points({name})).empty()) {
        possible = possible.intersect(numbers.complement());
      }
    }
    return pass_on(FactId::kVisitorPressureState, FactId::kVisitorPressure, possible);
  }

  const RuleFile* file_;
  std::size_t* steps_;
  std::vector<Known> known_;
  std::vector<Choice> choices_;
  Clash clash_;
};

std::optional<Clash> Prover::refute(const std::vector<Claim>& claims) {
  std::size_t steps = allowance();
  const std::size_t before = steps;
  State state(file_, steps);
  const bool possible = std::all_of(claims.begin(), claims.end(),
                                    [&](const Claim& c) { return state.assume(*c.condition, c.polarity); }) &&
                        state.settle(kMaxNestedChoices);
  spend(before - steps + 1);
  if (possible) return std::nullopt;
  return std::move(state.clash());
}

bool Prover::implies(const Condition& a, const Condition& b) {
  return refute({{&a, Polarity::kHolds}, {&b, Polarity::kFails}}).has_value();
}

Prover::Hypothesis::Hypothesis(Prover& prover, const Condition& condition)
    : prover_(prover), steps_(prover.allowance()) {
  const std::size_t before = steps_;
  auto state = std::make_unique<State>(prover.file_, steps_);
  if (state->assume(condition, Polarity::kHolds)) state_ = std::move(state);
  prover_.spend(before - steps_);
}

Prover::Hypothesis::~Hypothesis() = default;

bool Prover::Hypothesis::implies(const Condition& conclusion) {
  prover_.spend(1);
  if (!state_) return true;
  switch (conclusion.kind) {
    case Condition::Kind::kAll:
      return std::all_of(conclusion.children.begin(), conclusion.children.end(),
                         [&](const Condition& c) { return implies(c); });
    case Condition::Kind::kSegment:
      return implies(prover_.file_.segments[conclusion.segment].condition);
    case Condition::Kind::kFact:
    case Condition::Kind::kEvent:
      if (state_->entails(conclusion)) return true;
      // It may still follow from another fact, or from each way that a choice can go.
      if (!state_->has_choices() && !(conclusion.kind == Condition::Kind::kFact && is_related(conclusion.fact))) {
        return false;
      }
      return implies_by_proof(conclusion);
    default:
      return implies_by_proof(conclusion);
  }
}

bool Prover::Hypothesis::implies_by_proof(const Condition& conclusion) {
  steps_ = prover_.allowance();
  if (steps_ == 0) return false;
  const std::size_t before = steps_;
  State state = *state_;
  const bool follows = !(state.assume(conclusion, Polarity::kFails) && state.settle(kMaxNestedChoices));
  prover_.spend(before - steps_);
  return follows;
}

}  // namespace beckon::rules

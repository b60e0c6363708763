// Proving that conditions cannot hold together: what the warnings rest on. It never claims what is not so; what it
// cannot prove within its budget it leaves open.
//
// It reasons about one instant: each fact has one value, and each count, sequence and held condition is as it is.
// It takes apart `all`, `any`, `none` and segments, follows what values each fact can still have, and knows how some
// facts hang together: a returning visitor is in visit 2 or later, a page is not seen for longer than it is open.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "beckon/rules/rule_file.hpp"
#include "domain.hpp"

namespace beckon::rules {

// One test that was taken to hold or to fail. Without a comparison: a sequence or a held condition as a whole.
struct Literal {
  const Condition* condition = nullptr;
  const Comparison* comparison = nullptr;
  Polarity polarity = Polarity::kHolds;
};

// A condition that is taken to hold or to fail.
struct Claim {
  const Condition* condition = nullptr;
  Polarity polarity = Polarity::kHolds;
};

// Why claims contradict one another: the tests that left nothing over, the last found last; or an alternative (`any`,
// or the contrary of an `all`) of which no part can hold.
struct Clash {
  std::vector<Literal> literals;
  const Condition* alternative = nullptr;
};

// How many steps all the proofs of one check may take together. A step is one condition looked at.
inline constexpr std::size_t kMaxProofSteps = 250'000;
// … and one proof.
inline constexpr std::size_t kMaxStepsOfOneProof = 1'000;

// Thread safety: none.
class Prover {
 public:
  // `file` must outlive the prover and the clashes it tells.
  explicit Prover(const RuleFile& file) : file_(file) {}

  // Why the claims cannot hold together, all at one instant; nullopt when they perhaps can.
  [[nodiscard]] std::optional<Clash> refute(const std::vector<Claim>& claims);
  // True when a ⇒ b at every instant.
  [[nodiscard]] bool implies(const Condition& a, const Condition& b);
  class Hypothesis;

 private:
  class State;
  [[nodiscard]] std::size_t allowance() const { return std::min(steps_left_, kMaxStepsOfOneProof); }
  void spend(std::size_t steps) { steps_left_ -= std::min(steps_left_, steps); }
  const RuleFile& file_;
  std::size_t steps_left_ = kMaxProofSteps;
};

// A condition that is taken to hold, for asking what follows from it again and again.
//
// Thread safety: none.
class Prover::Hypothesis {
 public:
  // `condition` must outlive the hypothesis.
  Hypothesis(Prover& prover, const Condition& condition);
  ~Hypothesis();
  // True when `conclusion` holds whenever the hypothesis does.
  [[nodiscard]] bool implies(const Condition& conclusion);

 private:
  [[nodiscard]] bool implies_by_proof(const Condition& conclusion);
  Prover& prover_;
  std::size_t steps_ = 0;         // left to the proof being made
  std::unique_ptr<State> state_;  // nullptr: the hypothesis cannot hold, so that everything follows
};

}  // namespace beckon::rules

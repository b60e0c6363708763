// What a fact, a count or an event's value can still be after some tests: for proving that conditions contradict one
// another.
#pragma once

#include <string>
#include <vector>

#include "beckon/rules/condition.hpp"
#include "interval_set.hpp"

namespace beckon::rules {

// Whether a comparison is taken to hold or not to hold.
enum class Polarity : std::uint8_t { kHolds, kFails };
[[nodiscard]] constexpr Polarity opposite(Polarity p) {
  return p == Polarity::kHolds ? Polarity::kFails : Polarity::kHolds;
}

// Errs on one side: what it calls empty is empty, but it may hold values that no text can be.
//
// Thread safety: a value. Refers to the comparisons that it was restricted with.
class Domain {
 public:
  // All values of a type, or none.
  static Domain of_type(FactType type);
  // All values that a fact can have.
  static Domain of_fact(FactId fact);
  // What a count of remembered events can be.
  static Domain of_count();
  // What is only known to be true or false.
  static Domain of_truth();

  // Leaves the values for which the comparison holds or fails.
  void restrict(const Comparison& comparison, Polarity polarity);
  void restrict_truth(bool truth);
  void restrict_numbers(const IntervalSet<double>& numbers);

  [[nodiscard]] bool empty() const;
  [[nodiscard]] bool may_be_missing() const { return missing_; }
  [[nodiscard]] bool may_be(bool truth) const { return truth ? may_be_true_ : may_be_false_; }
  [[nodiscard]] const IntervalSet<double>& numbers() const { return numbers_; }
  [[nodiscard]] const IntervalSet<std::string>& strings() const { return strings_; }

 private:
  struct Pattern {
    const Comparison* comparison;
    Polarity polarity;
  };
  struct Matching;
  static Matching matching(const Comparison& comparison);
  void restrict_existence(bool exists, Polarity polarity);
  [[nodiscard]] bool no_number() const;
  [[nodiscard]] bool no_string() const;
  [[nodiscard]] bool suffixes_clash() const;

  bool missing_ = false;  // it may have no value
  bool may_be_true_ = false, may_be_false_ = false;
  bool whole_ = false;           // numbers are whole
  IntervalSet<double> numbers_;  // durations in milliseconds
  IntervalSet<std::string> strings_;
  std::vector<Pattern> patterns_;  // what strings_ cannot say
};

}  // namespace beckon::rules

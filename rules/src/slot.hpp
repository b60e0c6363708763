// A slot is one thing that conditions look at: a fact, a count of events, a sequence, something held. Its value is mapped to a
// small class, so that two values that no rule can tell apart have the same class; conditions are tests on classes.
//
//   class 0              no value
//   then                 false, true                          (when a test compares with a bool)
//   then                 numbers: one class between any two neighbouring thresholds
//   then                 strings: "some other", then one per constant
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "beckon/rules/condition.hpp"
#include "beckon/rules/event.hpp"
#include "string_table.hpp"

namespace beckon::rules::detail {

using Class = std::uint16_t;
inline constexpr Class kNoValue = 0;

// A set of classes: disjoint ranges, both ends included, ascending.
using ClassSet = std::vector<std::pair<Class, Class>>;

// A threshold: passed by x >= value, or, when `after`, by x > value.
struct Boundary {
  double value;
  bool after;
  friend bool operator==(const Boundary&, const Boundary&) = default;
  friend bool operator<(const Boundary& a, const Boundary& b) {
    return a.value != b.value ? a.value < b.value : !a.after && b.after;
  }
};

class Classes {
 public:
  // First every comparison is announced, then freeze(), then the rest.
  void announce(const Comparison& comparison);
  // A slot whose values are bools whatever its tests say: true is a class of its own.
  void announce_bool() { has_bool_ = true; }
  void freeze();

  [[nodiscard]] Class of(bool value) const { return value ? true_ : false_; }
  [[nodiscard]] Class of(double value) const {
    // A binary search without branches: how many thresholds are at or below the value.
    const double* at = thresholds_.data();
    std::size_t left = thresholds_.size();
    for (; left > 1; left -= left / 2) at += at[left / 2 - 1] <= value ? left / 2 : 0;
    const std::size_t passed = static_cast<std::size_t>(at - thresholds_.data()) + (left == 1 && *at <= value);
    return static_cast<Class>(lowest_number_ + passed);
  }
  [[nodiscard]] Class of(std::string_view value) const {
    const std::uint32_t found = constants_.find(value);
    return found == StringTable::kNone ? other_ : static_cast<Class>(other_ + 1 + found);
  }
  [[nodiscard]] Class of(const EventScalar& value) const {
    if (const auto* number = std::get_if<double>(&value)) return of(*number);
    if (const auto* flag = std::get_if<bool>(&value)) return of(*flag);
    if (const auto* text = std::get_if<std::string_view>(&value)) return of(*text);
    return kNoValue;
  }
  // The classes of the values for which the comparison holds. Not for pattern operators.
  [[nodiscard]] ClassSet where(const Comparison& comparison) const;
  [[nodiscard]] ClassSet complement(const ClassSet& set) const;
  [[nodiscard]] Class count() const { return count_; }

  [[nodiscard]] const std::vector<Boundary>& boundaries() const { return boundaries_; }
  // Of a clock: the first whole millisecond at which class c, not the lowest, is reached; kNotReached beyond the highest.
  static constexpr std::int64_t kNotReached = INT64_MAX;
  [[nodiscard]] std::int64_t reached_at(Class c) const {
    const std::size_t place = static_cast<std::size_t>(c - lowest_number_) - 1;
    return place < reached_ms_.size() ? reached_ms_[place] : kNotReached;
  }
  // By class from lowest_number() on, that of the one above it.
  [[nodiscard]] const std::int64_t* reached_next() const { return reached_ms_.data(); }
  [[nodiscard]] Class lowest_number() const { return lowest_number_; }
  [[nodiscard]] std::size_t constant_count() const { return constants_.size(); }
  [[nodiscard]] bool is_constant(Class c) const { return c > other_; }
  [[nodiscard]] bool is_true(Class c) const { return has_bool_ && c == true_; }
  // The class is that of one number alone, which some rule compares with by equality.
  [[nodiscard]] bool is_point(Class c) const;
  [[nodiscard]] std::size_t point_count() const { return points_; }

 private:
  [[nodiscard]] Class passed(Boundary boundary) const;  // the lowest class that has passed it

  std::vector<Boundary> boundaries_;
  std::vector<double> thresholds_;        // by boundary: the least number that has passed it
  std::vector<std::int64_t> reached_ms_;  // by boundary; then kNotReached
  std::size_t points_ = 0;
  StringTable constants_;
  bool has_bool_ = false;
  Class false_ = 1, true_ = 1, lowest_number_ = 1, other_ = 2, count_ = 3;
};

// Operators that are answered by patterns (patterns.hpp), not by classes, when their operand is a string.
[[nodiscard]] bool is_pattern(const Comparison& comparison);

struct Slot {
  enum class Source : std::uint8_t { kFact, kCount, kSequence, kHeld };
  Source source = Source::kFact;
  FactId fact = FactId::kPageUrl;
  std::string member;
  std::uint32_t index = 0;  // kCount, kSequence, kHeld: which
  Classes classes;
  std::int32_t patterns = -1;  // index of its PatternSet
};

}  // namespace beckon::rules::detail

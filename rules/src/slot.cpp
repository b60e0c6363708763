#include "slot.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace beckon::rules::detail {
namespace {

// A number as classes count it; durations in milliseconds.
std::optional<double> as_number(const Scalar& scalar) {
  if (const auto* number = std::get_if<double>(&scalar)) return *number;
  if (const auto* duration = std::get_if<Duration>(&scalar)) return static_cast<double>(duration->count());
  return std::nullopt;
}

bool has_string(const Comparison& comparison) {
  return !comparison.operands.empty() && std::holds_alternative<std::string>(comparison.operands.front());
}

void normalize(ClassSet& set) {
  std::sort(set.begin(), set.end());
  ClassSet merged;
  for (const auto& range : set) {
    if (!merged.empty() && range.first <= merged.back().second + 1) {
      merged.back().second = std::max(merged.back().second, range.second);
    } else {
      merged.push_back(range);
    }
  }
  set = std::move(merged);
}

}  // namespace

bool is_pattern(const Comparison& comparison) {
  switch (comparison.op) {
    case Operator::kPrefix:
    case Operator::kSuffix:
    case Operator::kContains:
    case Operator::kGlob:
    case Operator::kRegex:
      return true;
    case Operator::kLt:
    case Operator::kLte:
    case Operator::kGt:
    case Operator::kGte:
    case Operator::kBetween:
      return has_string(comparison);
    default:
      return false;
  }
}

void Classes::announce(const Comparison& comparison) {
  if (comparison.op == Operator::kExists || is_pattern(comparison)) return;
  const bool upper_only = comparison.op == Operator::kLte || comparison.op == Operator::kGt;
  const bool lower_only = comparison.op == Operator::kLt || comparison.op == Operator::kGte;
  const bool between = comparison.op == Operator::kBetween;
  for (std::size_t i = 0; i < comparison.operands.size(); ++i) {
    const Scalar& operand = comparison.operands[i];
    if (std::holds_alternative<bool>(operand)) {
      has_bool_ = true;
    } else if (const auto* text = std::get_if<std::string>(&operand)) {
      constants_.add(*text, static_cast<std::uint32_t>(constants_.size()));
    } else if (const auto number = as_number(operand)) {
      if (!upper_only && !(between && i == 1)) boundaries_.push_back({*number, false});
      if (!lower_only && !(between && i == 0)) boundaries_.push_back({*number, true});
    }
  }
}

void Classes::freeze() {
  std::sort(boundaries_.begin(), boundaries_.end());
  boundaries_.erase(std::unique(boundaries_.begin(), boundaries_.end()), boundaries_.end());
  for (const Boundary& boundary : boundaries_) {
    constexpr double kInfinity = std::numeric_limits<double>::infinity();
    thresholds_.push_back(boundary.after ? std::nextafter(boundary.value, kInfinity) : boundary.value);
    // Beyond some 300 million years nothing is reached.
    const double ms = boundary.after ? std::floor(boundary.value) + 1 : std::ceil(boundary.value);
    reached_ms_.push_back(ms > -9e18 && ms < 9e18 ? static_cast<std::int64_t>(ms) : ms > 0 ? kNotReached : 0);
  }
  reached_ms_.push_back(kNotReached);
  Class next = 1;
  if (has_bool_) {
    false_ = next++;
    true_ = next++;
  } else {
    false_ = true_ = next++;  // some bool
  }
  lowest_number_ = next;
  next = static_cast<Class>(next + boundaries_.size() + 1);
  other_ = next;
  count_ = static_cast<Class>(next + 1 + constants_.size());
  for (Class c = lowest_number_; c < other_; ++c) points_ += is_point(c);
}

bool Classes::is_point(Class c) const {
  if (c <= lowest_number_ || c + 1 >= other_) return false;  // below the first boundary, or above the last
  const std::size_t last_passed = static_cast<std::size_t>(c - lowest_number_) - 1;
  const Boundary& low = boundaries_[last_passed];
  return !low.after && boundaries_[last_passed + 1] == Boundary{low.value, true};
}

Class Classes::passed(Boundary boundary) const {
  const auto place = std::lower_bound(boundaries_.begin(), boundaries_.end(), boundary);
  return static_cast<Class>(lowest_number_ + (place - boundaries_.begin()) + 1);
}

ClassSet Classes::where(const Comparison& comparison) const {
  const Class highest_number = static_cast<Class>(other_ - 1);
  ClassSet set;
  // What equals one of the operands, and the whole range of the operands' types.
  ClassSet equal, typed;
  for (const Scalar& operand : comparison.operands) {
    if (const auto* flag = std::get_if<bool>(&operand)) {
      equal.emplace_back(of(*flag), of(*flag));
      typed.emplace_back(false_, true_);
    } else if (const auto* text = std::get_if<std::string>(&operand)) {
      equal.emplace_back(of(std::string_view(*text)), of(std::string_view(*text)));
      typed.emplace_back(other_, static_cast<Class>(count_ - 1));
    } else if (const auto number = as_number(operand)) {
      typed.emplace_back(lowest_number_, highest_number);
      const bool exact = comparison.op == Operator::kEq || comparison.op == Operator::kNe ||
                         comparison.op == Operator::kIn || comparison.op == Operator::kNotIn;
      if (exact) equal.emplace_back(passed({*number, false}), static_cast<Class>(passed({*number, true}) - 1));
    }
  }
  normalize(equal);
  normalize(typed);
  const auto number = [&](std::size_t i) { return as_number(comparison.operands[i]).value_or(0); };
  switch (comparison.op) {
    case Operator::kEq:
    case Operator::kIn:
      return equal;
    case Operator::kNe:
    case Operator::kNotIn:
      for (const auto& range : typed) {
        Class begin = range.first;
        for (const auto& hole : equal) {
          if (hole.first < range.first || hole.first > range.second) continue;
          if (hole.first > begin) set.emplace_back(begin, static_cast<Class>(hole.first - 1));
          begin = static_cast<Class>(hole.second + 1);
        }
        if (begin <= range.second) set.emplace_back(begin, range.second);
      }
      break;
    case Operator::kGte:
      set.emplace_back(passed({number(0), false}), highest_number);
      break;
    case Operator::kGt:
      set.emplace_back(passed({number(0), true}), highest_number);
      break;
    case Operator::kLt:
      set.emplace_back(lowest_number_, static_cast<Class>(passed({number(0), false}) - 1));
      break;
    case Operator::kLte:
      set.emplace_back(lowest_number_, static_cast<Class>(passed({number(0), true}) - 1));
      break;
    case Operator::kBetween: {
      const Class low = passed({number(0), false}), high = static_cast<Class>(passed({number(1), true}) - 1);
      if (low <= high) set.emplace_back(low, high);
      break;
    }
    case Operator::kExists: {
      const auto* wanted = std::get_if<bool>(&comparison.operands.front());
      const bool there = !wanted || *wanted;
      if (there) {
        set.emplace_back(1, static_cast<Class>(count_ - 1));
      } else {
        set.emplace_back(kNoValue, kNoValue);
      }
      break;
    }
    default:
      break;
  }
  normalize(set);
  return set;
}

ClassSet Classes::complement(const ClassSet& set) const {
  ClassSet rest;
  int begin = 0;
  for (const auto& range : set) {
    if (range.first > begin) rest.emplace_back(static_cast<Class>(begin), static_cast<Class>(range.first - 1));
    begin = range.second + 1;
  }
  if (begin < count_) rest.emplace_back(static_cast<Class>(begin), static_cast<Class>(count_ - 1));
  return rest;
}

}  // namespace beckon::rules::detail

// Sets of ordered values as unions of intervals: what a fact can still be after some tests. Closed under intersection
// and complement, so that "not between 2 and 5" is as exact as "at least 3".
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace beckon::rules {

// Where an interval ends; no value: it does not.
template <class T>
struct Edge {
  std::optional<T> value;
  bool open = false;  // the value itself is not in it
};

template <class T>
struct Interval {
  Edge<T> low, high;

  [[nodiscard]] bool empty() const {
    if (!low.value || !high.value) return false;
    return *high.value < *low.value || (*low.value == *high.value && (low.open || high.open));
  }
  [[nodiscard]] bool is_point() const { return low.value && high.value && *low.value == *high.value && !empty(); }
};

// Thread safety: a value.
template <class T>
class IntervalSet {
 public:
  // Nothing, everything, one value, one interval.
  IntervalSet() = default;
  static IntervalSet all() { return IntervalSet({Interval<T>{}}); }
  static IntervalSet of(Interval<T> interval) {
    return interval.empty() ? IntervalSet() : IntervalSet({std::move(interval)});
  }
  static IntervalSet at_least(T value) { return of({{std::move(value), false}, {}}); }
  static IntervalSet above(T value) { return of({{std::move(value), true}, {}}); }
  static IntervalSet at_most(T value) { return of({{}, {std::move(value), false}}); }
  static IntervalSet below(T value) { return of({{}, {std::move(value), true}}); }
  static IntervalSet between(T low, T high) { return of({{std::move(low), false}, {std::move(high), false}}); }
  static IntervalSet points(std::vector<T> values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    IntervalSet set;
    for (T& value : values) set.intervals_.push_back({{value, false}, {value, false}});
    return set;
  }

  [[nodiscard]] bool empty() const { return intervals_.empty(); }
  [[nodiscard]] const std::vector<Interval<T>>& intervals() const { return intervals_; }
  [[nodiscard]] bool finite() const {
    return std::all_of(intervals_.begin(), intervals_.end(), [](const Interval<T>& i) { return i.is_point(); });
  }
  // The outermost edges of a set that is not empty.
  [[nodiscard]] const Edge<T>& low() const { return intervals_.front().low; }
  [[nodiscard]] const Edge<T>& high() const { return intervals_.back().high; }

  [[nodiscard]] IntervalSet complement() const {
    IntervalSet out;
    Edge<T> from;  // where the next gap begins
    bool at_start = true;
    for (const Interval<T>& interval : intervals_) {
      if (interval.low.value) {
        Interval<T> gap{from, {interval.low.value, !interval.low.open}};
        if (!gap.empty()) out.intervals_.push_back(std::move(gap));
      }
      at_start = false;
      if (!interval.high.value) return out;
      from = {interval.high.value, !interval.high.open};
    }
    if (at_start) return all();
    out.intervals_.push_back({from, {}});
    return out;
  }

  [[nodiscard]] IntervalSet intersect(const IntervalSet& other) const {
    IntervalSet out;
    for (auto a = intervals_.begin(), b = other.intervals_.begin();
         a != intervals_.end() && b != other.intervals_.end();) {
      Interval<T> both{higher(a->low, b->low), lower(a->high, b->high)};
      if (!both.empty()) out.intervals_.push_back(std::move(both));
      // The one that ends first is done.
      (ends_before(a->high, b->high) ? a : b)++;
    }
    return out;
  }

  // Takes out the intervals for which `dropped` is true.
  template <class Predicate>
  void drop(Predicate dropped) {
    intervals_.erase(std::remove_if(intervals_.begin(), intervals_.end(), dropped), intervals_.end());
  }

 private:
  explicit IntervalSet(std::vector<Interval<T>> intervals) : intervals_(std::move(intervals)) {}

  static const Edge<T>& higher(const Edge<T>& a, const Edge<T>& b) {
    if (!a.value) return b;
    if (!b.value) return a;
    return *a.value < *b.value || (*a.value == *b.value && b.open) ? b : a;
  }
  static const Edge<T>& lower(const Edge<T>& a, const Edge<T>& b) { return ends_before(a, b) ? a : b; }
  static bool ends_before(const Edge<T>& a, const Edge<T>& b) {
    if (!a.value) return false;
    if (!b.value) return true;
    return *a.value < *b.value || (*a.value == *b.value && a.open);
  }

  std::vector<Interval<T>> intervals_;  // ascending, apart from one another
};

}  // namespace beckon::rules

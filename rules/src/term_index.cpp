// How a term index is asked. term_index_build.cpp is how it is built.
#include "term_index.hpp"

#include <algorithm>

namespace beckon::rules::detail {
namespace {

constexpr std::int32_t kLongList = 16;  // postings, from which on a search is quicker than a scan

}  // namespace

inline bool TermIndex::test(const View& view, const Literal& literal) const {
  if (literal.kind <= Literal::kOutside) {
    const Class c = view.classes[literal.slot];
    return (c >= literal.low && c <= literal.high) == (literal.kind == Literal::kRange);
  }
  if (literal.kind == Literal::kSet) {
    const Class c = view.classes[literal.slot];
    return sets_[literal.low + (std::size_t{literal.high} << 16)][c / 64] >> (c % 64) & 1;
  }
  bool there = false;
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) there |= view.patterns[i] == literal.slot;
  return there == (literal.kind == Literal::kPattern);
}

// The change lets the posting's literal become true. Conditions are monotone in their literals: without one that becomes
// true no condition does.
inline bool TermIndex::flips(const Posting& posting, Class before, Class after) const {
  switch (posting.kind) {
    case Literal::kRange:
    case Literal::kOutside: {
      const bool now = after >= posting.low && after <= posting.high;
      const bool then = before >= posting.low && before <= posting.high;
      return posting.kind == Literal::kRange ? now && !then : then && !now;
    }
    case Literal::kSet: {
      const auto& bits = sets_[posting.low + (std::size_t{posting.high} << 16)];
      return (bits[after / 64] >> (after % 64) & 1) && !(bits[before / 64] >> (before % 64) & 1);
    }
    case Literal::kPattern: return after && !before;
    default: return before && !after;
  }
}

bool TermIndex::test_rest(const View& view, const Rest& rest) const {
  if (rest.kind == Node::Kind::kLeaf) return test(view, rest_literals_[rest.begin]);
  const bool all = rest.kind == Node::Kind::kAll;
  for (std::uint32_t i = rest.begin; i < rest.end; ++i) {
    if (test_rest(view, rests_[i]) != all) return !all;
  }
  return all;
}

inline bool TermIndex::holds(const View& view, const Term& term, std::uint32_t skip) const {
  const Literal* begin = reinterpret_cast<const Literal*>(&term + 1);
  const Literal* end = begin + term.all;
  for (const Literal* literal = begin + skip; literal != end; ++literal) {
    if (!test(view, *literal)) return false;
  }
  return term.rest < 0 || test_rest(view, rests_[static_cast<std::size_t>(term.rest)]);
}

bool TermIndex::holds(const View& view, std::uint32_t target) const {
  if (target >= targets_) return false;
  for (std::uint32_t i = target_begin_[target]; i < target_begin_[target + 1]; ++i) {
    if (holds(view, term_at(target_terms_[i]), 0)) return true;
  }
  return false;
}

template <typename Visit>
inline void TermIndex::for_active(const View& view, Visit&& visit) const {
  if (clusters_.empty()) return;
  visit(clusters_.front());
  for (std::size_t i = 0; i < access_slots_.size(); ++i) {
    const std::uint32_t cluster = cluster_of_class_[i][view.classes[access_slots_[i]]];
    if (cluster) visit(clusters_[cluster]);
  }
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) {
    const std::uint32_t cluster = cluster_of_pattern_[view.patterns[i]];
    if (cluster) visit(clusters_[cluster]);
  }
}

void TermIndex::all(const View& view, Moment moment, std::vector<std::uint32_t>& found) const {
  for_active(view, [&](const Cluster& cluster) {
    const std::uint32_t end = moment == Moment::kPageStart ? cluster.late_begin : cluster.terms_end;
    for (std::uint32_t place = cluster.terms_begin; place < end;) {
      const Term& term = term_at(place);
      if (holds(view, term, term.access)) found.push_back(term.target);
      place += term.next_words;
    }
  });
}

inline const TermIndex::SlotPostings* TermIndex::postings_of(const Cluster& cluster, std::uint32_t slot,
                                                             std::size_t hot) const {
  if (hot != kNotHot) return cluster.hot[hot] ? &slot_postings_[cluster.hot[hot] - 1] : nullptr;
  if (!(cluster.slots & bit_of(slot))) return nullptr;
  const std::uint32_t* begin = posted_slots_.data() + cluster.slots_begin;
  const std::uint32_t* end = posted_slots_.data() + cluster.slots_end;
  const std::uint32_t* place = end - begin > kLongList ? std::lower_bound(begin, end, slot) : std::find(begin, end, slot);
  if (place == end || *place != slot) return nullptr;
  return &slot_postings_[static_cast<std::size_t>(place - posted_slots_.data())];
}

bool TermIndex::held_before(const View& view, Class* classes, std::span<const Change> changes,
                            std::uint32_t target) const {
  View before = view;
  std::vector<std::uint32_t> patterns;
  bool patterns_changed = false;
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    if (change->slot < slots_.size()) {
      classes[change->slot] = change->before;
      continue;
    }
    if (!patterns_changed) patterns.assign(view.patterns, view.patterns + view.pattern_count);
    patterns_changed = true;
    const std::uint32_t pattern = change->slot - static_cast<std::uint32_t>(slots_.size());
    const auto place = std::lower_bound(patterns.begin(), patterns.end(), pattern);
    const bool there = place != patterns.end() && *place == pattern;
    if (change->before && !there) patterns.insert(place, pattern);
    if (!change->before && there) patterns.erase(place);
  }
  if (patterns_changed) {
    before.patterns = patterns.data();
    before.pattern_count = static_cast<std::uint32_t>(patterns.size());
  }
  const bool held = holds(before, target);
  for (const Change& change : changes) {
    if (change.slot < slots_.size()) classes[change.slot] = change.after;
  }
  return held;
}

void TermIndex::newly_true(const View& view, Class* classes, std::span<const Change> changes,
                           std::vector<std::uint32_t>& found) const {
  // `was_false`: the term did not hold before, so that only the target's other terms can have made it hold.
  const auto consider = [&](const Term& term, bool was_false) {
    if (!holds(view, term, term.access)) return;
    if ((was_false && term.only_term) || !held_before(view, classes, changes, term.target)) found.push_back(term.target);
  };
  for (const Change& change : changes) {
    if (change.before == change.after) continue;
    const std::size_t hot = hot_place(change.slot);
    for_active(view, [&](const Cluster& cluster) {
      const SlotPostings* of_slot = postings_of(cluster, change.slot, hot);
      if (!of_slot) return;
      const Posting* posting = postings_.data() + of_slot->begin;
      const Posting* plain_end = posting + of_slot->plain;
      const Posting* end = plain_end + of_slot->others;
      if (change.after > change.before && of_slot->plain > static_cast<std::uint32_t>(kLongList)) {
        const auto by_low = [](Class low, const Posting& p) { return low < p.low; };
        posting = std::upper_bound(posting, plain_end, change.before, by_low);
        const Posting* last = std::upper_bound(posting, plain_end, change.after, by_low);
        for (; posting != last; ++posting) {
          if (posting->high >= change.after) consider(term_at(posting->term), true);
        }
        posting = plain_end;
      }
      for (; posting != end; ++posting) {
        if (flips(*posting, change.before, change.after)) consider(term_at(posting->term), !posting->in_rest);
      }
    });
    std::uint32_t entered = 0;
    if (change.slot < slots_.size()) {
      if (const std::uint32_t access = access_of_slot_[change.slot]) entered = cluster_of_class_[access - 1][change.after];
    } else if (change.after) {
      entered = cluster_of_pattern_[change.slot - slots_.size()];
    }
    if (!entered) continue;
    const Cluster& cluster = clusters_[entered];
    for (std::uint32_t place = cluster.terms_begin; place < cluster.terms_end;) {
      const Term& term = term_at(place);
      consider(term, term.sole_key);
      place += term.next_words;
    }
  }
}

void TermIndex::next_edges(const View& view, std::span<EdgeQuery> queries) const {
  for_active(view, [&](const Cluster& cluster) {
    for (EdgeQuery& query : queries) {
      const SlotPostings* of_slot = postings_of(cluster, query.slot, hot_place(query.slot));
      if (!of_slot) continue;
      const Class* begin = edges_.data() + of_slot->edges_begin;
      const Class* end = begin + of_slot->edges;
      const Class* edge = std::upper_bound(begin, end, query.from);
      if (edge != end && (query.next == 0 || *edge < query.next)) query.next = *edge;
    }
  });
}

}  // namespace beckon::rules::detail

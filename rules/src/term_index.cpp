// How a term index is asked. term_index_build.cpp is how it is built.
#include "term_index.hpp"

#include <algorithm>
#include <bit>

namespace beckon::rules::detail {
namespace {

constexpr std::int32_t kLongList = 16;  // entries, from which on a search is quicker than a scan
constexpr Class kNarrow = 64;           // classes that one word of edges tells apart

// Bits 0 to c.
constexpr std::uint64_t up_to(Class c) { return c >= kNarrow - 1 ? ~std::uint64_t{0} : (std::uint64_t{2} << c) - 1; }

// The edges that a change passes, in a word in which bit 63 stands for all classes from 63 on.
constexpr std::uint64_t edges_between(Class before, Class after) {
  const Class low = std::min(before, after), high = std::max(before, after);
  if (low >= kNarrow - 1) return std::uint64_t{1} << 63;
  return up_to(high) & ~up_to(low);
}

}  // namespace

inline bool TermIndex::test(const View& view, const Literal& literal) const {
  if (literal.kind <= Literal::kSet) return test_class(literal, view.classes[literal.slot]);
  bool there = false;
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) there |= view.patterns[i] == literal.slot;
  return there == (literal.kind == Literal::kPattern);
}

// The change lets the posting's literal become true. Conditions are monotone in their literals: without one that becomes
// true no condition does.
inline bool TermIndex::flips(const Posting& posting, Class before, Class after) const {
  if (posting.kind == Literal::kRange) {
    const auto inside = [&](Class c) { return c >= posting.low && c <= posting.high; };
    return inside(after) && !inside(before);
  }
  if (posting.kind == Literal::kPattern) return after && !before;
  if (posting.kind == Literal::kNotPattern) return before && !after;
  Literal literal;
  literal.kind = posting.kind & 15u;
  literal.low = posting.low;
  literal.high = posting.high;
  return test_class(literal, after) && !test_class(literal, before);
}

bool TermIndex::test_rest(const View& view, const Rest& rest) const {
  if (rest.kind == Node::Kind::kLeaf) {
    return std::any_of(rest_literals_.data() + rest.begin, rest_literals_.data() + rest.end,
                       [&](const Literal& literal) { return test(view, literal); });
  }
  const bool all = rest.kind == Node::Kind::kAll;
  for (std::uint32_t i = rest.begin; i < rest.end; ++i) {
    if (test_rest(view, rests_[i]) != all) return !all;
  }
  return all;
}

inline bool TermIndex::rest_holds(const View& view, const Term& term) const {
  return term.rest < 0 || test_rest(view, rests_[static_cast<std::size_t>(term.rest)]);
}

// All but the access is tested.
inline bool TermIndex::holds(const View& view, const Term& term) const {
  for (std::size_t i = term.access; i < term.all; ++i) {
    if (!test(view, literal_of(term, i))) return false;
  }
  return rest_holds(view, term);
}

// Only what no row answers for is tested.
inline bool TermIndex::lone_hold(const View& view, const Term& term) const {
  for (std::size_t i = term.access; i < term.access + std::size_t{term.lone}; ++i) {
    if (!test(view, literal_of(term, i))) return false;
  }
  return rest_holds(view, term);
}

bool TermIndex::holds(const View& view, std::uint32_t target) const {
  if (target >= targets_) return false;
  for (std::uint32_t i = target_begin_[target]; i < target_begin_[target + 1]; ++i) {
    const Term& term = terms_[target_terms_[i]];
    if ((!term.access || test(view, term.first.front())) && holds(view, term)) return true;
  }
  return false;
}

inline bool TermIndex::Triggers::meet(const Triggers& other) const {
  std::uint64_t met = 0;
  for (std::size_t i = 0; i < words.size(); ++i) met |= words[i] & other.words[i];
  return met != 0;
}

template <typename Visit>
inline void TermIndex::for_active(const View& view, Visit&& visit) const {
  if (clusters_.empty()) return;
  const Cluster* clusters = clusters_.data();
  visit(clusters[0]);
  for (const Access& access : accesses_) visit(clusters[access.clusters + view.classes[access.slot]]);
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) visit(clusters[1 + view.patterns[i]]);
}

// Visits the active clusters for which `wanted` holds. Clusters are far apart in memory: all are sent for before the first is
// looked at. Which are wanted is not foreseeable: they are collected, without a branch for each.
template <typename Wanted, typename Visit>
inline void TermIndex::for_wanted(const View& view, Wanted&& wanted, Visit&& visit) const {
  std::array<const Cluster*, 64> batch;
  std::size_t count = 0;
  const auto visit_batch = [&] {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const Cluster* cluster = batch[i];
      batch[kept] = cluster;
      kept += wanted(*cluster);
    }
    for (std::size_t i = 0; i < kept; ++i) visit(*batch[i]);
    count = 0;
  };
  for_active(view, [&](const Cluster& cluster) {
    __builtin_prefetch(&cluster);
    batch[count++] = &cluster;
    if (count == batch.size()) visit_batch();
  });
  visit_batch();
}

template <typename Visit>
inline void TermIndex::for_triggered(const View& view, const Triggers& triggers, Visit&& visit) const {
  // Mostly one thing changed, and one word tells.
  const auto is_set = [](std::uint64_t word) { return word != 0; };
  const auto& words = triggers.words;
  const auto first = std::find_if(words.begin(), words.end(), is_set);
  if (first == words.end()) return;
  if (std::none_of(first + 1, words.end(), is_set)) {
    const std::size_t place = static_cast<std::size_t>(first - words.begin());
    const std::uint64_t word = *first;
    for_wanted(view, [=](const Cluster& cluster) { return (cluster.triggers.words[place] & word) != 0; }, visit);
    return;
  }
  for_wanted(view, [&](const Cluster& cluster) { return cluster.triggers.meet(triggers); }, visit);
}

inline const std::uint64_t* TermIndex::row_of(const Matrix& matrix, std::uint32_t words, Class c) const {
  return words_.data() + matrix.rows + std::size_t{c} * words;
}

// Calls found(term) for those of the terms in `bits`, a piece of the cluster's terms from `first` on, that hold; `words` are in
// a row; `answered` is a matrix that need not be asked.
template <std::uint32_t kWords, typename Found>
inline void TermIndex::keep_true(const View& view, const Cluster& cluster, std::uint32_t words, std::uint32_t first,
                                 std::array<std::uint64_t, kWords> bits, const Matrix* answered, Found&& found) const {
  const Matrix* end = matrices_.data() + cluster.matrices + cluster.matrix_count;
  for (const Matrix* matrix = end - cluster.matrix_count; matrix != end; ++matrix) {
    if (matrix == answered) continue;
    const std::uint64_t* row = row_of(*matrix, words, view.classes[matrix->slot]) + first / 64;
    std::uint64_t any = 0;
    for (std::uint32_t w = 0; w < kWords; ++w) any |= bits[w] &= row[w];
    if (!any) return;
  }
  for (std::uint32_t w = 0; w < kWords; ++w) {
    for (std::uint64_t left = bits[w]; left; left &= left - 1) {
      const Term& term = terms_[cluster.terms + first + w * 64 + static_cast<std::uint32_t>(std::countr_zero(left))];
      if (lone_hold(view, term)) found(term);
    }
  }
}

template <std::uint32_t kWords, typename Found>
inline void TermIndex::true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Found&& found) const {
  const std::uint32_t words = kWords < 4 ? kWords : words_of(cluster);
  for (std::uint32_t first = 0; first < count; first += kWords * 64) {
    std::array<std::uint64_t, kWords> bits;
    for (std::uint32_t w = 0; w < kWords; ++w) {
      const std::uint32_t begin = first + w * 64;
      bits[w] = begin >= count ? 0 : up_to(static_cast<Class>(std::min(count - begin, 64u) - 1));
    }
    keep_true<kWords>(view, cluster, words, first, bits, nullptr, found);
  }
}

// Calls found(term) for those of the cluster's first `count` terms that hold.
template <typename Found>
inline void TermIndex::true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Found&& found) const {
  switch (words_of(cluster)) {
    case 1:
      if (cluster.matrix_count) return true_terms<1>(view, cluster, count, found);
      for (const Term* term = terms_.data() + cluster.terms; count > 0; --count, ++term) {
        if (holds(view, *term)) found(*term);
      }
      return;
    case 2: return true_terms<2>(view, cluster, count, found);
    default: return true_terms<4>(view, cluster, count, found);
  }
}

void TermIndex::all(const View& view, Moment moment, std::vector<std::uint32_t>& found) const {
  const auto count_of = [moment](const Cluster& cluster) {
    return moment == Moment::kPageStart ? cluster.early : cluster.count;
  };
  for_wanted(view, [&](const Cluster& cluster) { return count_of(cluster) != 0; }, [&](const Cluster& cluster) {
    true_terms(view, cluster, count_of(cluster), [&](const Term& term) { found.push_back(term.target); });
  });
}

inline const TermIndex::SlotUse* TermIndex::use_of(const Cluster& cluster, std::uint32_t slot, std::size_t hot) const {
  if (hot != kNotHot && cluster.hot_uses[hot]) return &uses_[cluster.uses + cluster.hot_uses[hot] - 1u];
  const std::uint64_t bit = bit_of(slot);
  if (!(cluster.triggers.slots() & bit)) return nullptr;
  const std::uint32_t* begin = used_slots_.data() + cluster.uses;
  const std::uint32_t* end = begin + cluster.use_count;
  const std::uint32_t* place = end - begin > kLongList ? std::lower_bound(begin, end, slot) : std::find(begin, end, slot);
  if (place == end || *place != slot) return nullptr;
  return &uses_[static_cast<std::size_t>(place - used_slots_.data())];
}

// The term's target held before the changes.
bool TermIndex::held_before(const View& view, Class* classes, std::span<const Change> changes, const Term& term) const {
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
  const bool held = !term.only_term ? holds(before, term.target)
                                    : (!term.access || test(before, term.first.front())) && holds(before, term);
  for (const Change& change : changes) {
    if (change.slot < slots_.size()) classes[change.slot] = change.after;
  }
  return held;
}

template <std::uint32_t kWords, typename Found>
inline void TermIndex::flipped_rows(const View& view, const Cluster& cluster, const Matrix& matrix, const Change& change,
                                    Found&& found) const {
  const std::uint32_t words = kWords < 4 ? kWords : words_of(cluster);
  const std::uint64_t* now = row_of(matrix, words, change.after);
  const std::uint64_t* then = row_of(matrix, words, change.before);
  const Matrix* answered = view.classes[change.slot] == change.after ? &matrix : nullptr;  // else another change follows
  for (std::uint32_t first = 0; first < words; first += kWords) {
    std::array<std::uint64_t, kWords> bits;
    std::uint32_t in_use = 0, last = 0;
    for (std::uint32_t w = 0; w < kWords; ++w) {
      bits[w] = now[first + w] & ~then[first + w];
      if (!bits[w]) continue;
      ++in_use;
      last = w;
    }
    if (in_use == 0) continue;
    if (in_use > 1) {
      keep_true<kWords>(view, cluster, words, first * 64, bits, answered, found);
      continue;
    }
    const std::uint32_t begin = (first + last) * 64;
    const std::uint64_t any = bits[last], but_one = any & (any - 1);
    if (but_one & (but_one - 1)) {
      keep_true<1>(view, cluster, words, begin, {any}, answered, found);
      continue;
    }
    // One or two terms: their literals are fewer than the cluster's rows.
    for (std::uint64_t left = any; left; left &= left - 1) {
      const Term& term = terms_[cluster.terms + begin + static_cast<std::uint32_t>(std::countr_zero(left))];
      if (holds(view, term)) found(term);
    }
  }
}

// Calls found(term, was_false) for the terms that hold and of which the change made a literal true; `was_false`: that literal
// had to hold, so the term did not hold before.
template <typename Found>
inline void TermIndex::flipped_terms(const View& view, const Cluster& cluster, const SlotUse& use, const Change& change,
                                     Found&& found) const {
  if (use.matrix) {
    const Matrix& matrix = matrices_[use.matrix - 1];
    const auto was_false = [&](const Term& term) { found(term, true); };
    switch (words_of(cluster)) {
      case 1: flipped_rows<1>(view, cluster, matrix, change, was_false); break;
      case 2: flipped_rows<2>(view, cluster, matrix, change, was_false); break;
      default: flipped_rows<4>(view, cluster, matrix, change, was_false); break;
    }
  }
  const Posting* posting = postings_.data() + use.begin;
  const Posting* ranges_end = posting + use.ranges;
  const Posting* end = ranges_end + use.others;
  const auto consider = [&](const Posting& flipped) {
    const Term& term = terms_[flipped.term];
    if (holds(view, term)) found(term, !flipped.in_rest);
  };
  if (change.after > change.before) {
    if (use.ranges > static_cast<std::uint32_t>(kLongList)) {
      const auto by_low = [](Class low, const Posting& p) { return low < p.low; };
      posting = std::upper_bound(posting, ranges_end, change.before, by_low);
    }
    for (; posting != ranges_end && posting->low <= change.after; ++posting) {
      if ((posting->low > change.before) & (posting->high >= change.after)) consider(*posting);
    }
    posting = ranges_end;
  }
  for (; posting != end; ++posting) {
    if (flips(*posting, change.before, change.after)) consider(*posting);
  }
}

inline TermIndex::Triggers TermIndex::triggers_of(std::span<const Change> changes) const {
  Triggers triggers;
  for (const Change& change : changes) {
    if (const std::size_t hot = hot_place(change.slot); hot != kNotHot) {
      triggers.clock_edges(hot) |= edges_between(change.before, change.after);
    } else {
      triggers.slots() |= bit_of(change.slot);
    }
  }
  return triggers;
}

// The cluster that the change made active; nullptr where there is none, or another change of the same follows.
const TermIndex::Cluster* TermIndex::entered_by(const View& view, const Change& change) const {
  if (change.slot < slots_.size()) {
    const std::uint32_t access = access_of_slot_[change.slot];
    if (!access || view.classes[change.slot] != change.after) return nullptr;
    return &cluster_of(accesses_[access - 1], change.after);
  }
  if (!change.after) return nullptr;
  const std::uint32_t pattern = change.slot - static_cast<std::uint32_t>(slots_.size());
  const std::uint32_t* end = view.patterns + view.pattern_count;
  return std::find(view.patterns, end, pattern) != end ? &cluster_of_pattern(pattern) : nullptr;
}

void TermIndex::newly_true(const View& view, Class* classes, std::span<const Change> changes,
                           std::vector<std::uint32_t>& found) const {
  // `was_false`: the term did not hold before, so that only the target's other terms can have made it hold.
  const auto consider = [&](const Term& term, bool was_false) {
    if ((was_false && term.only_term) || !held_before(view, classes, changes, term)) found.push_back(term.target);
  };
  // Of a slot's second change, `before` is not the class before all changes.
  const auto is_first = [&](const Change& change) {
    return std::none_of(changes.data(), &change, [&](const Change& earlier) { return earlier.slot == change.slot; });
  };
  for_triggered(view, triggers_of(changes), [&](const Cluster& cluster) {
    for (const Change& change : changes) {
      if (change.before == change.after) continue;
      const SlotUse* use = use_of(cluster, change.slot, hot_place(change.slot));
      if (!use) continue;
      const bool first = is_first(change);
      flipped_terms(view, cluster, *use, change,
                    [&](const Term& term, bool was_false) { consider(term, was_false && first); });
    }
  });
  for (const Change& change : changes) {
    const Cluster* entered = change.before != change.after ? entered_by(view, change) : nullptr;
    if (!entered || !entered->count) continue;
    const bool first = is_first(change);
    true_terms(view, *entered, entered->count, [&](const Term& term) { consider(term, term.sole_key && first); });
  }
}

void TermIndex::next_edges(const View& view, std::span<EdgeQuery> queries) const {
  Triggers all;
  for_active(view, [&](const Cluster& cluster) {
    for (std::size_t i = 0; i < all.words.size(); ++i) all.words[i] |= cluster.triggers.words[i];
  });
  for (EdgeQuery& query : queries) {
    const auto take = [&query](Class edge) {
      if (query.next == 0 || edge < query.next) query.next = edge;
    };
    const std::size_t hot = hot_place(query.slot);
    if (hot != kNotHot) {
      const std::uint64_t last = std::uint64_t{1} << (kNarrow - 1);
      const std::uint64_t above = all.clock_edges(hot) & (query.from >= kNarrow - 1 ? last : ~up_to(query.from));
      if (!above) continue;
      const int lowest = std::countr_zero(above);
      if (lowest < kNarrow - 1) {
        take(static_cast<Class>(lowest));
        continue;
      }
    }
    for_active(view, [&](const Cluster& cluster) {
      const SlotUse* use = use_of(cluster, query.slot, hot);
      if (!use) return;
      const Class* begin = edges_.data() + use->edges_begin;
      const Class* end = begin + use->edges;
      const Class* edge = std::upper_bound(begin, end, query.from);
      if (edge != end) take(*edge);
    });
  }
}

}  // namespace beckon::rules::detail

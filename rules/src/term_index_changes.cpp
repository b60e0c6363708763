// How a term index is asked what changes made true.
#include <algorithm>

#include "term_index_terms.hpp"

namespace beckon::rules::detail {
namespace {

// The edges that a change passes, in a word in which bit 63 stands for all classes from 63 on.
constexpr std::uint64_t edges_between(Class before, Class after) {
  const Class low = std::min(before, after), high = std::max(before, after);
  if (low >= kWordBits - 1) return std::uint64_t{1} << 63;
  return up_to(high) & ~up_to(low);
}

}  // namespace

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
  literal.kind = posting.kind;
  literal.low = posting.low;
  literal.high = posting.high;
  return test_class(literal, after) && !test_class(literal, before);
}

inline bool TermIndex::Triggers::meet(const Triggers& other) const {
  std::uint64_t met = 0;
  for (std::size_t i = 0; i < words.size(); ++i) met |= words[i] & other.words[i];
  return met != 0;
}

// The active clusters that the changes concern; in `active`.
inline std::span<const TermIndex::Cluster* const> TermIndex::triggered(Active& active, const Triggers& triggers) const {
  const Cluster** const wanted = active.wanted_.data();
  std::size_t kept = 0;
  const auto keep_if = [&](auto&& concerns) {
    for (const std::uint32_t place : active.places()) {
      wanted[kept] = &clusters_[place];
      kept += concerns(clusters_[place]);
    }
  };
  // Mostly one thing changed, and one word tells.
  const auto& words = triggers.words;
  const auto is_set = [](std::uint64_t word) { return word != 0; };
  const auto first = std::find_if(words.begin(), words.end(), is_set);
  if (first == words.end()) return {};
  if (std::none_of(first + 1, words.end(), is_set)) {
    const std::size_t place = static_cast<std::size_t>(first - words.begin());
    keep_if([place, word = *first](const Cluster& cluster) { return (cluster.triggers.words[place] & word) != 0; });
  } else {
    keep_if([&](const Cluster& cluster) { return cluster.triggers.meet(triggers); });
  }
  return {wanted, kept};
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
  const bool held = term.only_term ? holds_with_access(before, term) : holds(before, term.target);
  for (const Change& change : changes) {
    if (change.slot < slots_.size()) classes[change.slot] = change.after;
  }
  return held;
}

template <std::uint32_t kWords>
inline TermIndex::Hit* TermIndex::flipped_rows(const View& view, const Cluster& cluster, const Matrix& matrix,
                                               const Change& change, Hit* out) const {
  const std::uint32_t words = kWords < 4 ? kWords : words_of(cluster);
  const std::uint64_t* now = row_of(matrix, words, change.after);
  const std::uint64_t* then = row_of(matrix, words, change.before);
  const Matrix* answered = view.classes[change.slot] == change.after ? &matrix : nullptr;  // else another change follows
  for (std::uint32_t first = 0; first < words; first += kWords) {
    std::array<std::uint64_t, kWords> bits;
    std::uint64_t any = 0;
    for (std::uint32_t w = 0; w < kWords; ++w) any |= bits[w] = now[first + w] & ~then[first + w];
    if (any) out = keep_true<kWords>(view, cluster, words, first * 64, bits, answered, out);
  }
  return out;
}

// The terms that hold and of which the change made a literal true, where it is known which ranges begin on the clock's way.
// Step by step for all clusters, so that memory is waited for once, not once for each.
inline const TermIndex::Hit* TermIndex::flipped_by_clock(const View& view, std::span<const UseIn> uses,
                                                         const Change& change, std::vector<Hit>& hits) const {
  std::size_t most = 1;
  for (const auto& [cluster, use] : uses) most += use->ranges + use->others;
  if (hits.size() < most) hits.resize(most);
  Hit* out = hits.data();
  for (const auto& [cluster, use] : uses) {
    const Posting* postings = postings_.data() + use->begin;
    const std::uint32_t* starts = starts_.data() + use->starts;
    const Posting* end = postings + starts[change.after + 1];
    for (const Posting* posting = postings + starts[change.before + 1]; posting != end; ++posting) {
      *out = {terms_.data() + posting->term, !posting->in_rest};
      __builtin_prefetch(out->term);
      out += posting->high >= change.after;
    }
    end = postings + use->ranges + use->others;
    for (const Posting* posting = postings + use->ranges; posting != end; ++posting) {
      *out = {terms_.data() + posting->term, !posting->in_rest};
      out += flips(*posting, change.before, change.after);
    }
  }
  Hit* kept = hits.data();
  for (const Hit* hit = kept; hit != out; ++hit) {
    *kept = *hit;
    kept += holds(view, *kept->term);
  }
  return kept;
}

// The terms that hold and of which the change made a literal true.
inline TermIndex::Hit* TermIndex::flipped_terms(const View& view, const Cluster& cluster, const SlotUse& use,
                                                const Change& change, Hit* out) const {
  const Posting* posting = postings_.data() + use.begin;
  const Posting* ranges_end = posting + use.ranges;
  const auto put = [&](const Posting& flipped, bool flips) {
    const Term& term = terms_[flipped.term];
    *out = {&term, !flipped.in_rest};
    out += flips & holds(view, term);
  };
  if (use.matrix) {
    const Matrix& matrix = matrices_[use.matrix - 1];
    switch (words_of(cluster)) {
      case 1: out = flipped_rows<1>(view, cluster, matrix, change, out); break;
      case 2: out = flipped_rows<2>(view, cluster, matrix, change, out); break;
      default: out = flipped_rows<4>(view, cluster, matrix, change, out); break;
    }
  }
  if (change.after > change.before) {
    constexpr std::uint32_t kLongSearch = 16;  // postings, from which on halving is quicker
    if (use.ranges > kLongSearch) {
      const auto by_low = [](Class low, const Posting& p) { return low < p.low; };
      posting = std::upper_bound(posting, ranges_end, change.before, by_low);
    }
    for (; posting != ranges_end && posting->low <= change.after; ++posting) {
      if ((posting->low > change.before) & (posting->high >= change.after)) put(*posting, true);
    }
    posting = ranges_end;
  }
  for (const Posting* end = ranges_end + use.others; posting != end; ++posting) {
    if (flips(*posting, change.before, change.after)) put(*posting, true);
  }
  return out;
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
    return &clusters_[filed_[accesses_[access - 1].filed + change.after]];
  }
  if (!change.after) return nullptr;
  const std::uint32_t pattern = change.slot - static_cast<std::uint32_t>(slots_.size());
  const std::uint32_t* end = view.patterns + view.pattern_count;
  return std::find(view.patterns, end, pattern) != end ? &clusters_[filed_[1 + pattern]] : nullptr;
}

void TermIndex::newly_true(const View& view, Active& active, Class* classes, std::span<const Change> changes,
                           std::vector<std::uint32_t>& found) const {
  // A term that did not hold before: only its target's other terms can have made that hold.
  const auto take = [&](const Hit* end, bool first) {
    for (const Hit* hit = active.hits_.data(); hit != end; ++hit) {
      const bool was_false = hit->was_false && first && hit->term->only_term;
      if (was_false || !held_before(view, classes, changes, *hit->term)) found.push_back(hit->term->target);
    }
  };
  // Of a slot's second change, `before` is not the class before all changes.
  const auto is_first = [&](const Change& change) {
    return std::none_of(changes.data(), &change, [&](const Change& earlier) { return earlier.slot == change.slot; });
  };
  const std::span<const Cluster* const> concerned = triggered(active, triggers_of(changes));
  for (const Change& change : changes) {
    if (change.before == change.after) continue;
    const bool first = is_first(change);
    const std::size_t hot = hot_place(change.slot);
    std::size_t used = 0;
    for (const Cluster* cluster : concerned) {
      if (const SlotUse* use = use_of(*cluster, change.slot, hot)) active.uses_[used++] = {cluster, use};
    }
    if (hot != kNotHot && slots_[change.slot].classes.count() <= kWordBits && change.after > change.before) {
      take(flipped_by_clock(view, {active.uses_.data(), used}, change, active.hits_), first);
      continue;
    }
    for (std::size_t i = 0; i < used; ++i) {
      const auto& [cluster, use] = active.uses_[i];
      take(flipped_terms(view, *cluster, *use, change, active.hits_.data()), first);
    }
    const Cluster* entered = entered_by(view, change);
    if (!entered) continue;
    Hit* const hits = active.hits_.data();
    Hit* const end = true_terms(view, *entered, entered->count, hits);
    for (Hit* hit = hits; hit != end; ++hit) hit->was_false = hit->term->sole_key;
    take(end, first);
  }
}

}  // namespace beckon::rules::detail

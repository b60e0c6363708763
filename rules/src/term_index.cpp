// How a term index is asked what holds, and when that can change by time; term_index_changes.cpp: what a change made true.
// term_index_build.cpp is how it is built.
#include <algorithm>

#include "term_index_terms.hpp"

namespace beckon::rules::detail {

bool TermIndex::test(const View& view, const Literal& literal) const {
  if (literal.kind <= Literal::kSet) return test_class(literal, view.classes[literal.slot]);
  bool there = false;
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) there |= view.patterns[i] == literal.slot;
  return there == (literal.kind == Literal::kPattern);
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

bool TermIndex::hold_all(const View& view, const Term& term) const {
  bool held = false;
  for (std::uint32_t i = term.access; i < term.count; ++i) {
    const Literal& literal = literals_[term.literals + i];
    held |= test(view, literal);
    if (literal.or_next) continue;
    if (!held) return false;
    held = false;
  }
  return term.rest < 0 || test_rest(view, rests_[static_cast<std::size_t>(term.rest)]);
}

bool TermIndex::holds(const View& view, std::uint32_t target) const {
  if (target >= targets_) return false;
  for (std::uint32_t i = target_begin_[target]; i < target_begin_[target + 1]; ++i) {
    if (holds_with_access(view, terms_[target_terms_[i]])) return true;
  }
  return false;
}

// Which of them have terms is not foreseeable: they are collected without a branch for each.
void TermIndex::activate(const View& view, Active& active) const {
  const std::size_t most = 1 + accesses_.size() + view.pattern_count;
  if (active.places_.size() < most) {
    active.places_.resize(most);
    active.wanted_.resize(most);
    active.uses_.resize(most);
  }
  if (active.hits_.size() < most_hits_) active.hits_.resize(most_hits_);
  active.count_ = 0;
  if (filed_.empty()) return;
  const std::uint32_t* const filed = filed_.data();
  std::uint32_t* out = active.places_.data();
  const auto take = [&out](std::uint32_t place) {
    *out = place;
    out += place != 0;
  };
  take(filed[0]);
  for (const Access& access : accesses_) take(filed[access.filed + view.classes[access.slot]]);
  for (std::uint32_t i = 0; i < view.pattern_count; ++i) take(filed[1 + view.patterns[i]]);
  active.count_ = static_cast<std::size_t>(out - active.places_.data());
}

void TermIndex::all(const View& view, Active& active, Moment moment, std::vector<std::uint32_t>& found) const {
  const auto count_of = [moment](const Cluster& cluster) {
    return moment == Moment::kPageStart ? cluster.early : cluster.count;
  };
  std::size_t most = found.size();
  for (const std::uint32_t place : active.places()) {
    const Cluster& cluster = clusters_[place];
    most += count_of(cluster);
  }
  const std::size_t known = found.size();
  found.resize(most);
  std::uint32_t* out = found.data() + known;
  for (const std::uint32_t place : active.places()) {
    const Cluster& cluster = clusters_[place];
    out = true_terms(view, cluster, count_of(cluster), out);
  }
  found.resize(static_cast<std::size_t>(out - found.data()));
}

void TermIndex::next_edges(const Active& active, std::span<EdgeQuery> queries) const {
  Triggers all;
  for (const std::uint32_t place : active.places()) {
    for (std::size_t i = 0; i < all.words.size(); ++i) all.words[i] |= clusters_[place].triggers.words[i];
  }
  for (EdgeQuery& query : queries) {
    const auto take = [&query](Class edge) {
      if (query.next == 0 || edge < query.next) query.next = edge;
    };
    const std::size_t hot = hot_place(query.slot);
    if (hot != kNotHot) {
      const std::uint64_t last = std::uint64_t{1} << (kWordBits - 1);
      const std::uint64_t above = all.clock_edges(hot) & (query.from >= kWordBits - 1 ? last : ~up_to(query.from));
      if (!above) continue;
      const int lowest = std::countr_zero(above);
      if (lowest < kWordBits - 1) {
        take(static_cast<Class>(lowest));
        continue;
      }
    }
    for (const std::uint32_t place : active.places()) {
      const SlotUse* use = use_of(clusters_[place], query.slot, hot);
      if (!use) continue;
      const Class* begin = edges_.data() + use->edges_begin;
      const Class* end = begin + use->edges;
      const Class* edge = std::upper_bound(begin, end, query.from);
      if (edge != end) take(*edge);
    }
  }
}

}  // namespace beckon::rules::detail

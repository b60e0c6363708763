// How terms are filed: in the clusters of their accesses, and in those by slot, as rows of a matrix or as postings.
#include <algorithm>
#include <cstring>
#include <unordered_map>

#include "term_index.hpp"

namespace beckon::rules::detail {
namespace {

constexpr std::size_t kSmallCluster = 6;     // terms: fewer are tested one by one
constexpr std::size_t kFewLiterals = 3;      // of a slot: fewer are not worth a row's cache line…
constexpr std::size_t kTermsALiteral = 32;   // …nor are fewer than one in so many terms
constexpr std::size_t kWordsALiteral = 24;   // a matrix takes no more than so many words a literal
constexpr Class kManyClasses = 512;          // a slot has, whose literals are not tested by bits

}  // namespace

// A literal of a cluster's term, under its slot.
struct TermIndex::Listed {
  std::uint32_t slot;
  Posting posting;  // its term counts from the cluster's first
  Literal literal;
  [[nodiscard]] bool is_range() const { return posting.kind == Literal::kRange; }
  [[nodiscard]] bool fits_a_row() const { return literal.kind <= Literal::kSet && !posting.in_rest; }
};

// What filing a cluster needs for a moment.
struct TermIndex::Filing {
  std::vector<Listed> listed;
  std::vector<Class> edges;
  std::vector<std::pair<std::size_t, Matrix>> matrices;  // with the number of their literals
};

void TermIndex::edges_of(const Literal& literal, std::vector<Class>& edges) const {
  if (literal.kind == Literal::kPattern || literal.kind == Literal::kNotPattern) return;
  const Class count = slots_[literal.slot].classes.count();
  if (literal.kind != Literal::kSet) {
    if (literal.low > 0) edges.push_back(literal.low);
    if (literal.high + 1 < count) edges.push_back(static_cast<Class>(literal.high + 1));
    return;
  }
  for (Class c = 1; c < count; ++c) {
    if (test_class(literal, c) != test_class(literal, static_cast<Class>(c - 1))) edges.push_back(c);
  }
}

void TermIndex::list_literal(const Literal& literal, std::uint32_t term, bool in_rest, std::vector<Listed>& listed) const {
  const bool of_pattern = literal.kind == Literal::kPattern || literal.kind == Literal::kNotPattern;
  Posting posting;
  posting.low = literal.low;
  posting.high = literal.high;
  posting.term = term & 0xfffffff;
  posting.kind = literal.kind & 7u;
  posting.in_rest = in_rest;
  const std::uint32_t slot = literal.slot + (of_pattern ? static_cast<std::uint32_t>(slots_.size()) : 0);
  listed.push_back({slot, posting, literal});
}

void TermIndex::list_rest(const Rest& rest, std::uint32_t term, std::vector<Listed>& listed) const {
  for (std::uint32_t i = rest.begin; i < rest.end; ++i) {
    if (rest.kind == Node::Kind::kLeaf) {
      list_literal(rest_literals_[i], term, true, listed);
    } else {
      list_rest(rests_[i], term, listed);
    }
  }
}

// The rows of a slot: all ones, less the terms whose literal does not hold on the row's class. False: they are not worth it.
bool TermIndex::make_matrix(const Cluster& cluster, std::span<const Listed> listed, Filing& filing) {
  const std::uint32_t slot = listed.front().slot;
  const std::size_t words = words_of(cluster), classes = slots_[slot].classes.count();
  const std::size_t literals =
      static_cast<std::size_t>(std::count_if(listed.begin(), listed.end(), [](const Listed& one) { return one.fits_a_row(); }));
  if (literals < kFewLiterals || literals * kTermsALiteral < cluster.count) return false;
  if (classes * words > literals * kWordsALiteral) return false;

  const Matrix matrix{slot, static_cast<std::uint32_t>(words_.size())};
  words_.resize(words_.size() + classes * words, ~std::uint64_t{0});
  for (const Listed& one : listed) {
    if (!one.fits_a_row()) continue;
    std::uint64_t* word = &words_[matrix.rows + one.posting.term / 64];
    for (std::size_t c = 0; c < classes; ++c, word += words) {
      if (!test_class(one.literal, static_cast<Class>(c))) *word &= ~bit_of(one.posting.term);
    }
  }
  filing.matrices.emplace_back(literals, matrix);
  return true;
}

// What one slot is to the cluster, from all its literals.
void TermIndex::file_slot(Cluster& cluster, std::span<const Listed> listed, Filing& filing) {
  const std::uint32_t slot = listed.front().slot;
  SlotUse use;
  const bool has_matrix =
      slot < slots_.size() && cluster.count >= kSmallCluster && make_matrix(cluster, listed, filing);
  const bool is_narrow_clock = hot_place(slot) != kNotHot && slots_[slot].classes.count() <= kWordBits;
  use.begin = static_cast<std::uint32_t>(postings_.size());
  filing.edges.clear();
  for (const Listed& one : listed) {
    edges_of(one.literal, filing.edges);
    if (has_matrix && one.fits_a_row() && !is_narrow_clock) continue;
    ++(one.is_range() ? use.ranges : use.others);
    postings_.push_back(one.posting);
    postings_.back().term = (cluster.terms + one.posting.term) & 0xfffffff;
  }
  if (is_narrow_clock) make_starts(use, slot);
  most_hits_ = std::max(most_hits_, std::size_t{cluster.count} + use.ranges + use.others + 1);
  std::sort(filing.edges.begin(), filing.edges.end());
  filing.edges.erase(std::unique(filing.edges.begin(), filing.edges.end()), filing.edges.end());
  use.edges_begin = static_cast<std::uint32_t>(edges_.size());
  use.edges = static_cast<std::uint32_t>(filing.edges.size());
  edges_.insert(edges_.end(), filing.edges.begin(), filing.edges.end());
  if (const std::size_t hot = hot_place(slot); hot != kNotHot) {
    for (const Class edge : filing.edges) cluster.triggers.clock_edges(hot) |= bit_of(std::min<std::uint32_t>(edge, kWordBits - 1u));
    if (cluster.use_count < 255) cluster.hot_uses[hot] = static_cast<std::uint8_t>(cluster.use_count + 1);
  }
  cluster.triggers.slots() |= bit_of(slot);
  ++cluster.use_count;
  used_slots_.push_back(slot);
  uses_.push_back(use);
}

void TermIndex::make_starts(SlotUse& use, std::uint32_t slot) {
  use.starts = static_cast<std::uint32_t>(starts_.size());
  std::uint32_t below = 0;
  for (std::uint32_t c = 0; c <= slots_[slot].classes.count(); ++c) {
    while (below < use.ranges && postings_[use.begin + below].low < c) ++below;
    starts_.push_back(below);
  }
}

// Terms with their literals: the access, then the least likely first, then alternatives.
void TermIndex::place_terms(const Cluster& cluster, const std::vector<std::uint32_t>& drafts) {
  for (std::uint32_t i = 0; i < drafts.size(); ++i) {
    const Draft& draft = drafts_[drafts[i]];
    Term& term = terms_[cluster.terms + i];
    term.literals = static_cast<std::uint32_t>(literals_.size());
    literals_.insert(literals_.end(), draft.literals.begin(), draft.literals.end());
    literals_.insert(literals_.end(), draft.alternatives.begin(), draft.alternatives.end());
    term.count = static_cast<std::uint32_t>(literals_.size()) - term.literals;
  }
}

// Bits for all literals that are few enough, once for all that are the same. Without a slot nothing is tested, and the class
// that tests read for nothing is below 64.
void TermIndex::make_tests() {
  std::unordered_map<std::uint64_t, std::uint32_t> known;
  bits_.assign(slots_.empty() ? 1 : (slots_.front().classes.count() + 63u) / 64, ~std::uint64_t{0});
  const auto bits_of = [&](const Literal& literal) {
    std::uint64_t key;
    Literal alone = literal;
    alone.or_next = 0;
    std::memcpy(&key, &alone, sizeof key);
    const auto [place, is_new] = known.try_emplace(key, static_cast<std::uint32_t>(bits_.size()));
    if (!is_new) return place->second;
    const Class count = slots_[literal.slot].classes.count();
    bits_.resize(bits_.size() + (count + 63u) / 64);
    for (Class c = 0; c < count; ++c) {
      if (test_class(literal, c)) bits_[place->second + c / 64u] |= bit_of(c);
    }
    return place->second;
  };
  for (Term& term : terms_) {
    const std::uint32_t own = term.count - term.access;
    term.simple = term.rest < 0 && own <= term.tests.size();
    for (std::uint32_t i = 0; i < std::min<std::size_t>(own, term.tests.size()); ++i) {
      const Literal& literal = literals_[term.literals + term.access + i];
      Test& test = term.tests[i];
      test.or_next = literal.or_next;
      if (literal.kind <= Literal::kSet && slots_[literal.slot].classes.count() <= kManyClasses) {
        test.slot = literal.slot;
        test.bits = bits_of(literal);
      } else {
        term.simple = 0;
      }
    }
  }
}

void TermIndex::file_cluster(Cluster& cluster, const std::vector<std::uint32_t>& drafts, Filing& filing) {
  cluster.terms = static_cast<std::uint32_t>(terms_.size());
  cluster.count = static_cast<std::uint32_t>(drafts.size());
  most_hits_ = std::max(most_hits_, drafts.size() + 1);
  cluster.uses = static_cast<std::uint32_t>(uses_.size());
  cluster.matrices = static_cast<std::uint32_t>(matrices_.size());
  filing.listed.clear();
  for (std::uint32_t i = 0; i < drafts.size(); ++i) {
    const Draft& draft = drafts_[drafts[i]];
    terms_.push_back(draft.term);
    if (!draft.late) cluster.early = i + 1;
    for (std::size_t n = draft.term.access; n < draft.literals.size(); ++n) {
      list_literal(draft.literals[n], i, false, filing.listed);
    }
    for (const Literal& literal : draft.alternatives) list_literal(literal, i, true, filing.listed);
    if (draft.term.rest >= 0) list_rest(rests_[static_cast<std::size_t>(draft.term.rest)], i, filing.listed);
  }
  std::sort(filing.listed.begin(), filing.listed.end(), [](const Listed& a, const Listed& b) {
    if (a.slot != b.slot) return a.slot < b.slot;
    if (a.is_range() != b.is_range()) return a.is_range();
    if (a.is_range() && a.posting.low != b.posting.low) return a.posting.low < b.posting.low;
    return a.posting.term < b.posting.term;
  });
  filing.matrices.clear();
  for (std::size_t begin = 0, end = 0; begin < filing.listed.size(); begin = end) {
    while (end < filing.listed.size() && filing.listed[end].slot == filing.listed[begin].slot) ++end;
    file_slot(cluster, {filing.listed.data() + begin, end - begin}, filing);
  }
  place_terms(cluster, drafts);

  // Rows that say most are asked first: often nothing is left for the others.
  std::stable_sort(filing.matrices.begin(), filing.matrices.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  cluster.matrix_count = static_cast<std::uint16_t>(filing.matrices.size());
  for (const auto& [literals, matrix] : filing.matrices) {
    matrices_.push_back(matrix);
    const auto begin = used_slots_.begin() + cluster.uses;
    const auto place = std::lower_bound(begin, used_slots_.end(), matrix.slot);
    uses_[static_cast<std::size_t>(place - used_slots_.begin())].matrix = static_cast<std::uint32_t>(matrices_.size());
  }
}

// Drafts by place in filed_.
std::vector<std::vector<std::uint32_t>> TermIndex::assign_clusters() {
  std::uint32_t places = 1 + static_cast<std::uint32_t>(hints_.pattern_shares.size());
  access_of_slot_.assign(slots_.size(), 0);
  for (const Draft& draft : drafts_) {
    for (const auto& [of_pattern, key] : draft.keys) {
      const std::uint32_t slot = static_cast<std::uint32_t>(key >> 16);
      if (of_pattern || access_of_slot_[slot]) continue;
      accesses_.push_back({slot, places});
      places += slots_[slot].classes.count();
      access_of_slot_[slot] = static_cast<std::uint32_t>(accesses_.size());
    }
  }
  std::vector<std::vector<std::uint32_t>> filed(places);
  for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
    if (drafts_[i].keys.empty()) filed.front().push_back(i);
    for (const auto& [of_pattern, key] : drafts_[i].keys) {
      const std::size_t place = of_pattern ? 1 + key : accesses_[access_of_slot_[key >> 16] - 1].filed + (key & 0xffff);
      if (filed[place].empty() || filed[place].back() != i) filed[place].push_back(i);
    }
  }
  return filed;
}

void TermIndex::freeze() {
  std::vector<std::uint32_t> terms_of(targets_ + 1);
  for (const Draft& draft : drafts_) ++terms_of[draft.term.target];
  for (Draft& draft : drafts_) {
    draft.term.only_term = terms_of[draft.term.target] == 1;
    std::stable_sort(draft.literals.begin() + draft.term.access, draft.literals.end(),
                     [this](const Literal& a, const Literal& b) { return chance_of(a) < chance_of(b); });
  }
  std::vector<std::vector<std::uint32_t>> filed = assign_clusters();
  filed_.assign(filed.size(), 0);
  clusters_.emplace_back();
  starts_.push_back(0);
  Filing filing;
  std::vector<std::uint32_t> place_of(drafts_.size(), UINT32_MAX);  // each draft's first copy stands for it in its target
  for (std::size_t c = 0; c < filed.size(); ++c) {
    if (filed[c].empty()) continue;
    std::stable_partition(filed[c].begin(), filed[c].end(), [this](std::uint32_t i) { return !drafts_[i].late; });
    filed_[c] = static_cast<std::uint32_t>(clusters_.size());
    Cluster& cluster = clusters_.emplace_back();
    file_cluster(cluster, filed[c], filing);
    for (std::uint32_t i = 0; i < filed[c].size(); ++i) {
      std::uint32_t& place = place_of[filed[c][i]];
      if (place == UINT32_MAX) place = cluster.terms + i;
    }
  }
  make_tests();
  target_begin_.assign(targets_ + 1, 0);
  for (std::uint32_t t = 0; t < targets_; ++t) target_begin_[t + 1] = target_begin_[t] + terms_of[t];
  target_terms_.resize(drafts_.size());
  std::vector<std::uint32_t> filled(target_begin_.begin(), target_begin_.end());
  for (std::uint32_t i = 0; i < drafts_.size(); ++i) target_terms_[filled[drafts_[i].term.target]++] = place_of[i];
  drafts_.clear();
  drafts_.shrink_to_fit();
}

}  // namespace beckon::rules::detail

// Which of a cluster's terms hold: what the parts of the index that are asked have in common.
#pragma once

#include <bit>

#include "term_index.hpp"

namespace beckon::rules::detail {

// Bits 0 to c, in a word in which bit 63 stands for all from 63 on.
constexpr std::uint64_t up_to(Class c) { return c >= kWordBits - 1 ? ~std::uint64_t{0} : (std::uint64_t{2} << c) - 1; }

// All but the access is tested, each literal without a branch, but for one behind it: of most terms that do not hold, the first
// or second fails.
[[gnu::always_inline]] inline bool TermIndex::holds(const View& view, const Term& term) const {
  const std::uint64_t* const bits = bits_.data();
  std::uint32_t any = 0;
  for (const Test& test : term.tests) {
    const Class c = view.classes[test.slot];
    any |= static_cast<std::uint32_t>(bits[test.bits + c / kWordBits] >> (c % kWordBits)) & 1;
    if (!(any | test.or_next)) return false;
    any &= 0u - test.or_next;
  }
  return term.simple || hold_all(view, term);
}

inline bool TermIndex::holds_with_access(const View& view, const Term& term) const {
  return (!term.access || test(view, literals_[term.literals])) && holds(view, term);
}

inline const std::uint64_t* TermIndex::row_of(const Matrix& matrix, std::uint32_t words, Class c) const {
  return words_.data() + matrix.rows + std::size_t{c} * words;
}

// Of the terms in `bits`, a piece of the cluster's terms from `first` on, those that hold; `words` are in a row; `answered` is a
// matrix that need not be asked.
template <std::uint32_t kWords, typename Out>
inline Out TermIndex::keep_true(const View& view, const Cluster& cluster, std::uint32_t words, std::uint32_t first,
                                std::array<std::uint64_t, kWords> bits, const Matrix* answered, Out out) const {
  const Matrix* end = matrices_.data() + cluster.matrices + cluster.matrix_count;
  for (const Matrix* matrix = end - cluster.matrix_count; matrix != end; ++matrix) {
    if (matrix == answered) continue;
    const std::uint64_t* row = row_of(*matrix, words, view.classes[matrix->slot]) + first / 64;
    std::uint64_t any = 0;
    for (std::uint32_t w = 0; w < kWords; ++w) any |= bits[w] &= row[w];
    if (!any) return out;
  }
  const Term* const terms = terms_.data() + cluster.terms + first;
  for (std::uint32_t w = 0; w < kWords; ++w) {
    for (std::uint64_t left = bits[w]; left; left &= left - 1) {
      const Term& term = terms[w * 64 + static_cast<std::uint32_t>(std::countr_zero(left))];
      put(out, term);
      out += holds(view, term);
    }
  }
  return out;
}

template <std::uint32_t kWords, typename Out>
inline Out TermIndex::true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Out out) const {
  const std::uint32_t words = kWords < 4 ? kWords : words_of(cluster);
  for (std::uint32_t first = 0; first < count; first += kWords * 64) {
    std::array<std::uint64_t, kWords> bits;
    for (std::uint32_t w = 0; w < kWords; ++w) {
      const std::uint32_t begin = first + w * 64;
      bits[w] = begin >= count ? 0 : up_to(static_cast<Class>(std::min(count - begin, 64u) - 1));
    }
    out = keep_true<kWords>(view, cluster, words, first, bits, nullptr, out);
  }
  return out;
}

// Those of the cluster's first `count` terms that hold.
template <typename Out>
inline Out TermIndex::true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Out out) const {
  if (cluster.matrix_count == 0) {
    for (const Term* term = terms_.data() + cluster.terms; count > 0; --count, ++term) {
      put(out, *term);
      out += holds(view, *term);
    }
    return out;
  }
  switch (words_of(cluster)) {
    case 1: return true_terms<1>(view, cluster, count, out);
    case 2: return true_terms<2>(view, cluster, count, out);
    default: return true_terms<4>(view, cluster, count, out);
  }
}

// What the slot is to the cluster; nullptr: nothing.
inline const TermIndex::SlotUse* TermIndex::use_of(const Cluster& cluster, std::uint32_t slot, std::size_t hot) const {
  if (hot != kNotHot && cluster.hot_uses[hot]) return &uses_[cluster.uses + cluster.hot_uses[hot] - 1u];
  constexpr std::ptrdiff_t kLongSearch = 16;  // slots, from which on halving is quicker
  const std::uint64_t bit = bit_of(slot);
  if (!(cluster.triggers.slots() & bit)) return nullptr;
  const std::uint32_t* begin = used_slots_.data() + cluster.uses;
  const std::uint32_t* end = begin + cluster.use_count;
  const std::uint32_t* place = end - begin > kLongSearch ? std::lower_bound(begin, end, slot) : std::find(begin, end, slot);
  if (place == end || *place != slot) return nullptr;
  return &uses_[static_cast<std::size_t>(place - used_slots_.data())];
}

}  // namespace beckon::rules::detail

// Finds, among very many conditions, the few that a change can have made true.
//
// Each condition ("target") is a list of terms of which one must hold; a term is a list of literals that all must hold, with
// alternatives where the condition has them. A term is filed in the cluster of its most selective equality or path pattern
// ("access"), so that a tab touches only the clusters of the values it has; inside a cluster, literals are listed by slot, so
// that a change of class touches only the literals that it can flip.
//
// Source of the idea: access predicates and clustering, F. Fabret et al., "Filtering Algorithms and Implementation for Very
// Fast Publish/Subscribe Systems", SIGMOD 2001.
//
// Thread safety: immutable after freeze().
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "slot.hpp"

namespace beckon::rules::detail {

// A tab's truth as conditions see it.
struct View {
  const Class* classes = nullptr;            // by slot
  const std::uint32_t* patterns = nullptr;   // numbers of the patterns that hold, ascending
  std::uint32_t pattern_count = 0;
};

// A test on one slot's class or on one pattern, in eight bytes.
struct Literal {
  enum Kind : std::uint8_t { kRange, kOutside, kSet, kPattern, kNotPattern };
  std::uint32_t slot : 28 = 0;  // of a pattern: its number
  std::uint32_t kind : 4 = kRange;
  Class low = 0, high = 0;      // kRange, kOutside: both included; kSet: low + 65,536 × high is its index among the sets
};
static_assert(sizeof(Literal) == 8);

// A condition with negations pushed down to its leaves.
struct Node {
  enum class Kind : std::uint8_t { kAll, kAny, kLeaf };
  Kind kind = Kind::kAll;
  std::uint32_t slot = 0;     // kLeaf, not of a pattern
  bool is_pattern = false;
  std::uint32_t pattern = 0;
  bool negated = false;       // kLeaf of a pattern
  ClassSet classes;           // kLeaf, not of a pattern; already complemented where negated
  std::vector<Node> children;
};

// A class that changed: of a slot, or the truth (0, 1) of pattern p as slot `slot_count + p`.
struct Change {
  std::uint32_t slot;
  Class before, after;
};

// What an index knows beforehand of how it will be used.
struct IndexHints {
  std::vector<double> pattern_shares;         // of each pattern, the share of texts that are expected to match it
  std::vector<std::uint32_t> clocks;          // slots that change most often; the first kHotSlots are found quickest
  std::vector<std::pair<std::uint32_t, Class>> at_start;  // slots of a page whose class is known when it starts
};

// Asks for the next edge of a clock: see TermIndex::next_edges.
struct EdgeQuery {
  std::uint32_t slot;
  Class from;
  Class next = 0;
};

class TermIndex {
 public:
  // `slots` and `hints` must outlive the index.
  TermIndex(const std::vector<Slot>& slots, const IndexHints& hints);

  void add(std::uint32_t target, const Node& condition);
  void freeze();
  [[nodiscard]] bool empty() const { return targets_ == 0; }

  // Appends every target that holds, each once or more often.
  enum class Moment : std::uint8_t { kPageStart, kAnyTime };  // at a page's start some terms cannot hold
  void all(const View& view, Moment moment, std::vector<std::uint32_t>& found) const;
  // Appends targets that hold now and did not before the changes, each once or more often. `classes` is written to and restored.
  void newly_true(const View& view, Class* classes, std::span<const Change> changes,
                  std::vector<std::uint32_t>& found) const;
  [[nodiscard]] bool holds(const View& view, std::uint32_t target) const;

  // For each query the lowest class above `from` at which a literal of the active clusters on that slot changes; a lower
  // `next` that is there already stays.
  void next_edges(const View& view, std::span<EdgeQuery> queries) const;
  // A change of that slot can change which clusters are active.
  [[nodiscard]] bool is_access(std::uint32_t slot) const { return slot < access_of_slot_.size() && access_of_slot_[slot]; }

 private:
  // A term lies in words_ as this head and then its literals, the access first where it is one.
  struct Term {
    std::uint32_t target = 0;
    std::uint16_t all = 0;         // literals that all must hold
    std::uint8_t access = 0;       // how many of them the cluster answers for: 0 or 1
    bool only_term : 1 = false;    // its target has no other
    bool sole_key : 1 = false;     // it is filed in one cluster only
    std::int32_t rest = -1;        // index into rests_: alternatives
    std::uint32_t next_words = 0;  // words of head and literals: where the cluster's next term begins
  };
  static_assert(sizeof(Term) == 16);
  struct Posting {                 // a literal of a term that a change of its slot can flip
    Class low = 0, high = 0;
    std::uint32_t term : 28 = 0;   // place of the term's head in words_
    std::uint32_t kind : 3 = 0;    // Literal::Kind
    std::uint32_t in_rest : 1 = 0; // one alternative of several
  };
  static_assert(sizeof(Posting) == 8);
  struct SlotPostings {
    std::uint32_t begin = 0;       // in postings_: ranges that all must hold, ascending by low; then others
    std::uint32_t plain = 0, others = 0;
    std::uint32_t edges_begin = 0, edges = 0;  // in edges_: classes at which a literal changes, ascending
  };
  static constexpr std::size_t kHotSlots = 4;
  struct Cluster {
    std::uint64_t slots = 0;       // bit slot % 64 of each slot with postings
    std::uint32_t terms_begin = 0, late_begin = 0, terms_end = 0;  // in words_; late: cannot hold when a page starts
    std::uint32_t hot[kHotSlots] = {};             // of the first clocks: 1 + place in slot_postings_; 0: none
    std::uint32_t slots_begin = 0, slots_end = 0;  // in posted_slots_ and slot_postings_
  };
  struct Rest {                    // a tree over literals
    Node::Kind kind;
    std::uint32_t begin = 0, end = 0;  // children in rests_ (contiguous); of a leaf: begin is its place in rest_literals_
  };
  struct Draft {
    Term term;
    std::vector<Literal> literals;
    std::vector<std::pair<bool, std::uint64_t>> keys;  // of a pattern? and: the pattern, or slot << 16 | class
  };

  [[nodiscard]] bool test(const View& view, const Literal& literal) const;
  [[nodiscard]] bool test_rest(const View& view, const Rest& rest) const;
  [[nodiscard]] bool holds(const View& view, const Term& term, std::uint32_t skip) const;
  [[nodiscard]] bool flips(const Posting& posting, Class before, Class after) const;
  [[nodiscard]] const Term& term_at(std::uint32_t place) const;
  static constexpr std::uint64_t bit_of(std::uint32_t slot) { return std::uint64_t{1} << (slot & 63); }
  [[nodiscard]] bool held_before(const View& view, Class* classes, std::span<const Change> changes,
                                 std::uint32_t target) const;
  template <typename Visit>
  void for_active(const View& view, Visit&& visit) const;
  static constexpr std::size_t kNotHot = kHotSlots;
  [[nodiscard]] std::size_t hot_place(std::uint32_t slot) const;
  [[nodiscard]] const SlotPostings* postings_of(const Cluster& cluster, std::uint32_t slot, std::size_t hot) const;
  void add_term(std::uint32_t target, const std::vector<const Node*>& parts, bool may_distribute);
  [[nodiscard]] double share_of_leaf(const Node& leaf) const;
  [[nodiscard]] double share_of(const Node& part) const;
  [[nodiscard]] double chance_of(const Literal& literal) const;
  [[nodiscard]] bool is_late(const Draft& draft) const;
  void keys_of(const Node& part, Draft& draft) const;
  [[nodiscard]] Literal to_literal(const Node& leaf);
  void fill_rest(std::uint32_t at, const Node& node);
  struct Listed;
  enum class Stands : std::uint8_t { kAlone, kAmongAlternatives };
  void list_literal(const Literal& literal, std::uint32_t term, Stands stands, std::vector<Listed>& listed) const;
  void list_rest(const Rest& rest, std::uint32_t term, std::vector<Listed>& listed) const;
  void file_cluster(Cluster& cluster, const std::vector<std::uint32_t>& drafts);
  void edges_of(const Literal& literal, std::vector<Class>& edges) const;

  const std::vector<Slot>& slots_;
  const IndexHints& hints_;
  std::vector<std::uint64_t> words_;               // terms, by cluster
  std::vector<Literal> rest_literals_;
  std::vector<std::vector<std::uint64_t>> sets_;
  std::vector<Rest> rests_;
  std::vector<std::uint32_t> target_begin_;        // by target: where its terms begin in target_terms_
  std::vector<std::uint32_t> target_terms_;        // places in words_
  std::uint32_t targets_ = 0;
  std::vector<Cluster> clusters_;                  // the first: terms without an access
  std::vector<std::uint32_t> posted_slots_;        // by cluster, ascending
  std::vector<SlotPostings> slot_postings_;        // alongside
  std::vector<Posting> postings_;
  std::vector<Class> edges_;
  std::vector<std::uint32_t> access_slots_;        // slots that clusters are filed by
  std::vector<std::vector<std::uint32_t>> cluster_of_class_;  // by place in access_slots_, by class; 0: none
  std::vector<std::uint32_t> cluster_of_pattern_;  // by pattern; 0: none
  std::vector<std::uint32_t> access_of_slot_;      // by slot: 1 + place in access_slots_; 0: none
  std::vector<Draft> drafts_;
};

inline const TermIndex::Term& TermIndex::term_at(std::uint32_t place) const {
  return *reinterpret_cast<const Term*>(&words_[place]);
}

inline std::size_t TermIndex::hot_place(std::uint32_t slot) const {
  const std::size_t count = std::min(hints_.clocks.size(), kHotSlots);
  for (std::size_t i = 0; i < count; ++i) {
    if (hints_.clocks[i] == slot) return i;
  }
  return kNotHot;
}

}  // namespace beckon::rules::detail

// Finds, among very many conditions, the few that a change can have made true.
//
// Each condition ("target") is a list of terms of which one must hold; a term is a list of literals that all must hold, with
// alternatives where the condition has them. A term is filed in the cluster of its most selective equality or path pattern
// ("access"), so that a tab touches only the clusters of the values it has.
//
// Inside a cluster terms are bits. For a slot that many of its terms test, a matrix has one row of bits for each class: the
// terms whose literals on that slot hold there. What a change can have made true is the row after without the row before, and
// what can hold is that, and the rows of the other slots: a few words for 64 terms. The terms that are left are tested one by
// one. A slot that few terms test has no rows; its literals are listed. Those of clocks, which change most often and by one
// class at a time, are always listed, by the class at which they begin.
//
// Source of the idea: access predicates and clustering, F. Fabret et al., "Filtering Algorithms and Implementation for Very
// Fast Publish/Subscribe Systems", SIGMOD 2001.
//
// Thread safety: immutable after freeze().
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "slot.hpp"

namespace beckon::rules::detail {

inline constexpr Class kWordBits = 64;  // so many classes one word tells apart

// A tab's truth as conditions see it.
struct View {
  const Class* classes = nullptr;            // by slot; one at least is there to be read
  const std::uint32_t* patterns = nullptr;   // numbers of the patterns that hold, ascending
  std::uint32_t pattern_count = 0;
};

// A test on one slot's class or on one pattern, in eight bytes.
struct Literal {
  enum Kind : std::uint8_t { kRange, kOutside, kSet, kPattern, kNotPattern };
  std::uint32_t slot : 28 = 0;  // of a pattern: its number
  std::uint32_t kind : 3 = kRange;
  std::uint32_t or_next : 1 = 0;  // it or the next one must hold
  Class low = 0, high = 0;      // kRange, kOutside: both included; kSet: low + 65,536 × high is where its bits begin
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
  std::vector<std::uint32_t> clocks;          // slots that change most often; the first kHotSlots are asked quickest
  std::vector<std::pair<std::uint32_t, Class>> at_start;  // slots of a page whose class is known when it starts
};

// Asks for the next edge of a clock: see TermIndex::next_edges.
struct EdgeQuery {
  std::uint32_t slot;
  Class from;
  Class next = 0;  // 0: none
};

class TermIndex {
 public:
  // `slots` and `hints` must outlive the index.
  TermIndex(const std::vector<Slot>& slots, const IndexHints& hints);

  void add(std::uint32_t target, const Node& condition);
  void freeze();
  [[nodiscard]] bool empty() const { return targets_ == 0; }

  // The clusters that a tab's truth makes active. Found once, it serves until one of the tab's patterns changes, or the class of
  // a slot that is_access(). Reuse it: it keeps its memory.
  class Active;
  void activate(const View& view, Active& active) const;

  // Appends every target that holds, each once or more often.
  enum class Moment : std::uint8_t { kPageStart, kAnyTime };  // at a page's start some terms cannot hold
  void all(const View& view, Active& active, Moment moment, std::vector<std::uint32_t>& found) const;
  // Appends targets that hold now and did not before the changes, each once or more often. `classes` is written to and restored.
  void newly_true(const View& view, Active& active, Class* classes, std::span<const Change> changes,
                  std::vector<std::uint32_t>& found) const;
  [[nodiscard]] bool holds(const View& view, std::uint32_t target) const;

  // For each query the lowest class above `from` at which a literal of the active clusters on that slot changes; a lower
  // `next` that is there already stays.
  void next_edges(const Active& active, std::span<EdgeQuery> queries) const;
  // A change of that slot can change which clusters are active.
  [[nodiscard]] bool is_access(std::uint32_t slot) const { return slot < access_of_slot_.size() && access_of_slot_[slot]; }

 private:
  // A literal as it is tested without a branch: with class c of the slot, it holds when bit c of the bits is set.
  struct Test {
    std::uint32_t slot : 31 = 0;
    std::uint32_t or_next : 1 = 0;
    std::uint32_t bits = 0;        // in bits_
  };
  struct Term {
    std::uint32_t target = 0;
    std::uint32_t literals = 0;    // in literals_: all of them; the access is the first, where it is one
    std::uint32_t count = 0;       // of them; all must hold but for alternatives
    std::int32_t rest : 28 = -1;   // index into rests_: what is more than a list of alternatives
    std::uint32_t access : 1 = 0;  // the first literal is the one that its cluster answers for
    std::uint32_t only_term : 1 = 0;  // its target has no other
    std::uint32_t sole_key : 1 = 0;   // it is filed in one cluster only
    std::uint32_t simple : 1 = 0;     // the tests say everything; else they only say when it cannot hold
    std::array<Test, 4> tests = {};   // of the first literals but the access; the others hold always
  };
  static_assert(sizeof(Term) == 48);
  struct Posting {                 // a literal of a term, without a row, that a change of its slot can flip
    Class low = 0, high = 0;
    std::uint32_t term : 28 = 0;   // place in terms_
    std::uint32_t kind : 3 = 0;    // Literal::Kind
    std::uint32_t in_rest : 1 = 0; // one alternative of several
  };
  static_assert(sizeof(Posting) == 8);
  struct Matrix {                  // one slot in one cluster: a row of words for each class
    std::uint32_t slot = 0;
    std::uint32_t rows = 0;        // in words_
  };
  static_assert(sizeof(Matrix) == 8);
  struct SlotUse {                 // what one slot is to one cluster
    std::uint32_t matrix = 0;      // 1 + place in matrices_; 0: none
    std::uint32_t begin = 0;       // in postings_: ranges, ascending by low; then others
    std::uint32_t ranges = 0, others = 0;
    std::uint32_t edges_begin = 0, edges = 0;  // in edges_: classes at which a literal changes, ascending
    std::uint32_t starts = 0;      // of a clock, in starts_: by class, how many ranges begin below it
  };
  static constexpr std::size_t kHotSlots = 3;
  struct Triggers {                // what changes concern some literals
    // First: bit slot % 64 of each slot. Then of each of the first clocks: bit c: a literal changes at class c (63: or above).
    std::array<std::uint64_t, 1 + kHotSlots> words = {};
    [[nodiscard]] std::uint64_t& slots() { return words[0]; }
    [[nodiscard]] std::uint64_t slots() const { return words[0]; }
    [[nodiscard]] std::uint64_t& clock_edges(std::size_t hot) { return words[1 + hot]; }
    [[nodiscard]] std::uint64_t clock_edges(std::size_t hot) const { return words[1 + hot]; }
    [[nodiscard]] bool meet(const Triggers& other) const;
  };
  struct Cluster {                 // one cache line: most are looked at only to see that they have nothing to say
    Triggers triggers;             // of all its literals
    std::uint32_t terms = 0, count = 0, early = 0;  // in terms_; the first `early` can hold when a page starts
    std::uint32_t matrices = 0;    // in matrices_
    std::uint32_t uses = 0;        // in uses_ and used_slots_
    std::uint16_t matrix_count = 0;
    std::uint16_t use_count = 0;
    std::array<std::uint8_t, kHotSlots> hot_uses = {};  // 1 + place among the uses of the first clocks; 0: to be searched
  };
  static_assert(sizeof(Cluster) == 64);
  struct Rest {                    // a tree over literals; a leaf is literals of which one must hold
    Node::Kind kind;
    std::uint32_t begin = 0, end = 0;  // children in rests_; of a leaf: in rest_literals_
  };
  struct Access {                  // a slot that clusters are filed by
    std::uint32_t slot = 0;
    std::uint32_t filed = 0;       // in filed_: where its classes begin
  };
  struct Draft {
    Term term;
    std::vector<Literal> literals;      // the access where it is one, then the others that all must hold
    std::vector<Literal> alternatives;  // lists of which one must hold
    std::vector<std::pair<bool, std::uint64_t>> keys;  // of a pattern? and: the pattern, or slot << 16 | class
    bool late = false;
  };
  // Words of a row: 1, 2, or a multiple of 4, so that there are three kinds of loops.
  static constexpr std::uint32_t words_of(const Cluster& cluster) {
    return cluster.count <= 64 ? 1 : cluster.count <= 128 ? 2 : (cluster.count + 255) / 256 * 4;
  }

  // -- asking (term_index.cpp, term_index_changes.cpp, term_index_terms.hpp)
  [[nodiscard]] bool test(const View& view, const Literal& literal) const;
  [[nodiscard]] bool hold_all(const View& view, const Term& term) const;
  [[nodiscard]] bool test_rest(const View& view, const Rest& rest) const;
  [[nodiscard]] bool holds(const View& view, const Term& term) const;
  [[nodiscard]] bool holds_with_access(const View& view, const Term& term) const;
  [[nodiscard]] bool flips(const Posting& posting, Class before, Class after) const;
  static constexpr std::uint64_t bit_of(std::uint32_t slot) { return std::uint64_t{1} << (slot & 63); }
  [[nodiscard]] bool held_before(const View& view, Class* classes, std::span<const Change> changes, const Term& term) const;
  [[nodiscard]] Triggers triggers_of(std::span<const Change> changes) const;
  [[nodiscard]] const Cluster* entered_by(const View& view, const Change& change) const;
  [[nodiscard]] std::span<const Cluster* const> triggered(Active& active, const Triggers& triggers) const;
  static constexpr std::size_t kNotHot = kHotSlots;
  [[nodiscard]] std::size_t hot_place(std::uint32_t slot) const;
  [[nodiscard]] const SlotUse* use_of(const Cluster& cluster, std::uint32_t slot, std::size_t hot) const;
  [[nodiscard]] const std::uint64_t* row_of(const Matrix& matrix, std::uint32_t words, Class c) const;
  // What is found is written to `out`, which has room for as many as the cluster has terms, and each posting of the use; its
  // new end is returned.
  struct Hit {
    const Term* term;
    bool was_false;  // the literal that the change made true had to hold: the term did not before
  };
  static void put(std::uint32_t* out, const Term& term) { *out = term.target; }
  static void put(Hit* out, const Term& term) { *out = {&term, true}; }
  template <std::uint32_t kWords, typename Out>
  Out keep_true(const View& view, const Cluster& cluster, std::uint32_t words, std::uint32_t first,
                std::array<std::uint64_t, kWords> bits, const Matrix* answered, Out out) const;
  template <std::uint32_t kWords, typename Out>
  Out true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Out out) const;
  template <typename Out>
  Out true_terms(const View& view, const Cluster& cluster, std::uint32_t count, Out out) const;
  template <std::uint32_t kWords>
  Hit* flipped_rows(const View& view, const Cluster& cluster, const Matrix& matrix, const Change& change, Hit* out) const;
  struct UseIn {
    const Cluster* cluster;
    const SlotUse* use;
  };
  // Written to `hits`, of which the end is returned.
  const Hit* flipped_by_clock(const View& view, std::span<const UseIn> uses, const Change& change,
                              std::vector<Hit>& hits) const;
  Hit* flipped_terms(const View& view, const Cluster& cluster, const SlotUse& use, const Change& change, Hit* out) const;

  // -- building (term_index_build.cpp, term_index_file.cpp)
  void add_term(std::uint32_t target, const std::vector<const Node*>& parts, bool may_distribute);
  [[nodiscard]] double share_of_leaf(const Node& leaf) const;
  [[nodiscard]] double share_of(const Node& part) const;
  void make_tests();
  [[nodiscard]] double chance_of(const Literal& literal) const;
  [[nodiscard]] bool is_late(const Draft& draft) const;
  void keys_of(const Node& part, Draft& draft) const;
  [[nodiscard]] Literal to_literal(const Node& leaf);
  void fill_rest(std::uint32_t at, const Node& node);
  struct Listed;
  struct Filing;
  void list_literal(const Literal& literal, std::uint32_t term, bool in_rest, std::vector<Listed>& listed) const;
  void list_rest(const Rest& rest, std::uint32_t term, std::vector<Listed>& listed) const;
  std::vector<std::vector<std::uint32_t>> assign_clusters();
  void file_cluster(Cluster& cluster, const std::vector<std::uint32_t>& drafts, Filing& filing);
  void file_slot(Cluster& cluster, std::span<const Listed> listed, Filing& filing);
  bool make_matrix(const Cluster& cluster, std::span<const Listed> listed, Filing& filing);
  void make_starts(SlotUse& use, std::uint32_t slot);
  void place_terms(const Cluster& cluster, const std::vector<std::uint32_t>& drafts);
  void edges_of(const Literal& literal, std::vector<Class>& edges) const;
  [[nodiscard]] bool test_class(const Literal& literal, Class c) const;

  const std::vector<Slot>& slots_;
  const IndexHints& hints_;
  std::vector<Term> terms_;                        // by cluster
  std::vector<Literal> literals_;
  std::vector<std::uint64_t> bits_;                // of tests, by class; those of the first hold always
  std::vector<Literal> rest_literals_;
  std::vector<std::uint64_t> sets_;                // bits by class
  std::vector<Rest> rests_;
  std::vector<std::uint32_t> target_begin_;        // by target: where its terms begin in target_terms_
  std::vector<std::uint32_t> target_terms_;        // places in terms_
  std::uint32_t targets_ = 0;
  std::vector<Cluster> clusters_;                  // the first is empty
  // Places in clusters_: of the terms without an access, by pattern, by class of each of accesses_. 0: there are no such terms.
  std::vector<std::uint32_t> filed_;
  std::vector<std::uint32_t> used_slots_;          // by cluster, ascending
  std::vector<SlotUse> uses_;                      // alongside
  std::vector<Matrix> matrices_;                   // by cluster
  std::vector<std::uint64_t> words_;               // rows of matrices
  std::vector<Posting> postings_;
  std::vector<std::uint32_t> starts_;
  std::size_t most_hits_ = 0;                      // of one cluster by one change
  std::vector<Class> edges_;
  std::vector<Access> accesses_;
  std::vector<std::uint32_t> access_of_slot_;      // by slot: 1 + place in accesses_; 0: none
  std::vector<Draft> drafts_;
};

class TermIndex::Active {
 public:
  Active() = default;

 private:
  friend class TermIndex;
  [[nodiscard]] std::span<const std::uint32_t> places() const { return {places_.data(), count_}; }
  std::vector<std::uint32_t> places_;  // in clusters_; room for as many as there can be, of which so many are in use:
  std::size_t count_ = 0;
  std::vector<const Cluster*> wanted_;  // scratch, and so are these
  std::vector<UseIn> uses_;
  std::vector<Hit> hits_;
};

inline std::size_t TermIndex::hot_place(std::uint32_t slot) const {
  const std::size_t count = std::min(hints_.clocks.size(), kHotSlots);
  for (std::size_t i = 0; i < count; ++i) {
    if (hints_.clocks[i] == slot) return i;
  }
  return kNotHot;
}

// The truth of a literal on a slot's class.
inline bool TermIndex::test_class(const Literal& literal, Class c) const {
  if (literal.kind != Literal::kSet) {
    const bool inside = static_cast<unsigned>(c - literal.low) <= static_cast<unsigned>(literal.high - literal.low);
    return inside == (literal.kind == Literal::kRange);  // one comparison: which of two would fail is not foreseeable
  }
  return sets_[literal.low + (std::size_t{literal.high} << 16) + c / 64] >> (c % 64) & 1;
}

}  // namespace beckon::rules::detail

// How a term index is built: terms filed under their accesses, literals listed by slot. term_index.cpp is how it is asked.
#include "term_index.hpp"

#include <algorithm>
#include <cstring>

namespace beckon::rules::detail {
namespace {

// An access must be expected to hold for less than this share of tabs; else the term is looked at by everybody.
constexpr double kLargestAccessShare = 0.5;
constexpr double kNoAccess = 2;
constexpr double kShareOfTrue = 0.3;        // a flag is set more seldom than not
constexpr std::size_t kMaxKeysOfTerm = 64;  // clusters that one term is filed in
constexpr std::size_t kMaxDistributed = 16;
constexpr std::size_t kTermWords = 2;       // of a term's head

bool is_always(const Node& node) { return node.kind == Node::Kind::kAll && node.children.empty(); }
bool is_never(const Node& node) { return node.kind == Node::Kind::kAny && node.children.empty(); }

// Flattens nested conditions of one kind and folds what is always or never true.
Node simplify(const Node& node, const std::vector<Slot>& slots) {
  if (node.kind == Node::Kind::kLeaf) {
    if (node.is_pattern) return node;
    Node folded;
    if (node.classes.empty()) {
      folded.kind = Node::Kind::kAny;
      return folded;
    }
    if (slots[node.slot].classes.complement(node.classes).empty()) return folded;
    return node;
  }
  Node out;
  out.kind = node.kind;
  for (const Node& child : node.children) {
    Node simple = simplify(child, slots);
    const bool ends_it = node.kind == Node::Kind::kAll ? is_never(simple) : is_always(simple);
    if (ends_it) return simple;
    if (simple.kind == node.kind) {
      for (Node& grandchild : simple.children) out.children.push_back(std::move(grandchild));
    } else if (!(node.kind == Node::Kind::kAll ? is_always(simple) : is_never(simple))) {
      out.children.push_back(std::move(simple));
    }
  }
  if (out.children.size() == 1) {
    Node only = std::move(out.children.front());
    return only;
  }
  return out;
}

}  // namespace

struct TermIndex::Listed {
  std::uint32_t slot;
  Posting posting;
  Literal literal;
  [[nodiscard]] bool plain() const { return posting.kind == Literal::kRange && !posting.in_rest; }
};

TermIndex::TermIndex(const std::vector<Slot>& slots, const IndexHints& hints) : slots_(slots), hints_(hints) {}

double TermIndex::share_of_leaf(const Node& leaf) const {
  if (leaf.is_pattern) return leaf.negated ? kNoAccess : hints_.pattern_shares[leaf.pattern];
  const Classes& classes = slots_[leaf.slot].classes;
  double share = 0;
  std::size_t keys = 0;
  for (const auto& [low, high] : leaf.classes) {
    for (int c = low; c <= high; ++c) {
      if (++keys > kMaxKeysOfTerm) return kNoAccess;
      if (classes.is_constant(static_cast<Class>(c))) {
        share += 1.0 / (static_cast<double>(classes.constant_count()) + 1);
      } else if (classes.is_true(static_cast<Class>(c))) {
        share += kShareOfTrue;
      } else {
        return kNoAccess;
      }
    }
  }
  return share;
}

double TermIndex::share_of(const Node& part) const {
  if (part.kind == Node::Kind::kLeaf) return share_of_leaf(part);
  if (part.kind == Node::Kind::kAll) {
    double best = kNoAccess;
    for (const Node& child : part.children) best = std::min(best, share_of(child));
    return best;
  }
  double sum = 0;
  for (const Node& child : part.children) sum += share_of(child);
  return sum;
}

void TermIndex::keys_of(const Node& part, Draft& draft) const {
  if (part.kind != Node::Kind::kLeaf) {
    for (const Node& child : part.children) keys_of(child, draft);
    return;
  }
  if (part.is_pattern) {
    draft.keys.emplace_back(true, part.pattern);
    return;
  }
  for (const auto& [low, high] : part.classes) {
    for (std::uint64_t c = low; c <= high; ++c) draft.keys.emplace_back(false, std::uint64_t{part.slot} << 16 | c);
  }
}

Literal TermIndex::to_literal(const Node& leaf) {
  Literal literal;
  if (leaf.is_pattern) {
    literal.kind = leaf.negated ? Literal::kNotPattern : Literal::kPattern;
    literal.slot = leaf.pattern;
    return literal;
  }
  literal.slot = leaf.slot;
  if (leaf.classes.size() == 1) {
    literal.low = leaf.classes.front().first;
    literal.high = leaf.classes.front().second;
    return literal;
  }
  const Classes& classes = slots_[leaf.slot].classes;
  const ClassSet rest = classes.complement(leaf.classes);
  if (rest.size() == 1) {
    literal.kind = Literal::kOutside;
    literal.low = rest.front().first;
    literal.high = rest.front().second;
    return literal;
  }
  literal.kind = Literal::kSet;
  literal.low = static_cast<Class>(sets_.size() & 0xffff);
  literal.high = static_cast<Class>(sets_.size() >> 16);
  std::vector<std::uint64_t> bits((classes.count() + 63u) / 64);
  for (const auto& [low, high] : leaf.classes) {
    for (int c = low; c <= high; ++c) bits[static_cast<std::size_t>(c / 64)] |= std::uint64_t{1} << (c % 64);
  }
  sets_.push_back(std::move(bits));
  return literal;
}

void TermIndex::fill_rest(std::uint32_t at, const Node& node) {
  if (node.kind == Node::Kind::kLeaf) {
    rest_literals_.push_back(to_literal(node));
    rests_[at] = {node.kind, static_cast<std::uint32_t>(rest_literals_.size() - 1), 0};
    return;
  }
  const std::uint32_t begin = static_cast<std::uint32_t>(rests_.size());
  rests_.resize(rests_.size() + node.children.size());
  rests_[at] = {node.kind, begin, static_cast<std::uint32_t>(rests_.size())};
  for (std::uint32_t i = 0; i < node.children.size(); ++i) fill_rest(begin + i, node.children[i]);
}

void TermIndex::add(std::uint32_t target, const Node& condition) {
  targets_ = std::max(targets_, target + 1);
  const Node simple = simplify(condition, slots_);
  const auto add_one = [&](const Node& node) {
    std::vector<const Node*> parts;
    if (node.kind == Node::Kind::kAll) {
      for (const Node& child : node.children) parts.push_back(&child);
    } else {
      parts.push_back(&node);
    }
    add_term(target, parts, true);
  };
  if (simple.kind == Node::Kind::kAny) {
    if (simple.children.empty()) return;  // never true: no term
    if (share_of(simple) > kLargestAccessShare || simple.children.size() <= kMaxDistributed) {
      for (const Node& child : simple.children) add_one(child);
      return;
    }
  }
  add_one(simple);
}

void TermIndex::add_term(std::uint32_t target, const std::vector<const Node*>& parts, bool may_distribute) {
  const Node* access = nullptr;
  const Node* branch = nullptr;  // an "any" with an access in each of its branches
  double best = kLargestAccessShare, best_branch = kLargestAccessShare;
  for (const Node* part : parts) {
    const double share = share_of(*part);
    const bool of_leaves =
        part->kind == Node::Kind::kLeaf ||
        std::all_of(part->children.begin(), part->children.end(),
                    [](const Node& child) { return child.kind == Node::Kind::kLeaf; });
    if (of_leaves && share < best) {
      access = part;
      best = share;
    } else if (!of_leaves && part->kind == Node::Kind::kAny && share < best_branch &&
               part->children.size() <= kMaxDistributed) {
      branch = part;
      best_branch = share;
    }
  }
  if (!access && branch && may_distribute) {
    for (const Node& child : branch->children) {
      std::vector<const Node*> distributed;
      for (const Node* part : parts) {
        if (part != branch) distributed.push_back(part);
      }
      if (child.kind == Node::Kind::kAll) {
        for (const Node& grandchild : child.children) distributed.push_back(&grandchild);
      } else {
        distributed.push_back(&child);
      }
      add_term(target, distributed, false);
    }
    return;
  }

  Draft draft;
  draft.term.target = target;
  std::vector<Literal>& all = draft.literals;
  std::vector<const Node*> rest;
  if (access) keys_of(*access, draft);
  if (draft.keys.size() > kMaxKeysOfTerm) {
    draft.keys.clear();
    access = nullptr;
  }
  draft.term.sole_key = draft.keys.size() == 1;
  if (access && access->kind == Node::Kind::kLeaf) {
    all.push_back(to_literal(*access));
    draft.term.access = 1;
  }
  for (const Node* part : parts) {
    if (part->kind == Node::Kind::kLeaf) {
      if (part != access) all.push_back(to_literal(*part));
    } else {
      rest.push_back(part);
    }
  }
  draft.term.all = static_cast<std::uint16_t>(all.size());
  if (!rest.empty()) {
    draft.term.rest = static_cast<std::int32_t>(rests_.size());
    const std::uint32_t root = static_cast<std::uint32_t>(rests_.size());
    rests_.resize(rests_.size() + 1 + rest.size());
    rests_[root] = {Node::Kind::kAll, root + 1, static_cast<std::uint32_t>(rests_.size())};
    for (std::uint32_t i = 0; i < rest.size(); ++i) fill_rest(root + 1 + i, *rest[i]);
  }
  drafts_.push_back(std::move(draft));
}

// A guess at how often a literal holds, to test first what fails most often.
double TermIndex::chance_of(const Literal& literal) const {
  if (literal.kind == Literal::kPattern) return hints_.pattern_shares[literal.slot];
  if (literal.kind == Literal::kNotPattern) return 1 - hints_.pattern_shares[literal.slot];
  const Slot& slot = slots_[literal.slot];
  if (literal.kind == Literal::kSet) return 0.5;
  const double classes = static_cast<double>(slot.classes.count());
  double share = static_cast<double>(literal.high - literal.low + 1) / classes;
  if (slot.source == Slot::Source::kCount && literal.low > slot.classes.lowest_number() + 1) share *= 0.3;  // most counts are small
  return literal.kind == Literal::kOutside ? 1 - share : share;
}

bool TermIndex::is_late(const Draft& draft) const {
  for (const Literal& literal : draft.literals) {
    if (literal.kind != Literal::kRange) continue;
    for (const auto& [slot, start] : hints_.at_start) {
      if (slot == literal.slot && (start < literal.low || start > literal.high)) return true;
    }
  }
  return false;
}

void TermIndex::edges_of(const Literal& literal, std::vector<Class>& edges) const {
  if (literal.kind == Literal::kPattern || literal.kind == Literal::kNotPattern) return;
  if (literal.kind != Literal::kSet) {
    edges.push_back(literal.low);
    edges.push_back(static_cast<Class>(literal.high + 1));
    return;
  }
  const auto& bits = sets_[literal.low + (std::size_t{literal.high} << 16)];
  bool before = false;
  const Class count = slots_[literal.slot].classes.count();
  for (Class c = 0; c < count; ++c) {
    const bool now = bits[c / 64] >> (c % 64) & 1;
    if (now != before) edges.push_back(c);
    before = now;
  }
}

void TermIndex::list_literal(const Literal& literal, std::uint32_t term, Stands stands, std::vector<Listed>& listed) const {
  const bool of_pattern = literal.kind == Literal::kPattern || literal.kind == Literal::kNotPattern;
  Posting posting;
  posting.low = literal.low;
  posting.high = literal.high;
  posting.term = term;
  posting.kind = literal.kind & 7u;
  posting.in_rest = stands == Stands::kAmongAlternatives;
  const std::uint32_t slot = literal.slot + (of_pattern ? static_cast<std::uint32_t>(slots_.size()) : 0);
  listed.push_back({slot, posting, literal});
}

void TermIndex::list_rest(const Rest& rest, std::uint32_t term, std::vector<Listed>& listed) const {
  if (rest.kind == Node::Kind::kLeaf) {
    list_literal(rest_literals_[rest.begin], term, Stands::kAmongAlternatives, listed);
    return;
  }
  for (std::uint32_t i = rest.begin; i < rest.end; ++i) list_rest(rests_[i], term, listed);
}

void TermIndex::file_cluster(Cluster& cluster, const std::vector<std::uint32_t>& drafts) {
  cluster.terms_begin = static_cast<std::uint32_t>(words_.size());
  std::vector<Listed> listed;
  bool late = false;
  cluster.late_begin = UINT32_MAX;
  for (const std::uint32_t which : drafts) {
    const Draft& draft = drafts_[which];
    if (!late && is_late(draft)) {
      late = true;
      cluster.late_begin = static_cast<std::uint32_t>(words_.size());
    }
    const std::uint32_t place = static_cast<std::uint32_t>(words_.size());
    Term head = draft.term;
    head.next_words = static_cast<std::uint32_t>(kTermWords + draft.literals.size());
    words_.resize(words_.size() + head.next_words);
    std::memcpy(&words_[place], &head, sizeof head);
    if (!draft.literals.empty()) {
      std::memcpy(&words_[place + kTermWords], draft.literals.data(), draft.literals.size() * sizeof(Literal));
    }
    for (std::size_t i = head.access; i < draft.literals.size(); ++i) {
      list_literal(draft.literals[i], place, Stands::kAlone, listed);
    }
    if (head.rest >= 0) list_rest(rests_[static_cast<std::size_t>(head.rest)], place, listed);
  }
  cluster.terms_end = static_cast<std::uint32_t>(words_.size());
  cluster.late_begin = std::min(cluster.late_begin, cluster.terms_end);
  std::stable_sort(listed.begin(), listed.end(), [](const Listed& a, const Listed& b) {
    if (a.slot != b.slot) return a.slot < b.slot;
    if (a.plain() != b.plain()) return a.plain();
    return a.plain() && a.posting.low < b.posting.low;
  });
  cluster.slots_begin = static_cast<std::uint32_t>(slot_postings_.size());
  for (std::size_t i = 0; i < listed.size();) {
    const std::uint32_t slot = listed[i].slot;
    SlotPostings of_slot;
    of_slot.begin = static_cast<std::uint32_t>(postings_.size());
    std::vector<Class> edges;
    for (; i < listed.size() && listed[i].slot == slot; ++i) {
      ++(listed[i].plain() ? of_slot.plain : of_slot.others);
      postings_.push_back(listed[i].posting);
      edges_of(listed[i].literal, edges);
    }
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    of_slot.edges_begin = static_cast<std::uint32_t>(edges_.size());
    of_slot.edges = static_cast<std::uint32_t>(edges.size());
    edges_.insert(edges_.end(), edges.begin(), edges.end());
    cluster.slots |= bit_of(slot);
    if (const std::size_t hot = hot_place(slot); hot != kNotHot) {
      cluster.hot[hot] = static_cast<std::uint32_t>(slot_postings_.size()) + 1;
    }
    posted_slots_.push_back(slot);
    slot_postings_.push_back(of_slot);
  }
  cluster.slots_end = static_cast<std::uint32_t>(slot_postings_.size());
}

void TermIndex::freeze() {
  std::vector<std::uint32_t> terms_of(targets_ + 1);
  for (const Draft& draft : drafts_) ++terms_of[draft.term.target];
  std::vector<std::vector<std::uint32_t>> filed(1);  // drafts by cluster
  cluster_of_pattern_.assign(hints_.pattern_shares.size(), 0);
  access_of_slot_.assign(slots_.size(), 0);
  for (std::uint32_t i = 0; i < drafts_.size(); ++i) {
    Draft& draft = drafts_[i];
    draft.term.only_term = terms_of[draft.term.target] == 1;
    if (draft.keys.empty()) filed.front().push_back(i);
    for (const auto& [of_pattern, key] : draft.keys) {
      std::uint32_t* cluster;
      if (of_pattern) {
        cluster = &cluster_of_pattern_[key];
      } else {
        const std::uint32_t slot = static_cast<std::uint32_t>(key >> 16);
        if (!access_of_slot_[slot]) {
          access_slots_.push_back(slot);
          cluster_of_class_.emplace_back(slots_[slot].classes.count());
          access_of_slot_[slot] = static_cast<std::uint32_t>(access_slots_.size());
        }
        cluster = &cluster_of_class_[access_of_slot_[slot] - 1][key & 0xffff];
      }
      if (!*cluster) {
        *cluster = static_cast<std::uint32_t>(filed.size());
        filed.emplace_back();
      }
      if (filed[*cluster].empty() || filed[*cluster].back() != i) filed[*cluster].push_back(i);
    }
  }
  for (Draft& draft : drafts_) {
    const auto rest = draft.literals.begin() + draft.term.access;
    std::stable_sort(rest, draft.literals.end(),
                     [this](const Literal& a, const Literal& b) { return chance_of(a) < chance_of(b); });
  }
  for (std::vector<std::uint32_t>& of_cluster : filed) {
    std::stable_partition(of_cluster.begin(), of_cluster.end(), [this](std::uint32_t i) { return !is_late(drafts_[i]); });
  }
  clusters_.resize(filed.size());
  for (std::size_t c = 0; c < filed.size(); ++c) file_cluster(clusters_[c], filed[c]);

  // Each draft's first copy stands for it where a target is tested as a whole.
  std::vector<std::uint32_t> place_of(drafts_.size(), UINT32_MAX);
  for (std::size_t c = 0; c < filed.size(); ++c) {
    std::uint32_t place = clusters_[c].terms_begin;
    for (const std::uint32_t which : filed[c]) {
      if (place_of[which] == UINT32_MAX) place_of[which] = place;
      place += term_at(place).next_words;
    }
  }
  target_begin_.assign(targets_ + 1, 0);
  for (std::uint32_t t = 0; t < targets_; ++t) target_begin_[t + 1] = target_begin_[t] + terms_of[t];
  target_terms_.resize(drafts_.size());
  std::vector<std::uint32_t> filled(target_begin_.begin(), target_begin_.end());
  for (std::uint32_t i = 0; i < drafts_.size(); ++i) target_terms_[filled[drafts_[i].term.target]++] = place_of[i];
  drafts_.clear();
  drafts_.shrink_to_fit();
}

}  // namespace beckon::rules::detail

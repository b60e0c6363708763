// How a term index is built: conditions become terms with their accesses. term_index_file.cpp goes on from there.
#include "term_index.hpp"

#include <algorithm>

namespace beckon::rules::detail {
namespace {

// An access must be expected to hold for less than this share of tabs; else the term is looked at by everybody.
constexpr double kLargestAccessShare = 0.5;
constexpr double kNoAccess = 2;
constexpr double kShareOfTrue = 0.3;        // a flag is set more seldom than not
constexpr std::size_t kMaxKeysOfTerm = 64;  // clusters that one term is filed in
constexpr std::size_t kMaxDistributed = 16;
constexpr std::size_t kMaxAlternatives = 16;  // of one list that stands among a term's literals

bool is_always(const Node& node) { return node.kind == Node::Kind::kAll && node.children.empty(); }
bool is_never(const Node& node) { return node.kind == Node::Kind::kAny && node.children.empty(); }

bool is_leaf(const Node& node) { return node.kind == Node::Kind::kLeaf; }
bool is_any_of_leaves(const Node& node) {
  return node.kind == Node::Kind::kAny && std::all_of(node.children.begin(), node.children.end(), is_leaf);
}

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

TermIndex::TermIndex(const std::vector<Slot>& slots, const IndexHints& hints) : slots_(slots), hints_(hints) {}

double TermIndex::share_of_leaf(const Node& leaf) const {
  if (leaf.is_pattern) return leaf.negated ? kNoAccess : hints_.pattern_shares[leaf.pattern];
  // A clock's next edge is looked for in active clusters only, so that none may become active by a clock.
  if (std::find(hints_.clocks.begin(), hints_.clocks.end(), leaf.slot) != hints_.clocks.end()) return kNoAccess;
  const Classes& classes = slots_[leaf.slot].classes;
  double share = 0;
  std::size_t keys = 0;
  for (const auto& [low, high] : leaf.classes) {
    for (int c = low; c <= high; ++c) {
      if (++keys > kMaxKeysOfTerm) return kNoAccess;
      if (classes.is_constant(static_cast<Class>(c))) {
        share += 1.0 / (static_cast<double>(classes.constant_count()) + 1);
      } else if (classes.is_point(static_cast<Class>(c))) {
        share += 1.0 / (static_cast<double>(classes.point_count()) + 1);
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
  const std::size_t begin = sets_.size();
  literal.low = static_cast<Class>(begin & 0xffff);
  literal.high = static_cast<Class>(begin >> 16);
  sets_.resize(begin + (classes.count() + 63u) / 64);
  for (const auto& [low, high] : leaf.classes) {
    for (int c = low; c <= high; ++c) sets_[begin + static_cast<std::size_t>(c / 64)] |= std::uint64_t{1} << (c % 64);
  }
  return literal;
}

void TermIndex::fill_rest(std::uint32_t at, const Node& node) {
  const std::uint32_t first_literal = static_cast<std::uint32_t>(rest_literals_.size());
  if (node.kind == Node::Kind::kLeaf || is_any_of_leaves(node)) {
    if (node.kind == Node::Kind::kLeaf) rest_literals_.push_back(to_literal(node));
    for (const Node& leaf : node.children) rest_literals_.push_back(to_literal(leaf));
    rests_[at] = {Node::Kind::kLeaf, first_literal, static_cast<std::uint32_t>(rest_literals_.size())};
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
    const bool of_leaves = std::all_of(part->children.begin(), part->children.end(), is_leaf);
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
    } else if (is_any_of_leaves(*part) && part->children.size() <= kMaxAlternatives) {
      for (const Node& leaf : part->children) {
        draft.alternatives.push_back(to_literal(leaf));
        draft.alternatives.back().or_next = &leaf != &part->children.back();
      }
    } else {
      rest.push_back(part);
    }
  }
  if (!rest.empty()) {
    draft.term.rest = static_cast<std::int32_t>(rests_.size()) & 0xfffffff;
    const std::uint32_t root = static_cast<std::uint32_t>(rests_.size());
    const std::uint32_t first = root + (rest.size() > 1 ? 1 : 0);
    rests_.resize(first + rest.size());
    if (first != root) rests_[root] = {Node::Kind::kAll, first, static_cast<std::uint32_t>(rests_.size())};
    for (std::uint32_t i = 0; i < rest.size(); ++i) fill_rest(first + i, *rest[i]);
  }
  draft.late = is_late(draft);
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

}  // namespace beckon::rules::detail

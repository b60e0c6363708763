// The term index against the conditions themselves, evaluated one by one: random conditions, views and changes.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <set>

#include "term_index.hpp"

namespace beckon::rules::detail {
namespace {

constexpr std::uint32_t kPatterns = 6;

// Some slots as rules make them: two clocks, of which one has more classes than a word has bits, a number with very many
// thresholds, strings, flags, a number that rules compare by equality. So do some with the clocks.
std::vector<Slot> make_slots() {
  std::vector<Slot> slots(9);
  const auto thresholds = [&](std::size_t slot, int count) {
    for (int i = 1; i <= count; ++i) slots[slot].classes.announce({Operator::kGte, {Scalar(static_cast<double>(i))}, {}});
  };
  const auto constants = [&](std::size_t slot, int count) {
    for (int i = 0; i < count; ++i) slots[slot].classes.announce({Operator::kEq, {Scalar("s" + std::to_string(i))}, {}});
  };
  const auto points = [&](std::size_t slot, int first, int last) {
    for (int i = first; i <= last; ++i) slots[slot].classes.announce({Operator::kEq, {Scalar(static_cast<double>(i))}, {}});
  };
  thresholds(0, 10);
  points(0, 3, 6);
  points(1, 80, 85);
  thresholds(1, 90);
  thresholds(2, 400);
  thresholds(3, 3);
  constants(4, 5);
  constants(5, 40);
  constants(6, 70);
  slots[7].classes.announce_bool();
  points(8, 1, 30);
  thresholds(8, 5);
  for (Slot& slot : slots) slot.classes.freeze();
  return slots;
}

class Chance {
 public:
  explicit Chance(unsigned seed) : engine_(seed) {}
  int below(int n) { return std::uniform_int_distribution<int>(0, n - 1)(engine_); }

 private:
  std::mt19937 engine_;
};

Node random_leaf(Chance& chance, const std::vector<Slot>& slots) {
  Node leaf;
  leaf.kind = Node::Kind::kLeaf;
  if (chance.below(8) == 0) {
    leaf.is_pattern = true;
    leaf.pattern = static_cast<std::uint32_t>(chance.below(kPatterns));
    leaf.negated = chance.below(4) == 0;
    return leaf;
  }
  leaf.slot = static_cast<std::uint32_t>(chance.below(static_cast<int>(slots.size())));
  const Classes& classes = slots[leaf.slot].classes;
  const int count = classes.count();
  for (int ranges = 1 + (chance.below(4) == 0 ? chance.below(3) : 0), from = 0; ranges > 0 && from < count; --ranges) {
    const int low = from + chance.below(count - from);
    const int high = (leaf.slot >= 4 || leaf.slot < 2) && chance.below(3) ? low : low + chance.below(count - low);
    leaf.classes.emplace_back(static_cast<Class>(low), static_cast<Class>(high));
    from = high + 2;
  }
  return leaf;
}

Node random_node(Chance& chance, const std::vector<Slot>& slots, int depth) {
  if (depth == 0 || chance.below(4) == 0) return random_leaf(chance, slots);
  Node node;
  node.kind = depth >= 2 || chance.below(2) ? Node::Kind::kAll : Node::Kind::kAny;
  for (int i = 1 + chance.below(4); i > 0; --i) node.children.push_back(random_node(chance, slots, depth - 1));
  return node;
}

struct Tab {
  std::vector<Class> classes;
  std::vector<std::uint32_t> patterns;
  [[nodiscard]] View view() const { return {classes.data(), patterns.data(), static_cast<std::uint32_t>(patterns.size())}; }
};

bool holds(const Node& node, const Tab& tab) {
  const auto child_holds = [&](const Node& child) { return holds(child, tab); };
  if (node.kind == Node::Kind::kAll) return std::all_of(node.children.begin(), node.children.end(), child_holds);
  if (node.kind == Node::Kind::kAny) return std::any_of(node.children.begin(), node.children.end(), child_holds);
  if (node.is_pattern) {
    return std::binary_search(tab.patterns.begin(), tab.patterns.end(), node.pattern) != node.negated;
  }
  const Class c = tab.classes[node.slot];
  return std::any_of(node.classes.begin(), node.classes.end(),
                     [c](const auto& range) { return c >= range.first && c <= range.second; });
}

class World {
 public:
  World(unsigned seed, int targets) : chance_(seed), slots_(make_slots()) {
    hints_.clocks = {0, 1};
    hints_.pattern_shares.assign(kPatterns, 0.1);
    hints_.at_start = {{0, slots_[0].classes.of(0.0)}, {1, slots_[1].classes.of(0.0)}};
    index_ = std::make_unique<TermIndex>(slots_, hints_);
    for (int i = 0; i < targets; ++i) {
      nodes_.push_back(random_node(chance_, slots_, 2));
      index_->add(static_cast<std::uint32_t>(i), nodes_.back());
    }
    index_->freeze();
    for (const Slot& slot : slots_) tab_.classes.push_back(static_cast<Class>(chance_.below(slot.classes.count())));
  }

  // A change of one slot or pattern, as the engine notes it.
  void change(std::vector<Change>& changes) {
    if (chance_.below(5) == 0) {
      const std::uint32_t pattern = static_cast<std::uint32_t>(chance_.below(kPatterns));
      const auto place = std::lower_bound(tab_.patterns.begin(), tab_.patterns.end(), pattern);
      const bool there = place != tab_.patterns.end() && *place == pattern;
      if (there) {
        tab_.patterns.erase(place);
      } else {
        tab_.patterns.insert(place, pattern);
      }
      changes.push_back({static_cast<std::uint32_t>(slots_.size()) + pattern, there, !there});
      return;
    }
    const std::uint32_t slot = static_cast<std::uint32_t>(chance_.below(static_cast<int>(slots_.size())));
    const Class before = tab_.classes[slot], after = static_cast<Class>(chance_.below(slots_[slot].classes.count()));
    tab_.classes[slot] = after;
    if (before != after) changes.push_back({slot, before, after});
  }

  [[nodiscard]] std::set<std::uint32_t> true_now() const {
    std::set<std::uint32_t> found;
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
      if (holds(nodes_[i], tab_)) found.insert(i);
    }
    return found;
  }
  [[nodiscard]] std::set<std::uint32_t> all(TermIndex::Moment moment) const {
    std::vector<std::uint32_t> found;
    index_->all(tab_.view(), active(), moment, found);
    return {found.begin(), found.end()};
  }
  [[nodiscard]] std::set<std::uint32_t> newly_true(const std::vector<Change>& changes) {
    std::vector<std::uint32_t> found;
    index_->newly_true(tab_.view(), active(), tab_.classes.data(), changes, found);
    return {found.begin(), found.end()};
  }

  TermIndex::Active& active() const {
    index_->activate(tab_.view(), active_);
    return active_;
  }

  mutable TermIndex::Active active_;
  Chance chance_;
  std::vector<Slot> slots_;
  IndexHints hints_;
  std::unique_ptr<TermIndex> index_;
  std::vector<Node> nodes_;
  Tab tab_;
};

TEST_CASE("an index finds what holds and what a change made true, in clusters of all sizes") {
  for (const int targets : {1, 5, 40, 150, 700, 2500}) {
    World world(static_cast<unsigned>(targets), targets);
    for (int step = 0; step < 120; ++step) {
      const std::set<std::uint32_t> before = world.true_now();
      std::vector<Change> changes;
      for (int i = 1 + world.chance_.below(3); i > 0; --i) world.change(changes);
      const std::set<std::uint32_t> now = world.true_now();
      REQUIRE(world.all(TermIndex::Moment::kAnyTime) == now);
      std::set<std::uint32_t> newly;
      std::set_difference(now.begin(), now.end(), before.begin(), before.end(), std::inserter(newly, newly.end()));
      REQUIRE(world.newly_true(changes) == newly);
      for (std::uint32_t i = 0; i < world.nodes_.size(); i += 17) {
        REQUIRE(world.index_->holds(world.tab_.view(), i) == now.contains(i));
      }
    }
  }
}

TEST_CASE("at a page's start an index leaves out only what cannot hold then") {
  World world(7, 900);
  for (int step = 0; step < 60; ++step) {
    std::vector<Change> changes;
    world.change(changes);
    for (const auto& [slot, start] : world.hints_.at_start) world.tab_.classes[slot] = start;
    REQUIRE(world.all(TermIndex::Moment::kPageStart) == world.true_now());
  }
}

TEST_CASE("nothing changes while a clock is below the next edge, also of clocks with very many thresholds") {
  World world(11, 900);
  for (int step = 0; step < 60; ++step) {
    std::vector<Change> changes;
    world.change(changes);
    for (const std::uint32_t clock : {0u, 1u, 2u}) {  // the third is none of the hinted ones
      const Class from = world.tab_.classes[clock];
      EdgeQuery query{clock, from};
      world.index_->next_edges(world.active(), {&query, 1});
      const Class end = query.next ? query.next : world.slots_[clock].classes.count();
      const std::set<std::uint32_t> now = world.true_now();
      for (Class c = from; c < end; c = static_cast<Class>(c + 1)) {
        world.tab_.classes[clock] = c;
        REQUIRE(world.true_now() == now);
      }
      world.tab_.classes[clock] = from;
    }
  }
}

TEST_CASE("a clock wakes for the edges of active clusters alone") {
  std::vector<Slot> slots = make_slots();
  IndexHints hints;
  hints.clocks = {0, 1};
  TermIndex index(slots, hints);
  const auto leaf = [](std::uint32_t slot, Class low, Class high) {
    Node node;
    node.kind = Node::Kind::kLeaf;
    node.slot = slot;
    node.classes = {{low, high}};
    return node;
  };
  const Class constant = slots[5].classes.of(std::string_view("s3")), other = slots[5].classes.of(std::string_view("s4"));
  const Class top = static_cast<Class>(slots[1].classes.count() - 3);
  for (const auto& [access, edge] : {std::pair{constant, Class{80}}, {other, Class{70}}}) {
    Node all;
    all.children = {leaf(5, access, access), leaf(1, edge, top)};
    index.add(access == constant ? 0 : 1, all);
  }
  index.freeze();
  std::vector<Class> classes(slots.size(), kNoValue);
  classes[5] = constant;
  EdgeQuery query{1, 3};
  TermIndex::Active active;
  index.activate({classes.data(), nullptr, 0}, active);
  index.next_edges(active, {&query, 1});
  CHECK(query.next == 80);
  classes[5] = slots[5].classes.of(std::string_view("s9"));
  query = {1, 3};
  index.activate({classes.data(), nullptr, 0}, active);
  index.next_edges(active, {&query, 1});
  CHECK(query.next == 0);
}

TEST_CASE("a condition is filed under an equality with a number, though not of a clock, whose edge nobody would wake for then") {
  std::vector<Slot> slots = make_slots();
  IndexHints hints;
  hints.clocks = {0, 1};
  TermIndex index(slots, hints);
  const auto add = [&](std::uint32_t target, std::uint32_t slot, Class c) {
    Node node;
    node.kind = Node::Kind::kLeaf;
    node.slot = slot;
    node.classes = {{c, c}};
    index.add(target, node);
  };
  add(0, 8, slots[8].classes.of(7.0));
  add(1, 0, slots[0].classes.of(4.0));
  index.freeze();
  CHECK(index.is_access(8));
  CHECK_FALSE(index.is_access(0));
  std::vector<Class> classes(slots.size(), kNoValue);
  EdgeQuery query{0, slots[0].classes.of(2.0)};
  TermIndex::Active active;
  index.activate({classes.data(), nullptr, 0}, active);
  index.next_edges(active, {&query, 1});
  CHECK(query.next == slots[0].classes.of(4.0));
}

TEST_CASE("a number's class is a point where it is that of one number alone") {
  Classes classes;
  classes.announce({Operator::kEq, {Scalar(3.0)}, {}});
  classes.announce({Operator::kGte, {Scalar(5.0)}, {}});
  classes.announce({Operator::kEq, {Scalar(std::string("3"))}, {}});
  classes.freeze();
  CHECK(classes.point_count() == 1);
  CHECK(classes.is_point(classes.of(3.0)));
  for (const double other : {2.9, 3.1, 5.0, 6.0}) CHECK_FALSE(classes.is_point(classes.of(other)));
  for (const Class c : {kNoValue, classes.of(true), classes.of(std::string_view("3")), classes.of(std::string_view("x"))}) {
    CHECK_FALSE(classes.is_point(c));
  }
}

}  // namespace
}  // namespace beckon::rules::detail

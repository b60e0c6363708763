// From a checked file to a program, in two walks: the first finds the slots and everything they are compared with, the second
// makes conditions over the slots' classes.
#include <algorithm>
#include <cstdio>

#include "beckon/rules/limits.hpp"
#include "beckon/rules/rule_set.hpp"
#include "canonical.hpp"
#include "program.hpp"

namespace beckon::rules::detail {
namespace {

std::string digest_of(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ull;  // FNV-1a
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  char digits[17];
  std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(h));
  return digits;
}

class Compiler {
 public:
  explicit Compiler(const RuleFile& file) : file_(file), program_(std::make_unique<Program>()) {
    program_->fact_slots.assign(fact_registry().size(), kNoIndex);
  }

  std::unique_ptr<Program> run() {
    rank();
    for (const Rule& rule : file_.rules) announce(rule.when);
    freeze();
    index();
    program_->slot_keys = std::move(slots_);
    return std::move(program_);
  }

 private:
  void rank() {
    std::vector<std::uint32_t> order(file_.rules.size());
    for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
      return file_.rules[a].priority > file_.rules[b].priority;
    });
    program_->rank_of_rule.resize(order.size());
    for (std::uint32_t rank = 0; rank < order.size(); ++rank) {
      const Rule& rule = file_.rules[order[rank]];
      RankedRule ranked;
      ranked.rule = order[rank];
      ranked.mode = rule.mode;
      ranked.offer = std::any_of(rule.variants.begin(), rule.variants.end(), [](const Variant& variant) {
        return variant.then.offer != Actions::Offer::kNone;
      });
      ranked.limited = !rule.limit.none();
      ranked.waits = ranked.offer || rule.needs.consent || rule.needs.operator_free || !rule.needs.skill.empty();
      ranked.held_out = rule.holdout > 0 || file_.holdout > 0;
      ranked.split = rule.variants.size() > 1;
      ranked.free = !ranked.limited && !ranked.waits && !ranked.held_out && file_.limit.none();
      ranked.watched = ranked.free && ranked.mode == Mode::kShadow;
      program_->ranks.push_back(ranked);
      program_->rank_of_rule[order[rank]] = rank;
    }
    program_->has_file_limit = !file_.limit.none();
  }

  // -- the first walk -------------------------------------------------------------------------------------------------

  std::uint32_t slot_for(const std::string& key, Slot::Source source, std::uint32_t index) {
    const auto [place, is_new] = slots_.try_emplace(key, static_cast<std::uint32_t>(program_->slots.size()));
    if (is_new) {
      Slot slot;
      slot.source = source;
      slot.index = index;
      program_->slots.push_back(std::move(slot));
    }
    return place->second;
  }

  std::uint32_t fact_slot(FactId fact, const std::string& member) {
    const std::size_t before = program_->slots.size();
    const std::uint32_t slot = slot_for(fact_key(fact, member), Slot::Source::kFact, 0);
    if (slot < before) return slot;
    Slot& made = program_->slots[slot];
    made.fact = fact;
    made.member = member;
    if (fact_info(fact).type == FactType::kBool) made.classes.announce_bool();
    switch (fact) {
      case FactId::kVisitorAttr:
        program_->attr_names.add(member);
        program_->attr_slots.push_back(slot);
        break;
      case FactId::kVisitorTag: program_->tag_slots.add(member, slot); break;
      case FactId::kPageDwell: add_clock(page_clocks_, slot, ClockBase::kPage); break;
      case FactId::kPageVisible: add_clock(page_clocks_, slot, ClockBase::kVisible); break;
      case FactId::kPageIdle: add_clock(page_clocks_, slot, ClockBase::kActivity); break;
      case FactId::kVisitDuration: add_clock(visitor_clocks_, slot, ClockBase::kVisit); break;
      case FactId::kCartIdle: add_clock(visitor_clocks_, slot, ClockBase::kCart); break;
      case FactId::kChatSinceLast: add_clock(visitor_clocks_, slot, ClockBase::kChat); break;
      case FactId::kSiteOpen:
      case FactId::kSiteHour:
      case FactId::kSiteWeekday: program_->calendar_slots.push_back(slot); break;
      default: break;
    }
    if (!fact_info(fact).family) program_->fact_slots[static_cast<std::size_t>(fact)] = slot;
    return slot;
  }

  static void add_clock(std::vector<Clock>& clocks, std::uint32_t slot, ClockBase base) {
    Clock& clock = clocks.emplace_back();
    clock.slot = slot;
    clock.base = base;
  }

  void announce_test(std::uint32_t slot, const Test& test) {
    for (const Comparison& comparison : test.all) {
      if (!is_pattern(comparison)) {
        program_->slots[slot].classes.announce(comparison);
        continue;
      }
      const std::string key = std::to_string(slot) + "/" + canonical(comparison);
      const auto [place, is_new] = patterns_.try_emplace(key, static_cast<std::uint32_t>(program_->pattern_slot.size()));
      if (!is_new) continue;
      if (program_->slots[slot].patterns < 0) {
        program_->slots[slot].patterns = static_cast<std::int32_t>(program_->pattern_sets.size());
        program_->pattern_sets.emplace_back();
      }
      program_->pattern_sets[program_->slots[slot].patterns].add(place->second, comparison);
      program_->pattern_slot.push_back(slot);
      pattern_depths_.push_back(depth_of(comparison));
    }
  }

  // Patterns of a slot with the same depth exclude one another more or less: the more there are, the more selective is each.
  static int depth_of(const Comparison& comparison) {
    if (comparison.op != Operator::kPrefix && comparison.op != Operator::kGlob) return -1;
    const std::string& text = std::get<std::string>(comparison.operands.front());
    const std::string_view beginning = std::string_view(text).substr(0, text.find_first_of("*?"));
    return beginning.empty() ? -1 : static_cast<int>(std::count(beginning.begin(), beginning.end(), '/'));
  }

  std::uint32_t name_id(const std::string& name) {
    const std::uint32_t id = program_->name_ids.add(name, static_cast<std::uint32_t>(program_->names.size()));
    if (id == program_->names.size()) program_->names.push_back({name, {}, {}});
    return id;
  }

  static std::vector<std::pair<std::string, ScalarTest>> tests_of(const EventPattern& pattern) {
    std::vector<std::pair<std::string, ScalarTest>> tests;
    for (const WhereTest& where : pattern.where) tests.emplace_back(where.key, ScalarTest(where.test));
    return tests;
  }

  void announce(const Condition& condition) {
    switch (condition.kind) {
      case Condition::Kind::kFact:
        announce_test(fact_slot(condition.fact, condition.member), condition.test);
        return;
      case Condition::Kind::kSegment:
        announce(file_.segments[condition.segment].condition);
        return;
      case Condition::Kind::kEvent:
        announce_count(condition);
        return;
      case Condition::Kind::kSequence:
        announce_sequence(condition);
        return;
      case Condition::Kind::kHeld: {
        announce(condition.children.front());
        const std::size_t before = program_->slots.size();
        const std::uint32_t slot = slot_for(canonical(condition, file_), Slot::Source::kHeld,
                                            static_cast<std::uint32_t>(program_->held.size()));
        if (slot < before) return;
        program_->slots[slot].classes.announce_bool();
        program_->held.push_back({slot, condition.duration, digest_of(canonical(condition, file_))});
        held_conditions_.push_back(&condition.children.front());
        return;
      }
      default:
        for (const Condition& child : condition.children) announce(child);
    }
  }

  void announce_count(const Condition& condition) {
    const EventPattern& pattern = condition.steps.front();
    const std::uint32_t name = name_id(pattern.name);
    const std::size_t before = program_->slots.size();
    const std::uint32_t slot =
        slot_for(count_key(condition), Slot::Source::kCount, static_cast<std::uint32_t>(program_->counts.size()));
    program_->slots[slot].classes.announce(Comparison{Operator::kGte, {Scalar(0.0)}, {}});
    announce_test(slot, condition.test);
    if (slot < before) return;
    CountNode node;
    node.slot = slot;
    node.name = name;
    node.where = tests_of(pattern);
    node.span = condition.span;
    switch (condition.span.kind) {
      case SpanKind::kPage: node.counter = program_->page_counters++; break;
      case SpanKind::kVisit: node.counter = program_->visit_counters++; break;
      case SpanKind::kVisitor: node.counter = program_->visitor_counters++; break;
      case SpanKind::kDuration: node.counter = program_->windows++; break;
    }
    program_->names[name].counts.push_back(static_cast<std::uint32_t>(program_->counts.size()));
    program_->counts.push_back(std::move(node));
  }

  void announce_sequence(const Condition& condition) {
    const std::size_t before = program_->slots.size();
    const std::uint32_t sequence = static_cast<std::uint32_t>(program_->sequences.size());
    const std::uint32_t slot = slot_for(sequence_key(condition), Slot::Source::kSequence, sequence);
    const bool is_new = slot >= before;
    SequenceNode node;
    node.slot = slot;
    node.span = condition.span;
    for (const EventPattern& step : condition.steps) {
      SequenceStep made;
      made.is_page = step.kind == EventPattern::Kind::kPage;
      if (made.is_page) {
        program_->remembers_pages = true;
        announce_test(fact_slot(FactId::kPagePath, ""), step.path);
        if (is_new) {
          program_->page_steps.emplace_back(sequence, static_cast<std::uint32_t>(node.steps.size()));
          program_->page_step_tests.emplace_back(step.path);
          step_tests_.push_back(&step.path);
        }
      } else {
        made.name = name_id(step.name);
        made.where = tests_of(step);
        if (is_new) {
          program_->names[made.name].steps.emplace_back(sequence, static_cast<std::uint32_t>(node.steps.size()));
        }
      }
      node.steps.push_back(std::move(made));
    }
    if (!is_new) return;
    program_->slots[slot].classes.announce_bool();
    std::uint32_t& matches =
        condition.span.kind == SpanKind::kPage ? program_->page_matches : program_->visitor_matches;
    node.first_match = matches;
    matches += static_cast<std::uint32_t>(node.steps.size());
    program_->sequences.push_back(std::move(node));
  }

  // -- between the walks ----------------------------------------------------------------------------------------------

  void freeze() {
    for (Slot& slot : program_->slots) slot.classes.freeze();
    lay_out();
    for (PatternSet& set : program_->pattern_sets) set.freeze();
    for (std::uint32_t i = 0; i < program_->slots.size(); ++i) {
      const Slot& slot = program_->slots[i];
      if (!is_of_page(slot)) continue;
      const FactType type = slot.source == Slot::Source::kFact ? fact_info(slot.fact).type : FactType::kNumber;
      if (type == FactType::kString) {
        program_->page_texts.push_back(i);
      } else {
        const bool flag = type == FactType::kBool || slot.source == Slot::Source::kSequence;
        program_->page_starts.emplace_back(i, flag ? slot.classes.of(false) : slot.classes.of(0.0));
      }
    }
    for (CountNode& node : program_->counts) {
      const auto& boundaries = program_->slots[node.slot].classes.boundaries();
      const double highest = boundaries.empty() ? 0 : boundaries.back().value;
      node.most = static_cast<std::uint32_t>(std::clamp(highest + 1, 1.0, static_cast<double>(kMaxRememberedEvents)));
    }
    std::unordered_map<std::uint64_t, double> alike;
    const auto group = [this](std::size_t pattern) {
      return std::uint64_t{program_->pattern_slot[pattern]} << 32 | static_cast<std::uint32_t>(pattern_depths_[pattern]);
    };
    for (std::size_t i = 0; i < pattern_depths_.size(); ++i) alike[group(i)] += 1;
    for (std::size_t i = 0; i < pattern_depths_.size(); ++i) {
      constexpr double kShareOfUnanchored = 0.3;
      program_->hints.pattern_shares.push_back(pattern_depths_[i] < 0 ? kShareOfUnanchored : 1.0 / (alike[group(i)] + 1));
    }
  }

  void lay_out() {
    Program& p = *program_;
    p.row = RowLayout(p.slots);
    p.unremembered.reset(p.row);
    for (std::uint32_t i = 0; i < p.slots.size(); ++i) {
      const Slot& slot = p.slots[i];
      if (slot.source != Slot::Source::kFact) {
        p.remembered.push_back(i);
        const bool counts = slot.source == Slot::Source::kCount;
        p.unremembered.set(p.row, i, counts ? slot.classes.of(0.0) : slot.classes.of(false));
      } else if (slot.fact == FactId::kVisitorTag) {
        p.unremembered.set(p.row, i, slot.classes.of(false));
      } else if (slot.fact != FactId::kVisitorAttr) {
        p.plain_facts.push_back(i);
      }
    }
  }

  bool is_of_page(const Slot& slot) const {
    switch (slot.source) {
      case Slot::Source::kFact: return fact_info(slot.fact).scope == FactScope::kPage;
      case Slot::Source::kCount: return program_->counts[slot.index].span.kind == SpanKind::kPage;
      case Slot::Source::kSequence: return program_->sequences[slot.index].span.kind == SpanKind::kPage;
      case Slot::Source::kHeld: return false;  // held goes on when the page changes
    }
    return false;
  }

  // -- the second walk ------------------------------------------------------------------------------------------------

  enum class Sign { kPlain, kNegated };
  static Sign opposite(Sign sign) { return sign == Sign::kPlain ? Sign::kNegated : Sign::kPlain; }

  Node leaf(std::uint32_t slot, const Comparison& comparison, Sign sign) const {
    Node node;
    node.kind = Node::Kind::kLeaf;
    node.slot = slot;
    if (is_pattern(comparison)) {
      node.is_pattern = true;
      node.pattern = patterns_.at(std::to_string(slot) + "/" + canonical(comparison));
      node.negated = sign == Sign::kNegated;
      return node;
    }
    const Classes& classes = program_->slots[slot].classes;
    node.classes = classes.where(comparison);
    if (sign == Sign::kNegated) node.classes = classes.complement(node.classes);
    return node;
  }

  Node test_node(std::uint32_t slot, const Test& test, Sign sign) const {
    Node node;
    node.kind = sign == Sign::kPlain ? Node::Kind::kAll : Node::Kind::kAny;
    for (const Comparison& comparison : test.all) node.children.push_back(leaf(slot, comparison, sign));
    return node;
  }

  Node flag_node(std::uint32_t slot, Sign sign) const {
    return leaf(slot, Comparison{Operator::kEq, {Scalar(true)}, {}}, sign);
  }

  Node node_of(const Condition& condition, Sign sign) const {
    switch (condition.kind) {
      case Condition::Kind::kFact:
        return test_node(slots_.at(fact_key(condition.fact, condition.member)), condition.test, sign);
      case Condition::Kind::kSegment:
        return node_of(file_.segments[condition.segment].condition, sign);
      case Condition::Kind::kEvent:
        return test_node(slots_.at(count_key(condition)), condition.test, sign);
      case Condition::Kind::kSequence:
        return flag_node(slots_.at(sequence_key(condition)), sign);
      case Condition::Kind::kHeld:
        return flag_node(slots_.at(canonical(condition, file_)), sign);
      default:
        break;
    }
    const Sign inner = condition.kind == Condition::Kind::kNone ? opposite(sign) : sign;
    // none(a, b) is all(not a, not b); its negation any(a, b).
    const bool all = condition.kind == Condition::Kind::kAny ? sign == Sign::kNegated : sign == Sign::kPlain;
    Node node;
    node.kind = all ? Node::Kind::kAll : Node::Kind::kAny;
    for (const Condition& child : condition.children) node.children.push_back(node_of(child, inner));
    return node;
  }

  void index() {
    Program& p = *program_;
    p.clocks = page_clocks_;
    p.clocks.insert(p.clocks.end(), visitor_clocks_.begin(), visitor_clocks_.end());
    for (Clock& clock : p.clocks) {
      const Classes& classes = p.slots[clock.slot].classes;
      clock.lowest = classes.lowest_number();
      clock.next = classes.reached_next();
      p.hints.clocks.push_back(clock.slot);
    }
    for (const auto& start : p.page_starts) {
      // A page can be a step itself, before its rules are looked at.
      if (p.slots[start.first].source != Slot::Source::kSequence) p.hints.at_start.push_back(start);
    }
    const auto make = [&] { return std::make_unique<TermIndex>(p.slots, p.hints); };
    p.rules_index = make();
    p.held_index = make();
    p.steps_index = make();
    for (std::uint32_t rank = 0; rank < p.ranks.size(); ++rank) {
      p.rules_index->add(rank, node_of(file_.rules[p.ranks[rank].rule].when, Sign::kPlain));
    }
    for (std::uint32_t i = 0; i < held_conditions_.size(); ++i) {
      p.held_index->add(i, node_of(*held_conditions_[i], Sign::kPlain));
    }
    const std::uint32_t path = p.slot_of(FactId::kPagePath);
    for (std::uint32_t i = 0; i < step_tests_.size(); ++i) {
      p.steps_index->add(i, test_node(path, *step_tests_[i], Sign::kPlain));
    }
    p.rules_index->freeze();
    p.held_index->freeze();
    p.steps_index->freeze();
    for (std::uint32_t slot = 0; slot < p.slots.size(); ++slot) {
      p.files.push_back(p.rules_index->is_access(slot) || p.held_index->is_access(slot));
    }
  }

  const RuleFile& file_;
  std::unique_ptr<Program> program_;
  std::unordered_map<std::string, std::uint32_t> slots_;     // canonical key → slot
  std::unordered_map<std::string, std::uint32_t> patterns_;  // slot and comparison → pattern
  std::vector<int> pattern_depths_;
  std::vector<Clock> page_clocks_, visitor_clocks_;
  std::vector<const Condition*> held_conditions_;
  std::vector<const Test*> step_tests_;
};

}  // namespace

std::unique_ptr<Program> compile(const RuleFile& file) { return Compiler(file).run(); }

}  // namespace beckon::rules::detail

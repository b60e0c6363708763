#include "beckon/rules/trace.hpp"

#include <algorithm>
#include <cstdio>

#include "beckon/rules/words.hpp"
#include "canonical.hpp"
#include "program.hpp"
#include "scalar_test.hpp"
#include "work.hpp"

namespace beckon::rules {
namespace {

using detail::Tab;
using detail::VisitorState;

std::string number_in_words(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", number);
  return text;
}

std::string in_words(const EventScalar& value, FactType type) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  if (const auto* text = std::get_if<std::string_view>(&value)) return "\"" + std::string(*text) + "\"";
  if (const auto* number = std::get_if<double>(&value)) {
    return type == FactType::kDuration ? format_duration(Duration(static_cast<std::int64_t>(*number)))
                                       : number_in_words(*number);
  }
  return "no value";
}

// Reads conditions of one tab's page as a tree, from the facts themselves where they are facts.
class TreeReader {
 public:
  TreeReader(const Engine& engine, const VisitorState& visitor, const Tab& tab)
      : engine_(engine.state()), file_(engine.rules().file()), program_(engine.rules().program()), visitor_(visitor),
        tab_(tab) {
    parse_page_url(tab.texts.get(detail::kTabUrl), engine.rules().query_names(), url_);
  }

  [[nodiscard]] EventScalar fact(FactId fact, std::string_view member) const {
    return detail::FactReader{engine_, visitor_, visitor_.now}.read(fact, member, &tab_, &url_);
  }

  [[nodiscard]] TraceNode read(const Condition& condition) const {
    TraceNode node;
    node.text = to_words(condition, file_);
    switch (condition.kind) {
      case Condition::Kind::kFact: {
        const EventScalar value = fact(condition.fact, condition.member);
        node.value = in_words(value, fact_info(condition.fact).type);
        node.truth = detail::ScalarTest(condition.test).holds(&value);
        return node;
      }
      case Condition::Kind::kEvent: {
        const double count = counted(condition);
        node.value = number_in_words(count) + (count == 1 ? " event" : " events");
        const EventScalar value = count;
        node.truth = detail::ScalarTest(condition.test).holds(&value);
        return node;
      }
      case Condition::Kind::kSequence:
        node.truth = flag(detail::sequence_key(condition));
        node.value = node.truth ? "seen" : "not seen";
        return node;
      case Condition::Kind::kSegment:
        node.children.push_back(read(file_.segments[condition.segment].condition));
        node.truth = node.children.front().truth;
        return node;
      case Condition::Kind::kHeld: {
        node.children.push_back(read(condition.children.front()));
        node.truth = flag(detail::canonical(condition, file_));
        const auto since = held_since(condition);
        node.value = since ? "for " + format_duration(visitor_.now - *since) : "not held";
        return node;
      }
      default:
        break;
    }
    std::size_t true_ones = 0;
    for (const Condition& child : condition.children) {
      node.children.push_back(read(child));
      true_ones += node.children.back().truth;
    }
    node.truth = condition.kind == Condition::Kind::kAll   ? true_ones == condition.children.size()
                 : condition.kind == Condition::Kind::kAny ? true_ones > 0
                                                           : true_ones == 0;
    return node;
  }

 private:
  [[nodiscard]] const detail::Slot* slot(const std::string& key) const {
    const auto found = program_.slot_keys.find(key);
    return found == program_.slot_keys.end() ? nullptr : &program_.slots[found->second];
  }
  [[nodiscard]] bool flag(const std::string& key) const {
    const detail::Slot* of = slot(key);
    return of && tab_.classes.get(program_.row, static_cast<std::uint32_t>(of - program_.slots.data())) == of->classes.of(true);
  }
  [[nodiscard]] double counted(const Condition& condition) const {
    const detail::Slot* of = slot(detail::count_key(condition));
    if (!of) return 0;
    const detail::CountNode& node = program_.counts[of->index];
    switch (node.span.kind) {
      case SpanKind::kPage: return tab_.extra ? tab_.extra->counters[node.counter] : 0;
      case SpanKind::kVisit: return visitor_.counters[node.counter];
      case SpanKind::kVisitor: return visitor_.counters[program_.visit_counters + node.counter];
      case SpanKind::kDuration:
        return visitor_.extra && node.counter < visitor_.extra->windows.size()
                   ? visitor_.extra->windows[node.counter].size()
                   : 0;
    }
    return 0;
  }
  [[nodiscard]] std::optional<Instant> held_since(const Condition& condition) const {
    const detail::Slot* of = slot(detail::canonical(condition, file_));
    if (!of || !tab_.extra) return std::nullopt;
    for (const detail::HeldSince& held : tab_.extra->held) {
      if (held.held == of->index) return held.since;
    }
    return std::nullopt;
  }

  const detail::EngineState& engine_;
  const RuleFile& file_;
  const detail::Program& program_;
  const VisitorState& visitor_;
  const Tab& tab_;
  PageUrl url_;
};

const Tab* open_tab(const VisitorState& visitor, std::string_view id) {
  for (const Tab& tab : visitor.tabs) {
    if (tab.open() && tab.id() == id) return &tab;
  }
  return nullptr;
}

// When the rule would fire on that tab if only time went on: found by letting it, with a copy.
std::optional<Instant> look_ahead(const Engine& engine, const Visitor& visitor, std::uint32_t rule, std::string_view tab) {
  constexpr int kMaxSteps = 1'000;
  Engine ahead(engine.state().rules, engine.options());
  ahead.set_calendar(*engine.state().calendar);
  ahead.set_site(engine.site());
  Visitor copy = ahead.import(visitor.id(), engine.snapshot(visitor));
  Output out;
  for (int step = 0; step < kMaxSteps && copy.next_deadline() != kNever; ++step) {
    out.clear();
    ahead.pass(copy, copy.next_deadline(), out);
    for (const Decision& decision : out.decisions) {
      if (decision.rule == rule && decision.tab == tab && decision.verdict == Verdict::kFire) return decision.t;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<RuleTrace> explain(const Engine& engine, const Visitor& visitor, std::uint32_t rule, std::string_view tab) {
  const VisitorState& state = Inspector::state(visitor);
  const Tab* on = open_tab(state, tab);
  if (!on || state.rules != &engine.rules()) return std::nullopt;
  RuleTrace trace;
  trace.rule = rule;
  trace.tab = tab;
  trace.when = TreeReader(engine, state, *on).read(engine.rules().rules()[rule].when);
  const std::uint32_t rank = engine.rules().program().rank_of_rule[rule];
  const bool waits = std::binary_search(on->waiting().begin(), on->waiting().end(), rank);
  trace.armed = !trace.when.truth || waits;
  if (!trace.armed) return trace;
  trace.verdict = detail::judge(engine, visitor, rank, *on, trace.why);
  trace.would_fire = look_ahead(engine, visitor, rule, tab);
  return trace;
}

std::string fact_in_words(const Engine& engine, const Visitor& visitor, FactId fact, std::string_view member,
                          std::string_view tab) {
  const VisitorState& state = Inspector::state(visitor);
  const Tab* on = open_tab(state, tab);
  if (!on) return "no value";
  return in_words(TreeReader(engine, state, *on).fact(fact, member), fact_info(fact).type);
}

namespace {

template <typename Visit>
void each_node(TraceNode& node, const std::string& key, Visit&& visit) {
  visit(node, key);
  for (std::size_t i = 0; i < node.children.size(); ++i) each_node(node.children[i], key + "." + std::to_string(i), visit);
}

std::string key_of(std::string_view tab, const std::string& rule) { return std::string(tab) + "\n" + rule; }

}  // namespace

void Follower::look(const Engine& engine, const Visitor& visitor) {
  const VisitorState& state = Inspector::state(visitor);
  const auto& rules = engine.rules().rules();
  for (const Tab& tab : state.tabs) {
    if (!tab.open()) continue;
    const TreeReader reader(engine, state, tab);
    for (const Rule& rule : rules) {
      TraceNode tree = reader.read(rule.when);
      each_node(tree, key_of(tab.id(), rule.id), [&](TraceNode& node, const std::string& key) {
        const auto [place, is_new] = seen_.try_emplace(key, Seen{node.truth, visitor.now()});
        if (!is_new && place->second.truth != node.truth) place->second = {node.truth, visitor.now()};
      });
    }
  }
}

void Follower::date(const Engine& engine, RuleTrace& trace) const {
  each_node(trace.when, key_of(trace.tab, engine.rules().rules()[trace.rule].id), [&](TraceNode& node, const std::string& key) {
    const auto seen = seen_.find(key);
    if (seen != seen_.end() && seen->second.truth == node.truth) node.since = seen->second.since;
  });
}

}  // namespace beckon::rules

#include "beckon/rules/engine.hpp"

#include <algorithm>

#include "state_snapshot.hpp"
#include "work.hpp"

namespace beckon::rules {

using detail::VisitorState;
using detail::Work;

void detail::EngineState::use(std::shared_ptr<const RuleSet> set) {
  old_rules = std::move(rules);
  rules = std::move(set);
  program = &rules->program();
  caches.clear();
  caches.resize(program->pattern_sets.size());
  changes.clear();
  classes.clear();
  queries.resize(program->clocks.size());
  running.resize(program->clocks.size());
}

void detail::EngineState::make_room(std::size_t tabs) {
  changes.resize(tabs);
  classes.resize(tabs, std::vector<Class>(program->slots.size() + 1));
}

struct Engine::State : detail::EngineState {};

Engine::Engine(std::shared_ptr<const RuleSet> rules, EngineOptions options) : state_(std::make_unique<State>()) {
  state_->options = options;
  state_->calendar = options.calendar ? options.calendar : &utc_calendar();
  state_->use(std::move(rules));
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;

const RuleSet& Engine::rules() const { return *state_->rules; }
const SiteState& Engine::site() const { return state_->site; }
const EngineOptions& Engine::options() const { return state_->options; }
const detail::EngineState& Engine::state() const { return *state_; }

Verdict detail::judge(const Engine& engine, const Visitor& visitor, std::uint32_t rank, const Tab& tab, Why& why) {
  // Judging changes nothing; a Work is built over what its other steps would change.
  Output nothing;
  const Work work(const_cast<EngineState&>(engine.state()), const_cast<VisitorState&>(Inspector::state(visitor)), nothing);
  return work.judge(rank, tab, why);
}

Visitor Engine::make_visitor(std::string_view id) const {
  auto state = std::make_unique<VisitorState>();
  state->rules = state_->rules.get();
  state->texts.add(detail::kVisitorId, id);
  return Visitor(std::move(state));
}

Visitor Engine::import(std::string_view id, const VisitorSnapshot& snapshot) const {
  auto state = from_snapshot(*state_, id, snapshot);
  Output nothing;
  Work(*state_, *state, nothing).set_deadline();
  return Visitor(std::move(state));
}

VisitorSnapshot Engine::snapshot(const Visitor& visitor) const {
  const VisitorState& state = Inspector::state(visitor);
  return to_snapshot(state, *state.rules);
}

void Engine::pass(Visitor& visitor, Instant t, Output& out) {
  Work(*state_, Inspector::state(visitor), out).pass(t);
}

void Engine::apply(Visitor& visitor, Instant t, const Event& event, Output& out) {
  Work(*state_, Inspector::state(visitor), out).apply(t, event);
}

void Engine::set_site(SiteState site) { state_->site = std::move(site); }

void Engine::site_changed(Visitor& visitor, Instant t, Output& out) {
  Work(*state_, Inspector::state(visitor), out).site_changed(t);
}

void Engine::set_rules(std::shared_ptr<const RuleSet> rules) { state_->use(std::move(rules)); }

void Engine::set_calendar(const Calendar& calendar) { state_->calendar = &calendar; }

void Engine::rules_changed(Visitor& visitor, Instant t, Output& out) {
  VisitorState& old = Inspector::state(visitor);
  const RuleSet& old_rules = *old.rules;
  old.now = std::max(old.now, t);

  // By tab, the rules that had their say on its page: true, and not waiting.
  std::vector<std::vector<std::string>> disarmed(old.tabs.size());
  std::vector<std::uint32_t> ranks;
  std::vector<detail::Class> classes(old_rules.program().slots.size() + 1);
  for (std::size_t i = 0; i < old.tabs.size(); ++i) {
    const detail::Tab& tab = old.tabs[i];
    if (!tab.open()) continue;
    ranks.clear();
    tab.classes.unpack(old_rules.program().row, classes.data());
    const detail::View view = {classes.data(), tab.patterns.data(), tab.patterns.size()};
    detail::TermIndex::Active active;
    old_rules.program().rules_index->activate(view, active);
    old_rules.program().rules_index->all(view, active, detail::TermIndex::Moment::kAnyTime, ranks);
    for (const std::uint32_t rank : ranks) {
      if (std::binary_search(tab.waiting().begin(), tab.waiting().end(), rank)) continue;
      disarmed[i].push_back(old_rules.rules()[old_rules.program().ranks[rank].rule].id);
    }
  }

  const std::string id(visitor.id());
  const VisitorSnapshot snapshot = to_snapshot(old, old_rules);
  if (snapshot.screen && !state_->rules->find(snapshot.screen->rule)) {
    out.ended.push_back({old.now, snapshot.screen->rule, snapshot.screen->tab, OfferEnd::kReplaced});
  }
  std::unique_ptr<detail::Screen> screen = old.extra ? std::move(old.extra->screen) : nullptr;
  std::unique_ptr<VisitorState> carried = from_snapshot(*state_, id, snapshot);
  if (carried->extra && carried->extra->screen && screen) {  // it stays as it was shown
    screen->index = carried->extra->screen->index;
    carried->extra->screen = std::move(screen);
  }
  Work work(*state_, *carried, out);
  work.arm_all_but(disarmed);
  work.look();
  work.set_deadline();
  old = std::move(*carried);
}

}  // namespace beckon::rules

// A look: what became true, who may fire, who does. rules.md, section 5.
#include <algorithm>

#include "attributes.hpp"
#include "work.hpp"

namespace beckon::rules::detail {
namespace {

// Becomes a string where that is to be, without a move.
struct MadeInPlace {
  std::string_view text;
  operator std::string() const { return std::string(text); }  // NOLINT(google-explicit-constructor)
};

// Ascending, each once. Of few it is counted how many go before each: which of two is the greater is not foreseeable.
void sort_unique(std::vector<std::uint32_t>& ranks) {
  constexpr std::size_t kFew = 32;
  const std::size_t count = ranks.size();
  if (count > kFew) {
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    return;
  }
  std::array<std::uint32_t, kFew + 1> sorted;
  for (std::size_t i = 0; i < count; ++i) {
    std::uint32_t before = 0;
    for (std::size_t j = 0; j < count; ++j) before += (ranks[j] < ranks[i]) | ((ranks[j] == ranks[i]) & (j < i));
    sorted[before] = ranks[i];
  }
  sorted[count] = UINT32_MAX;  // is no rank
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count; ++i) {
    ranks[kept] = sorted[i];
    kept += sorted[i] != sorted[i + 1];
  }
  ranks.resize(kept);
}

}  // namespace

void Work::arm_all_but(const std::vector<std::vector<std::string>>& disarmed) {
  forget_changes();
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    Tab& tab = v_.tabs[i];
    if (!tab.open()) continue;
    if (!p_.held_index->empty()) {
      tab.fresh = true;
      complete_held(i);
      tab.fresh = false;
    }
    std::vector<std::uint32_t> ranks;
    p_.rules_index->all(view(i), active(i), TermIndex::Moment::kAnyTime, ranks);
    if (tab.extra) tab.extra->waiting.clear();
    for (const std::uint32_t rank : ranks) {
      const auto& named = disarmed[i];
      if (std::find(named.begin(), named.end(), rule_at(rank).id) == named.end()) wait(tab, rank);
    }
  }
  v_.gates_changed = true;
}

void Work::complete_held() {
  if (p_.held_index->empty()) return;
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    if (v_.tabs[i].open()) complete_held(i);
  }
}

// What is held follows the truth of its inner condition.
void Work::complete_held(std::size_t tab) {
  for (std::size_t round = 0; round <= p_.held.size(); ++round) {
    settle_held(tab);
    if (!begin_held(tab)) return;
  }
}

// What is broken now is not held, however long it was until now; what is left and held long enough is true. In the order of
// their numbers: what is held inside has a lower one than what is held around it, and is settled before that is looked at.
void Work::settle_held(std::size_t tab) {
  Tab& on = v_.tabs[tab];
  if (!on.extra) return;
  auto& held = on.extra->held;
  for (std::uint32_t i = 0; i < held.size();) {
    const HeldNode& node = p_.held[held[i].held];
    const Classes& classes = p_.slots[node.slot].classes;
    refresh_clocks_to_look(tab);
    const bool may_have_changed = on.fresh || !e_.changes[tab].empty();
    if (may_have_changed && !p_.held_index->holds(view(tab), held[i].held)) {
      held.erase(i);
      set_class(tab, node.slot, classes.of(false));
      continue;
    }
    set_class(tab, node.slot, classes.of(v_.now - held[i].since >= node.duration));
    ++i;
  }
}

// True when something began to hold.
bool Work::begin_held(std::size_t tab) {
  Tab& on = v_.tabs[tab];
  if (!on.fresh && e_.changes[tab].empty()) return false;
  refresh_clocks_to_look(tab);
  e_.found.clear();
  TermIndex::Active& clusters = active_in(*p_.held_index, tab);
  if (on.fresh) {
    p_.held_index->all(view(tab), clusters, TermIndex::Moment::kAnyTime, e_.found);
  } else {
    p_.held_index->newly_true(view(tab), clusters, classes_of(tab), e_.changes[tab], e_.found);
  }
  bool begun = false;
  for (const std::uint32_t target : e_.found) {
    auto& held = extra(on).held;
    const auto* place = std::lower_bound(held.begin(), held.end(), target,
                                         [](const HeldSince& known, std::uint32_t wanted) { return known.held < wanted; });
    if (place != held.end() && place->held == target) continue;
    held.insert(static_cast<std::uint32_t>(place - held.begin()), {target, v_.now});
    begun = true;
  }
  return begun;
}

void Work::order_tabs() {
  e_.tab_orders.assign(v_.tabs.size(), 0);
  std::vector<std::uint32_t> order(v_.tabs.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [this](std::uint32_t a, std::uint32_t b) {
    const Tab& x = v_.tabs[a];
    const Tab& y = v_.tabs[b];
    if (x.hidden != y.hidden) return y.hidden;
    if (x.started != y.started) return x.started > y.started;
    return x.id() < y.id();
  });
  for (std::uint32_t i = 0; i < order.size(); ++i) e_.tab_orders[order[i]] = i;
}

void Work::add_candidates(std::size_t tab, std::span<const std::uint32_t> ranks) {
  const std::size_t known = e_.candidates.size();
  const std::uint32_t order = e_.tab_orders[tab];
  e_.candidates.resize(known + ranks.size());
  Candidate* next = e_.candidates.data() + known;
  for (const std::uint32_t rank : ranks) *next++ = {rank, order, static_cast<std::uint32_t>(tab)};
}

// Nobody but found rules that only their mode holds back, and that change nothing for others: they need not be candidates.
bool Work::only_watched(const Tab& tab) const {
  return v_.tabs.size() == 1 && e_.candidates.empty() && tab.waiting().empty() &&
         std::all_of(e_.found.begin(), e_.found.end(), [this](std::uint32_t rank) { return p_.ranks[rank].watched; });
}

void Work::watch_found(const Tab& tab) {
  Why why;
  why.kind = Why::Kind::kShadowMode;
  const std::string_view id = tab.id();
  for (const std::uint32_t rank : e_.found) {
    forget_verdict(rank);
    decide(rank, Verdict::kShadow, why, id);
  }
}

void Work::find_candidates() {
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    Tab& tab = v_.tabs[i];
    if (!tab.open() || (!tab.fresh && e_.changes[i].empty())) continue;
    refresh_clocks_to_look(i);
    e_.found.clear();
    if (tab.fresh) {
      const auto moment = tab.resumed ? TermIndex::Moment::kAnyTime : TermIndex::Moment::kPageStart;
      p_.rules_index->all(view(i), active(i), moment, e_.found);
    } else {
      p_.rules_index->newly_true(view(i), active(i), classes_of(i), e_.changes[i], e_.found);
    }
    if (e_.found.size() > 1) sort_unique(e_.found);
    tab.fresh = tab.resumed = false;
    e_.changes[i].clear();
    if (e_.found.empty()) continue;
    if (only_watched(tab)) {
      watch_found(tab);
    } else {
      add_candidates(i, e_.found);
    }
  }
}

void Work::look() {
  e_.candidates.clear();
  if (v_.tabs.size() == 1 && !v_.gates_changed && !v_.tabs.front().fresh && e_.changes.front().empty() && p_.held.empty()) {
    return;  // nothing that any rule could see
  }
  if (v_.tabs.size() > 1) {
    order_tabs();
  } else {
    e_.tab_orders.front() = 0;
  }
  complete_held();
  // With several pages open, a candidate that comes or goes on one can make another page the first for its rule.
  const bool any_change =
      v_.tabs.size() > 1 && std::any_of(v_.tabs.begin(), v_.tabs.end(), [this](const Tab& tab) {
        return tab.fresh || !e_.changes[static_cast<std::size_t>(&tab - v_.tabs.data())].empty();
      });
  find_candidates();

  // Rules that wait are considered again when what holds them back may have changed.
  bool known_to_hold = true;  // of all candidates: the index has just found them
  const auto add_waiting = [&] {
    for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
      const auto waiting = v_.tabs[i].waiting();
      if (waiting.empty() || !v_.tabs[i].open()) continue;
      refresh_clocks_to_look(i);
      known_to_hold = false;
      add_candidates(i, waiting);
    }
  };
  if (v_.gates_changed || any_change) {
    v_.gates_changed = false;
    if (v_.extra) v_.extra->waits_until = kNever;
    add_waiting();
  }
  if (e_.candidates.empty()) return;

  // Those from `begin` to `added` are in order, those behind were added.
  const auto in_order = [this](std::size_t begin, std::size_t added) {
    if (e_.candidates.size() == added) return;
    const auto first = e_.candidates.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto middle = e_.candidates.begin() + static_cast<std::ptrdiff_t>(added);
    if (!std::is_sorted(middle, e_.candidates.end())) std::sort(middle, e_.candidates.end());
    std::inplace_merge(first, middle, e_.candidates.end());
    e_.candidates.erase(std::unique(first, e_.candidates.end()), e_.candidates.end());
  };
  if (!known_to_hold || v_.tabs.size() > 1) in_order(0, 0);
  std::uint32_t counted_rank = kNoIndex;
  for (std::size_t i = 0; i < e_.candidates.size();) {
    const Candidate candidate = e_.candidates[i];
    Tab& tab = v_.tabs[candidate.tab];
    ++i;
    if (!known_to_hold && !p_.rules_index->holds(view(candidate.tab), candidate.rank)) {  // waited, or made false by a fire
      stop_waiting(tab, candidate.rank);
      continue;
    }
    if (!consider(candidate, counted_rank)) continue;
    // It fired (or, with several pages, was counted as control or shadow): everything is looked at again, from the top.
    const std::size_t known = e_.candidates.size();
    known_to_hold = false;
    complete_held();
    find_candidates();
    v_.gates_changed = false;
    if (v_.extra) v_.extra->waits_until = kNever;
    add_waiting();
    in_order(i, known);
    counted_rank = kNoIndex;
  }
}

// True when considering must start over.
bool Work::consider(const Candidate& candidate, std::uint32_t& counted_rank) {
  const std::uint32_t rank = candidate.rank;
  const RankedRule& ranked = p_.ranks[rank];
  Tab& tab = v_.tabs[candidate.tab];
  Why why;
  const Verdict verdict = judge(rank, tab, why);
  if (verdict < Verdict::kControl) {
    wait(tab, rank);
    if (why.ends != kNever) extra().waits_until = std::min(v_.waits_until(), why.ends);
    if (counted_rank != rank) note_verdict(rank, verdict, why, tab);
    counted_rank = rank;
    return false;
  }
  stop_waiting(tab, rank);
  forget_verdict(rank);
  decide(rank, verdict, why, tab.id());
  if (ranked.limited) count_fire(ranked.rule, tab);
  if (verdict == Verdict::kFire) {
    fire(rank, candidate.tab);
    return true;
  }
  return v_.tabs.size() > 1 && !ranked.free;  // what only its mode holds back, changes nothing for others
}

inline void Work::forget_verdict(std::uint32_t rank) {
  if (!v_.extra || v_.extra->verdicts.empty()) return;
  auto& verdicts = v_.extra->verdicts;
  for (std::uint32_t i = 0; i < verdicts.size(); ++i) {
    if (verdicts[i].rank == rank) verdicts.erase(i);
  }
}

void Work::note_verdict(std::uint32_t rank, Verdict verdict, const Why& why, const Tab& tab) {
  auto& verdicts = extra().verdicts;
  auto* place = std::lower_bound(verdicts.begin(), verdicts.end(), rank,
                                 [](const VerdictMemory& memory, std::uint32_t wanted) { return memory.rank < wanted; });
  if (place != verdicts.end() && place->rank == rank) {
    if (place->verdict == verdict) return;
    place->verdict = verdict;
  } else {
    verdicts.insert(static_cast<std::uint32_t>(place - verdicts.begin()), {rank, verdict});
  }
  decide(rank, verdict, why, tab.id());
}

inline void Work::decide(std::uint32_t rank, Verdict verdict, const Why& why, std::string_view tab) {
  const RankedRule& ranked = p_.ranks[rank];
  const std::uint8_t variant = verdict >= Verdict::kControl && ranked.split ? variant_of(rule_at(rank)) : std::uint8_t{0};
  out_.decisions.emplace_back(v_.now, ranked.rule, verdict, variant, MadeInPlace{tab}, why);
}

void Work::wait(Tab& tab, std::uint32_t rank) {
  auto& waiting = extra(tab).waiting;
  const auto* place = std::lower_bound(waiting.begin(), waiting.end(), rank);
  if (place != waiting.end() && *place == rank) return;
  waiting.insert(static_cast<std::uint32_t>(place - waiting.begin()), rank);
}

inline void Work::stop_waiting(Tab& tab, std::uint32_t rank) {
  if (tab.waiting().empty()) return;
  auto& waiting = tab.extra->waiting;
  const auto* place = std::lower_bound(waiting.begin(), waiting.end(), rank);
  if (place != waiting.end() && *place == rank) waiting.erase(static_cast<std::uint32_t>(place - waiting.begin()));
}

void Work::fire(std::uint32_t rank, std::size_t tab) {
  const Rule& rule = rule_at(rank);
  const Actions& then = rule.variants[variant_of(rule)].then;
  count_fire(kFileFires, v_.tabs[tab]);
  for (const std::string& tag : then.tags) {
    change_tag(extra().tags, tag, TagChange::kSet);
    const std::uint32_t slot = p_.tag_slots.find(tag);
    if (slot != StringTable::kNone) update_slot(slot, has_tag(extra().tags, tag));
  }
  if (then.offer == Actions::Offer::kNone) return;
  auto screen = std::make_unique<Screen>();
  screen->rule = rule.id;
  screen->index = p_.ranks[rank].rule;
  screen->tab = v_.tabs[tab].id();
  screen->since = v_.now;
  screen->until = rule.until.kind;
  if (rule.until.kind == Until::Kind::kDuration) screen->ends = v_.now + rule.until.duration;
  screen->needs_operator = rule.needs.operator_free;
  screen->needs_skill = rule.needs.skill;
  extra().screen = std::move(screen);
  apply_pressure(e_.rules->file().pressure.shown);
}

// The offer on screen leaves it, with what follows from how.
void Work::close_screen(OfferEnd end) {
  const std::unique_ptr<Screen> screen = std::move(extra().screen);
  v_.gates_changed = true;
  out_.ended.push_back({v_.now, screen->rule, screen->tab, end});
  const auto note = [&](auto member) {
    const auto rule = e_.rules->find(screen->rule);
    if (rule && !e_.rules->rules()[*rule].limit.none()) record_of(*rule).*member = v_.now;
    record_of(kFileFires).*member = v_.now;
  };
  const Pressure& pressure = e_.rules->file().pressure;
  switch (end) {
    case OfferEnd::kIgnored: apply_pressure(pressure.ignored); break;
    case OfferEnd::kDismissed:
      note(&RuleRecord::dismissed);
      apply_pressure(pressure.dismissed);
      break;
    case OfferEnd::kAccepted:
      note(&RuleRecord::accepted);
      apply_pressure(pressure.accepted);
      break;
    default: break;
  }
}

void Work::site_changed(Instant t) {
  v_.now = std::max(v_.now, t);
  forget_changes();
  refresh_clocks(Noting::kSilently);
  v_.gates_changed = true;
  if (v_.extra && v_.extra->screen) {
    Why why;
    const Screen& screen = *v_.extra->screen;
    const bool needs = screen.needs_operator || !screen.needs_skill.empty();
    if (needs && !somebody_can_answer(screen.needs_operator, screen.needs_skill, why)) close_screen(OfferEnd::kWithdrawn);
  }
  for (const FactId fact : {FactId::kSiteOperators, FactId::kSiteFreeSlots, FactId::kSiteQueue, FactId::kSiteOpen}) {
    update(fact);
  }
  look();
  set_deadline();
}

}  // namespace beckon::rules::detail

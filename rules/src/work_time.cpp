// Time: deadlines, clocks that grow, windows that slide, pressure that fades.
#include <algorithm>
#include <cmath>

#include "work.hpp"

namespace beckon::rules::detail {
namespace {

double faded(double pressure, Instant at, Duration half_life, Instant t) {
  return pressure * std::exp2(-static_cast<double>((t - at).count()) / static_cast<double>(half_life.count()));
}

}  // namespace

double pressure_at(const VisitorState& visitor, const Pressure& settings, Instant t) {
  if (!visitor.extra || visitor.extra->pressure == 0) return 0;
  return faded(visitor.extra->pressure, visitor.extra->pressure_at, settings.half_life, t);
}

void Work::pass(Instant t) {
  while (v_.deadline <= t) step(v_.deadline);
  v_.now = std::max(v_.now, t);
}

void Work::step(Instant due) {
  v_.now = std::max(v_.now, due);
  forget_changes();
  if (v_.in_visit && v_.last_event + e_.options.visit_timeout <= v_.now) {
    end_visit();
  } else {
    if (v_.extra && v_.extra->screen && v_.extra->screen->ends <= v_.now) close_screen(OfferEnd::kIgnored);
    if (v_.waits_until() <= v_.now) v_.gates_changed = true;
    refresh_clocks(Noting::kChanges);
    refresh_others(Noting::kChanges);
    look();
  }
  set_deadline();
  if (v_.deadline <= due) v_.deadline = due + Duration{1};  // whatever happens, time goes on
}

inline Work::Bases Work::bases_of(const Tab& tab) const {
  return {to_ms(tab.started),
          tab.hidden ? to_ms(kNever) : tab.visible,
          to_ms(tab.idle_since),
          to_ms(v_.visit_started),
          to_ms(v_.cart_at),
          to_ms(v_.extra ? v_.extra->chat_ended : kNever)};
}

// Brings a clock's class to the present. Gives when it passes its next threshold; kNotReached: never.
inline std::int64_t Work::advance_clock(const Clock& clock, std::int64_t base, std::int64_t now, std::size_t place,
                                        Noting noting) {
  const Class before = class_of(v_.tabs[place], clock.slot);
  if (before == kNoValue || base == to_ms(kNever)) return Classes::kNotReached;
  const std::int64_t* next = clock.next + (before - clock.lowest);
  if (now - base >= *next) [[unlikely]] {
    while (now - base >= *next) ++next;
    change_class(place, clock.slot, static_cast<Class>(clock.lowest + (next - clock.next)), noting);
  }
  return *next == Classes::kNotReached ? *next : base + *next;
}

void Work::refresh_clocks(std::size_t place, Noting noting) {
  Tab& tab = v_.tabs[place];
  const std::int64_t now = to_ms(v_.now);
  std::int64_t stale = to_ms(kNever);
  const Bases bases = bases_of(tab);
  for (const Clock& clock : p_.clocks) {
    stale = std::min(stale, advance_clock(clock, bases[static_cast<std::size_t>(clock.base)], now, place, noting));
  }
  tab.clocks_stale = at_ms(stale);
  // Until then no threshold was passed that matters here, and the next one that does is still the same.
  if (v_.now >= tab.clocks_due) tab.clocks_dirty = true;
}

void Work::refresh_windows(Noting noting) {
  if (!v_.extra) return;
  const auto set = [&](std::uint32_t slot, Class now) {
    for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
      if (v_.tabs[i].open()) set_class(i, slot, now, noting);
    }
  };
  if (!v_.extra->windows.empty()) {
    for (const CountNode& node : p_.counts) {
      if (node.span.kind != SpanKind::kDuration) continue;
      Compact<Match>& window = v_.extra->windows[node.counter];
      std::uint32_t gone = 0;
      while (gone < window.size() && window[gone].t <= to_ms(v_.now - node.span.duration)) ++gone;
      if (gone == 0) continue;
      window.erase(0, gone);
      set(node.slot, p_.slots[node.slot].classes.of(static_cast<double>(window.size())));
    }
  }
  if (v_.extra->matches.empty()) return;
  for (const SequenceNode& node : p_.sequences) {
    if (node.span.kind != SpanKind::kDuration) continue;
    const Match& last = v_.extra->matches[node.first_match + node.steps.size() - 1];
    if (last.number != 0 && last.t <= to_ms(v_.now - node.span.duration)) {
      set(node.slot, p_.slots[node.slot].classes.of(false));
    }
  }
}

void Work::refresh_pressure() {
  update(FactId::kVisitorPressure);
  update(FactId::kVisitorPressureState);
  const Pressure& settings = e_.rules->file().pressure;
  const bool pressed = pressure_at(v_, settings, v_.now) >= settings.over;
  if (pressed != v_.pressed) v_.gates_changed = true;
  v_.pressed = pressed;
}

void Work::refresh_others(Noting noting) {
  refresh_windows(noting);
  if (v_.extra && v_.extra->pressure != 0) refresh_pressure();
  if (!p_.calendar_slots.empty()) {
    for (const std::uint32_t slot : p_.calendar_slots) {
      update_slot(slot, FactReader{e_, v_, v_.now}.read(p_.slots[slot].fact, {}, nullptr, nullptr));
    }
  }
}

// Sets when a clock of the tab next changes a condition of an active cluster, and when it next passes any threshold.
void Work::time_clocks(std::size_t place) {
  Tab& tab = v_.tabs[place];
  EdgeQuery* const queries = e_.queries.data();
  RunningClock* const running = e_.running.data();
  const std::int64_t now = to_ms(v_.now);
  std::size_t count = 0;
  std::int64_t stale = to_ms(kNever), due = stale;
  const Bases bases = bases_of(tab);
  for (const Clock& clock : p_.clocks) {
    const std::int64_t base = bases[static_cast<std::size_t>(clock.base)];
    const std::int64_t next = advance_clock(clock, base, now, place, Noting::kSilently);
    if (next == Classes::kNotReached) continue;
    stale = std::min(stale, next);
    running[count] = {&clock, base};
    queries[count++] = {clock.slot, class_of(tab, clock.slot)};
  }
  if (count > 0) {
    p_.rules_index->next_edges(active(place), {queries, count});
    if (!p_.held_index->empty()) p_.held_index->next_edges(active_in(*p_.held_index, place), {queries, count});
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Class edge = queries[i].next;
    if (edge == 0) continue;
    const std::int64_t reached = running[i].clock->next_of(static_cast<Class>(edge - 1));
    if (reached != Classes::kNotReached) due = std::min(due, running[i].base + reached);
  }
  tab.clocks_dirty = false;
  tab.clocks_stale = at_ms(stale);
  tab.clocks_due = at_ms(due);
}

// When a window, a sequence, the pressure or the calendar changes by itself.
Instant Work::others_due() const {
  Instant due = kNever;
  if (!p_.calendar_slots.empty()) due = e_.calendar->next_change(v_.now);
  if (!v_.extra) return due;
  const VisitorExtra& extra = *v_.extra;
  if (!extra.windows.empty()) {
    for (const CountNode& node : p_.counts) {
      if (node.span.kind != SpanKind::kDuration) continue;
      const Compact<Match>& window = extra.windows[node.counter];
      if (!window.empty()) due = std::min(due, at_ms(window[0].t) + node.span.duration);
    }
  }
  if (!extra.matches.empty()) {
    for (const SequenceNode& node : p_.sequences) {
      if (node.span.kind != SpanKind::kDuration) continue;
      const Match& last = extra.matches[node.first_match + node.steps.size() - 1];
      const Instant expires = at_ms(last.t) + node.span.duration;
      if (last.number != 0 && expires > v_.now) due = std::min(due, expires);
    }
  }
  if (extra.pressure == 0) return due;
  const Pressure& settings = e_.rules->file().pressure;
  const double now = pressure_at(v_, settings, v_.now);
  // The first millisecond at which the fading pressure is no more above `value` (or at it, unless `after`).
  const auto falls_below = [&](const Boundary& boundary) {
    const bool above = boundary.after ? now > boundary.value : now >= boundary.value;
    if (!above || boundary.value <= 0) return;
    const auto below = [&](std::int64_t ms) {
      const double then = faded(extra.pressure, extra.pressure_at, settings.half_life, at_ms(ms));
      return boundary.after ? then <= boundary.value : then < boundary.value;
    };
    const double wait = std::log2(extra.pressure / boundary.value) * static_cast<double>(settings.half_life.count());
    constexpr double kForever = 1e15;  // some 30,000 years
    if (!(wait < kForever)) return;
    std::int64_t ms = std::max(to_ms(v_.now) + 1, to_ms(extra.pressure_at) + static_cast<std::int64_t>(wait));
    while (ms > to_ms(v_.now) + 1 && below(ms - 1)) --ms;
    while (!below(ms)) ++ms;
    due = std::min(due, at_ms(ms));
  };
  falls_below({settings.over, false});
  if (p_.slot_of(FactId::kVisitorPressureState) != kNoIndex) falls_below({settings.under, false});
  const std::uint32_t slot = p_.slot_of(FactId::kVisitorPressure);
  if (slot != kNoIndex) {
    for (const Boundary& boundary : p_.slots[slot].classes.boundaries()) falls_below(boundary);
  }
  return due;
}

void Work::set_deadline() {
  VisitorState& v = v_;
  if (!v.in_visit) {
    v.deadline = kNever;
    return;
  }
  Instant due = v.last_event + e_.options.visit_timeout;
  bool any_open = false;
  for (std::size_t i = 0; i < v.tabs.size(); ++i) {
    const Tab& tab = v.tabs[i];
    if (!tab.open()) continue;
    any_open = true;
    if (tab.clocks_dirty) time_clocks(i);
    due = std::min(due, tab.clocks_due);
    if (!tab.extra) continue;
    for (const HeldSince& held : tab.extra->held) {
      const Instant reached = held.since + p_.held[held.held].duration;
      if (reached > v.now) due = std::min(due, reached);
    }
  }
  if (v.extra && v.extra->screen) due = std::min(due, v.extra->screen->ends);
  if (any_open && (v.extra || !p_.calendar_slots.empty())) {
    due = std::min(due, others_due());
    if (v.waits_until() > v.now) due = std::min(due, v.waits_until());
  }
  v.deadline = due;
}

}  // namespace beckon::rules::detail

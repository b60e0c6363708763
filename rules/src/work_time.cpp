// Time: deadlines, clocks that grow, windows that slide, pressure that fades.
#include <algorithm>
#include <cmath>

#include "work.hpp"

namespace beckon::rules::detail {
namespace {

// The first whole millisecond of a clock that has passed the boundary.
std::int64_t passed_at(const Boundary& boundary) {
  return static_cast<std::int64_t>(boundary.after ? std::floor(boundary.value) + 1 : std::ceil(boundary.value));
}

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
    if (v_.waits_until <= v_.now) v_.gates_changed = true;
    refresh_clocks(Noting::kChanges);
    refresh_others(Noting::kChanges);
    look();
  }
  set_deadline();
  if (v_.deadline <= due) v_.deadline = due + Duration{1};  // whatever happens, time goes on
}

Instant Work::clock_base(const Slot& slot, const Tab& tab) const {
  switch (slot.fact) {
    case FactId::kPageDwell: return tab.started;
    case FactId::kPageVisible: return tab.hidden ? kNever : at_ms(tab.visible);
    case FactId::kPageIdle: return tab.idle_since;
    case FactId::kVisitDuration: return v_.visit_started;
    case FactId::kCartIdle: return v_.cart_at;
    case FactId::kChatSinceLast: return v_.extra ? v_.extra->chat_ended : kNever;
    default: return kNever;
  }
}

void Work::refresh_clocks(Noting noting) {
  if (p_.page_clocks.empty() && p_.visitor_clocks.empty()) return;
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    Tab& tab = v_.tabs[i];
    if (!tab.open()) continue;
    const auto refresh = [&](std::uint32_t slot) {
      const Classes& classes = p_.slots[slot].classes;
      Class c = tab.classes[slot];
      if (c == kNoValue) return;
      const Instant base = clock_base(p_.slots[slot], tab);
      if (base == kNever) return;
      const std::int64_t elapsed = (v_.now - base).count();
      const Boundary* above = classes.above(c);
      if (!above || elapsed < passed_at(*above)) return;
      do {
        above = classes.above(++c);
      } while (above && elapsed >= passed_at(*above));
      set_class(i, slot, c, noting);
      tab.clocks_dirty = true;
    };
    for (const std::uint32_t slot : p_.page_clocks) refresh(slot);
    for (const std::uint32_t slot : p_.visitor_clocks) refresh(slot);
  }
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
  // What has been held long enough.
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    Tab& tab = v_.tabs[i];
    if (!tab.open() || !tab.extra) continue;
    for (const HeldSince& held : tab.extra->held) {
      const HeldNode& node = p_.held[held.held];
      if (v_.now - held.since >= node.duration) set_class(i, node.slot, p_.slots[node.slot].classes.of(true), noting);
    }
  }
}

Instant Work::clocks_due(const Tab& tab) const {
  Instant due = kNever;
  const View now = view(tab);
  const auto consider = [&](std::uint32_t slot) {
    const Class c = tab.classes[slot];
    const Instant base = c == kNoValue ? kNever : clock_base(p_.slots[slot], tab);
    if (base == kNever) return;
    const Classes& classes = p_.slots[slot].classes;
    if (!classes.above(c)) return;
    Class next = p_.rules_index->next_class(now, slot, c);
    const Class next_held = p_.held_index->next_class(now, slot, c);
    if (next == 0 || (next_held != 0 && next_held < next)) next = next_held;
    const Boundary* boundary = next == 0 ? nullptr : classes.above(static_cast<Class>(next - 1));
    if (boundary) due = std::min(due, base + Duration(passed_at(*boundary)));
  };
  for (const std::uint32_t slot : p_.page_clocks) consider(slot);
  for (const std::uint32_t slot : p_.visitor_clocks) consider(slot);
  return due;
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
  if (!v_.in_visit) {
    v_.deadline = kNever;
    return;
  }
  Instant due = v_.last_event + e_.options.visit_timeout;
  bool any_open = false;
  for (Tab& tab : v_.tabs) {
    if (!tab.open()) continue;
    any_open = true;
    if (tab.clocks_dirty) {
      tab.clocks_due = clocks_due(tab);
      tab.clocks_dirty = false;
    }
    due = std::min(due, tab.clocks_due);
    if (!tab.extra) continue;
    for (const HeldSince& held : tab.extra->held) {
      const Instant reached = held.since + p_.held[held.held].duration;
      if (reached > v_.now) due = std::min(due, reached);
    }
  }
  if (v_.extra && v_.extra->screen) due = std::min(due, v_.extra->screen->ends);
  if (any_open) {
    if (v_.extra || !p_.calendar_slots.empty()) due = std::min(due, others_due());
    if (v_.waits_until > v_.now) due = std::min(due, v_.waits_until);
  }
  v_.deadline = due;
}

}  // namespace beckon::rules::detail

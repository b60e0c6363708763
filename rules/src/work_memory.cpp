// Events that rules ask about: remembered, counted, put into sequences, forgotten.
#include <algorithm>

#include "beckon/rules/limits.hpp"
#include "work.hpp"

namespace beckon::rules::detail {
namespace {

using Where = std::vector<std::pair<std::string, ScalarTest>>;

bool passes(const Where& where, const Remembered& event) {
  return std::all_of(where.begin(), where.end(),
                     [&](const auto& test) { return test.second.holds(event.find(test.first)); });
}

}  // namespace

void Work::named(const Event& event) {
  const std::uint32_t name = p_.name_ids.find(event.name);
  if (name == StringTable::kNone) return;
  Remembered& remembered = e_.remembered;
  remembered.number = v_.history.next_number();
  remembered.t = v_.now;
  remembered.is_page = false;
  remembered.name = name;
  remembered.tab = event.tab;
  remembered.path = {};
  remembered.data.clear();
  for (const EventDatum& datum : event.data) {
    if (!std::holds_alternative<std::monostate>(datum.value)) remembered.data.push_back(datum);  // null is as absent
  }
  remember(remembered, remembered.weight(event.name.size()));
}

void Work::remember(const Remembered& event, std::uint32_t weight) {
  v_.history.add(event, weight);
  count(event, 1);
  advance_sequences(event);
  while (v_.history.too_large()) forget_oldest();
}

void Work::add_to_counter(Tab& tab, std::uint32_t counter, int by) {
  Counts& counters = extra(tab).counters;
  if (counters.size() == 0) counters.reset(p_.page_counters);
  counters.set(counter, static_cast<std::uint16_t>(counters[counter] + by));
}

// An event enters (by 1) or leaves (by -1) every count that it belongs to.
void Work::count(const Remembered& event, int by) {
  if (event.is_page || event.name == kForeignName) return;
  const auto add_up = [&](std::uint32_t counter, std::uint32_t slot) {
    v_.counters.set(counter, static_cast<std::uint16_t>(v_.counters[counter] + by));
    set_everywhere(slot, p_.slots[slot].classes.of(static_cast<double>(v_.counters[counter])));
  };
  for (const std::uint32_t index : p_.names[event.name].counts) {
    const CountNode& node = p_.counts[index];
    if (!passes(node.where, event)) continue;
    const Classes& classes = p_.slots[node.slot].classes;
    switch (node.span.kind) {
      case SpanKind::kVisit:
        if (event.number < v_.visit_first_event) break;
        add_up(node.counter, node.slot);
        break;
      case SpanKind::kVisitor:
        add_up(p_.visit_counters + node.counter, node.slot);
        break;
      case SpanKind::kPage: {
        const std::size_t tab = find_tab(event.tab);
        if (tab >= v_.tabs.size() || !v_.tabs[tab].open() || event.number < v_.tabs[tab].first_event) break;
        add_to_counter(v_.tabs[tab], node.counter, by);
        set_class(tab, node.slot, classes.of(static_cast<double>(v_.tabs[tab].extra->counters[node.counter])));
        break;
      }
      case SpanKind::kDuration: {
        if (extra().windows.size() < p_.windows) extra().windows.resize(p_.windows);
        Compact<Match>& window = extra().windows[node.counter];
        if (by > 0) {
          if (window.size() >= node.most) window.erase(0);
          window.push_back({event.number, to_ms(event.t)});
        } else {
          while (!window.empty() && window[0].number <= event.number) window.erase(0);
        }
        set_everywhere(node.slot, classes.of(static_cast<double>(window.size())));
        break;
      }
    }
  }
}

Compact<Match>* Work::matches_of(const SequenceNode& node, std::string_view tab) {
  if (node.span.kind != SpanKind::kPage) return v_.extra ? &v_.extra->matches : nullptr;
  const std::size_t place = find_tab(tab);
  if (place >= v_.tabs.size() || !v_.tabs[place].extra) return nullptr;
  return &v_.tabs[place].extra->matches;
}

void Work::advance_sequences(const Remembered& event) {
  // Later steps first: an event that fits two steps of a sequence takes one of them.
  if (event.name == kForeignName) return;
  if (!event.is_page) {
    const auto& steps = p_.names[event.name].steps;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) advance(step->first, step->second, event);
    return;
  }
  if (p_.steps_index->empty()) return;
  const std::size_t tab = find_tab(event.tab);
  e_.found.clear();
  p_.steps_index->all(view(tab), active_in(*p_.steps_index, tab), TermIndex::Moment::kAnyTime, e_.found);
  std::sort(e_.found.begin(), e_.found.end(), std::greater<>());
  e_.found.erase(std::unique(e_.found.begin(), e_.found.end()), e_.found.end());
  for (const std::uint32_t target : e_.found) {
    advance(p_.page_steps[target].first, p_.page_steps[target].second, event);
  }
}

void Work::advance(std::uint32_t sequence, std::uint32_t step, const Remembered& event) {
  const SequenceNode& node = p_.sequences[sequence];
  if (!passes(node.steps[step].where, event)) return;
  if (node.span.kind == SpanKind::kPage) {
    const std::size_t tab = find_tab(event.tab);
    if (tab >= v_.tabs.size() || !v_.tabs[tab].open() || event.number < v_.tabs[tab].first_event) return;
    extra(v_.tabs[tab]).matches.resize(p_.page_matches);
  } else {
    if (node.span.kind == SpanKind::kVisit && event.number < v_.visit_first_event) return;
    extra().matches.resize(p_.visitor_matches);
  }
  Match* matches = matches_of(node, event.tab)->data() + node.first_match;
  if (step == 0) {
    matches[0] = {event.number, to_ms(event.t)};
  } else if (matches[step - 1].number != 0) {
    matches[step] = matches[step - 1];
  }
  if (step + 1 == node.steps.size()) set_sequence(sequence, &matches[step], event.tab);
}

void Work::set_sequence(std::uint32_t sequence, const Match* last, std::string_view tab) {
  const SequenceNode& node = p_.sequences[sequence];
  const bool in_span = node.span.kind != SpanKind::kDuration || last->t > to_ms(v_.now - node.span.duration);
  const Class now = p_.slots[node.slot].classes.of(last->number != 0 && in_span);
  if (node.span.kind == SpanKind::kPage) {
    set_class(find_tab(tab), node.slot, now);
  } else {
    set_everywhere(node.slot, now);
  }
}

void Work::forget_oldest() {
  Remembered event;
  v_.history.oldest(event);
  count(event, -1);
  // A match that begins with the oldest event has no other beginning, because matches begin with the newest event they can.
  for (std::uint32_t i = 0; i < p_.sequences.size(); ++i) {
    const SequenceNode& node = p_.sequences[i];
    const auto forget_in = [&](Compact<Match>* all, std::string_view tab) {
      if (!all || all->empty()) return;
      Match* matches = all->data() + node.first_match;
      for (std::size_t step = 0; step < node.steps.size(); ++step) {
        if (matches[step].number <= event.number) matches[step] = {};
      }
      set_sequence(i, &matches[node.steps.size() - 1], tab);
    };
    if (node.span.kind != SpanKind::kPage) {
      forget_in(matches_of(node, {}), {});
      continue;
    }
    for (const Tab& tab : v_.tabs) {
      if (tab.open()) forget_in(matches_of(node, tab.id()), tab.id());
    }
  }
  const bool by_path = event.is_page || event.name == kForeignName;
  v_.history.forget_oldest(event.weight(by_path ? event.path.size() : p_.names[event.name].text.size()));
}

// Counts an event of the history again under other rules.
void Work::restore_counts(const Remembered& event) {
  count(event, 1);
  if (!event.is_page) {
    advance_sequences(event);
    return;
  }
  // Which page steps the path passes is not known from a tab's classes any more: they are tested one by one.
  for (std::uint32_t target = static_cast<std::uint32_t>(p_.page_steps.size()); target-- > 0;) {
    const EventScalar path = event.path;
    if (p_.page_step_tests[target].holds(&path)) {
      advance(p_.page_steps[target].first, p_.page_steps[target].second, event);
    }
  }
}

}  // namespace beckon::rules::detail

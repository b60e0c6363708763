// From facts to classes, and which of them changed.
#include <algorithm>

#include "attributes.hpp"
#include "beckon/rules/limits.hpp"
#include "work.hpp"

namespace beckon::rules::detail {

const std::vector<std::uint32_t>& PatternCache::find(const PatternSet& set, std::string_view text) {
  if (entries_.empty()) entries_.resize(kEntries);
  Entry& entry = entries_[hash_bytes(text.data(), text.size()) % kEntries];
  if (!entry.known || entry.text != text) {
    entry.known = true;
    entry.text.assign(text);
    entry.found.clear();
    set.find(text, entry.found);
  }
  return entry.found;
}

EventScalar FactReader::read(FactId fact, std::string_view member, const Tab* tab, const PageUrl* url) const {
  const auto text = [](std::optional<std::string_view> value) -> EventScalar {
    return value ? EventScalar(*value) : EventScalar();
  };
  const auto since = [this](Instant begin) -> EventScalar {
    return begin == kNever ? EventScalar() : EventScalar(static_cast<double>((t - begin).count()));
  };
  const auto of_visitor = [&](VisitorField field) { return text(visitor.texts.find(field)); };
  const VisitorExtra* extra = visitor.extra.get();
  switch (fact) {
    case FactId::kPageUrl: return text(tab->texts.find(kTabUrl));
    case FactId::kPageHost: return url->host.empty() ? EventScalar() : EventScalar(std::string_view(url->host));
    case FactId::kPagePath: return std::string_view(url->path);
    case FactId::kPageQuery: {
      const std::string* value = url->find(member);
      return value ? EventScalar(std::string_view(*value)) : EventScalar();
    }
    case FactId::kPageTitle: return text(tab->texts.find(kTabTitle));
    case FactId::kPageReferrer: return text(tab->texts.find(kTabReferrer));
    case FactId::kPageDwell: return since(tab->started);
    case FactId::kPageVisible:
      return static_cast<double>(tab->hidden ? tab->visible : to_ms(t) - tab->visible);
    case FactId::kPageIdle: return since(tab->idle_since);
    case FactId::kPageScroll: return tab->deepest_scroll();
    case FactId::kPageExitIntent: return tab->exit_intent;
    case FactId::kVisitPages: return static_cast<double>(visitor.pages);
    case FactId::kVisitNumber: return static_cast<double>(visitor.visits);
    case FactId::kVisitDuration: return since(visitor.visit_started);
    case FactId::kVisitEntry: return of_visitor(kEntry);
    case FactId::kVisitReferrer: return of_visitor(kVisitReferrer);
    case FactId::kVisitUtmSource: return of_visitor(kUtmSource);
    case FactId::kVisitUtmMedium: return of_visitor(kUtmMedium);
    case FactId::kVisitUtmCampaign: return of_visitor(kUtmCampaign);
    case FactId::kVisitUtmTerm: return of_visitor(kUtmTerm);
    case FactId::kVisitUtmContent: return of_visitor(kUtmContent);
    case FactId::kVisitorReturning: return visitor.visits > 1;
    case FactId::kVisitorIdentified: return static_cast<bool>(visitor.identified);
    case FactId::kVisitorSinceLastVisit: {
      const auto ms = visitor.texts.find_number<std::int64_t>(kSinceLastVisit);
      return ms ? EventScalar(static_cast<double>(*ms)) : EventScalar();
    }
    case FactId::kVisitorCountry: return of_visitor(kCountry);
    case FactId::kVisitorLanguage: return of_visitor(kLanguage);
    case FactId::kVisitorDevice: return of_visitor(kDevice);
    case FactId::kVisitorBrowser: return of_visitor(kBrowser);
    case FactId::kVisitorOs: return of_visitor(kOs);
    case FactId::kVisitorOrders: return extra ? extra->orders : 0.0;
    case FactId::kVisitorLifetimeValue: return extra ? extra->value : 0.0;
    case FactId::kVisitorAttr: {
      const AttributeName name = attribute_name(engine.program->attr_names, member);
      return find_attribute(visitor.attributes, name).value_or(EventScalar());
    }
    case FactId::kVisitorTag: return extra && has_tag(extra->tags, member);
    case FactId::kVisitorPressure: return pressure_at(visitor, engine.rules->file().pressure, t);
    case FactId::kVisitorPressureState: {
      const Pressure& settings = engine.rules->file().pressure;
      const double pressure = pressure_at(visitor, settings, t);
      return std::string_view(pressure < settings.under ? "under" : pressure >= settings.over ? "over" : "balanced");
    }
    case FactId::kCartValue: return visitor.has_cart_value ? EventScalar(visitor.cart_value) : EventScalar();
    case FactId::kCartItems: {
      const auto items = visitor.texts.find_number<double>(kCartItems);
      return items ? EventScalar(*items) : EventScalar();
    }
    case FactId::kCartCurrency: return of_visitor(kCurrency);
    case FactId::kCartIdle: return since(visitor.cart_at);
    case FactId::kChatActive: return static_cast<bool>(visitor.chat_active);
    case FactId::kChatCount: return static_cast<double>(extra ? extra->chats : 0);
    case FactId::kChatSinceLast: return since(extra ? extra->chat_ended : kNever);
    case FactId::kSiteOperators: return static_cast<double>(engine.site.operators);
    case FactId::kSiteFreeSlots: return static_cast<double>(engine.site.free_slots);
    case FactId::kSiteQueue: return static_cast<double>(engine.site.queue);
    case FactId::kSiteOpen: return engine.site.open.value_or(engine.calendar->local(t).open);
    case FactId::kSiteHour: return static_cast<double>(engine.calendar->local(t).hour);
    case FactId::kSiteWeekday: {
      static constexpr std::array<std::string_view, 7> kNames = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
      return kNames[static_cast<std::size_t>(engine.calendar->local(t).weekday)];
    }
  }
  return {};
}

void Work::unpack(std::size_t place) const {
  v_.tabs[place].classes.unpack(p_.row, e_.classes[place].data());
  unpacked_ |= std::uint32_t{1} << place;
}

void Work::change_class(std::size_t tab, std::uint32_t slot, Class now, Noting noting) {
  Tab& on = v_.tabs[tab];
  const Class before = class_of(on, slot);
  on.classes.set(p_.row, slot, now);
  if (unpacked_ >> tab & 1) e_.classes[tab][slot] = now;
  if (p_.files[slot]) active_of_ = kNoTab;
  if (on.fresh || noting == Noting::kSilently) return;
  e_.changes[tab].push_back({slot, before, now});
  if (p_.files[slot]) on.clocks_dirty = true;
}

void Work::set_everywhere(std::uint32_t slot, Class now) {
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    if (v_.tabs[i].open()) set_class(i, slot, now);
  }
}

void Work::set_patterns(std::size_t tab, std::uint32_t slot, const std::vector<std::uint32_t>& found) {
  Tab& on = v_.tabs[tab];
  active_of_ = kNoTab;
  if (on.fresh && p_.pattern_sets.size() == 1) {  // nothing to note, nobody else's to keep
    on.patterns.assign(found.data(), static_cast<std::uint32_t>(found.size()));
    on.clocks_dirty = true;
    return;
  }
  const std::uint32_t base = static_cast<std::uint32_t>(p_.slots.size());
  const auto note = [&](std::uint32_t pattern, Class now) {
    if (!on.fresh) e_.changes[tab].push_back({base + pattern, static_cast<Class>(1 - now), now});
  };
  bool changed = false;
  for (std::uint32_t i = 0; i < on.patterns.size();) {
    const std::uint32_t pattern = on.patterns[i];
    if (p_.pattern_slot[pattern] == slot && !std::binary_search(found.begin(), found.end(), pattern)) {
      on.patterns.erase(i);
      note(pattern, 0);
      changed = true;
    } else {
      ++i;
    }
  }
  for (const std::uint32_t pattern : found) {
    const auto* place = std::lower_bound(on.patterns.begin(), on.patterns.end(), pattern);
    if (place != on.patterns.end() && *place == pattern) continue;
    on.patterns.insert(static_cast<std::uint32_t>(place - on.patterns.begin()), pattern);
    note(pattern, 1);
    changed = true;
  }
  if (changed) on.clocks_dirty = true;
}

inline void Work::set_text(std::size_t tab, std::uint32_t slot, std::string_view text) {
  const Slot& of = p_.slots[slot];
  text = text.substr(0, kMaxSubjectBytes);
  set_class(tab, slot, of.classes.of(text));
  if (of.patterns < 0) return;
  const PatternSet& set = p_.pattern_sets[of.patterns];
  if (set.costly()) {
    set_patterns(tab, slot, e_.caches[of.patterns].find(set, text));
    return;
  }
  e_.patterns.clear();
  set.find(text, e_.patterns);
  set_patterns(tab, slot, e_.patterns);
}

void Work::set_value(std::size_t tab, std::uint32_t slot, const EventScalar& value) {
  if (const auto* text = std::get_if<std::string_view>(&value)) return set_text(tab, slot, *text);
  const Slot& of = p_.slots[slot];
  if (of.patterns >= 0) {
    e_.patterns.clear();
    set_patterns(tab, slot, e_.patterns);
  }
  set_class(tab, slot, of.classes.of(value));
}

void Work::update_slot(std::uint32_t slot, const EventScalar& value) {
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    if (v_.tabs[i].open()) set_value(i, slot, value);
  }
}

void Work::update(FactId fact) {
  const std::uint32_t slot = p_.slot_of(fact);
  if (slot != kNoIndex) update_slot(slot, FactReader{e_, v_, v_.now}.read(fact, {}, nullptr, nullptr));
}

inline Class Work::remembered_class(const Slot& slot, const Tab& tab) {
  switch (slot.source) {
    case Slot::Source::kFact: break;
    case Slot::Source::kCount: return slot.classes.of(static_cast<double>(counted(p_.counts[slot.index], tab)));
    case Slot::Source::kSequence: {
      const SequenceNode& node = p_.sequences[slot.index];
      const Compact<Match>* matches = matches_of(node, tab.id());
      const std::uint32_t last = node.first_match + static_cast<std::uint32_t>(node.steps.size()) - 1;
      if (!matches || last >= matches->size() || (*matches)[last].number == 0) return slot.classes.of(false);
      const bool slides = node.span.kind == SpanKind::kDuration;
      return slot.classes.of(!slides || (*matches)[last].t > to_ms(v_.now - node.span.duration));
    }
    case Slot::Source::kHeld: {
      if (!tab.extra) return slot.classes.of(false);
      const auto& held = tab.extra->held;
      const auto place = std::find_if(held.begin(), held.end(), [&](const HeldSince& h) { return h.held == slot.index; });
      return slot.classes.of(place != held.end() && v_.now - place->since >= p_.held[slot.index].duration);
    }
  }
  return kNoValue;
}

inline std::uint32_t Work::counted(const CountNode& node, const Tab& tab) const {
  switch (node.span.kind) {
    case SpanKind::kPage: return tab.extra ? tab.extra->counters[node.counter] : 0u;
    case SpanKind::kVisit: return v_.counters[node.counter];
    case SpanKind::kVisitor: return v_.counters[p_.visit_counters + node.counter];
    case SpanKind::kDuration:
      return v_.extra && node.counter < v_.extra->windows.size() ? v_.extra->windows[node.counter].size() : 0;
  }
  return 0;
}

void Work::compute_all(Tab& tab, const PageUrl& url) {
  const std::size_t place = place_of(tab);
  tab.classes.reset(p_.row, p_.unremembered);
  unpacked_ &= ~(std::uint32_t{1} << place);
  active_of_ = kNoTab;
  tab.patterns.clear();
  const bool fresh = tab.fresh;
  tab.fresh = true;  // there is nothing to compare with
  const FactReader reader{e_, v_, v_.now};
  for (const std::uint32_t slot : p_.plain_facts) {
    set_value(place, slot, reader.read(p_.slots[slot].fact, p_.slots[slot].member, &tab, &url));
  }
  if (!v_.history.empty() || tab.extra) {
    for (const std::uint32_t slot : p_.remembered) set_class(place, slot, remembered_class(p_.slots[slot], tab));
  }
  std::string_view tag;
  for (std::uint32_t at = 0; v_.extra && next_tag(v_.extra->tags, at, tag);) {
    const std::uint32_t slot = p_.tag_slots.find(tag);
    if (slot != StringTable::kNone) set_value(place, slot, true);
  }
  AttributeName name;
  EventScalar value;
  for (std::uint32_t at = 0; next_attribute(v_.attributes, at, name, value);) {
    const std::uint32_t number = name.number != StringTable::kNone ? name.number : p_.attr_names.find(name.text);
    if (number != StringTable::kNone) set_value(place, p_.attr_slots[number], value);
  }
  tab.fresh = fresh;
  tab.clocks_dirty = true;
}

}  // namespace beckon::rules::detail

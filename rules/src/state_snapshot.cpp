#include "state_snapshot.hpp"

#include <algorithm>

#include "attributes.hpp"

namespace beckon::rules::detail {
namespace {

std::optional<Instant> known(Instant t) { return t == kNever ? std::nullopt : std::optional<Instant>(t); }

StoredScalar stored(const EventScalar& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* text = std::get_if<std::string_view>(&value)) return std::string(*text);
  return false;
}

EventScalar borrowed(const StoredScalar& value) {
  if (const auto* flag = std::get_if<bool>(&value)) return *flag;
  if (const auto* number = std::get_if<double>(&value)) return *number;
  return std::string_view(std::get<std::string>(value));
}

std::optional<std::string> text_of(const Fields& texts, std::uint8_t field) {
  const auto text = texts.find(field);
  return text ? std::optional<std::string>(*text) : std::nullopt;
}

FiringRecord to_firing(const RuleRecord& record) {
  return {record.count, record.visit_count, known(record.last), known(record.dismissed), known(record.accepted)};
}

RuleRecord from_firing(std::uint32_t rule, const FiringRecord& firing) {
  return {rule, firing.count, firing.visit_count, firing.last.value_or(kNever), firing.dismissed.value_or(kNever),
          firing.accepted.value_or(kNever)};
}

PageSnapshot page_of(const Tab& tab, const VisitorState& v, const RuleSet& rules) {
  const Program& program = rules.program();
  PageSnapshot page;
  page.url = tab.texts.get(kTabUrl);
  page.title = tab.texts.get(kTabTitle);
  page.referrer = text_of(tab.texts, kTabReferrer);
  page.started = tab.started;
  page.visible = Duration(tab.hidden ? tab.visible : to_ms(v.now) - tab.visible);
  page.seen = v.now;
  page.idle_since = tab.idle_since;
  page.scroll = tab.deepest_scroll();
  page.exit_intent = tab.exit_intent;
  if (!v.history.empty()) {
    const std::uint32_t oldest = v.history.next_number() - v.history.size();
    page.first_event = tab.first_event > oldest ? tab.first_event - oldest : 0;
  }
  for (const std::uint32_t rank : tab.waiting()) page.waiting.push_back(rules.rules()[program.ranks[rank].rule].id);
  if (!tab.extra) return page;
  page.fired = tab.extra->other_fires;
  for (const PageFires& fires : tab.extra->fires) {
    page.fired.emplace_back(fires.rule == kFileFires ? "" : rules.rules()[fires.rule].id, fires.count);
  }
  for (const HeldSince& held : tab.extra->held) page.held.emplace_back(program.held[held.held].digest, held.since);
  return page;
}

void export_history(const VisitorState& v, const Program& program, VisitorSnapshot& s) {
  v.history.each([&](const Remembered& event) {
    RememberedEvent& out = s.events.emplace_back();
    out.t = event.t;
    out.tab = event.tab;
    out.is_page = event.is_page;
    out.name = event.is_page || event.name == kForeignName ? std::string(event.path) : program.names[event.name].text;
    for (const EventDatum& datum : event.data) out.data.emplace_back(std::string(datum.key), stored(datum.value));
  });
}

void export_extra(const VisitorState& v, const RuleSet& rules, VisitorSnapshot& s) {
  const VisitorExtra& extra = *v.extra;
  s.orders = extra.orders;
  s.value = extra.value;
  s.order_ids.assign(extra.order_ids.begin(), extra.order_ids.end());
  std::string_view tag;
  for (std::uint32_t at = 0; next_tag(extra.tags, at, tag);) s.tags.emplace_back(tag);
  s.rules = extra.other_records;
  for (const RuleRecord& record : extra.records) {
    if (record.rule == kFileFires) {
      s.all = to_firing(record);
    } else {
      s.rules.emplace_back(rules.rules()[record.rule].id, to_firing(record));
    }
  }
  s.pressure = extra.pressure;
  if (extra.pressure != 0) s.pressure_at = extra.pressure_at;
  s.chats = extra.chats;
  s.chat_ended = known(extra.chat_ended);
  if (extra.screen) {
    s.screen = ScreenSnapshot{extra.screen->rule, extra.screen->tab, extra.screen->since, known(extra.screen->ends)};
  }
}

void export_visit(const VisitorState& v, const RuleSet& rules, VisitorSnapshot& s) {
  VisitSnapshot& visit = s.visit.emplace();
  visit.started = v.visit_started;
  visit.pages = v.pages;
  const auto since_last = v.texts.find_number<std::int64_t>(kSinceLastVisit);
  if (since_last) visit.since_last_visit = Duration(*since_last);
  visit.entry = text_of(v.texts, kEntry);
  visit.referrer = text_of(v.texts, kVisitReferrer);
  visit.utm_source = text_of(v.texts, kUtmSource);
  visit.utm_medium = text_of(v.texts, kUtmMedium);
  visit.utm_campaign = text_of(v.texts, kUtmCampaign);
  visit.utm_term = text_of(v.texts, kUtmTerm);
  visit.utm_content = text_of(v.texts, kUtmContent);
  if (!v.extra) return;
  for (const VerdictMemory& memory : v.extra->verdicts) {
    visit.verdicts.emplace_back(rules.rules()[rules.program().ranks[memory.rank].rule].id, name_of(memory.verdict));
  }
}

std::optional<Verdict> verdict_named(std::string_view name) {
  for (int v = 0; v <= static_cast<int>(Verdict::kFire); ++v) {
    if (name_of(static_cast<Verdict>(v)) == name) return static_cast<Verdict>(v);
  }
  return std::nullopt;
}

// -- the way back -----------------------------------------------------------------------------------------------------

class Importer {
 public:
  Importer(EngineState& engine, const VisitorSnapshot& snapshot, VisitorState& visitor)
      : e_(engine), p_(*engine.program), s_(snapshot), v_(visitor), work_(engine, visitor, nothing_) {}

  void run() {
    visitor();
    if (needs_extra()) extra();
    if (s_.visit) visit();
    for (const TabSnapshot& tab : s_.tabs) tabs(tab);
    history();
    for (Tab& tab : v_.tabs) {
      if (!tab.open()) continue;
      parse_page_url(tab.texts.get(kTabUrl), e_.rules->query_names(), e_.url);
      work_.compute_all(tab, e_.url);
    }
    v_.gates_changed = true;
    wait_for_limits();
  }

 private:
  // When the limits that rules wait for are over.
  void wait_for_limits() {
    for (const Tab& tab : v_.tabs) {
      if (!tab.open()) continue;
      for (const std::uint32_t rank : tab.waiting()) {
        Why why;
        static_cast<void>(work_.judge(rank, tab, why));
        if (why.ends > v_.now && v_.extra) v_.extra->waits_until = std::min(v_.waits_until(), why.ends);
      }
    }
  }

  void put(VisitorField field, const std::string& text) {
    if (!text.empty()) v_.texts.add(field, text);
  }
  void put(VisitorField field, const std::optional<std::string>& text) {
    if (text) v_.texts.add(field, *text);
  }

  void visitor() {
    v_.visits = s_.visits;
    v_.last_event = s_.last_event.value_or(kNever);
    v_.now = s_.now.value_or(s_.last_event.value_or(at_ms(0)));
    put(kCountry, s_.country);
    put(kLanguage, s_.language);
    put(kDevice, s_.device);
    put(kBrowser, s_.browser);
    put(kOs, s_.os);
    put(kCurrency, s_.cart_currency);
    v_.has_cart_value = s_.cart_value.has_value();
    v_.cart_value = s_.cart_value.value_or(0);
    v_.texts.set_number(kCartItems, s_.cart_items);
    v_.has_cart_details = s_.cart_items || !s_.cart_currency.empty();
    v_.cart_at = s_.cart_at.value_or(kNever);
    v_.chat_active = s_.chat_active;
    v_.identified = s_.identified;
    v_.consent_said = s_.consent.has_value();
    v_.consent = s_.consent.value_or(false);
    v_.attributes.reserve(static_cast<std::uint32_t>(2 * s_.attributes.size()));  // what most take
    for (const auto& [name, value] : s_.attributes) set_attribute(v_.attributes, attribute_name(p_.attr_names, name), borrowed(value));
  }

  static bool knows(const FiringRecord& record) {
    return record.count != 0 || record.visit_count != 0 || record.last || record.dismissed || record.accepted;
  }
  [[nodiscard]] bool needs_extra() const {
    return s_.orders != 0 || s_.value != 0 || !s_.order_ids.empty() || !s_.tags.empty() || !s_.rules.empty() ||
           knows(s_.all) || s_.pressure != 0 || s_.chats != 0 ||
           s_.chat_ended || s_.screen || (s_.visit && !s_.visit->verdicts.empty());
  }

  void extra() {
    v_.extra = std::make_unique<VisitorExtra>();
    VisitorExtra& extra = *v_.extra;
    extra.orders = s_.orders;
    extra.value = s_.value;
    for (const std::uint64_t id : s_.order_ids) extra.order_ids.push_back(id);
    for (const std::string& tag : s_.tags) change_tag(extra.tags, tag, TagChange::kSet);
    for (const auto& [id, firing] : s_.rules) {
      const auto rule = e_.rules->find(id);
      if (rule && !e_.rules->rules()[*rule].limit.none()) {
        extra.records.push_back(from_firing(*rule, firing));
      } else {
        extra.other_records.emplace_back(id, firing);
      }
    }
    if (knows(s_.all)) {
      extra.records.push_back(from_firing(kFileFires, s_.all));
    }
    std::sort(extra.records.begin(), extra.records.end(),
              [](const RuleRecord& a, const RuleRecord& b) { return a.rule < b.rule; });
    extra.pressure = s_.pressure;
    extra.pressure_at = s_.pressure_at.value_or(v_.now);
    extra.chats = s_.chats;
    extra.chat_ended = s_.chat_ended.value_or(kNever);
    v_.pressed = pressure_at(v_, e_.rules->file().pressure, v_.now) >= e_.rules->file().pressure.over;
    if (s_.screen) screen();
  }

  void screen() {
    const auto rule = e_.rules->find(s_.screen->rule);
    if (!rule) return;
    const Rule& of = e_.rules->rules()[*rule];
    auto screen = std::make_unique<Screen>();
    screen->rule = of.id;
    screen->index = *rule;
    screen->tab = s_.screen->tab;
    screen->since = s_.screen->since;
    screen->until = s_.screen->until ? Until::Kind::kDuration : of.until.kind;
    screen->ends = s_.screen->until.value_or(kNever);
    screen->needs_operator = of.needs.operator_free;
    screen->needs_skill = of.needs.skill;
    v_.extra->screen = std::move(screen);
  }

  void visit() {
    const VisitSnapshot& visit = *s_.visit;
    v_.in_visit = true;
    v_.visit_started = visit.started;
    v_.pages = visit.pages;
    if (visit.since_last_visit && *visit.since_last_visit >= Duration{0}) {
      v_.texts.set_number<std::int64_t>(kSinceLastVisit, visit.since_last_visit->count());
    }
    put(kEntry, visit.entry);
    put(kVisitReferrer, visit.referrer);
    put(kUtmSource, visit.utm_source);
    put(kUtmMedium, visit.utm_medium);
    put(kUtmCampaign, visit.utm_campaign);
    put(kUtmTerm, visit.utm_term);
    put(kUtmContent, visit.utm_content);
    for (const auto& [id, name] : visit.verdicts) {
      const auto rule = e_.rules->find(id);
      const auto verdict = verdict_named(name);
      if (rule && verdict) v_.extra->verdicts.push_back({p_.rank_of_rule[*rule], *verdict});
    }
    if (!v_.extra) return;
    std::sort(v_.extra->verdicts.begin(), v_.extra->verdicts.end(),
              [](const VerdictMemory& a, const VerdictMemory& b) { return a.rank < b.rank; });
  }

  void tabs(const TabSnapshot& snapshot) {
    const PageSnapshot& page = snapshot.page;
    work_.make_room_for_tab();
    Tab& tab = v_.tabs.emplace_back();
    tab.texts.add(kTabId, snapshot.id);
    tab.texts.add(kTabUrl, page.url);
    if (!page.title.empty()) tab.texts.add(kTabTitle, page.title);
    if (page.referrer) tab.texts.add(kTabReferrer, *page.referrer);
    tab.titled = !page.title.empty() || page.referrer;
    tab.hidden = snapshot.hidden;
    tab.state = snapshot.open ? Tab::State::kOpen : Tab::State::kSuspended;
    tab.started = page.started;
    tab.idle_since = page.idle_since;
    tab.last_event = snapshot.last_event.value_or(page.started);
    tab.visible = tab.hidden ? page.visible.count() : to_ms(page.seen) - page.visible.count();
    work_.scroll_to(tab, page.scroll);
    tab.exit_intent = page.exit_intent;
    tab.first_event = page.first_event + 1;
    for (const std::string& id : page.waiting) {
      if (const auto rule = e_.rules->find(id)) work_.extra(tab).waiting.push_back(p_.rank_of_rule[*rule]);
    }
    if (tab.extra) std::sort(tab.extra->waiting.begin(), tab.extra->waiting.end());
    if (page.fired.empty() && page.held.empty()) return;
    work_.extra(tab);
    for (const auto& [id, count] : page.fired) {
      const auto rule = e_.rules->find(id);
      if (id.empty()) {
        tab.extra->fires.push_back({kFileFires, count});
      } else if (rule && !e_.rules->rules()[*rule].limit.none()) {
        tab.extra->fires.push_back({*rule, count});
      } else {
        tab.extra->other_fires.emplace_back(id, count);
      }
    }
    for (const auto& [digest, since] : page.held) {
      for (std::uint32_t i = 0; i < p_.held.size(); ++i) {
        if (p_.held[i].digest == digest) tab.extra->held.push_back({i, since});
      }
    }
    std::sort(tab.extra->held.begin(), tab.extra->held.end(),
              [](const HeldSince& a, const HeldSince& b) { return a.held < b.held; });
  }

  void history() {
    v_.counters.reset(p_.visit_counters + p_.visitor_counters);
    v_.visit_first_event = 1;
    for (Tab& tab : v_.tabs) {
      tab.classes.reset(p_.row);
      tab.fresh = true;  // classes change without being noted
    }
    work_.forget_changes();
    bool in_visit = false;
    for (const RememberedEvent& event : s_.events) {
      Remembered remembered;
      remembered.number = v_.history.next_number();
      remembered.t = event.t;
      remembered.is_page = event.is_page;
      remembered.tab = event.tab;
      const std::uint32_t name = event.is_page ? 0 : p_.name_ids.find(event.name);
      remembered.name = name == StringTable::kNone ? kForeignName : name;
      if (event.is_page || remembered.name == kForeignName) remembered.path = event.name;
      for (const auto& [key, value] : event.data) remembered.data.push_back({key, borrowed(value)});
      if (!in_visit && s_.visit && event.t >= s_.visit->started) {
        in_visit = true;
        v_.visit_first_event = remembered.number;
      }
      v_.history.add(remembered, remembered.weight(event.name.size()));
      if (!in_visit) v_.visit_first_event = v_.history.next_number();
      work_.restore_counts(remembered);
    }
    work_.refresh_others(Noting::kSilently);
    for (Tab& tab : v_.tabs) tab.fresh = false;
  }

  EngineState& e_;
  const Program& p_;
  const VisitorSnapshot& s_;
  VisitorState& v_;
  Output nothing_;
  Work work_;
};

}  // namespace

VisitorSnapshot to_snapshot(const VisitorState& v, const RuleSet& rules) {
  VisitorSnapshot s;
  s.visits = v.visits;
  s.last_event = known(v.last_event);
  s.now = v.now;
  AttributeName name;
  EventScalar value;
  for (std::uint32_t at = 0; next_attribute(v.attributes, at, name, value);) {
    const bool numbered = name.number != StringTable::kNone;
    s.attributes.emplace_back(numbered ? rules.program().attr_names[name.number] : std::string(name.text), stored(value));
  }
  if (v.has_cart_value) s.cart_value = v.cart_value;
  s.cart_items = v.texts.find_number<double>(kCartItems);
  s.cart_currency = v.texts.get(kCurrency);
  s.cart_at = known(v.cart_at);
  s.chat_active = v.chat_active;
  if (v.consent_said) s.consent = v.consent;
  s.identified = v.identified;
  s.country = v.texts.get(kCountry);
  s.language = v.texts.get(kLanguage);
  s.device = v.texts.get(kDevice);
  s.browser = v.texts.get(kBrowser);
  s.os = v.texts.get(kOs);
  if (v.extra) export_extra(v, rules, s);
  export_history(v, rules.program(), s);
  if (v.in_visit) export_visit(v, rules, s);
  for (const Tab& tab : v.tabs) {
    s.tabs.push_back({std::string(tab.id()), tab.hidden, tab.last_event, tab.open(), page_of(tab, v, rules)});
  }
  return s;
}

std::unique_ptr<VisitorState> from_snapshot(EngineState& engine, std::string_view id, const VisitorSnapshot& snapshot) {
  auto state = std::make_unique<VisitorState>();
  state->rules = engine.rules.get();
  state->texts.add(kVisitorId, id);
  Importer(engine, snapshot, *state).run();
  return state;
}

}  // namespace beckon::rules::detail

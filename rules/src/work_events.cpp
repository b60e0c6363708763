// Events applied: visits, tabs and pages, cart, orders, chat.
#include <algorithm>

#include "attributes.hpp"
#include "beckon/rules/limits.hpp"
#include "work.hpp"

namespace beckon::rules::detail {
namespace {

std::string_view cut(std::string_view text) { return text.substr(0, kMaxSubjectBytes); }

EventScalar scalar(const std::optional<double>& number) { return number ? EventScalar(*number) : EventScalar(); }

// Orders and refunds count their ids apart.
std::uint64_t digest_of_order(EventType type, std::string_view id) {
  std::uint64_t h = type == EventType::kOrder ? 0xcbf29ce484222325ull : 0x84222325cbf29ce4ull;  // FNV-1a
  for (const char c : id) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return h;
}

}  // namespace

VisitorExtra& Work::extra() {
  if (!v_.extra) v_.extra = std::make_unique<VisitorExtra>();
  return *v_.extra;
}

TabExtra& Work::extra(Tab& tab) {
  if (!tab.extra) tab.extra = std::make_unique<TabExtra>();
  return *tab.extra;
}

void Work::apply(Instant t, const Event& event) {
  t = std::max(t, v_.now);
  pass(t);
  forget_changes();
  if (!v_.in_visit) {
    if (event.type == EventType::kLeave) return;
    start_visit();
  }
  v_.last_event = t;

  std::size_t tab = find_tab(event.tab);
  const bool moves = event.type == EventType::kPage || event.type == EventType::kLeave;
  if (tab != kNoTab && !moves && !v_.tabs[tab].open()) resume_page(tab);
  if (tab != kNoTab) v_.tabs[tab].last_event = t;
  const bool on_page = tab != kNoTab && v_.tabs[tab].open();

  switch (event.type) {
    case EventType::kPage: page(event, tab); break;
    case EventType::kLeave:
      if (on_page) {
        end_page(tab);
        remove_tab(tab);
      }
      break;
    case EventType::kCart: cart(event); break;
    case EventType::kOrder:
    case EventType::kRefund: order(event); break;
    case EventType::kEvent: named(event); break;
    case EventType::kVisible:
    case EventType::kHidden:
      if (tab != kNoTab) visibility(tab, event);
      break;
    case EventType::kActivity:
      if (on_page) touch(v_.tabs[tab]);
      break;
    case EventType::kScroll:
      if (on_page) {
        Tab& on = v_.tabs[tab];
        touch(on);
        scroll_to(on, event.percent);
        const std::uint32_t slot = p_.slot_of(FactId::kPageScroll);
        if (slot != kNoIndex) set_value(tab, slot, on.deepest_scroll());
      }
      break;
    case EventType::kExitIntent:
      if (on_page) {
        v_.tabs[tab].exit_intent = true;
        const std::uint32_t slot = p_.slot_of(FactId::kPageExitIntent);
        if (slot != kNoIndex) set_value(tab, slot, true);
      }
      break;
    case EventType::kAttr: {
      const AttributeName name = attribute_name(p_.attr_names, event.name);
      if (!set_attribute(v_.attributes, name, event.scalar)) break;
      if (name.number != StringTable::kNone) update_slot(p_.attr_slots[name.number], event.scalar);
      break;
    }
    case EventType::kTag: {
      change_tag(extra().tags, event.name, event.on ? TagChange::kSet : TagChange::kRemove);
      const std::uint32_t slot = p_.tag_slots.find(event.name);
      if (slot != StringTable::kNone) update_slot(slot, has_tag(extra().tags, event.name));
      break;
    }
    case EventType::kConsent:
      v_.consent_said = true;
      v_.consent = event.on;
      v_.gates_changed = true;
      break;
    case EventType::kIdentified:
      v_.identified = event.on;
      update(FactId::kVisitorIdentified);
      break;
    case EventType::kOutcome: outcome(event); break;
    case EventType::kChat: chat(event); break;
  }
  look();
  set_deadline();
}

inline void Work::start_visit() {
  v_.texts.set_number<std::int64_t>(
      kSinceLastVisit, v_.last_event == kNever ? std::nullopt : std::optional((v_.now - v_.last_event).count()));
  v_.in_visit = true;
  v_.visit_started = v_.now;
  ++v_.visits;
  v_.pages = 0;
  for (std::uint8_t field = kFirstVisitField; field <= kLastVisitField; ++field) v_.texts.erase(field);
  if (v_.counters.size() == 0) {
    v_.counters.reset(p_.visit_counters + p_.visitor_counters);
  } else {
    v_.counters.fill(0, p_.visit_counters);
  }
  v_.visit_first_event = v_.history.next_number();
  if (!v_.extra) return;
  for (RuleRecord& record : v_.extra->records) record.visit_count = 0;
  for (auto& [id, record] : v_.extra->other_records) record.visit_count = 0;
  v_.extra->verdicts.clear();
  for (const SequenceNode& node : p_.sequences) {
    if (node.span.kind != SpanKind::kVisit || v_.extra->matches.empty()) continue;
    for (std::size_t i = 0; i < node.steps.size(); ++i) v_.extra->matches[node.first_match + i] = {};
  }
}

void Work::end_visit() {
  for (std::size_t i = 0; i < v_.tabs.size(); ++i) {
    if (v_.tabs[i].open()) {
      end_page(i);
      v_.tabs[i].state = Tab::State::kSuspended;
      if (v_.tabs[i].extra) v_.tabs[i].extra->held.clear();
    }
  }
  if (v_.extra && v_.extra->screen) close_screen(OfferEnd::kIgnored);
  v_.in_visit = false;
}

void Work::scroll_to(Tab& tab, double percent) {
  percent = std::clamp(percent, 0.0, 100.0);
  if (percent <= tab.deepest_scroll()) return;
  tab.scroll = static_cast<std::uint8_t>(percent);
  if (percent != tab.scroll) extra(tab).scroll = percent;
}

// An instant of idleness begins.
void Work::touch(Tab& tab) {
  refresh_clocks(Noting::kSilently);
  tab.idle_since = v_.now;
  const std::uint32_t slot = p_.slot_of(FactId::kPageIdle);
  if (slot == kNoIndex) return;
  set_value(static_cast<std::size_t>(&tab - v_.tabs.data()), slot, 0.0);
  tab.clocks_dirty = true;
}

inline void Work::visibility(std::size_t tab, const Event& event) {
  Tab& on = v_.tabs[tab];
  const bool hidden = event.type == EventType::kHidden;
  if (on.hidden == hidden) return;
  refresh_clocks(Noting::kSilently);
  on.visible = to_ms(v_.now) - on.visible;  // from an instant to a time, or back
  on.hidden = hidden;
  on.clocks_dirty = true;
  v_.gates_changed = true;
}

// What a page event says of the visitor.
void Work::said_of_visitor(const Event& event) {
  const auto said = [this](VisitorField field, FactId fact, std::string_view value) {
    if (value.empty()) return;
    v_.texts.set(field, cut(value));
    update(fact, value);
  };
  said(kCountry, FactId::kVisitorCountry, event.country);
  said(kLanguage, FactId::kVisitorLanguage, event.language);
  said(kDevice, FactId::kVisitorDevice, event.device);
  said(kBrowser, FactId::kVisitorBrowser, event.browser);
  said(kOs, FactId::kVisitorOs, event.os);
}

inline void Work::page(const Event& event, std::size_t tab) {
  const std::size_t said = event.country.size() | event.language.size() | event.device.size() | event.browser.size() |
                           event.os.size();
  if (said > 0) said_of_visitor(event);  // before the page's rules are looked at
  if (tab == kNoTab) {
    make_room_for_tab();
    tab = v_.tabs.size();
    v_.tabs.emplace_back();
    forget_changes(tab);
    v_.tabs[tab].texts.add(kTabId, event.tab);
    v_.tabs[tab].state = Tab::State::kSuspended;
    v_.tabs[tab].last_event = v_.now;
  } else if (v_.tabs[tab].open()) {
    end_page(tab);
  }
  v_.tabs[tab].hidden = event.hidden;
  start_page(tab, *event.url, event.title, event.referrer.value_or(std::string_view()));
}

void Work::make_room_for_tab() {
  if (v_.tabs.size() < kMaxTabs) return;
  const auto oldest = std::min_element(v_.tabs.begin(), v_.tabs.end(), [](const Tab& a, const Tab& b) {
    return a.last_event != b.last_event ? a.last_event < b.last_event : a.id() < b.id();
  });
  const std::size_t tab = static_cast<std::size_t>(oldest - v_.tabs.begin());
  if (oldest->open()) end_page(tab);
  remove_tab(tab);
}

void Work::resume_page(std::size_t tab) {
  const std::string url(v_.tabs[tab].texts.get(kTabUrl)), title(v_.tabs[tab].texts.get(kTabTitle)),
      referrer(v_.tabs[tab].texts.get(kTabReferrer));
  parse_page_url(url, e_.rules->query_names(), e_.url);
  const PageUrl parsed = e_.url;
  start_page(tab, parsed, title, referrer);
  v_.tabs[tab].resumed = true;
}

// Texts of a page that few tell.
void Work::title_page(Tab& tab, std::string_view title, std::string_view referrer) {
  const auto keep = [&tab](TabField field, std::string_view text) {
    if (text.empty()) {
      tab.texts.erase(field);
    } else {
      tab.texts.set(field, cut(text));
    }
  };
  keep(kTabTitle, title);
  keep(kTabReferrer, referrer);
  tab.titled = !title.empty() || !referrer.empty();
}

// What the visit's first page says of the visit.
void Work::enter_visit(const PageUrl& url, std::string_view referrer) {
  v_.texts.set(kEntry, cut(url.path));
  if (!referrer.empty()) v_.texts.set(kVisitReferrer, cut(referrer));
  static constexpr std::pair<const char*, VisitorField> kUtm[] = {{"utm_source", kUtmSource},
                                                                  {"utm_medium", kUtmMedium},
                                                                  {"utm_campaign", kUtmCampaign},
                                                                  {"utm_term", kUtmTerm},
                                                                  {"utm_content", kUtmContent}};
  for (const auto& [name, field] : kUtm) {
    if (const std::string* value = url.find(name)) v_.texts.set(field, cut(*value));
  }
}

void Work::start_page(std::size_t tab, const PageUrl& url, std::string_view title, std::string_view referrer) {
  Tab& on = v_.tabs[tab];
  const bool was_open = on.open();
  if (!was_open) refresh_windows(Noting::kSilently);  // nobody woke them while no page was open
  on.state = Tab::State::kOpen;
  on.started = on.idle_since = v_.now;
  on.visible = on.hidden ? 0 : to_ms(v_.now);
  on.scroll = 0;
  if (on.extra) on.extra->scroll = 0;
  on.exit_intent = false;
  on.fresh = true;
  on.clocks_dirty = true;
  v_.gates_changed = true;  // the order of pages is another
  on.texts.set(kTabUrl, cut(url.url));
  if (on.titled || !title.empty() || !referrer.empty()) title_page(on, title, referrer);
  if (++v_.pages == 1) enter_visit(url, referrer);

  on.first_event = v_.history.next_number();
  if (on.extra) on.extra->counters.fill(0, on.extra->counters.size());
  if (was_open) {
    for (const auto& [slot, c] : p_.page_starts) set_class(tab, slot, c);
    for (const std::uint32_t slot : p_.page_texts) {
      set_value(tab, slot, FactReader{e_, v_, v_.now}.read(p_.slots[slot].fact, p_.slots[slot].member, &on, &url));
    }
  } else {
    compute_all(on, url);
  }
  update(FactId::kVisitPages, static_cast<double>(v_.pages));

  if (p_.remembers_pages) {
    Remembered& event = e_.remembered;
    event.number = on.first_event;
    event.t = v_.now;
    event.is_page = true;
    event.name = 0;
    event.tab = on.id();
    const std::string path(cut(url.path));
    event.path = path;
    event.data.clear();
    remember(event, event.weight(path.size()));
  }
}

void Work::end_page(std::size_t tab) {
  Tab& on = v_.tabs[tab];
  if (v_.extra && v_.extra->screen && v_.extra->screen->until == Until::Kind::kPage && v_.extra->screen->tab == on.id()) {
    close_screen(OfferEnd::kIgnored);
  }
  if (on.extra) {
    on.extra->waiting.clear();
    on.extra->fires.clear();
    on.extra->matches.clear();
    on.extra->other_fires.clear();
  }
  v_.gates_changed = true;
}

void Work::remove_tab(std::size_t tab) {
  v_.tabs.erase(tab);
  unpacked_ = 0;
  active_of_ = kNoTab;
  if (e_.changes.size() > tab) {
    std::rotate(e_.changes.begin() + static_cast<std::ptrdiff_t>(tab),
                e_.changes.begin() + static_cast<std::ptrdiff_t>(tab) + 1, e_.changes.end());
    e_.changes.back().clear();
  }
}

inline void Work::cart(const Event& event) {
  v_.has_cart_value = event.value.has_value();
  v_.cart_value = event.value.value_or(0);
  if (p_.slot_of(FactId::kCartIdle) != kNoIndex) refresh_clocks(Noting::kSilently);
  v_.cart_at = v_.now;
  update(FactId::kCartValue, scalar(event.value));
  if (v_.has_cart_details || event.items || !event.currency.empty()) {
    v_.texts.set_number(kCartItems, event.items);
    if (event.currency.empty()) {
      v_.texts.erase(kCurrency);
    } else {
      v_.texts.set(kCurrency, cut(event.currency));
    }
    v_.has_cart_details = event.items || !event.currency.empty();
    update(FactId::kCartItems, scalar(event.items));
    update(FactId::kCartCurrency, event.currency.empty() ? EventScalar() : EventScalar(event.currency));
  }
  if (p_.slot_of(FactId::kCartIdle) != kNoIndex) {
    update(FactId::kCartIdle, 0.0);
    for (Tab& tab : v_.tabs) tab.clocks_dirty = true;
  }
}

inline void Work::order(const Event& event) {
  VisitorExtra& more = extra();
  if (!event.id.empty()) {
    const std::uint64_t digest = digest_of_order(event.type, event.id);
    if (std::find(more.order_ids.begin(), more.order_ids.end(), digest) != more.order_ids.end()) return;
    if (more.order_ids.size() >= kMaxOrderIds) more.order_ids.erase(0);
    more.order_ids.push_back(digest);
  }
  const double amount = event.margin.value_or(event.value.value_or(0));
  const bool is_order = event.type == EventType::kOrder;
  more.orders += is_order ? 1 : -1;
  more.value += is_order ? amount : -amount;
  update(FactId::kVisitorOrders);
  update(FactId::kVisitorLifetimeValue);
  if (!is_order) return;
  v_.has_cart_value = v_.has_cart_details = true;
  v_.cart_value = 0;
  v_.texts.set_number<double>(kCartItems, 0);
  update(FactId::kCartValue, 0.0);
  update(FactId::kCartItems, 0.0);
}

inline void Work::outcome(const Event& event) {
  if (!v_.extra || !v_.extra->screen || v_.extra->screen->rule != event.name) return;
  close_screen(event.outcome == OfferOutcome::kAccepted ? OfferEnd::kAccepted : OfferEnd::kDismissed);
}

inline void Work::chat(const Event& event) {
  VisitorExtra& more = extra();
  if (event.on) {
    if (more.screen) close_screen(OfferEnd::kChat);
    if (!v_.chat_active) ++more.chats;
    v_.chat_active = true;
    update(FactId::kChatCount);
  } else if (v_.chat_active) {
    refresh_clocks(Noting::kSilently);
    v_.chat_active = false;
    more.chat_ended = v_.now;
    update(FactId::kChatSinceLast);
    for (Tab& tab : v_.tabs) tab.clocks_dirty = true;
  }
  update(FactId::kChatActive);
  v_.gates_changed = true;
}

}  // namespace beckon::rules::detail

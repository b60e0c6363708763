#include "rules/oracle/life.hpp"

#include <algorithm>

namespace beckon::oracle {
namespace {

constexpr std::size_t kMaxTabs = 32;
constexpr std::size_t kMaxRemembered = 1000;
constexpr std::size_t kMaxRememberedBytes = 64 * 1024;

std::size_t weight(const Remembered& event) {
  std::size_t bytes = 16 + event.tab.size() + event.name.size();
  for (const auto& [key, value] : event.data) {
    const std::string* text = std::get_if<std::string>(&value);
    bytes += key.size() + (text ? text->size() : 8);
  }
  return bytes;
}

std::size_t weight(const std::vector<Remembered>& events) {
  std::size_t bytes = 0;
  for (const Remembered& event : events) bytes += weight(event);
  return bytes;
}

double worth(const Line& line) { return line.number("margin").value_or(line.number("value").value_or(0)); }

std::map<std::string, Value> scalars(const json::Value* object) {
  std::map<std::string, Value> values;
  if (!object || !object->is(json::Type::kObject)) return values;
  for (const json::Value* one = object->first(); one; one = one->next()) {
    if (std::optional<Value> value = scalar(*one)) values.emplace(one->name(), *value);
  }
  return values;
}

constexpr const char* kTraits[] = {"country", "language", "device", "browser", "os"};

std::optional<Time> instant(const json::Value* value) {
  if (!value || !value->is(json::Type::kNumber)) return std::nullopt;
  return static_cast<Time>(*value->number());
}

std::optional<double> number_in(const json::Value& object, std::string_view key) {
  const json::Value* value = object.find(key);
  return value ? value->number() : std::nullopt;
}

Record parse_record(const json::Value& value) {
  Record record;
  if (const json::Value* count = value.find("count")) record.count = *count->number();
  record.last = instant(value.find("last"));
  record.dismissed = instant(value.find("dismissed"));
  record.accepted = instant(value.find("accepted"));
  return record;
}

}  // namespace

Life::Life(std::string visitor, const RuleFile& file, const Options& options) : file_(&file), options_(options) {
  visitor_.id = std::move(visitor);
}

void Life::apply(const Line& line, Time t) {
  now_ = t;
  if (line.type == "gap") {
    forget();
    site_ = {};
    return;
  }
  if (line.type == "visitor") return replace_visitor(line);
  if (line.type == "operators") {
    operators(line);
  } else if (line.type == "hours") {
    site_.open = line.flag("open", true);
  } else {
    bool ignored = line.type == "leave" && !visitor_.visit;
    if (!ignored) apply_event(line, t);
  }
  look(t);
}

void Life::load(const RuleFile& file, Time t) {
  now_ = t;
  file_ = &file;
  if (visitor_.offer && !file.find(visitor_.offer->rule)) visitor_.offer.reset();
  // A rule that is gone keeps its counts. When it comes back it is armed, and whatever its verdict is then is new.
  auto is_gone = [&](const std::string& rule) { return !file.find(rule); };
  for (auto& [id, tab] : visitor_.tabs) {
    if (tab.page) std::erase_if(tab.page->disarmed, is_gone);
  }
  if (visitor_.visit)
    std::erase_if(visitor_.visit->verdicts, [&](const auto& verdict) { return is_gone(verdict.first); });
  look(t);
}

void Life::apply_event(const Line& line, Time t) {
  if (!visitor_.visit) begin_visit(t);
  visitor_.last_event = t;
  Tab& tab = visitor_.tabs[line.tab];
  tab.last_event = t;

  if (line.type == "page") return show_page(line, t);
  if (line.type == "leave") {
    end_page(line.tab, t);
    tab.held.clear();
    return;
  }
  if (tab.closed_with_visit) begin_page(line.tab, *tab.closed_with_visit, t);
  apply_to_page(line, tab, t);
  apply_to_visitor(line, t);
}

void Life::apply_to_page(const Line& line, Tab& tab, Time t) {
  if (line.type == "visible" || line.type == "hidden") tab.hidden = line.type == "hidden";
  if (!tab.page) return;
  if (line.type == "visible" || line.type == "hidden") tab.page->hidden.emplace_back(t, tab.hidden);
  if (line.type == "activity" || line.type == "scroll") tab.page->idle_since = t;
  if (line.type == "exit_intent") tab.page->exit_intent = true;
  if (line.type == "scroll") {
    tab.page->scroll = std::max(tab.page->scroll, std::clamp(line.number("percent").value_or(0), 0.0, 100.0));
  }
}

void Life::apply_to_visitor(const Line& line, Time t) {
  if (line.type == "cart") cart(line, t);
  if (line.type == "order") order(line);
  if (line.type == "refund") refund(line);
  if (line.type == "event") custom_event(line, t);
  if (line.type == "attr") attribute(line);
  if (line.type == "tag") visitor_.tags.erase(line.text("name"));
  if (line.type == "tag" && line.flag("value", true)) visitor_.tags.insert(line.text("name"));
  if (line.type == "consent") visitor_.consent = line.flag("value", true);
  if (line.type == "identified") visitor_.identified = line.flag("value", true);
  if (line.type == "outcome") outcome(line, t);
  if (line.type == "chat") chat(line, t);
}

void Life::cart(const Line& line, Time t) {
  visitor_.cart_value = line.number("value");
  visitor_.cart_items = line.number("items");
  visitor_.cart_currency = line.text("currency");
  visitor_.cart_at = t;
}

void Life::custom_event(const Line& line, Time t) {
  if (!file_->remembered.contains(line.text("name"))) return;
  Remembered event;
  event.name = line.text("name");
  event.data = scalars(line.find("data"));
  remember(line.tab, event, t);
}

void Life::attribute(const Line& line) {
  visitor_.attributes.erase(line.text("name"));
  if (auto value = scalar(*line.find("value"))) visitor_.attributes.emplace(line.text("name"), *value);
}

void Life::begin_visit(Time t) {
  visitor_.visits += 1;
  visitor_.visit = Visit{};
  visitor_.visit->started = t;
  visitor_.visit->number = visitor_.visits;
  if (visitor_.last_event) visitor_.visit->since_last_visit = static_cast<double>(t - *visitor_.last_event);
  for (auto& [rule, record] : visitor_.records) record.visit_count = 0;
  visitor_.all.visit_count = 0;
}

// `page` says which page it is; all else is as of a page that starts now.
void Life::begin_page(const std::string& id, Page page, Time t) {
  make_room_for(id, t);
  Tab& tab = visitor_.tabs[id];
  Page fresh;
  fresh.address = page.address;
  fresh.title = page.title;
  fresh.referrer = page.referrer;
  fresh.started = fresh.idle_since = t;
  fresh.hidden.emplace_back(t, tab.hidden);
  fresh.first_event = visitor_.events_received;
  tab.page = fresh;
  tab.closed_with_visit.reset();
  visitor_.visit->pages += 1;
  if (!visitor_.visit->first_page) visitor_.visit->first_page = fresh;
  if (file_->remembers_pages) {
    Remembered event;
    event.is_page = true;
    event.name = fresh.address.path;
    remember(id, event, t);
  }
}

void Life::show_page(const Line& line, Time t) {
  end_page(line.tab, t);
  visitor_.tabs[line.tab].hidden = line.flag("hidden", false);
  for (const char* trait : kTraits) {
    if (std::string value = line.text(trait); !value.empty()) visitor_.traits[trait] = value;
  }
  Page page;
  page.address = parse_address(line.text("url"), file_->query_names);
  page.title = line.text("title");
  page.referrer = parse_address(line.text("referrer"), file_->query_names).url;
  begin_page(line.tab, page, t);
}

void Life::end_page(const std::string& tab, Time t) {
  visitor_.tabs[tab].page.reset();
  if (visitor_.offer && visitor_.offer->until_page && visitor_.offer->tab == tab) offer_ignored(t);
}

// A tab more than there may be: the one whose latest event is oldest leaves.
void Life::make_room_for(const std::string& tab, Time t) {
  std::string oldest;
  std::size_t open = 0;
  for (auto& [id, other] : visitor_.tabs) {
    if (!other.page || id == tab) continue;
    ++open;
    if (oldest.empty() || other.last_event < visitor_.tabs[oldest].last_event) oldest = id;
  }
  if (open < kMaxTabs) return;
  end_page(oldest, t);
  visitor_.tabs.erase(oldest);
}

void Life::order(const Line& line) {
  std::string id = line.text("id");
  if (!id.empty() && !visitor_.order_ids.insert(id).second) return;
  visitor_.orders += 1;
  visitor_.lifetime_value += worth(line);
  visitor_.cart_value = 0;
  visitor_.cart_items = 0;
}

void Life::refund(const Line& line) {
  std::string id = line.text("id");
  if (!id.empty() && !visitor_.refund_ids.insert(id).second) return;
  visitor_.orders -= 1;
  visitor_.lifetime_value -= worth(line);
}

void Life::remember(const std::string& tab, Remembered event, Time t) {
  event.number = visitor_.events_received++;
  event.t = t;
  event.visit = visitor_.visit->number;
  event.tab = tab;
  std::vector<Remembered>& events = visitor_.events;
  events.push_back(event);
  while (events.size() > kMaxRemembered || weight(events) > kMaxRememberedBytes) events.erase(events.begin());
}

void Life::outcome(const Line& line, Time t) {
  bool accepted = line.text("outcome") == "accepted";
  bool dismissed = line.text("outcome") == "dismissed";
  if (!visitor_.offer || visitor_.offer->rule != line.text("rule") || (!accepted && !dismissed)) return;
  add_pressure(accepted ? file_->pressure.accepted : file_->pressure.dismissed, t);
  (accepted ? visitor_.all.accepted : visitor_.all.dismissed) = t;
  if (!file_->find(visitor_.offer->rule)->limit.is_none) {
    Record& own = visitor_.records[visitor_.offer->rule];
    (accepted ? own.accepted : own.dismissed) = t;
  }
  visitor_.offer.reset();
}

void Life::chat(const Line& line, Time t) {
  bool started = line.text("state") == "started";
  if (started == visitor_.chat_active) return;
  visitor_.chat_active = started;
  if (started) {
    visitor_.chats += 1;
    visitor_.offer.reset();
  } else {
    visitor_.chat_ended = t;
  }
}

void Life::operators(const Line& line) {
  site_.operators = line.number("online").value_or(site_.operators);
  site_.free_slots = line.number("free_slots").value_or(site_.free_slots);
  site_.queue = line.number("queue").value_or(site_.queue);
  site_.skills.reset();
  if (const json::Value* skills = line.find("skills")) {
    site_.skills.emplace();
    for (const json::Value* one = skills->first(); one; one = one->next()) {
      site_.skills->emplace(one->name(), *one->number());
    }
  }
  if (visitor_.offer && !somebody_can_answer(visitor_.offer->needs)) visitor_.offer.reset();
}

void Life::forget() {
  std::string id = visitor_.id;
  visitor_ = Visitor{};
  visitor_.id = id;
}

void Life::replace_visitor(const Line& line) {
  forget();
  visitor_.visits = line.number("visits").value_or(0);
  visitor_.last_event = instant(line.find("last_event"));
  visitor_.orders = line.number("orders").value_or(0);
  visitor_.lifetime_value = line.number("value").value_or(0);
  visitor_.attributes = scalars(line.find("attributes"));
  visitor_.identified = line.flag("identified", false);
  if (line.find("consent")) visitor_.consent = line.flag("consent", true);
  for (const char* trait : kTraits) visitor_.traits[trait] = line.text(trait);
  if (const json::Value* tags = line.find("tags")) {
    for (const json::Value* tag = tags->first(); tag; tag = tag->next()) visitor_.tags.emplace(tag->string());
  }
  if (const json::Value* rules = line.find("rules")) {
    for (const json::Value* one = rules->first(); one; one = one->next()) {
      visitor_.records[std::string(one->name())] = parse_record(*one);
    }
  }
  if (const json::Value* all = line.find("all")) visitor_.all = parse_record(*all);
  visitor_.pressure_at = now_;
  if (const json::Value* pressure = line.find("pressure")) {
    bool plain = pressure->is(json::Type::kNumber);
    visitor_.pressure = plain ? *pressure->number() : number_in(*pressure, "value").value_or(0);
    if (!plain) visitor_.pressure_at = instant(pressure->find("at")).value_or(now_);
  }
  if (const json::Value* cart = line.find("cart")) {
    visitor_.cart_value = number_in(*cart, "value");
    visitor_.cart_items = number_in(*cart, "items");
    visitor_.cart_at = instant(cart->find("at"));
  }
  if (const json::Value* chat = line.find("chat")) {
    visitor_.chat_active = chat->find("active") && chat->find("active")->boolean();
    visitor_.chats = number_in(*chat, "count").value_or(0);
    visitor_.chat_ended = instant(chat->find("ended"));
  }
}

}  // namespace beckon::oracle

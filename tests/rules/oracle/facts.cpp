#include "rules/oracle/facts.hpp"

#include <algorithm>
#include <cmath>

namespace beckon::oracle {
namespace {

using Found = std::optional<Value>;

constexpr Time kHour = 3'600'000;

Found text(const std::string& value) { return value.empty() ? Found() : Found(value); }
Found number(const std::optional<double>& value) { return value ? Found(*value) : Found(); }
Found since(const std::optional<Time>& instant, Time now) {
  return instant ? Found(static_cast<double>(now - *instant)) : Found();
}
Found maybe(const std::optional<std::string>& value) { return value ? Found(*value) : Found(); }

// The rest of `name` behind `prefix`, when it begins so.
std::optional<std::string> behind(const std::string& name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return name.substr(prefix.size());
}

Found page_fact(const Page& page, const std::string& name, Time now) {
  if (name == "url") return page.address.url;
  if (name == "host") return maybe(page.address.host);
  if (name == "path") return page.address.path;
  if (name == "title") return text(page.title);
  if (name == "referrer") return text(page.referrer);
  if (name == "dwell") return static_cast<double>(now - page.started);
  if (name == "visible") return static_cast<double>(visible_time(page, now));
  if (name == "idle") return static_cast<double>(now - page.idle_since);
  if (name == "scroll") return page.scroll;
  if (name == "exit_intent") return page.exit_intent;
  if (auto parameter = behind(name, "query.")) return maybe(page.address.parameter(*parameter));
  return std::nullopt;
}

Found visit_fact(const Visit& visit, const std::string& name, Time now) {
  if (name == "pages") return visit.pages;
  if (name == "number") return visit.number;
  if (name == "duration") return static_cast<double>(now - visit.started);
  if (!visit.first_page) return std::nullopt;
  if (name == "entry") return visit.first_page->address.path;
  if (name == "referrer") return text(visit.first_page->referrer);
  if (auto parameter = behind(name, "utm.")) return maybe(visit.first_page->address.parameter("utm_" + *parameter));
  return std::nullopt;
}

std::string pressure_state(const RuleFile& file, double pressure) {
  if (pressure >= file.pressure.over) return "over";
  return pressure < file.pressure.under ? "under" : "balanced";
}

Found visitor_fact(const View& view, const std::string& name) {
  const Visitor& visitor = view.visitor;
  if (name == "returning") return visitor.visit->number > 1;
  if (name == "identified") return visitor.identified;
  if (name == "since_last_visit") return number(visitor.visit->since_last_visit);
  if (name == "orders") return visitor.orders;
  if (name == "lifetime_value") return visitor.lifetime_value;
  if (name == "pressure") return pressure_at(view.file, visitor, view.now);
  if (name == "pressure_state") return pressure_state(view.file, pressure_at(view.file, visitor, view.now));
  if (auto tag = behind(name, "tag.")) return visitor.tags.contains(*tag);
  if (auto attribute = behind(name, "attr.")) {
    auto found = visitor.attributes.find(*attribute);
    return found == visitor.attributes.end() ? Found() : Found(found->second);
  }
  auto trait = visitor.traits.find(name);
  return trait == visitor.traits.end() ? Found() : text(trait->second);
}

Found cart_fact(const Visitor& visitor, const std::string& name, Time now) {
  if (name == "value") return number(visitor.cart_value);
  if (name == "items") return number(visitor.cart_items);
  if (name == "currency") return text(visitor.cart_currency);
  return since(visitor.cart_at, now);
}

Found chat_fact(const Visitor& visitor, const std::string& name, Time now) {
  if (name == "active") return visitor.chat_active;
  if (name == "count") return visitor.chats;
  return since(visitor.chat_ended, now);
}

// 1 January 1970 was a Thursday.
std::string weekday(Time now) {
  constexpr const char* kNames[] = {"thu", "fri", "sat", "sun", "mon", "tue", "wed"};
  return kNames[now / (24 * kHour) % 7];
}

Found site_fact(const Site& site, const std::string& name, Time now) {
  if (name == "operators") return site.operators;
  if (name == "free_slots") return site.free_slots;
  if (name == "queue") return site.queue;
  if (name == "open") return site.open;
  if (name == "hour") return static_cast<double>(now / kHour % 24);
  return weekday(now);
}

std::vector<const Remembered*> events_within(const View& view, const Span& span) {
  std::vector<const Remembered*> found;
  for (const Remembered& event : view.visitor.events) {
    bool inside = true;
    switch (span.kind) {
      case Span::Kind::kPage:
        inside = event.tab == view.tab && event.number >= view.visitor.tabs.at(view.tab).page->first_event;
        break;
      case Span::Kind::kVisit: inside = event.visit == view.visitor.visit->number; break;
      case Span::Kind::kVisitor: break;
      case Span::Kind::kDuration: inside = view.now - span.ms < event.t && event.t <= view.now; break;
    }
    if (inside) found.push_back(&event);
  }
  return found;
}

bool is_step(const Remembered& event, const Step& step) {
  if (step.is_page != event.is_page) return false;
  if (step.is_page) return passes(step.path, event.name);
  if (event.name != step.name) return false;
  return std::all_of(step.where.begin(), step.where.end(), [&](const auto& where) {
    auto datum = event.data.find(where.first);
    return passes(where.second, datum == event.data.end() ? Found() : Found(datum->second));
  });
}

bool is_counted(const View& view, const Condition& condition) {
  double count = 0;
  for (const Remembered* event : events_within(view, condition.within))
    count += is_step(*event, condition.steps[0]) ? 1 : 0;
  return passes(condition.count, count);
}

bool is_sequence(const View& view, const Condition& condition) {
  std::size_t done = 0;
  for (const Remembered* event : events_within(view, condition.within)) {
    if (done < condition.steps.size() && is_step(*event, condition.steps[done])) ++done;
  }
  return done == condition.steps.size();
}

bool is_held(const View& view, const Condition& condition) {
  const auto& held = view.visitor.tabs.at(view.tab).held;
  auto since = held.find(condition.held_name);
  return since != held.end() && view.now - since->second >= condition.held_ms;
}

}  // namespace

Time visible_time(const Page& page, Time now) {
  Time total = 0;
  for (std::size_t i = 0; i < page.hidden.size(); ++i) {
    auto [from, hidden] = page.hidden[i];
    Time to = i + 1 < page.hidden.size() ? page.hidden[i + 1].first : now;
    if (!hidden) total += to - from;
  }
  return total;
}

double pressure_at(const RuleFile& file, const Visitor& visitor, Time t) {
  double half_lives = static_cast<double>(t - visitor.pressure_at) / static_cast<double>(file.pressure.half_life);
  return visitor.pressure * std::exp2(-half_lives);
}

std::optional<Value> fact(const View& view, const std::string& name) {
  if (auto rest = behind(name, "page.")) return page_fact(*view.visitor.tabs.at(view.tab).page, *rest, view.now);
  if (auto rest = behind(name, "visit.")) return visit_fact(*view.visitor.visit, *rest, view.now);
  if (auto rest = behind(name, "visitor.")) return visitor_fact(view, *rest);
  if (auto rest = behind(name, "cart.")) return cart_fact(view.visitor, *rest, view.now);
  if (auto rest = behind(name, "chat.")) return chat_fact(view.visitor, *rest, view.now);
  return site_fact(view.site, name.substr(name.find('.') + 1), view.now);
}

bool is_true(const View& view, const Condition& condition) {
  auto inner_is_true = [&](const Condition& inner) { return is_true(view, inner); };
  const std::vector<Condition>& inner = condition.children;
  switch (condition.kind) {
    case Condition::Kind::kAll: return std::all_of(inner.begin(), inner.end(), inner_is_true);
    case Condition::Kind::kAny: return std::any_of(inner.begin(), inner.end(), inner_is_true);
    case Condition::Kind::kNone: return std::none_of(inner.begin(), inner.end(), inner_is_true);
    case Condition::Kind::kEvent: return is_counted(view, condition);
    case Condition::Kind::kSequence: return is_sequence(view, condition);
    case Condition::Kind::kHeld: return is_held(view, condition);
    case Condition::Kind::kFacts: break;
  }
  return std::all_of(condition.facts.begin(), condition.facts.end(),
                     [&](const auto& test) { return passes(test.second, fact(view, test.first)); });
}

}  // namespace beckon::oracle

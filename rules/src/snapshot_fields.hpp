// A snapshot's keys, once for writing and reading: each struct's members under the names that they have in JSON. An
// Archive has
//   field(name, value)       a member; absent while it is as in a new visitor
//   group(name, members)     members in an object of their own
//   names(name, list)        a set of names: an object of name → true
//   digests(name, list)      64-bit numbers, which JSON's own cannot hold everywhere
#pragma once

#include <concepts>
#include <type_traits>

#include "beckon/json/writer.hpp"
#include "beckon/rules/snapshot.hpp"

namespace beckon::rules {

// `S` or `const S`: written from one, read into the other.
template <class T, class S>
concept Either = std::same_as<std::remove_const_t<T>, S>;

template <class Archive, Either<FiringRecord> T>
void fields(Archive& archive, T& record) {
  archive.field("count", record.count);
  archive.field("visit", record.visit_count);
  archive.field("last", record.last);
  archive.field("dismissed", record.dismissed);
  archive.field("accepted", record.accepted);
}

template <class Archive, Either<RememberedEvent> T>
void fields(Archive& archive, T& event) {
  archive.field("t", event.t);
  archive.field("tab", event.tab);
  archive.field("page", event.is_page);
  archive.field("name", event.name);
  archive.field("data", event.data);
}

template <class Archive, Either<PageSnapshot> T>
void fields(Archive& archive, T& page) {
  archive.field("url", page.url);
  archive.field("title", page.title);
  archive.field("referrer", page.referrer);
  archive.field("started", page.started);
  archive.field("visible", page.visible);
  archive.field("seen", page.seen);
  archive.field("idle_since", page.idle_since);
  archive.field("scroll", page.scroll);
  archive.field("exit_intent", page.exit_intent);
  archive.field("first_event", page.first_event);
  archive.field("fired", page.fired);
  archive.field("waiting", page.waiting);
  archive.field("held", page.held);
}

template <class Archive, Either<TabSnapshot> T>
void fields(Archive& archive, T& tab) {
  archive.field("id", tab.id);
  archive.field("hidden", tab.hidden);
  archive.field("last_event", tab.last_event);
  archive.field("open", tab.open);
  archive.field("page", tab.page);
}

template <class Archive, Either<VisitSnapshot> T>
void fields(Archive& archive, T& visit) {
  archive.field("started", visit.started);
  archive.field("pages", visit.pages);
  archive.field("since_last_visit", visit.since_last_visit);
  archive.field("entry", visit.entry);
  archive.field("referrer", visit.referrer);
  archive.group("utm", [&](auto& utm) {
    utm.field("source", visit.utm_source);
    utm.field("medium", visit.utm_medium);
    utm.field("campaign", visit.utm_campaign);
    utm.field("term", visit.utm_term);
    utm.field("content", visit.utm_content);
  });
  archive.field("verdicts", visit.verdicts);
}

template <class Archive, Either<ScreenSnapshot> T>
void fields(Archive& archive, T& screen) {
  archive.field("rule", screen.rule);
  archive.field("tab", screen.tab);
  archive.field("since", screen.since);
  archive.field("until", screen.until);
}

template <class Archive, Either<VisitorSnapshot> T>
void fields(Archive& archive, T& visitor) {
  archive.field("visits", visitor.visits);
  archive.field("last_event", visitor.last_event);
  archive.field("now", visitor.now);
  archive.field("orders", visitor.orders);
  archive.field("value", visitor.value);
  archive.digests("order_ids", visitor.order_ids);
  archive.names("tags", visitor.tags);
  archive.field("attributes", visitor.attributes);
  archive.field("rules", visitor.rules);
  archive.field("all", visitor.all);
  archive.group("pressure", [&](auto& pressure) {
    pressure.field("value", visitor.pressure);
    pressure.field("at", visitor.pressure_at);
  });
  archive.group("cart", [&](auto& cart) {
    cart.field("value", visitor.cart_value);
    cart.field("items", visitor.cart_items);
    cart.field("currency", visitor.cart_currency);
    cart.field("at", visitor.cart_at);
  });
  archive.group("chat", [&](auto& chat) {
    chat.field("active", visitor.chat_active);
    chat.field("count", visitor.chats);
    chat.field("ended", visitor.chat_ended);
  });
  archive.field("consent", visitor.consent);
  archive.field("identified", visitor.identified);
  archive.field("country", visitor.country);
  archive.field("language", visitor.language);
  archive.field("device", visitor.device);
  archive.field("browser", visitor.browser);
  archive.field("os", visitor.os);
  archive.field("events", visitor.events);
  archive.field("visit", visitor.visit);
  archive.field("tabs", visitor.tabs);
  archive.field("screen", visitor.screen);
}

// A snapshot's members into the object that `out` has begun.
void write_members(json::Writer& out, const VisitorSnapshot& snapshot);

}  // namespace beckon::rules

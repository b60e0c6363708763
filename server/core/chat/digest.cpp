// What operators are told of a visitor who talks to them: the pages, the cart, what is known.
#include <algorithm>
#include <utility>

#include "beckon/json/writer.hpp"
#include "beckon/rules/trace.hpp"
#include "core/chat/limits.hpp"
#include "core/shard_core.hpp"
#include "store/limits.hpp"

namespace beckon::core {

namespace {

using rules::FactId;

constexpr FactId kFacts[] = {
    FactId::kPagePath,        FactId::kPageDwell,    FactId::kVisitPages,      FactId::kVisitNumber,
    FactId::kVisitDuration,   FactId::kVisitorOrders, FactId::kVisitorLifetimeValue, FactId::kVisitorIdentified,
    FactId::kVisitorLanguage, FactId::kVisitorCountry, FactId::kVisitorDevice, FactId::kVisitorBrowser,
    FactId::kVisitorOs,
};

void write_scalar(json::Writer& w, const rules::StoredScalar& value) {
  if (const auto* const yes = std::get_if<bool>(&value)) w.boolean(*yes);
  else if (const auto* const number = std::get_if<double>(&value)) w.number(*number);
  else w.string(std::get<std::string>(value));
}

enum class Detail : std::uint8_t { kAll, kPagesAndCart };

// Members that change when the visitor does something.
void write_doings(json::Writer& w, const Visitor& visitor, Detail detail) {
  const rules::VisitorSnapshot known = visitor.site.engine->snapshot(visitor.state);
  w.key("pages").raw(visitor.trail ? visitor.trail->json() : "[]");
  if (known.cart_value || known.cart_items) {
    w.key("cart").begin_object();
    if (known.cart_value) w.key("value").number(*known.cart_value);
    if (known.cart_items) w.key("items").number(*known.cart_items);
    if (!known.cart_currency.empty()) w.key("currency").string(known.cart_currency);
    w.end_object();
  }
  if (detail == Detail::kPagesAndCart) return;
  w.key("tags").begin_array();
  for (std::size_t i = 0; i < std::min(known.tags.size(), kMaxDigestAttributes); ++i) w.string(known.tags[i]);
  w.end_array().key("attrs").begin_object();
  for (std::size_t i = 0; i < std::min(known.attributes.size(), kMaxDigestAttributes); ++i) {
    write_scalar(w.key(known.attributes[i].first), known.attributes[i].second);
  }
  w.end_object();
}

// Members that grow by themselves.
void write_facts(json::Writer& w, const Visitor& visitor) {
  const std::string tab = visitor.loads.empty() ? std::string() : visitor.loads.back()->tab;
  w.key("facts").begin_array();
  for (const FactId fact : kFacts) {
    std::string value = rules::fact_in_words(*visitor.site.engine, visitor.state, fact, {}, tab);
    if (value.empty()) continue;
    w.begin_object().key("name").string(rules::fact_info(fact).name).key("value").string(value).end_object();
  }
  w.end_array();
}

}  // namespace

void SiteChat::page_seen(Visitor& visitor, std::string_view url, std::string_view title) {
  if (visitor.keep != Keep::kStored) return;
  if (!visitor.trail) visitor.trail = std::make_unique<PageTrail>();
  visitor.trail->add(shard_.now, url, title);
}

void SiteChat::touched(Visitor& visitor) {
  VisitorChat* const chat = visitor.chat.get();
  if (chat == nullptr || !chat->is_open() || shard_.stopping || chat->digest.is_set()) return;
  const base::Instant sent = chat->digest.sent;
  const bool long_ago = sent == base::Instant::min() || sent + kDigestEvery <= shard_.now;
  shard_.timers.set(chat->digest, long_ago ? shard_.now : sent + kDigestEvery);
}

void SiteChat::presence_changed(Visitor& visitor) {
  if (!visitor.chat) return;
  schedule_heal(*visitor.chat);
  // Hints may have been lost while nobody was there to miss anything.
  if (visitor.online()) refresh(*visitor.chat);
  touched(visitor);
}

// Of somebody without consent operators see that they are here, and no more.
void SiteChat::publish_digest(VisitorChat& chat) {
  if (!chat.is_open()) return;
  Visitor& visitor = *chat.visitor;
  chat.digest.sent = shard_.now;
  const bool known = visitor.keep == Keep::kStored;
  if (known) {
    visitor.site.engine->pass(visitor.state, shard_.now, shard_.output);
    shard_.settle(visitor);
  }
  std::string body;
  json::Writer w(body);
  w.begin_object().key("v").string(visitor.id.text()).key("c").string(chat.row->id.text());
  w.key("online").boolean(visitor.online());
  if (known) {
    write_doings(w, visitor, Detail::kAll);
    write_facts(w, visitor);
  } else {
    w.key("pages").begin_array().end_array();
  }
  w.end_object();
  shard_.bus.publish(site_.id(), "visitor", body);
  if (known) keep_context(chat);
}

void SiteChat::keep_context(VisitorChat& chat) {
  const Visitor& visitor = *chat.visitor;
  const auto write = [&](Detail detail) {
    std::string text;
    json::Writer w(text);
    w.begin_object();
    write_doings(w, visitor, detail);
    std::string doings = text;
    write_facts(w, visitor);
    w.end_object();
    return std::pair(std::move(text), std::move(doings));
  };
  auto [context, doings] = write(Detail::kAll);
  if (doings == chat.digest.kept) return;
  // Many tags and long attributes: the pages and the cart are what an operator misses most.
  if (context.size() > store::kMaxContextBytes) context = write(Detail::kPagesAndCart).first;
  chat.digest.kept = std::move(doings);
  shard_.store.save_context(site_.id(), chat.row->id, std::move(context));
}

}  // namespace beckon::core

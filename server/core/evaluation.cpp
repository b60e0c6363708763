// Events into the engine, decisions out of it.
#include <algorithm>
#include <utility>

#include "core/localize.hpp"
#include "core/panel.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace {

rules::EventScalar to_rules(const protocol::Scalar& scalar) {
  return std::visit([](const auto& value) -> rules::EventScalar { return value; }, scalar);
}

rules::EventType to_rules(protocol::EventKind kind) {
  using Kind = protocol::EventKind;
  using Type = rules::EventType;
  switch (kind) {
    case Kind::kPage: return Type::kPage;
    case Kind::kCart: return Type::kCart;
    case Kind::kOrder: return Type::kOrder;
    case Kind::kEvent: return Type::kEvent;
    case Kind::kAttr: return Type::kAttr;
    case Kind::kVisible: return Type::kVisible;
    case Kind::kHidden: return Type::kHidden;
    case Kind::kActivity: return Type::kActivity;
    case Kind::kExitIntent: return Type::kExitIntent;
    case Kind::kScroll: return Type::kScroll;
    case Kind::kLeave: return Type::kLeave;
  }
  return Type::kActivity;
}

store::OfferStage stage_of(rules::OfferEnd end) {
  switch (end) {
    case rules::OfferEnd::kAccepted: return store::OfferStage::kAccepted;
    case rules::OfferEnd::kDismissed: return store::OfferStage::kDismissed;
    case rules::OfferEnd::kIgnored: return store::OfferStage::kIgnored;
    case rules::OfferEnd::kWithdrawn:
    case rules::OfferEnd::kChat:
    case rules::OfferEnd::kReplaced: return store::OfferStage::kWithdrawn;
  }
  return store::OfferStage::kWithdrawn;
}

std::string variant_of(const rules::Rule& rule, const rules::Decision& decision) {
  return rule.has_variants ? std::to_string(decision.variant) : std::string();
}

bool explains_itself(rules::Verdict verdict) {
  return verdict == rules::Verdict::kFire || verdict == rules::Verdict::kControl || verdict == rules::Verdict::kShadow;
}

}  // namespace

void ShardCore::apply(Visitor& visitor, const rules::Event& event) {
  if (visitor.keep == Keep::kNothing) return;
  if (visitor.keep == Keep::kStored) visitor.site.recorder.event(now, visitor.id, event);
  visitor.site.engine->apply(visitor.state, now, event, output);
  visitor.last_event = now;
  visitor.changed = true;
  settle(visitor);
  if (visitor.chat) visitor.chat->of.touched(visitor);
}

void ShardCore::apply_page(Visitor& visitor, PageLoad& load, const protocol::Page& page, PageFacts facts) {
  if (visitor.keep == Keep::kNothing) {
    load.told = std::make_unique<ToldPage>();
    load.told->url = page.url;
    load.told->title = page.title;
    if (page.referrer) load.told->referrer.emplace(*page.referrer);
    load.told->hidden = page.hidden;
    return;
  }
  // Before anything sees the address: rules.md, section 8.
  const rules::QueryNames& allowed = visitor.site.rules().query_names();
  rules::parse_page_url(page.url, allowed, page_url);
  std::string referrer;
  rules::Event event;
  event.type = rules::EventType::kPage;
  event.tab = load.tab;
  event.url = &page_url;
  event.title = page.title;
  if (page.referrer) {
    referrer = rules::filter_url(*page.referrer, allowed);
    event.referrer = referrer;
  }
  event.hidden = page.hidden;
  if (facts == PageFacts::kBrowser) {
    event.country = visitor.country;
    event.language = visitor.language;
    event.device = visitor.browser.device;
    event.browser = visitor.browser.browser;
    event.os = visitor.browser.os;
  }
  load.path = page_url.path;
  if (visitor.site.has_chat()) visitor.site.chat->page_seen(visitor, page_url.url, page.title);
  apply(visitor, event);
}

void ShardCore::apply_client_event(Visitor& visitor, PageLoad& load, const protocol::Events& frame,
                                   const protocol::ClientEvent& from) {
  if (from.kind == protocol::EventKind::kPage) return apply_page(visitor, load, from.page, PageFacts::kNone);
  if (visitor.keep == Keep::kNothing) return;
  rules::Event event;
  event.type = to_rules(from.kind);
  event.tab = load.tab;
  event.value = from.value;
  event.items = from.items;
  event.margin = from.margin;
  event.currency = from.currency;
  event.id = from.id;
  event.name = from.name;
  event.percent = from.percent;
  if (from.kind == protocol::EventKind::kAttr) event.scalar = to_rules(from.scalar);
  data.clear();
  for (const protocol::Datum& datum : frame.data_of(from)) data.push_back({datum.key, to_rules(datum.value)});
  event.data = data;
  apply(visitor, event);
}

void ShardCore::settle(Visitor& visitor) {
  std::size_t next_end = 0;
  for (const rules::Decision& decision : output.decisions) {
    // Of one instant: the offer on screen goes before the next one comes.
    while (next_end < output.ended.size() && output.ended[next_end].t <= decision.t && visitor.offer &&
           visitor.offer->rule.text() == output.ended[next_end].rule) {
      ended(visitor, output.ended[next_end++]);
    }
    decided(visitor, decision);
  }
  while (next_end < output.ended.size()) ended(visitor, output.ended[next_end++]);
  output.clear();
  for (const auto& load : visitor.loads) {
    if (load->link != nullptr && load->link->panel) load->link->panel->changed();
  }
  schedule(visitor);
}

void ShardCore::decided(Visitor& visitor, const rules::Decision& decision) {
  const rules::RuleSet& rules = visitor.site.rules();
  const rules::Rule& rule = rules.rules()[decision.rule];
  ++counters.decisions;
  ++counters.verdicts[static_cast<std::size_t>(decision.verdict)];
  visitor.changed = true;
  if (visitor.keep == Keep::kStored) {
    store::DecisionRow row;
    row.t = decision.t;
    row.visitor = visitor.id;
    row.tab = base::TabId(decision.tab);
    row.rule = base::RuleId(rule.id);
    row.verdict = decision.verdict;
    row.variant = variant_of(rule, decision);
    if (!explains_itself(decision.verdict)) row.why = to_words(decision.why, rules);
    visitor.site.recorder.decision(std::move(row));
  }
  const bool offers = rule.variants[decision.variant].then.offer != rules::Actions::Offer::kNone;
  if (decision.verdict == rules::Verdict::kFire) fired(visitor, decision, rule);
  else if (offers && decision.verdict == rules::Verdict::kControl) {
    record_offer(visitor, decision, rule, store::OfferGroup::kControl);
  } else if (offers && decision.verdict == rules::Verdict::kShadow) {
    record_offer(visitor, decision, rule, store::OfferGroup::kShadow);
  }
}

void ShardCore::record_offer(Visitor& visitor, const rules::Decision& decision, const rules::Rule& rule,
                             store::OfferGroup group) {
  if (visitor.keep != Keep::kStored) return;
  const PageLoad* const load = visitor.load_of(decision.tab);
  store::OfferRow row;
  row.offer = group == store::OfferGroup::kTreated ? visitor.offer->id : base::new_offer_id();
  row.t = decision.t;
  row.rule = base::RuleId(rule.id);
  row.variant = variant_of(rule, decision);
  row.group = group;
  row.visitor = visitor.id;
  row.tab = base::TabId(decision.tab);
  if (load != nullptr) row.page_path = load->path;
  visitor.site.recorder.offer(std::move(row));
}

void ShardCore::fired(Visitor& visitor, const rules::Decision& decision, const rules::Rule& rule) {
  const rules::Actions& then = rule.variants[decision.variant].then;
  const PageLoad* const load = visitor.load_of(decision.tab);
  for (const std::string& name : then.emits) {
    if (load == nullptr || load->link == nullptr) break;
    auto text = std::make_shared<std::string>();
    protocol::encode_emit(*text, name);
    send(*load->link, std::move(text));
  }
  if (!then.route.empty() && visitor.site.has_chat()) visitor.site.chat->route(visitor, then.route);
  if (then.offer == rules::Actions::Offer::kNone) return;
  ++counters.offers_fired;
  OpenOffer offer;
  offer.id = base::new_offer_id();
  offer.rule = base::RuleId(rule.id);
  offer.variant = variant_of(rule, decision);
  offer.variant_index = decision.variant;
  offer.tab = base::TabId(decision.tab);
  if (load != nullptr) offer.path = load->path;
  offer.kind = rules::name_of(then.offer);
  offer.until = rule.until.kind;
  offer.body = offer_body(then, spoken_language(*visitor.site.settings, visitor.language));
  visitor.offer = std::move(offer);
  record_offer(visitor, decision, rule, store::OfferGroup::kTreated);

  const OpenOffer& open = *visitor.offer;
  auto text = std::make_shared<std::string>();
  protocol::encode_offer(*text, {open.id.text(), open.rule.text(), open.kind, open.tab.text(), open.body});
  send_all(visitor, text, WhileOpening::kDrop);
}

void ShardCore::ended(Visitor& visitor, const rules::EndedOffer& end) {
  if (!visitor.offer || visitor.offer->rule.text() != end.rule) return;
  const store::OfferStage stage = stage_of(end.end);
  offer_reached(visitor, stage, end.t);
  switch (stage) {
    case store::OfferStage::kAccepted: ++counters.offers_accepted; break;
    case store::OfferStage::kDismissed: ++counters.offers_dismissed; break;
    case store::OfferStage::kIgnored: ++counters.offers_ignored; break;
    default: ++counters.offers_withdrawn; break;
  }
  auto text = std::make_shared<std::string>();
  protocol::encode_withdraw(*text, visitor.offer->id.text(), rules::name_of(end.end));
  send_all(visitor, text, WhileOpening::kDrop, outcome_from);
  if (visitor.past_offers.size() >= kMaxPastOffers) visitor.past_offers.erase(visitor.past_offers.begin());
  visitor.past_offers.push_back({visitor.offer->id, visitor.offer->rule, visitor.offer->path,
                                 visitor.offer->variant_index});
  visitor.offer.reset();
}

void ShardCore::offer_reached(Visitor& visitor, store::OfferStage stage, base::Instant t) {
  if (visitor.keep != Keep::kStored) return;
  const OpenOffer& open = *visitor.offer;
  store::OfferRow row;
  row.offer = open.id;
  row.stage = stage;
  row.t = t;
  row.rule = open.rule;
  row.variant = open.variant;
  row.visitor = visitor.id;
  row.tab = open.tab;
  row.page_path = open.path;
  visitor.site.recorder.offer(std::move(row));
}

void ShardCore::send_all(Visitor& visitor, const SharedFrame& frame, WhileOpening opening, const Link* but) {
  for (const auto& load : visitor.loads) {
    if (load->link != nullptr && load->link != but) send(*load->link, frame, opening);
  }
}

}  // namespace beckon::core

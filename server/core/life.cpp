// Visitors come into memory, are woken, saved and forgotten.
#include <algorithm>
#include <utility>

#include "core/localize.hpp"
#include "core/shard_core.hpp"
#include "core/visitor_record.hpp"

namespace beckon::core {

base::VisitorId ShardCore::new_id() const {
  base::VisitorId id = base::new_visitor_id();
  while (rules::shard_of(id.text(), options.count) != options.index) id = base::new_visitor_id();
  return id;
}

Visitor& ShardCore::create(Site& site, Keep keep, base::VisitorId id) {
  auto owned = std::make_unique<Visitor>(site, id, site.engine->make_visitor(id.text()));
  Visitor& visitor = *owned;
  site.visitors.emplace(id.text(), std::move(owned));
  visitor.keep = keep;
  visitor.first_seen = visitor.last_event = now;
  ++counters.visitors;
  return visitor;
}

Visitor* ShardCore::import(Site& site, const store::VisitorRecord& record) {
  std::optional<KeptVisitor> kept = read_kept(record.snapshot);
  if (!kept) {
    ++counters.store_errors;
    log.error("a visitor's record is damaged and was left aside", {{"site", site.id().text()}});
    return nullptr;
  }
  auto owned = std::make_unique<Visitor>(site, record.id, site.engine->import(record.id.text(), kept->snapshot));
  Visitor& visitor = *owned;
  site.visitors.emplace(record.id.text(), std::move(owned));
  ++counters.visitors;
  visitor.first_seen = record.first_seen;
  visitor.last_event = record.last_seen;
  visitor.saved = now;
  visitor.identity = record.identity;
  visitor.language = kept->language;
  if (!kept->route.empty() && site.has_chat()) site.chat->route(visitor, kept->route);
  for (const KeptOffer& each : kept->past) {
    visitor.past_offers.push_back({base::OfferId(each.id), base::RuleId(each.rule), each.path, each.variant});
  }
  for (KeptLoad& each : kept->loads) {
    auto load = std::make_shared<PageLoad>();
    load->tab = std::move(each.tab);
    load->session = std::move(each.session);
    load->last = each.last;
    load->gone = each.gone.value_or(record.last_seen);
    visitor.loads.push_back(std::move(load));
  }
  restore_offer(visitor, kept->offer);
  leave_lost_pages(visitor);
  site.recorder.visitor(now, visitor.id, site.engine->snapshot(visitor.state));
  site.engine->pass(visitor.state, now, output);
  settle(visitor);
  return &visitor;
}

// The offer that the rules still have on screen gets its id back, or a new one when its own was not saved.
void ShardCore::restore_offer(Visitor& visitor, const std::optional<KeptOffer>& kept) {
  const auto screen = visitor.state.on_screen();
  if (!screen) return;
  const rules::Rule& rule = visitor.site.rules().rules()[screen->rule];
  const bool same = kept && kept->rule == rule.id && kept->variant < rule.variants.size();
  OpenOffer offer;
  offer.id = same ? base::OfferId(kept->id) : base::new_offer_id();
  offer.rule = base::RuleId(rule.id);
  offer.variant_index = same ? kept->variant : 0;
  if (rule.has_variants) offer.variant = std::to_string(offer.variant_index);
  offer.tab = base::TabId(screen->tab);
  if (same) offer.path = kept->path;
  const rules::Actions& then = rule.variants[offer.variant_index].then;
  offer.kind = rules::name_of(then.offer);
  offer.until = rule.until.kind;
  offer.body = offer_body(then, spoken_language(*visitor.site.settings, visitor.language));
  visitor.offer = std::move(offer);
}

// Pages whose connection was gone for too long while nobody served the visitor were left when the record was written: what
// their time would have brought since then was seen by nobody.
void ShardCore::leave_lost_pages(Visitor& visitor) {
  const auto tabs = visitor.state.open_tabs();
  const std::vector<std::string> open(tabs.begin(), tabs.end());
  for (const std::string& tab : open) {
    PageLoad* const load = visitor.load_of(tab);
    if (load != nullptr && load->gone != base::kNever && load->gone + protocol::kResumeWithin > now) continue;
    rules::Event leaves;
    leaves.type = rules::EventType::kLeave;
    leaves.tab = tab;
    visitor.site.engine->apply(visitor.state, visitor.state.now(), leaves, output);
    settle(visitor);
  }
  for (const auto& load : visitor.loads) {
    if (!visitor.shows_page(load->tab) || visitor.load_of(load->tab) != load.get()) load->gone = base::kNever;
  }
}

void ShardCore::forget_pages(Visitor& visitor) {
  for (const auto& load : std::exchange(visitor.loads, {})) visitor.site.by_session.erase(load->session);
  visitor.state = visitor.site.engine->make_visitor(visitor.id.text());
  visitor.offer.reset();
  visitor.past_offers.clear();
  if (visitor.chat) visitor.chat->of.visitor_began_anew(*visitor.chat);
}

void ShardCore::schedule(Visitor& visitor) {
  base::Instant due = visitor.keep == Keep::kNothing ? base::kNever : visitor.state.next_deadline();
  bool online = false, leaving = false;
  for (const auto& load : visitor.loads) {
    if (load->link != nullptr) online = true;
    else if (load->gone != base::kNever) {
      leaving = true;
      due = std::min(due, load->gone + protocol::kResumeWithin);
    }
  }
  if (online && visitor.changed && visitor.keep == Keep::kStored) due = std::min(due, visitor.saved + kSaveEvery);
  if (!online && !leaving) {
    const bool stays = visitor.keep == Keep::kStored;
    due = std::min(due, stays ? visitor.last_event + visitor.site.settings->visit_timeout : now);
  }
  timers.set(visitor, due);
}

void ShardCore::visitor_due(Visitor& visitor, base::Instant due) {
  if (stopping) return;
  now = std::max(now, due);
  if (visitor.keep != Keep::kNothing) {
    if (visitor.state.next_deadline() <= now) {
      const auto late = static_cast<std::uint64_t>(std::max<std::int64_t>(0, (clock.now() - due).count()));
      ++counters.deadlines;
      counters.deadline_late_ms += late;
      counters.deadline_late_max_ms = std::max(counters.deadline_late_max_ms, late);
    }
    visitor.site.engine->pass(visitor.state, now, output);
    settle(visitor);
  }
  bool left = false, leaving = false;
  for (const auto& load : visitor.loads) {
    if (load->link != nullptr || load->gone == base::kNever) continue;
    if (load->gone + protocol::kResumeWithin > now) {
      leaving = true;
      continue;
    }
    ++counters.leaves_by_timeout;
    leave(visitor, *load);
    left = true;
  }
  const bool online = visitor.online();
  if (visitor.changed && (left || (online && visitor.saved + kSaveEvery <= now))) save(visitor);
  const bool over = visitor.keep != Keep::kStored ||
                    visitor.last_event + visitor.site.settings->visit_timeout <= now;
  if (!online && !leaving && over) return drop(visitor);
  schedule(visitor);
}

void ShardCore::leave(Visitor& visitor, PageLoad& load) {
  load.gone = base::kNever;
  if (visitor.load_of(load.tab) != &load || visitor.keep == Keep::kNothing || !visitor.shows_page(load.tab)) return;
  rules::Event event;
  event.type = rules::EventType::kLeave;
  event.tab = load.tab;
  apply(visitor, event);
}

void ShardCore::save(Visitor& visitor) {
  if (visitor.keep != Keep::kStored) return;
  KeptVisitor kept;
  kept.snapshot = visitor.site.engine->snapshot(visitor.state);
  kept.language = visitor.language;
  if (visitor.chat) kept.route = visitor.chat->route;
  for (const auto& load : visitor.loads) {
    KeptLoad each{load->tab, load->session, load->settled(), {}};
    if (load->link == nullptr && load->gone != base::kNever) each.gone = load->gone;
    kept.loads.push_back(std::move(each));
  }
  if (visitor.offer) {
    kept.offer = KeptOffer{visitor.offer->id.text(), visitor.offer->rule.text(), visitor.offer->tab.text(),
                           visitor.offer->path, visitor.offer->variant_index};
  }
  for (const PastOffer& each : visitor.past_offers) {
    kept.past.push_back({each.id.text(), each.rule.text(), {}, each.path, each.variant});
  }
  store::VisitorRecord record;
  record.id = visitor.id;
  record.snapshot = write_kept(kept);
  record.first_seen = visitor.first_seen;
  record.last_seen = std::max(visitor.last_event, visitor.online() ? now : visitor.last_event);
  record.identity = visitor.identity;
  store.save_visitor(visitor.site.id(), std::move(record));
  visitor.saved = now;
  visitor.changed = false;
}

void ShardCore::drop(Visitor& visitor) {
  if (visitor.changed) save(visitor);
  erase_from_memory(visitor);
}

void ShardCore::erase_from_memory(Visitor& visitor) {
  Site& site = visitor.site;
  for (const auto& load : visitor.loads) {
    const auto found = site.by_session.find(load->session);
    if (found != site.by_session.end() && found->second == &visitor) site.by_session.erase(found);
  }
  if (site.chat) site.chat->abandon(visitor);
  --counters.visitors;
  site.visitors.erase(std::string(visitor.id.text()));
}

}  // namespace beckon::core

#include <algorithm>
#include <utility>

#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace {

rules::EngineOptions engine_options(const SiteSettings& settings) {
  return {settings.visit_timeout, settings.consent == ConsentMode::kGranted, settings.calendar.get()};
}

bool same_engine(const SiteSettings& a, const SiteSettings& b) {
  return a.visit_timeout == b.visit_timeout && a.consent == b.consent;
}

// What a rules line of the journal says: rules and time zone.
bool same_rules(const SiteSettings& a, const SiteSettings& b) {
  return a.rules->compiled == b.rules->compiled && a.calendar == b.calendar && a.time_zone == b.time_zone;
}

bool same_chat(const SiteSettings& a, const SiteSettings& b) {
  return a.chat == b.chat || (a.chat && b.chat && *a.chat == *b.chat);
}

// More than this waits to be written: a new announcement of everybody would be lost too.
constexpr std::uint64_t kBacklogBytes = 16 * 1024 * 1024;

}  // namespace

Site::Site(ShardCore& s, std::shared_ptr<const SiteSettings> given)
    : shard(s), settings(std::move(given)),
      engine(std::make_unique<rules::Engine>(settings->rules->compiled, engine_options(*settings))),
      recorder(settings->id, {s.options.index, s.options.count}, s.store, s.timers, s.counters, s.journal_seq, s) {
  if (settings->chat) told = Desk::nobody();
}

Site::~Site() = default;

void Site::ring(base::Instant due) {
  shard.now = std::max(shard.now, due);
  shard.update_site_state(*this);
  shard.watch_calendar(*this);
  if (chat) chat->desk_changed();
}

Site* ShardCore::find_site(const base::SiteId& id) {
  const auto found = sites.find(id.text());
  return found == sites.end() ? nullptr : found->second.get();
}

void ShardCore::put_site(std::shared_ptr<const SiteSettings> settings) {
  enter();
  Site* site = find_site(settings->id);
  if (site == nullptr) {
    auto owned = std::make_unique<Site>(*this, std::move(settings));
    site = owned.get();
    sites.emplace(site->id().text(), std::move(owned));
    rules::SiteState state = site->told;
    if (site->settings->calendar) state.open = site->settings->calendar->local(now).open;
    site->engine->set_site(std::move(state));
    announce(*site);
    watch_calendar(*site);
    return furnish(*site);
  }
  const std::shared_ptr<const SiteSettings> old = std::exchange(site->settings, std::move(settings));
  site->texts.clear();
  if (!same_chat(*old, *site->settings)) furnish(*site);
  if (!same_engine(*old, *site->settings)) return rebuild_engine(*site);
  if (!same_rules(*old, *site->settings)) change_rules(*site);
}

void ShardCore::furnish(Site& site) {
  if (site.has_chat() && !site.chat) site.chat = std::make_unique<SiteChat>(*this, site);
  if (site.has_chat() && !site.desk) {
    site.told = Desk::nobody();
    desk_started = std::max(now, desk_started + kDeskStartEvery);
    site.desk = std::make_unique<Desk>(site, desk_started);
    site.chat->set_availability(site.desk.get());
  } else if (!site.has_chat() && site.desk) {
    site.chat->set_availability(nullptr);
    site.desk.reset();
    site.told = {};
  }
  update_site_state(site);
  if (site.chat) site.chat->settings_changed();
  if (site.desk) site.desk->settings_changed();
  consoles->sites_changed();
}

void ShardCore::change_rules(Site& site) {
  for (const auto& [id, visitor] : site.visitors) {
    site.engine->pass(visitor->state, now, output);
    settle(*visitor);
  }
  site.recorder.rule_file(now, *site.settings->rules, site.settings->time_zone);
  site.engine->set_rules(site.settings->rules->compiled);
  site.engine->set_calendar(site.settings->calendar ? *site.settings->calendar : rules::utc_calendar());
  for (const auto& [id, visitor] : site.visitors) {
    site.engine->rules_changed(visitor->state, now, output);
    visitor->changed = true;
    settle(*visitor);
  }
  update_site_state(site);
  watch_calendar(site);
}

// Visit time-out or consent mode are another: no line of the journal says that, so it begins anew behind a gap.
void ShardCore::rebuild_engine(Site& site) {
  for (const auto& [id, visitor] : site.visitors) {
    site.engine->pass(visitor->state, now, output);
    settle(*visitor);
  }
  auto engine = std::make_unique<rules::Engine>(site.settings->rules->compiled, engine_options(*site.settings));
  rules::SiteState state = site.told;
  if (site.settings->calendar && !state.open) state.open = site.settings->calendar->local(now).open;
  engine->set_site(std::move(state));
  for (const auto& [id, visitor] : site.visitors) {
    visitor->state = engine->import(id, site.engine->snapshot(visitor->state));
    visitor->changed = true;
  }
  site.engine = std::move(engine);
  announce(site);
  for (const auto& [id, visitor] : site.visitors) {
    site.engine->pass(visitor->state, now, output);
    settle(*visitor);
  }
  watch_calendar(site);
}

void ShardCore::remove_site(const base::SiteId& id) {
  enter();
  Site* const site = find_site(id);
  if (site == nullptr) return;
  for (Link* const link : std::vector<Link*>(site->links.begin(), site->links.end())) {
    close(*link, protocol::CloseCode::kForbidden, "the site is served no more");
  }
  for (const auto& [visitor_id, visitor] : site->visitors) save(*visitor);
  site->recorder.flush();
  counters.visitors -= site->visitors.size();
  sites.erase(id.text());
  consoles->sites_changed();
}

void ShardCore::set_site_state(const base::SiteId& id, rules::SiteState state) {
  enter();
  Site* const site = find_site(id);
  if (site == nullptr) return;
  site->told = std::move(state);
  update_site_state(*site);
}

// Operators and hours are two lines of the journal, so they are two changes here too: a replay then does the same.
void ShardCore::update_site_state(Site& site) {
  const auto change = [&](rules::SiteState state) {
    site.engine->set_site(std::move(state));
    for (const auto& [id, visitor] : site.visitors) {
      site.engine->site_changed(visitor->state, now, output);
      settle(*visitor);
    }
  };
  rules::SiteState wanted = site.told;
  if (site.settings->calendar && !wanted.open) wanted.open = site.settings->calendar->local(now).open;
  if (wanted == site.engine->site()) return;
  for (const auto& [id, visitor] : site.visitors) {
    site.engine->pass(visitor->state, now, output);
    settle(*visitor);
  }
  rules::SiteState first = wanted;
  first.open = site.engine->site().open;
  if (!(first == site.engine->site())) {
    site.recorder.operators(now, first);
    change(first);
  }
  if (!(wanted == first)) {
    site.recorder.hours(now, wanted.open.value_or(true));
    change(std::move(wanted));
  }
}

void ShardCore::watch_calendar(Site& site) {
  timers.set(site, site.settings->calendar ? site.settings->calendar->next_change(now) : base::kNever);
}

void ShardCore::announce(Site& site) {
  site.recorder.gap(now);
  site.recorder.rule_file(now, *site.settings->rules, site.settings->time_zone);
  site.recorder.operators(now, site.engine->site());
  if (site.engine->site().open) site.recorder.hours(now, *site.engine->site().open);
  for (const auto& [id, visitor] : site.visitors) {
    if (visitor->keep != Keep::kStored) continue;
    site.engine->pass(visitor->state, now, output);
    settle(*visitor);
    site.recorder.visitor(now, visitor->id, site.engine->snapshot(visitor->state));
  }
}

void ShardCore::batch_recorded() {
  if (!watch_alarm.is_set()) timers.set(watch_alarm, now + kWatchEvery);
}

void ShardCore::check_losses() {
  now = std::max(now, watch_alarm.due());
  const store::Health health = store.health();
  if (health.dropped_lines == dropped_lines_seen) return;
  if (health.pending_bytes > kBacklogBytes) return timers.set(watch_alarm, now + kWatchEvery);
  log.warn("journal lines were lost", {{"lines", health.dropped_lines - dropped_lines_seen}});
  dropped_lines_seen = health.dropped_lines;
  for (const auto& [id, site] : sites) announce(*site);
}

}  // namespace beckon::core

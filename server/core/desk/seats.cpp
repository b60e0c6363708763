// Operators: online, away, offline; and what their colleagues see of them.
#include <algorithm>

#include "core/desk/consoles.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace console = protocol::console;

namespace {

std::vector<std::string> texts_of(const std::vector<base::SiteId>& sites) {
  std::vector<std::string> texts;
  for (const base::SiteId& site : sites) texts.push_back(site.text());
  return texts;
}

console::OperatorView view_of(const PresentOperator& each, std::uint32_t chats) {
  return {each.id.text(), each.name,   each.picture, name_of(each.state), each.capacity,
          chats,          each.groups, each.skills,  each.sites};
}

}  // namespace

Seat::Seat(Consoles& c, store::OperatorRecord r, base::Instant now)
    : consoles(c), record(std::move(r)), active(now), says(kOperatorMessagesBurst, now) {}

void Seat::ring(base::Instant) { consoles.seat_due(*this); }

bool Seat::serves(const base::SiteId& site) const {
  return record.sites.empty() || std::find(record.sites.begin(), record.sites.end(), site) != record.sites.end();
}

Seat& Consoles::seat_of(const store::OperatorRecord& record) {
  std::unique_ptr<Seat>& seat = seats_[record.id.text()];
  if (!seat) seat = std::make_unique<Seat>(*this, record, shard_.now);
  return *seat;
}

void Consoles::active(Seat& seat) {
  seat.active = shard_.now;
  if (seat.away_by_itself) set_state(seat, PresenceState::kOnline, false);
  schedule(seat);
}

void Consoles::set_state(Seat& seat, PresenceState state, bool by_itself) {
  seat.away_by_itself = by_itself;
  if (std::exchange(seat.state, state) != state) presence_changed(seat);
}

void Consoles::schedule(Seat& seat) {
  base::Instant due = seat.gone == base::kNever ? base::kNever : seat.gone + kOfflineAfter;
  if (seat.state == PresenceState::kOnline) due = std::min(due, seat.active + kAwayAfter);
  shard_.timers.set(seat, due);
}

void Consoles::seat_due(Seat& seat) {
  shard_.now = std::max(shard_.now, seat.due());
  if (seat.gone != base::kNever && seat.gone + kOfflineAfter <= shard_.now) {
    const std::vector<Desk*> desks = desks_of(seat);
    seats_.erase(std::string(seat.record.id.text()));
    for (Desk* const desk : desks) desk->own_presence_changed();
    return;
  }
  if (seat.active + kAwayAfter <= shard_.now) set_state(seat, PresenceState::kAway, true);
  schedule(seat);
}

std::vector<Desk*> Consoles::desks_of(const Seat& seat) const {
  std::vector<Desk*> desks;
  for (const auto& [id, site] : shard_.sites) {
    if (site->desk && seat.serves(site->id())) desks.push_back(site->desk.get());
  }
  std::sort(desks.begin(), desks.end(), [](const Desk* a, const Desk* b) { return a->site().id() < b->site().id(); });
  return desks;
}

void Consoles::presence_changed(const Seat& seat) {
  for (Desk* const desk : desks_of(seat)) desk->own_presence_changed();
}

std::vector<PresentOperator> Consoles::present_at(const Site& site) const {
  std::vector<PresentOperator> here;
  for (const auto& [id, seat] : seats_) {
    if (!seat->serves(site.id())) continue;
    const store::OperatorRecord& record = seat->record;
    const auto chats = seat->chats.find(site.id().text());
    const std::uint32_t elsewhere = seat->all_chats - (chats == seat->chats.end() ? 0 : chats->second);
    here.push_back({record.id, seat->state, record.name, record.picture, record.skills, record.groups,
                    texts_of(record.sites), static_cast<std::uint32_t>(std::max(0, record.capacity)), elsewhere});
  }
  return here;
}

void Consoles::chats_changed(Desk& desk) {
  const std::string& site = desk.site().id().text();
  for (const auto& [id, seat] : seats_) {
    if (!seat->serves(desk.site().id())) continue;
    std::uint32_t& known = seat->chats[site];
    const std::uint32_t now = desk.assigned_to(seat->record.id);
    if (known == now) continue;
    seat->all_chats += now - known;
    known = now;
    for (Desk* const other : desks_of(*seat)) {
      if (other != &desk) other->own_presence_changed();
    }
  }
  colleagues_changed();
}

// --- What colleagues see

void Consoles::colleagues_changed() {
  if (links_.empty() || colleagues_alarm_.is_set()) return;
  shard_.timers.set(colleagues_alarm_, std::max(shard_.now, colleagues_shown_ + kColleaguesEvery));
}

std::map<std::string, console::OperatorView> Consoles::colleagues_of(const Seat& seat) const {
  std::map<std::string, console::OperatorView> colleagues;
  for (const Desk* const desk : desks_of(seat)) {
    for (const auto& [id, each] : desk->board().all()) {
      colleagues.insert_or_assign(id, view_of(each, desk->assigned_to(each.id) + each.elsewhere));
    }
  }
  return colleagues;
}

void Consoles::show_colleagues() {
  colleagues_shown_ = shard_.now;
  std::map<std::vector<base::SiteId>, SharedFrame> frames;  // who serves the same sites sees the same
  for (const auto& [link, owned] : links_) {
    if (link->phase != OperatorLink::Phase::kOpen) continue;
    SharedFrame& frame = frames[link->seat->record.sites];
    if (!frame) {
      std::vector<console::OperatorView> operators;
      for (const auto& [id, each] : colleagues_of(*link->seat)) operators.push_back(each);
      auto text = std::make_shared<std::string>();
      console::encode_presence(*text, operators);
      frame = std::move(text);
    }
    if (*frame == link->colleagues) continue;
    link->colleagues = *frame;
    send(*link, frame);
  }
}

}  // namespace beckon::core

// Connections of consoles: from hello to welcome, sessions checked again and again, the end.
#include "core/desk/consoles.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "beckon/json/writer.hpp"
#include "core/desk/answered.hpp"
#include "core/desk/limits.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

namespace console = protocol::console;
using protocol::CloseCode;

// --- OperatorLink

OperatorLink::OperatorLink(Consoles& c, Connection& to, OperatorUpgrade u, base::Instant now)
    : consoles(c),
      connection(to),
      upgrade(std::move(u)),
      frames(kConsoleFramesBurst, now),
      bytes(kConsoleBytesBurst, now) {}

void OperatorLink::ring(base::Instant) { consoles.link_due(*this); }

// --- Consoles

void Consoles::Call::ring(base::Instant due) {
  consoles.shard_.now = std::max(consoles.shard_.now, due);
  (consoles.*member)();
}

Consoles::Consoles(ShardCore& shard) : shard_(shard) { subscribe(); }
Consoles::~Consoles() = default;

void Consoles::subscribe() {
  subscription_ = shard_.bus.subscribe(base::SiteId(), "operators", shard_.post,
                                       [this, alive = std::weak_ptr<int>(alive_)](const store::BusMessage&) {
                                         if (alive.expired()) return;
                                         shard_.enter();
                                         if (!links_.empty() || wanted_operators_) recheck();
                                       });
}

std::weak_ptr<OperatorLink> Consoles::weak(OperatorLink& link) const { return links_.at(&link); }

OperatorLink& Consoles::attach(Connection& connection, OperatorUpgrade upgrade) {
  shard_.enter();
  auto owned = std::make_shared<OperatorLink>(*this, connection, std::move(upgrade), shard_.now);
  OperatorLink& link = *owned;
  links_.emplace(&link, std::move(owned));
  ++shard_.counters.consoles;
  if (shard_.stopping) close(link, CloseCode::kShutdown, "the server stops");
  else shard_.timers.set(link, shard_.now + protocol::kHelloWithin);
  return link;
}

void Consoles::receive(OperatorLink& link, std::string_view text) {
  shard_.enter();
  if (link.phase == OperatorLink::Phase::kClosed) return;
  if (!link.bytes.take(static_cast<double>(text.size()), kConsoleBytesPerSecond, kConsoleBytesBurst, shard_.now) ||
      !link.frames.take(1, kConsoleFramesPerSecond, kConsoleFramesBurst, shard_.now)) {
    ++shard_.counters.throttled;
    return close(link, CloseCode::kThrottled, "more frames or bytes than allowed");
  }
  const auto decoded = console::decode(text);
  if (const auto* const refusal = std::get_if<protocol::Refusal>(&decoded)) {
    ++shard_.counters.refused_frames;
    return close(link, refusal->code, refusal->reason);
  }
  const Frame& frame = std::get<Frame>(decoded);
  ++shard_.counters.console_frames;
  if (link.phase != OperatorLink::Phase::kOpen) return on_early_frame(link, frame);
  on_frame(link, frame);
}

void Consoles::on_early_frame(OperatorLink& link, const Frame& frame) {
  const bool hello = frame.kind == console::FrameKind::kHello;
  if (hello && link.phase == OperatorLink::Phase::kHello) {
    link.phase = OperatorLink::Phase::kLoading;
    link.hello = frame.id;
    shard_.timers.set(link, shard_.now + kWelcomeWithin);
    return check_session(link);
  }
  ++shard_.counters.refused_frames;
  if (link.phase == OperatorLink::Phase::kHello) return close(link, CloseCode::kNoHello, "the first frame is a hello");
  close(link, CloseCode::kForbidden, "a frame before the welcome");
}

void Consoles::pong(OperatorLink& link) {
  shard_.enter();
  if (link.phase != OperatorLink::Phase::kOpen || !link.awaits_pong) return;
  link.awaits_pong = false;
  shard_.timers.set(link, shard_.now + protocol::kPingEvery);
}

void Consoles::link_due(OperatorLink& link) {
  shard_.now = std::max(shard_.now, link.due());
  switch (link.phase) {
    case OperatorLink::Phase::kHello:
      ++shard_.counters.refused_frames;
      return close(link, CloseCode::kNoHello, "no hello within 10 s");
    case OperatorLink::Phase::kLoading:
      ++shard_.counters.store_errors;
      return close(link, CloseCode::kStoreUnavailable, "the operator's record cannot be read");
    case OperatorLink::Phase::kOpen:
      if (link.awaits_pong) return close(link, CloseCode::kNoPong, "no pong within 8 s");
      link.awaits_pong = true;
      link.connection.ping();
      return shard_.timers.set(link, std::max(shard_.now, shard_.clock.now()) + protocol::kPongWithin);
    case OperatorLink::Phase::kClosed: return;
  }
}

// --- Sessions and records

void Consoles::check_session(OperatorLink& link) {
  shard_.store.find_session(link.upgrade.session, shard_.post,
                            later<std::optional<store::SessionRecord>>([this, weak = weak(link)](const auto& session) {
                              if (const auto here = weak.lock()) session_read(*here, session);
                            }));
}

void Consoles::session_read(OperatorLink& link, const base::Result<std::optional<store::SessionRecord>>& session) {
  if (link.phase == OperatorLink::Phase::kClosed) return;
  // What cannot be read is not over: it is asked for again, and a welcome waits.
  if (!session) {
    ++shard_.counters.store_errors;
    return;
  }
  const bool good = *session && (*session)->operator_id == link.upgrade.id && (*session)->expires > shard_.now;
  if (!good) return close(link, CloseCode::kSignedOut, "the session is over");
  if (link.seat != nullptr) return;
  link.session_good = true;
  read_operators();
}

void Consoles::recheck() {
  if (shard_.stopping) return;
  if (!links_.empty()) shard_.timers.set(recheck_alarm_, shard_.now + kRecheckEvery);
  for (const auto& [link, owned] : links_) {
    const bool asks = link->phase == OperatorLink::Phase::kOpen || link->phase == OperatorLink::Phase::kLoading;
    if (asks) check_session(*link);
  }
  read_operators();
}

void Consoles::read_operators() {
  if (std::exchange(reading_operators_, true)) {
    read_again_ = true;
    return;
  }
  shard_.store.operators(shard_.post, later<std::vector<store::OperatorRecord>>(
                                          [this](auto operators) { operators_read(std::move(operators)); }));
}

void Consoles::operators_read(base::Result<std::vector<store::OperatorRecord>> operators) {
  reading_operators_ = false;
  if (std::exchange(read_again_, false)) read_operators();
  if (!operators) {
    ++shard_.counters.store_errors;
    return;
  }
  std::map<std::string, store::OperatorRecord> read;
  for (store::OperatorRecord& each : *operators) {
    each.password_hash.clear();  // nobody here has a use for it
    read.emplace(each.id.text(), std::move(each));
  }
  if (read != operators_) {
    operators_ = std::move(read);
    for (const auto& [id, seat] : seats_) follow_record(*seat);
    for (const auto& [id, site] : shard_.sites) {
      if (site->desk) site->desk->operators_changed();
    }
  }
  std::vector<OperatorLink*> loading;
  for (const auto& [link, owned] : links_) {
    if (link->session_good && link->seat == nullptr && link->phase == OperatorLink::Phase::kLoading) {
      loading.push_back(link);
    }
  }
  for (OperatorLink* const link : loading) admit(*link);
}

void Consoles::follow_record(Seat& seat) {
  const auto found = operators_.find(seat.record.id.text());
  if (found == operators_.end() || found->second.disabled) {
    const auto open = seat.links;
    for (OperatorLink* const link : open) close(*link, CloseCode::kSignedOut, "the operator is disabled");
    return;
  }
  if (seat.record == found->second) return;
  const std::vector<Desk*> before = desks_of(seat);
  seat.record = found->second;
  for (Desk* const desk : before) desk->own_presence_changed();
  presence_changed(seat);
  for (OperatorLink* const link : seat.links) link->welcome_due = true;
  welcome_all();
}

const store::OperatorRecord* Consoles::record(const base::OperatorId& id) {
  const auto found = operators_.find(id.text());
  if (found != operators_.end()) return &found->second;
  // Once, where no console asks for them anyway: from then on hints say when there is news.
  if (!std::exchange(wanted_operators_, true)) read_operators();
  return nullptr;
}

// --- The welcome

void Consoles::admit(OperatorLink& link) {
  const auto found = operators_.find(link.upgrade.id.text());
  if (found == operators_.end() || found->second.disabled) {
    return close(link, CloseCode::kSignedOut, "the operator is disabled");
  }
  Seat& seat = seat_of(found->second);
  if (seat.links.size() >= kMaxLinksPerOperator) {
    ++shard_.counters.throttled;
    return close(link, CloseCode::kThrottled, "too many connections of this operator");
  }
  link.seat = &seat;
  link.welcome_due = true;
  seat.links.push_back(&link);
  seat.gone = base::kNever;
  active(seat);
  presence_changed(seat);
  for (Desk* const desk : desks_of(seat)) desk->hurry();
  if (!recheck_alarm_.is_set()) shard_.timers.set(recheck_alarm_, shard_.now + kRecheckEvery);
  welcome_all();
}

void Consoles::desk_loaded() { welcome_all(); }

void Consoles::sites_changed() {
  for (const auto& [id, seat] : seats_) presence_changed(*seat);
  for (const auto& [link, owned] : links_) link->welcome_due = link->seat != nullptr;
  welcome_all();
}

void Consoles::welcome_all() {
  for (const auto& [link, owned] : links_) {
    if (!link->welcome_due || link->phase == OperatorLink::Phase::kClosed) continue;
    bool all = true;
    for (Desk* const desk : desks_of(*link->seat)) {
      if (desk->loaded()) continue;
      all = false;
      desk->hurry();
    }
    if (all) welcome(*link);
  }
}

void Consoles::welcome(OperatorLink& link) {
  link.welcome_due = false;
  if (link.phase == OperatorLink::Phase::kLoading) {
    link.phase = OperatorLink::Phase::kOpen;
    shard_.timers.set(link, shard_.now + protocol::kPingEvery);
    ok(link, std::exchange(link.hello, 0));
  }
  const std::vector<Desk*> desks = desks_of(*link.seat);
  std::erase_if(link.watched, [&](const auto& each) {
    return std::none_of(desks.begin(), desks.end(), [&](Desk* d) { return d->site().id().text() == each.first.first; });
  });
  auto frame = std::make_shared<std::string>();
  console::encode_welcome(*frame, welcome_view(*link.seat, desks));
  send(link, std::move(frame));
  link.colleagues.clear();
  colleagues_changed();
}

console::WelcomeView Consoles::welcome_view(const Seat& seat, const std::vector<Desk*>& desks) {
  console::WelcomeView view;
  const auto colleagues = colleagues_of(seat);
  for (const auto& [id, each] : colleagues) view.operators.push_back(each);
  view.own.login = seat.record.login;
  view.own.role = store::name_of(seat.record.role);
  const auto own = colleagues.find(seat.record.id.text());
  const store::OperatorRecord& me = seat.record;
  view.own.seen =
      own != colleagues.end()
          ? own->second  // else no site of theirs has chat
          : console::OperatorView{me.id.text(), me.name,   me.picture, core::name_of(seat.state), me.capacity, 0,
                                  me.groups,    me.skills, {}};
  std::vector<std::pair<const OpenConversation*, const Desk*>> open;
  for (const Desk* const desk : desks) {
    const ChatSettings& chat = *desk->site().settings->chat;
    console::SiteView& site = view.sites.emplace_back(console::SiteView{desk->site().id().text(), {}, chat.uploads});
    for (const CannedReply& each : chat.canned) site.canned.push_back({each.title, each.text});
    for (const auto& [id, each] : desk->open()) open.emplace_back(each.get(), desk);
  }
  // Who waits longest comes first, behind them whom somebody has.
  std::sort(open.begin(), open.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const OpenConversation& each) {
      return std::tuple(each.row.state != store::ConversationState::kWaiting, each.row.waiting_since, each.row.id);
    };
    return rank(*a.first) < rank(*b.first);
  });
  std::size_t bytes = 0;
  const auto fits = [&](std::size_t more) { return (bytes += more) <= kMaxWelcomeBytes; };
  for (const auto& [each, desk] : open) {
    if (!fits(conversation_member(*desk, each->row).size())) return view.more = true, view;
    view.conversations.push_back(this->view(*desk, each->row));
  }
  for (const Desk* const desk : desks) {
    for (const auto& [id, task] : desk->tasks()) {
      std::string text;
      json::Writer w(text);
      console::write_task(w, this->view(*desk, task));
      if (!fits(text.size())) return view.more = true, view;
      view.tasks.push_back(this->view(*desk, task));
    }
  }
  return view;
}

// --- The end

void Consoles::send(OperatorLink& link, SharedFrame frame) {
  if (link.phase == OperatorLink::Phase::kOpen) link.connection.send(std::move(frame));
}

void Consoles::close(OperatorLink& link, CloseCode code, std::string_view reason) {
  if (link.phase == OperatorLink::Phase::kClosed) return;
  Seat* const seat = link.seat;
  unlink(link);
  // Who has signed out does not come back in a moment.
  if (seat != nullptr && seat->links.empty() && code == CloseCode::kSignedOut) {
    seat->gone = shard_.now - kOfflineAfter;
    schedule(*seat);
  }
  link.phase = OperatorLink::Phase::kClosed;
  shard_.timers.cancel(link);
  link.connection.close(code, reason);
}

void Consoles::unlink(OperatorLink& link) {
  link.watched.clear();
  link.welcome_due = false;
  if (link.seat == nullptr) return;
  Seat& seat = *std::exchange(link.seat, nullptr);
  std::erase(seat.links, &link);
  if (!seat.links.empty()) return;
  seat.gone = shard_.now;
  schedule(seat);
}

void Consoles::detach(OperatorLink& link) {
  shard_.enter();
  unlink(link);
  --shard_.counters.consoles;
  links_.erase(&link);
}

void Consoles::stop() {
  std::vector<OperatorLink*> open;
  for (const auto& [link, owned] : links_) open.push_back(link);
  for (OperatorLink* const link : open) close(*link, CloseCode::kShutdown, "the server stops");
}

}  // namespace beckon::core

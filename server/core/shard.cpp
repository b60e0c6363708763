#include "core/shard.hpp"

#include <algorithm>
#include <utility>

#include "core/panel.hpp"
#include "core/shard_core.hpp"

namespace beckon::core {

// --- Link

Link::Link(ShardCore& s, Connection& c, Upgrade u, base::Instant now)
    : shard(s), connection(c), upgrade(std::move(u)), frames(s.options.limits.frames_burst, now),
      bytes(s.options.limits.bytes_burst, now) {}

Link::~Link() = default;

void Link::ring(base::Instant) { shard.link_due(*this); }

// --- ShardCore: entering, connections, the stop

ShardCore::ShardCore(ShardOptions o, const base::Clock& c, store::Store& s, store::Bus& b, base::Log& l, store::Poster p)
    : options(std::move(o)), clock(c), store(s), bus(b), log(l), post(std::move(p)), now(clock.now()), timers(now),
      dropped_lines_seen(store.health().dropped_lines), consoles(std::make_unique<Consoles>(*this)),
      ack_alarm([this] { send_acks(); }), watch_alarm([this] { check_losses(); }) {}

ShardCore::~ShardCore() = default;

void ShardCore::enter() {
  const base::Instant t = clock.now();
  timers.run_due(t);
  now = std::max(now, t);
}

Link& ShardCore::attach(Connection& connection, Upgrade upgrade) {
  enter();
  auto owned = std::make_unique<Link>(*this, connection, std::move(upgrade), now);
  Link& link = *owned;
  links.emplace(&link, std::move(owned));
  ++counters.connections;
  const Addresses::Answer of_address = addresses.add(link.upgrade.address, now);
  Site* const site = find_site(link.upgrade.site);
  if (stopping) {
    close(link, protocol::CloseCode::kShutdown, "the server stops");
  } else if (site == nullptr) {
    close(link, protocol::CloseCode::kForbidden, "unknown site");
  } else if (of_address == Addresses::Answer::kTooMany) {
    ++counters.throttled;
    close(link, protocol::CloseCode::kThrottled, "too many connections from this address");
  } else {
    site->links.insert(&link);
    timers.set(link, now + protocol::kHelloWithin);
  }
  return link;
}

void ShardCore::receive(Link& link, std::string_view text) {
  enter();
  if (link.phase == Link::Phase::kClosed) return;
  ++counters.frames;
  const ShardLimits& limits = options.limits;
  if (!link.bytes.take(static_cast<double>(text.size()), limits.bytes_per_second, limits.bytes_burst, now) ||
      !link.frames.take(1, limits.frames_per_second, limits.frames_burst, now)) {
    ++counters.throttled;
    return close(link, protocol::CloseCode::kThrottled, "more frames or bytes than allowed");
  }
  if (link.phase != Link::Phase::kLoading) return on_frame(link, text);

  Pending& pending = *link.pending;
  pending.bytes += text.size();
  if (pending.frames.size() >= kMaxPendingFrames || pending.bytes > kMaxPendingBytes) {
    ++counters.throttled;
    return close(link, protocol::CloseCode::kThrottled, "too many frames before the welcome");
  }
  pending.frames.emplace_back(text);
}

void ShardCore::pong(Link& link) {
  enter();
  if (link.phase != Link::Phase::kOpen || !link.awaits_pong) return;
  link.awaits_pong = false;
  timers.set(link, now + protocol::kPingEvery);
}

void ShardCore::link_due(Link& link) {
  now = std::max(now, link.due());
  switch (link.phase) {
    case Link::Phase::kHello:
      ++counters.refused_frames;
      return close(link, protocol::CloseCode::kNoHello, "no hello within 10 s");
    case Link::Phase::kLoading:
      ++counters.store_errors;
      return close(link, protocol::CloseCode::kStoreUnavailable, "the visitor's record cannot be read");
    case Link::Phase::kOpen:
      if (link.awaits_pong) return close(link, protocol::CloseCode::kNoPong, "no pong within 8 s");
      link.awaits_pong = true;
      link.connection.ping();
      // From the clock: when the host was late, the ping goes out now and not when it was due.
      return timers.set(link, std::max(now, clock.now()) + protocol::kPongWithin);
    case Link::Phase::kOpening:
    case Link::Phase::kClosed: return;
  }
}

void ShardCore::send(Link& link, SharedFrame frame, WhileOpening opening) {
  if (link.phase == Link::Phase::kOpen) return link.connection.send(std::move(frame));
  if (link.phase == Link::Phase::kOpening && opening == WhileOpening::kWait) link.early.push_back(std::move(frame));
}

void ShardCore::close(Link& link, protocol::CloseCode code, std::string_view reason) {
  if (link.phase == Link::Phase::kClosed) return;
  if (link.phase == Link::Phase::kOpen && link.ack_due && link.load != nullptr) {
    std::string ack;
    protocol::encode_ack(ack, link.load->settled());
    link.connection.send(std::make_shared<const std::string>(std::move(ack)));
  }
  unlink(link);
  link.phase = Link::Phase::kClosed;
  timers.cancel(link);
  link.connection.close(code, reason);
}

void ShardCore::unlink(Link& link) {
  if (link.ack_due) std::erase_if(ack_queue, [&link](const DueAck& one) { return one.link == &link; });
  link.ack_due = false;
  link.panel.reset();
  link.early.clear();
  if (link.pending) {
    if (Site* const site = find_site(link.upgrade.site)) {
      if (const auto waiting = site->loading.find(link.pending->visitor.text()); waiting != site->loading.end()) {
        std::erase(waiting->second, &link);
      }
    }
    link.pending.reset();
  }
  if (link.visitor == nullptr) return;
  Visitor& visitor = *link.visitor;
  link.load->link = nullptr;
  link.load->gone = now;
  link.visitor = nullptr;
  link.load = nullptr;
  if (!visitor.online()) {
    --counters.visitors_online;
    if (!stopping) save(visitor);
    if (visitor.chat && !stopping) visitor.chat->of.presence_changed(visitor);
  }
  schedule(visitor);
}

void ShardCore::detach(Link& link) {
  enter();
  unlink(link);
  if (Site* const site = find_site(link.upgrade.site)) site->links.erase(&link);
  addresses.remove(link.upgrade.address, now);
  --counters.connections;
  links.erase(&link);
}

void ShardCore::queue_ack(Link& link) {
  if (link.ack_due) return;
  link.ack_due = true;
  ack_queue.push_back({&link, now + kAckWithin});
  if (!ack_alarm.is_set() && !acks_posted) timers.set(ack_alarm, now + kAckWithin);
}

void ShardCore::send_acks() {
  now = std::max(now, ack_alarm.due());
  const base::Instant until = now + kAcksGoAlong;
  for (std::size_t sent = 0; sent < kAcksAtOnce && !ack_queue.empty() && ack_queue.front().at <= until; ++sent) {
    Link& link = *ack_queue.front().link;
    ack_queue.pop_front();
    link.ack_due = false;
    auto ack = std::make_shared<std::string>();
    protocol::encode_ack(*ack, link.load->settled());
    send(link, std::move(ack));
  }
  if (ack_queue.empty()) return;
  if (ack_queue.front().at > until) return timers.set(ack_alarm, ack_queue.front().at);
  acks_posted = true;
  post([this] {
    enter();
    acks_posted = false;
    send_acks();
  });
}

void ShardCore::stop(std::function<void()> done) {
  enter();
  stopping = true;
  std::vector<Link*> open;
  for (const auto& [link, owned] : links) open.push_back(link);
  for (Link* const link : open) close(*link, protocol::CloseCode::kShutdown, "the server stops");
  consoles->stop();
  for (const auto& [id, site] : sites) {
    for (const auto& [visitor_id, visitor] : site->visitors) save(*visitor);
    // Nobody decides anything from here on: a replay must not go on until the next start.
    site->recorder.gap(now);
    site->recorder.flush();
  }
  store.flush(post, [this, done = std::move(done)](base::Status flushed) {
    if (!flushed) log.error("not everything could be written at the stop", {{"why", flushed.error().message}});
    done();
  });
}

// --- Shard

struct Shard::State final : ShardCore {
  using ShardCore::ShardCore;
};

Shard::Shard(ShardOptions options, const base::Clock& clock, store::Store& store, store::Bus& bus, base::Log& log,
             store::Poster poster)
    : state_(std::make_unique<State>(std::move(options), clock, store, bus, log, std::move(poster))) {}
Shard::~Shard() = default;

void Shard::put_site(std::shared_ptr<const SiteSettings> settings) { state_->put_site(std::move(settings)); }
void Shard::remove_site(const base::SiteId& site) { state_->remove_site(site); }
void Shard::erase_visitor(const base::SiteId& site, const base::VisitorId& visitor,
                          std::function<void(base::Status)> done) {
  state_->enter();
  state_->erase_visitor(site, visitor, std::move(done));
}

void Shard::set_site_state(const base::SiteId& site, rules::SiteState state) {
  state_->set_site_state(site, std::move(state));
}
Link& Shard::attach(Connection& connection, Upgrade upgrade) { return state_->attach(connection, std::move(upgrade)); }
void Shard::receive(Link& link, std::string_view text) { state_->receive(link, text); }
void Shard::pong(Link& link) { state_->pong(link); }
void Shard::detach(Link& link) { state_->detach(link); }

OperatorLink& Shard::attach(Connection& connection, OperatorUpgrade upgrade) {
  return state_->consoles->attach(connection, std::move(upgrade));
}
void Shard::receive(OperatorLink& link, std::string_view text) { state_->consoles->receive(link, text); }
void Shard::pong(OperatorLink& link) { state_->consoles->pong(link); }
void Shard::detach(OperatorLink& link) { state_->consoles->detach(link); }

base::Instant Shard::next_deadline() const { return state_->timers.next(); }
void Shard::run_due() { state_->enter(); }
Timers& Shard::timers() { return state_->timers; }
void Shard::stop(std::function<void()> done) { state_->stop(std::move(done)); }

const Counters& Shard::counters() const {
  state_->counters.timers = state_->timers.size();
  return state_->counters;
}

}  // namespace beckon::core

// A shard: the visitors of one thread, their rules and their timers. It knows no network and no event loop; its host (net)
// calls it, and it calls back through Connection.
//
//   Shard shard(options, clock, store, bus, log, poster);
//   shard.put_site(settings);
//   Link& link = shard.attach(connection, upgrade);       // the WebSocket is open
//   shard.receive(link, frame);                           // …
//   shard.detach(link);                                   // it is gone: `link` is dead
//   // behind every call: sleep until shard.next_deadline(), then shard.run_due()
//
// Who calls what: every member function is called on the shard's own thread, and none of them blocks. Answers of the store come on
// a thread of the store and are passed on through the Poster, which runs them on the shard's thread later. Nothing of a
// shard is shared but the immutable SiteSettings.
//
// Time: the shard reads its Clock when a call comes in, first runs what has become due, and applies the call at that
// instant; so all that happens in a shard happens in one order, and its journal is in that order.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "base/clock.hpp"
#include "base/ids.hpp"
#include "base/log.hpp"
#include "base/secret.hpp"
#include "beckon/rules/event.hpp"
#include "core/connection.hpp"
#include "core/counters.hpp"
#include "core/limits.hpp"
#include "core/operator_upgrade.hpp"
#include "core/site.hpp"
#include "core/timers.hpp"
#include "store/post.hpp"

namespace beckon::store {
class Bus;
class Store;
}

namespace beckon::core {

struct ShardOptions {
  std::uint32_t index = 0, count = 1;  // this shard, of how many
  base::Secret key;                    // signs visitor tokens; the same in every shard and after a restart
  ShardLimits limits;
};

// The shard that serves an upgrade request: the one its `v` hint belongs to; without a good hint the one that it arrived at.
// Thread safety: any thread.
[[nodiscard]] std::uint32_t shard_of_request(std::string_view hint, std::uint32_t arrived_at, std::uint32_t count);

// The shard that all connections of an operator live on. Thread safety: any thread.
[[nodiscard]] std::uint32_t shard_of_operator(const base::OperatorId& id, std::uint32_t count);

// A visitor's connection inside its shard, and an operator's. Opaque to the host.
class Link;
class OperatorLink;

class Shard {
 public:
  // `clock`, `store`, `bus` and `log` must outlive the shard. `poster` runs tasks on the shard's thread, later and in order; tasks that
  // have not run when the shard goes must be dropped.
  Shard(ShardOptions options, const base::Clock& clock, store::Store& store, store::Bus& bus, base::Log& log,
        store::Poster poster);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // --- Sites. Connections of a site that is not here are closed with kForbidden.

  // Adds a site, or changes it under way: rules are carried over (rules of one id keep counts and times), nobody is
  // disconnected.
  void put_site(std::shared_ptr<const SiteSettings> settings);
  // Takes a site away and closes its connections with kForbidden.
  void remove_site(const base::SiteId& site);
  // What the site's operators are doing; `open` is left to the calendar when empty.
  void set_site_state(const base::SiteId& site, rules::SiteState state);
  // Erases a visitor, here and in the store, whoever asks for it. One who is here goes on as a new visitor. `done` is called
  // once, on the shard's thread, when nothing is left or why it could not be done.
  void erase_visitor(const base::SiteId& site, const base::VisitorId& visitor, std::function<void(base::Status)> done);

  // --- Connections.

  // A WebSocket was opened. The link lives until detach(). The connection may be closed within the call (too many from its
  // address, unknown site); detach() is still due then. `connection` must live until detach().
  [[nodiscard]] Link& attach(Connection& connection, Upgrade upgrade);
  // A complete text message, of at most protocol::kMaxFrameBytes: net closes longer ones, binary ones and bad UTF-8 itself.
  void receive(Link& link, std::string_view text);
  // The pong for the latest ping arrived.
  void pong(Link& link);
  // The connection is gone, whoever closed it. The tab's page stays open for protocol::kResumeWithin.
  void detach(Link& link);

  // The same for an operator's console.
  [[nodiscard]] OperatorLink& attach(Connection& connection, OperatorUpgrade upgrade);
  void receive(OperatorLink& link, std::string_view text);
  void pong(OperatorLink& link);
  void detach(OperatorLink& link);

  // --- Time.

  // When run_due() is next needed; kNever when nothing is pending. Changes with every call of the shard and with every task
  // that the Poster runs.
  [[nodiscard]] base::Instant next_deadline() const;
  // Runs everything that is due by now, in order.
  void run_due();
  // For alarms of the host's own: they ring inside run_due().
  [[nodiscard]] Timers& timers();

  // --- The end.

  // Closes every connection with kShutdown, writes every visitor that has changed, and calls `done` on the shard's thread when
  // the store has it all. Call once; attach() then closes at once.
  void stop(std::function<void()> done);

  [[nodiscard]] const Counters& counters() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace beckon::core

// One shard with all that belongs to it: a thread, an event loop, a listener, its connections, and the core::Shard that
// knows what they mean.
//
// Thread safety: post() and the constructor's thread may be any; everything else is the shard's thread alone.
#pragma once

#include <functional>
#include <memory>
#include <thread>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "core/shard.hpp"
#include "net/address_counts.hpp"
#include "net/asio.hpp"
#include "net/body_budget.hpp"
#include "net/counters.hpp"
#include "net/frame_meter.hpp"
#include "net/http_message.hpp"
#include "net/limits.hpp"
#include "net/listener.hpp"
#include "net/session.hpp"
#include "net/upgrade.hpp"

namespace beckon::net {

// What all shards of a server share; immutable while it runs. All of it must outlive the hosts.
struct Shared {
  const base::Clock& clock;
  store::Store& store;
  store::Bus& bus;
  base::Log& log;
  const HttpHandler& http;
  const ConsoleDoor* console;  // nullptr: there is no console
  FrameLimits frames;
  PeerPolicy peers;
};

class ShardHost {
 public:
  // Passes on a socket whose visitor or operator belongs to another shard.
  using HandOver = std::function<void(std::uint32_t shard, int fd, UpgradeRequest request, Admitted admitted)>;

  ShardHost(core::ShardOptions options, const Shared& shared, int listening_fd, HandOver hand_over);
  ~ShardHost();

  // Starts the thread. join() waits for it; it ends after stop().
  void start();
  void join();
  // Runs a task on the shard's thread, in order, and sees to what it has brought closer.
  void post(std::function<void()> task);
  // The same as a value that may outlive the host; what is posted then is dropped.
  [[nodiscard]] store::Poster poster() const;

  // --- On the shard's thread.

  // Stops accepting, closes every connection with `shutdown`, saves; then ends the thread.
  void stop();
  void put_site(std::shared_ptr<const core::SiteSettings> settings, std::shared_ptr<const Origins> origins);
  void remove_site(const base::SiteId& site);
  // A socket from another shard.
  void adopt(int fd, const UpgradeRequest& request, Admitted admitted);

  // --- For its sessions.

  // Which shard they belong to. `hint`: an upgrade's `v`.
  [[nodiscard]] std::uint32_t shard_of_visitor(std::string_view hint) const;
  [[nodiscard]] std::uint32_t shard_of_operator(const base::OperatorId& id) const;
  // Answers an upgrade in that shard.
  void open_websocket(Socket socket, const UpgradeRequest& request, Admitted admitted, std::uint32_t shard);
  // To be called behind everything but posted tasks that may have brought the shard's next deadline closer.
  void arm();
  void session_ended();
  [[nodiscard]] bool stopping() const { return stopping_; }

  [[nodiscard]] asio::io_context& context() { return context_; }
  [[nodiscard]] core::Shard& shard() { return *shard_; }
  [[nodiscard]] core::Timers& timers() { return shard_->timers(); }
  [[nodiscard]] NetCounters& counters() { return counters_; }
  [[nodiscard]] SessionList& sessions() { return sessions_; }
  [[nodiscard]] AddressCounts& http_addresses() { return http_addresses_; }
  [[nodiscard]] BodyBudget& bodies() { return bodies_; }
  [[nodiscard]] const OriginTable& origins() const { return origins_; }
  [[nodiscard]] const base::Clock& clock() const { return shared_.clock; }
  [[nodiscard]] base::Log& log() { return shared_.log; }
  [[nodiscard]] const HttpHandler& http_handler() const { return shared_.http; }
  [[nodiscard]] const ConsoleDoor* console_door() const { return shared_.console; }  // nullptr: there is no console
  [[nodiscard]] const FrameLimits& frame_limits() const { return shared_.frames; }
  [[nodiscard]] const PeerPolicy& peer_policy() const { return shared_.peers; }

 private:
  // Tasks from other threads. Outlives the host in those who hold a poster; what is posted after the end is dropped.
  struct Mailbox;

  void run();
  void on_alarm();
  void end_sessions();
  void finish_if_done();

  const Shared& shared_;
  const std::uint32_t index_;
  const std::uint32_t count_;
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::shared_ptr<Mailbox> mailbox_;
  HandOver hand_over_;
  NetCounters counters_;
  AddressCounts http_addresses_{kMaxHttpPerAddress};
  BodyBudget bodies_;
  OriginTable origins_;
  SteadyTimer alarm_;
  base::Instant armed_for_ = base::kNever;
  std::unique_ptr<core::Shard> shard_;
  SessionList sessions_;
  Listener listener_;
  SteadyTimer stop_alarm_;
  bool stopping_ = false;
  bool shard_stopped_ = false;
  std::thread thread_;
};

}  // namespace beckon::net

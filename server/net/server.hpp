// The network side of Beckon: a listening address, and one ShardHost per shard behind it.
//
//   Server server(options, {clock, store, bus, log, http});
//   if (auto opened = server.open(); !opened) …;      // "cannot listen on 127.0.0.1:8080: address already in use"
//   server.put_site(settings, origins);
//   server.start();
//   …
//   server.stop();                                     // blocks; everything is flushed
//
// Thread safety: every function may be called from any thread but the shards', one at a time; collect() from any
// thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "core/limits.hpp"
#include "core/shard.hpp"
#include "net/counters.hpp"
#include "net/frame_meter.hpp"
#include "net/http_message.hpp"
#include "net/upgrade.hpp"

namespace beckon::net {

class ShardHost;
struct Shared;

struct ServerOptions {
  std::string address = "127.0.0.1";  // IPv4 or IPv6, without brackets
  std::uint16_t port = 8080;          // 0: any that is free, see port()
  std::uint32_t shards = 1;
  base::Secret key;                   // see core::ShardOptions
  core::ShardLimits limits = {};
  FrameLimits frames = {};
  PeerPolicy peers = {};
};

// All must outlive the server.
struct ServerParts {
  const base::Clock& clock;
  store::Store& store;
  store::Bus& bus;
  base::Log& log;
  const HttpHandler& http;
  const ConsoleDoor* console = nullptr;  // nullptr: there is no console
};

// What one shard has counted.
struct ShardCounts {
  core::Counters core;
  NetCounters net;
};

class Server {
 public:
  Server(ServerOptions options, const ServerParts& parts);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Binds the address. Nothing is accepted until start(), but clients may already queue up.
  [[nodiscard]] base::Status open();
  // The port that is bound.
  [[nodiscard]] std::uint16_t port() const { return port_; }

  // Adds or changes a site in every shard; takes one away.
  void put_site(const std::shared_ptr<const core::SiteSettings>& settings,
                const std::shared_ptr<const Origins>& origins);
  void remove_site(const base::SiteId& site);
  // As core::Shard::erase_visitor; `done` on a shard's thread.
  void erase_visitor(const base::SiteId& site, const base::VisitorId& visitor, std::function<void(base::Status)> done);

  void start();
  // Tells every client to come back later, writes everything, joins the threads; within base::kStopWithin. Call once.
  void stop();

  // Calls `done` once, on a shard's thread, with the counts of every shard.
  void collect(std::function<void(std::vector<ShardCounts>)> done) const;

 private:
  ServerOptions options_;
  std::unique_ptr<Shared> shared_;
  std::uint16_t port_ = 0;
  std::vector<std::unique_ptr<ShardHost>> hosts_;
};

}  // namespace beckon::net

#include "net/server.hpp"

#include <mutex>

#include "net/listen.hpp"
#include "net/shard_host.hpp"

namespace beckon::net {

Server::Server(ServerOptions options, const ServerParts& parts)
    : options_(std::move(options)),
      shared_(new Shared{parts.clock, parts.store, parts.bus, parts.log, parts.http, parts.console, options_.frames,
                         options_.peers}) {}

Server::~Server() = default;

base::Status Server::open() {
  auto listening = listen_on(options_.address, options_.port, options_.shards);
  if (!listening) return listening.error();
  port_ = listening->port;
  for (std::uint32_t index = 0; index < options_.shards; ++index) {
    core::ShardOptions shard{index, options_.shards, options_.key, options_.limits};
    hosts_.push_back(std::make_unique<ShardHost>(
        std::move(shard), *shared_, listening->fds[index],
        [this](std::uint32_t target, int fd, UpgradeRequest request, Admitted admitted) {
          ShardHost* host = hosts_[target].get();
          host->post([host, fd, request = std::move(request), admitted = std::move(admitted)] {
            host->adopt(fd, request, admitted);
          });
        }));
  }
  return {};
}

void Server::put_site(const std::shared_ptr<const core::SiteSettings>& settings,
                      const std::shared_ptr<const Origins>& origins) {
  for (auto& host : hosts_) {
    host->post([h = host.get(), settings, origins] { h->put_site(settings, origins); });
  }
}

void Server::remove_site(const base::SiteId& site) {
  for (auto& host : hosts_) host->post([h = host.get(), site] { h->remove_site(site); });
}

void Server::start() {
  for (auto& host : hosts_) host->start();
}

void Server::stop() {
  for (auto& host : hosts_) host->post([h = host.get()] { h->stop(); });
  for (auto& host : hosts_) host->join();
}

void Server::erase_visitor(const base::SiteId& site, const base::VisitorId& visitor,
                           std::function<void(base::Status)> done) {
  const auto count = static_cast<std::uint32_t>(hosts_.size());
  ShardHost* const host = hosts_[core::shard_of_request(visitor.text(), 0, count)].get();
  host->post([host, site, visitor, done = std::move(done)]() mutable {
    host->shard().erase_visitor(site, visitor, std::move(done));
  });
}

void Server::collect(std::function<void(std::vector<ShardCounts>)> done) const {
  struct Gathering {
    std::mutex mutex;
    std::vector<ShardCounts> counts;
    std::size_t missing;
    std::function<void(std::vector<ShardCounts>)> done;
  };
  auto gathering = std::make_shared<Gathering>();
  gathering->counts.resize(hosts_.size());
  gathering->missing = hosts_.size();
  gathering->done = std::move(done);
  for (std::size_t index = 0; index < hosts_.size(); ++index) {
    hosts_[index]->post([host = hosts_[index].get(), gathering, index] {
      ShardCounts counts{host->shard().counters(), host->counters()};
      const std::unique_lock lock(gathering->mutex);
      gathering->counts[index] = counts;
      if (--gathering->missing == 0) gathering->done(std::move(gathering->counts));
    });
  }
}

}  // namespace beckon::net

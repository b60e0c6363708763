#include "net/shard_host.hpp"

#include <pthread.h>

#include <mutex>

#include "net/websocket_session.hpp"

namespace beckon::net {

struct ShardHost::Mailbox {
  std::mutex mutex;
  ShardHost* host = nullptr;  // nullptr: closed

  void post(std::function<void()> task) {
    const std::lock_guard lock(mutex);
    if (!host) return;
    asio::post(host->context_, [host = host, task = std::move(task)] {
      task();
      host->arm();
    });
  }
  void close() {
    const std::lock_guard lock(mutex);
    host = nullptr;
  }
};

ShardHost::ShardHost(core::ShardOptions options, const Shared& shared, int listening_fd, HandOver hand_over)
    : shared_(shared),
      index_(options.index),
      count_(options.count),
      context_(1),
      work_(context_.get_executor()),
      mailbox_(std::make_shared<Mailbox>()),
      hand_over_(std::move(hand_over)),
      alarm_(context_),
      shard_(std::make_unique<core::Shard>(
          std::move(options), shared.clock, shared.store, shared.bus, shared.log,
          poster())),
      listener_(*this, listening_fd),
      stop_alarm_(context_) {
  mailbox_->host = this;
}

ShardHost::~ShardHost() {
  mailbox_->close();
  join();
}

void ShardHost::start() {
  thread_ = std::thread([this] { run(); });
}

void ShardHost::join() {
  if (thread_.joinable()) thread_.join();
}

void ShardHost::post(std::function<void()> task) { mailbox_->post(std::move(task)); }

store::Poster ShardHost::poster() const {
  return [mailbox = mailbox_](std::function<void()> task) { mailbox->post(std::move(task)); };
}

void ShardHost::run() {
  ::pthread_setname_np(::pthread_self(), ("shard-" + std::to_string(index_)).c_str());
  listener_.start();
  arm();
  context_.run();
}

void ShardHost::arm() {
  const base::Instant next = shard_->next_deadline();
  // A deadline that moved away is not worth a system call: the alarm rings, finds nothing due, and is set anew.
  if (next >= armed_for_) return;
  armed_for_ = next;
  alarm_.expires_at(shared_.clock.steady_at(next));
  alarm_.async_wait([this](ErrorCode error) {
    if (!error) on_alarm();
  });
}

void ShardHost::on_alarm() {
  ++counters_.wakeups;
  armed_for_ = base::kNever;
  shard_->run_due();
  arm();
}

void ShardHost::put_site(std::shared_ptr<const core::SiteSettings> settings, std::shared_ptr<const Origins> origins) {
  origins_[settings->id.text()] = std::move(origins);
  shard_->put_site(std::move(settings));
}

void ShardHost::remove_site(const base::SiteId& site) {
  origins_.erase(site.text());
  shard_->remove_site(site);
}

std::uint32_t ShardHost::shard_of_visitor(std::string_view hint) const {
  return core::shard_of_request(hint, index_, count_);
}

std::uint32_t ShardHost::shard_of_operator(const base::OperatorId& id) const { return core::shard_of_operator(id, count_); }

void ShardHost::open_websocket(Socket socket, const UpgradeRequest& request, Admitted admitted, std::uint32_t shard) {
  if (shard == index_) {
    std::make_shared<WebSocketSession>(*this, std::move(socket), std::move(admitted))->start(request);
    return arm();
  }
  ErrorCode error;
  const int fd = socket.release(error);
  if (error) return;
  ++counters_.handed_over;
  hand_over_(shard, fd, request, std::move(admitted));
}

void ShardHost::adopt(int fd, const UpgradeRequest& request, Admitted admitted) {
  ErrorCode error;
  Socket socket(context_);
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  socket.assign(address.ss_family == AF_INET6 ? Tcp::v6() : Tcp::v4(), fd, error);
  if (error) {
    ::close(fd);
    return;
  }
  std::make_shared<WebSocketSession>(*this, std::move(socket), std::move(admitted))->start(request);
}

void ShardHost::stop() {
  stopping_ = true;
  listener_.stop();
  stop_alarm_.expires_after(kStopConnectionsWithin);
  stop_alarm_.async_wait([this](ErrorCode error) {
    if (!error) end_sessions();
  });
  for (auto it = sessions_.begin(); it != sessions_.end();) (it++)->stop();
  shard_->stop([this] {
    shard_stopped_ = true;
    finish_if_done();
  });
}

void ShardHost::end_sessions() {
  while (!sessions_.empty()) sessions_.front().end();
  if (shard_stopped_) return;
  stop_alarm_.expires_after(kStopStoreWithin);
  stop_alarm_.async_wait([this](ErrorCode error) {
    if (error || shard_stopped_) return;
    shared_.log.error("stopping without the store's last word", {{"shard", index_}});
    shard_stopped_ = true;
    finish_if_done();
  });
}

void ShardHost::session_ended() {
  if (stopping_) finish_if_done();
}

void ShardHost::finish_if_done() {
  if (!shard_stopped_ || !sessions_.empty()) return;
  mailbox_->close();
  work_.reset();
  context_.stop();
}

}  // namespace beckon::net

#include "net/listener.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/http_session.hpp"
#include "net/shard_host.hpp"

namespace beckon::net {
namespace {

int open_reserve() { return ::open("/dev/null", O_RDONLY | O_CLOEXEC); }

bool is_shortage(const ErrorCode& error) {
  return error == asio::error::no_descriptors || error == asio::error::no_memory ||
         error == asio::error::no_buffer_space || error == boost::system::errc::too_many_files_open_in_system;
}

Tcp protocol_of(int fd) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family == AF_INET6 ? Tcp::v6() : Tcp::v4();
}

std::string address_of(const Tcp::endpoint& peer) {
  const auto address = peer.address();
  if (address.is_v6() && address.to_v6().is_v4_mapped()) {
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).to_string();
  }
  return address.to_string();
}

}  // namespace

Listener::Listener(ShardHost& host, int listening_fd)
    : host_(host), acceptor_(host.context(), protocol_of(listening_fd), listening_fd), reserve_fd_(open_reserve()) {}

Listener::~Listener() {
  if (reserve_fd_ >= 0) ::close(reserve_fd_);
}

void Listener::start() { accept(); }

void Listener::stop() {
  ErrorCode ignored;
  acceptor_.close(ignored);
  host_.timers().cancel(*this);
}

void Listener::accept() {
  acceptor_.async_accept(host_.context().get_executor(), peer_,
                         [this](ErrorCode error, Socket socket) { on_accept(error, std::move(socket)); });
}

void Listener::on_accept(ErrorCode error, Socket socket) {
  if (!acceptor_.is_open()) return;
  if (error) {
    ++host_.counters().accept_errors;
    // Anything else is the fault of one connection, gone before it was accepted.
    return is_shortage(error) ? pause(error) : accept();
  }
  ++host_.counters().accepted;
  ErrorCode ignored;
  socket.set_option(Tcp::no_delay(true), ignored);
  std::string peer = address_of(peer_);
  std::make_shared<HttpSession>(host_, std::move(socket), std::move(peer))->start();
  accept();
}

std::uint32_t Listener::shed() {
  std::uint32_t count = 0;
  if (reserve_fd_ >= 0) {
    ::close(reserve_fd_);
    int fd = -1;
    while (count < kMaxShedPerPause &&
           (fd = ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
      ::close(fd);
      ++count;
    }
  }
  reserve_fd_ = open_reserve();
  return count;
}

void Listener::pause(const ErrorCode& error) {
  unlogged_ += shed();
  const base::Instant now = host_.clock().now();
  if (now >= next_log_) {
    host_.log().error("cannot accept connections", {{"why", error.message()}, {"hung_up_on", unlogged_}});
    next_log_ = now + kAcceptLogEvery;
    unlogged_ = 0;
  }
  host_.timers().set(*this, now + kAcceptPause);
  host_.arm();
}

void Listener::ring(base::Instant) {
  if (acceptor_.is_open()) accept();
}

}  // namespace beckon::net

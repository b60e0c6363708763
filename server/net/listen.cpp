#include "net/listen.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/asio.hpp"
#include "net/limits.hpp"

namespace beckon::net {
namespace {

std::string name_of(const Tcp::endpoint& endpoint) {
  const std::string host = endpoint.address().to_string();
  const std::string port = ':' + std::to_string(endpoint.port());
  return endpoint.address().is_v6() ? '[' + host + ']' + port : host + port;
}

base::Error error_of(int number, const Tcp::endpoint& endpoint) {
  const auto code = number == EADDRINUSE ? base::ErrorCode::kConflict : base::ErrorCode::kUnavailable;
  std::string why = number == EADDRINUSE ? "the address is already in use" : std::strerror(number);
  if (number == EACCES) why = "permission denied (ports below 1024 need the right to bind them)";
  if (number == EADDRNOTAVAIL) why = "this machine has no such address";
  return {code, "cannot listen on " + name_of(endpoint) + ": " + why};
}

enum class Share { kAlone, kReusePort };

// A socket that is bound to the endpoint; errno says why it is -1.
int bound_socket(const Tcp::endpoint& endpoint, Share share) {
  const int fd = ::socket(endpoint.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (share == Share::kReusePort) ::setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (::bind(fd, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0) return fd;
  const int number = errno;
  ::close(fd);
  errno = number;
  return -1;
}

std::uint16_t port_of(int fd) {
  Tcp::endpoint bound;
  socklen_t size = static_cast<socklen_t>(bound.capacity());
  ::getsockname(fd, bound.data(), &size);
  return bound.port();
}

}  // namespace

base::Result<Listening> listen_on(const std::string& address, std::uint16_t port, std::uint32_t shards) {
  ErrorCode error;
  Tcp::endpoint endpoint(asio::ip::make_address(address, error), port);
  if (error) return base::Error{base::ErrorCode::kInvalid, "\"" + address + "\" is not an IP address"};

  // Sockets that share a port share it with every process of the same user, another Beckon too. So the port is first
  // bound by a socket that does not share: that fails where somebody listens.
  if (port != 0) {
    const int probe = bound_socket(endpoint, Share::kAlone);
    if (probe < 0 || ::listen(probe, 1) != 0) {
      const int number = errno;
      if (probe >= 0) ::close(probe);
      return error_of(number, endpoint);
    }
    ::close(probe);
  }

  Listening listening;
  for (std::uint32_t i = 0; i < shards; ++i) {
    const int fd = bound_socket(endpoint, Share::kReusePort);
    if (fd < 0 || ::listen(fd, kListenBacklog) != 0) {
      const int number = errno;
      if (fd >= 0) ::close(fd);
      for (const int other : listening.fds) ::close(other);
      return error_of(number, endpoint);
    }
    listening.fds.push_back(fd);
    endpoint.port(port_of(fd));
  }
  listening.port = endpoint.port();
  return listening;
}

}  // namespace beckon::net

#include "crowd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>

#include "process.hpp"

namespace beckon::bench {
namespace {

constexpr auto kPatience = std::chrono::seconds(120);  // for one step of a crowd, on a machine that is busy
constexpr int kText = 1, kClose = 8, kPing = 9, kPong = 10;

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) fail("a server has closed a connection");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void send_frame(int fd, int opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80 | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80 | payload.size());
  } else {
    frame += static_cast<char>(0x80 | 126);
    frame += static_cast<char>(payload.size() >> 8);
    frame += static_cast<char>(payload.size() & 0xff);
  }
  frame.append(4, '\0');
  frame += payload;
  send_all(fd, frame);
}

// Pages of LC-RULES-1's site, another one each time.
std::string page_event(std::int64_t id, std::uint32_t which) {
  char text[160];
  const int size = std::snprintf(
      text, sizeof text,
      R"({"type":"events","id":%lld,"events":[{"type":"page","url":"https://bench.example/s%02u/c%02u/p%02u.html"}]})",
      static_cast<long long>(id), which % 20, which / 20 % 24, which / 480 % 100);
  return {text, static_cast<std::size_t>(size)};
}

template <class Done>
void turn_until(Loop& loop, const Done& done) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) fail("a server does not answer");
    loop.turn();
  }
}

}  // namespace

Loop::Loop() : epoll_(::epoll_create1(0)) {}
Loop::~Loop() { ::close(epoll_); }

void Loop::turn() {
  epoll_event events[256];
  const int count = ::epoll_wait(epoll_, events, 256, 100);
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Crowd::Connection*>(events[i].data.ptr);
    connection.crowd->on_readable(connection);
  }
}

void Loop::turn_for(int milliseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  while (std::chrono::steady_clock::now() < end) turn();
}

Crowd::Crowd(Loop& loop, Peer peer, int port, std::string name)
    : loop_(loop), peer_(peer), port_(port), name_(std::move(name)) {}

Crowd::~Crowd() {
  for (const auto& connection : connections_) ::close(connection->fd);
}

void Crowd::grow(int count) {
  constexpr int kAtOnce = 50;
  for (int i = 0; i < count; ++i) {
    open();
    if (i % kAtOnce == kAtOnce - 1) turn_until(loop_, [this] { return ready_ == connections_.size(); });
  }
  turn_until(loop_, [this] { return ready_ == connections_.size(); });
}

void Crowd::drive(int frames, int window) {
  window_ = window;
  target_ += frames;
  done_ = 0;
  for (const auto& connection : connections_) refill(*connection);
  turn_until(loop_, [this] { return done_ == connections_.size(); });
}

void Crowd::open() {
  auto connection = std::make_unique<Connection>();
  connection->crowd = this;
  connection->fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection->fd < 0) fail("no descriptor is left; ulimit -n bounds the connections");
  const int on = 1;
  ::setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port_));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (::connect(connection->fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
    if (std::chrono::steady_clock::now() > end) fail("a server cannot be reached; its log says why");
    ::usleep(20'000);
  }
  send_all(connection->fd,
           "GET /ws?site=bench HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Origin: https://bench.example\r\nSec-WebSocket-Protocol: beckon.v1\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = connection.get();
  ::epoll_ctl(loop_.epoll_, EPOLL_CTL_ADD, connection->fd, &event);
  connections_.push_back(std::move(connection));
}

void Crowd::on_readable(Connection& connection) {
  char part[16 * 1024];
  const ssize_t count = ::recv(connection.fd, part, sizeof part, MSG_DONTWAIT);
  if (count <= 0) fail("a server has closed a connection");
  std::string& in = connection.in;
  in.append(part, static_cast<std::size_t>(count));
  if (!connection.upgraded) {
    const std::size_t end = in.find("\r\n\r\n");
    if (end == std::string::npos) return;
    if (in.compare(0, 12, "HTTP/1.1 101") != 0) fail("no upgrade: " + in.substr(0, in.find('\r')));
    in.erase(0, end + 4);
    on_upgraded(connection);
  }
  std::size_t at = 0;
  while (in.size() - at >= 2) {
    std::size_t header = 2, size = static_cast<unsigned char>(in[at + 1]);
    if (size == 126) {
      if (in.size() - at < 4) break;
      header = 4;
      size = static_cast<std::size_t>(static_cast<unsigned char>(in[at + 2])) << 8 |
             static_cast<unsigned char>(in[at + 3]);
    } else if (size > 126) {
      fail("a server sends frames beyond 64 KiB");
    }
    if (in.size() - at < header + size) break;
    on_frame(connection, in[at] & 0x0f, std::string_view(in).substr(at + header, size));
    at += header + size;
  }
  in.erase(0, at);
  if (in.empty()) in = std::string();
}

void Crowd::on_upgraded(Connection& connection) {
  connection.upgraded = true;
  if (peer_ == Peer::kEcho) return static_cast<void>(++ready_);
  char session[32];
  std::snprintf(session, sizeof session, "%016d", connection.fd);
  send_frame(connection.fd, kText,
             R"({"type":"hello","site":"bench","tab":")" + name_ + R"(","session":")" + session +
                 R"(","page":{"url":"https://bench.example/s00/c00/p00.html"}})");
}

void Crowd::on_frame(Connection& connection, int opcode, std::string_view payload) {
  if (opcode == kPing) return send_frame(connection.fd, kPong, payload);
  if (opcode == kClose)
    fail("a server closes: " + std::string(payload.substr(std::min<std::size_t>(2, payload.size()))));
  if (opcode != kText) return;
  if (peer_ == Peer::kEcho) {
    ++connection.answered;
    return on_answer(connection);
  }
  constexpr std::string_view kAck = R"({"type":"ack","id":)", kWelcome = R"({"type":"welcome")";
  if (payload.starts_with(kAck)) {
    std::from_chars(payload.data() + kAck.size(), payload.data() + payload.size(), connection.answered);
    return on_answer(connection);
  }
  if (!payload.starts_with(kWelcome)) fail("unexpected: " + std::string(payload.substr(0, 200)));
  ++ready_;
}

void Crowd::on_answer(Connection& connection) {
  if (connection.answered == target_) {
    ++done_;
  } else {
    refill(connection);
  }
}

void Crowd::refill(Connection& connection) {
  while (connection.sent < target_ && connection.sent - connection.answered < window_) {
    ++connection.sent;
    // A step that is coprime with the number of pages: connections and frames come by all of them.
    const auto which = static_cast<std::uint32_t>(connection.sent * 7919 + connection.fd * 104729);
    send_frame(connection.fd, kText, page_event(connection.sent, which));
  }
}

}  // namespace beckon::bench

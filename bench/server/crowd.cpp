#include "crowd.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>

#include "support/measure.hpp"

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

enum class Page { kOfTheSite, kWithAnOffer };

// Pages of LC-RULES-1's site, another one each time, or one that a rule with an offer asks for.
std::string page_event(std::int64_t id, std::uint32_t which, Page page) {
  char text[160];
  const int size = std::snprintf(
      text, sizeof text,
      R"({"type":"events","id":%lld,"events":[{"type":"page","url":"https://bench.example/%s%02u/c%02u/p%02u.html"}]})",
      static_cast<long long>(id), page == Page::kWithAnOffer ? "offer/s" : "s", which % 20, which / 20 % 24,
      which / 480 % 100);
  return {text, static_cast<std::size_t>(size)};
}

double seconds_of(const timespec& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double real_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return seconds_of(now);
}

// As recv(), and when the kernel had the last of it.
ssize_t receive(int fd, char* to, std::size_t size, double& at) {
  iovec part{to, size};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(timespec))];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t count = ::recvmsg(fd, &message, MSG_DONTWAIT);
  at = real_seconds();
  for (cmsghdr* one = CMSG_FIRSTHDR(&message); count > 0 && one; one = CMSG_NXTHDR(&message, one)) {
    if (one->cmsg_level != SOL_SOCKET || one->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time{};
    std::memcpy(&time, CMSG_DATA(one), sizeof time);
    at = seconds_of(time);
  }
  return count;
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

void Loop::turn(std::chrono::nanoseconds longest) {
  epoll_event events[256];
  const timespec wait{longest.count() / 1'000'000'000, longest.count() % 1'000'000'000};
  const int count = ::epoll_pwait2(epoll_, events, 256, &wait, nullptr);
  for (int i = 0; i < count; ++i) {
    auto& connection = *static_cast<Crowd::Connection*>(events[i].data.ptr);
    connection.crowd->on_readable(connection);
  }
}

void Loop::turn_for(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) turn();
}

Crowd::Crowd(Loop& loop, Peer peer, int port, Sites sites) : loop_(loop), peer_(peer), port_(port), sites_(sites) {}

Crowd::~Crowd() {
  const linger reset{1, 0};
  for (const auto& connection : connections_) {
    ::setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    ::close(connection->fd);
  }
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
  done_ = 0;
  for (const auto& connection : connections_) connection->target = connection->sent + frames;
  for (const auto& connection : connections_) refill(*connection);
  turn_until(loop_, [this] { return done_ == connections_.size(); });
}

Paced Crowd::pace(double rate, std::chrono::milliseconds time) {
  using Clock = std::chrono::steady_clock;
  constexpr int kSentBetweenLooks = 16;
  window_ = 0;  // answers call for nothing
  done_ = 0;
  paced_ = {};
  const int frames = static_cast<int>(rate * std::chrono::duration<double>(time).count());
  const auto begin = Clock::now();
  for (; paced_.frames < frames; ++paced_.frames) {
    const auto due = begin + std::chrono::nanoseconds(static_cast<std::int64_t>(paced_.frames / rate * 1e9));
    for (auto left = due - Clock::now(); left.count() > 0; left = due - Clock::now()) loop_.turn(left);
    if (paced_.frames % kSentBetweenLooks == 0) loop_.turn(std::chrono::nanoseconds(0));  // also where it is late
    Connection& connection = *connections_[static_cast<std::size_t>(paced_.frames) % connections_.size()];
    const auto which = static_cast<std::uint32_t>(++connection.sent * 7919 + connection.fd * 104729);
    const bool asks =
        paced_.frames / static_cast<int>(connections_.size()) % kOfferShare == connection.fd % kOfferShare;
    const std::string event = page_event(connection.sent, which, asks ? Page::kWithAnOffer : Page::kOfTheSite);
    if (asks) connection.asked.push_back({connection.sent, real_seconds()});
    send_frame(connection.fd, kText, event);
  }
  paced_.rate = frames / std::chrono::duration<double>(Clock::now() - begin).count();
  turn_until(loop_, [this] {
    return std::all_of(connections_.begin(), connections_.end(),
                       [](const auto& one) { return one->answered == one->sent && one->asked.empty(); });
  });
  return std::move(paced_);
}

void Crowd::open() {
  auto connection = std::make_unique<Connection>();
  connection->crowd = this;
  connection->fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connection->fd < 0) fail("no descriptor is left; ulimit -n bounds the connections");
  const int on = 1;
  ::setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(connection->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
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
           "GET /ws?site=" + site_of(*connection) +
               " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
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
  const ssize_t count = receive(connection.fd, part, sizeof part, read_at_);
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
             R"({"type":"hello","site":")" + site_of(connection) + R"(","tab":"bench","session":")" + session +
                 R"(","page":{"url":"https://bench.example/s00/c00/p00.html"}})");
}

void Crowd::on_frame(Connection& connection, int opcode, std::string_view payload) {
  if (opcode == kPing) return send_frame(connection.fd, kPong, payload);
  if (opcode == kClose)
    fail("a server closes: " + std::string(payload.substr(std::min<std::size_t>(2, payload.size()))));
  if (opcode != kText) return;
  if (peer_ == Peer::kEcho) {
    ++connection.answered;
    if (!connection.asked.empty() && connection.asked.front().frame == connection.answered) on_asked_answer(connection);
    return on_answer(connection);
  }
  constexpr std::string_view kAck = R"({"type":"ack","id":)", kWelcome = R"({"type":"welcome")",
                             kOffer = R"({"type":"offer",)", kWithdraw = R"({"type":"withdraw",)";
  if (payload.starts_with(kAck)) {
    std::from_chars(payload.data() + kAck.size(), payload.data() + payload.size(), connection.answered);
    return on_answer(connection);
  }
  if (payload.starts_with(kOffer) && !connection.asked.empty()) return on_asked_answer(connection);
  if (payload.starts_with(kWithdraw)) return;
  if (!payload.starts_with(kWelcome)) fail("unexpected: " + std::string(payload.substr(0, 200)));
  ++ready_;
}

void Crowd::on_answer(Connection& connection) {
  if (connection.answered == connection.target) {
    ++done_;
  } else {
    refill(connection);
  }
}

void Crowd::on_asked_answer(Connection& connection) {
  paced_.latencies_ms.push_back((read_at_ - connection.asked.front().at) * 1e3);
  connection.asked.pop_front();
}

void Crowd::refill(Connection& connection) {
  while (connection.sent < connection.target && connection.sent - connection.answered < window_) {
    ++connection.sent;
    // A step that is coprime with the number of pages: connections and frames come by all of them.
    const auto which = static_cast<std::uint32_t>(connection.sent * 7919 + connection.fd * 104729);
    send_frame(connection.fd, kText, page_event(connection.sent, which, Page::kOfTheSite));
  }
}

std::string Crowd::site_of(const Connection& connection) const {
  return "bench" + std::to_string(connection.fd % sites_.count);
}

}  // namespace beckon::bench

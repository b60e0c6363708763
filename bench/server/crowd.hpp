// The clients of the server's benchmark: many WebSockets on one thread, on plain sockets, so that the load takes little
// of the machine that it measures. Their frames have a mask of zeros: allowed, and the server unmasks them all the
// same.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beckon::bench {

// What a server answers: Beckon's frames, or the same bytes.
enum class Peer { kBeckon, kEcho };

class Crowd;

// Waits for all crowds together, so that one that is idle still answers the server's pings.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Handles what comes within the next 100 ms, or `longest`, at most.
  void turn(std::chrono::nanoseconds longest = std::chrono::milliseconds(100));
  void turn_for(std::chrono::milliseconds time);

 private:
  friend class Crowd;
  int epoll_;
};

// What came of sending at a pace.
struct Paced {
  int frames = 0;
  double rate = 0;  // a second, as it was kept
  std::vector<double> latencies_ms;  // of those that asked for an answer at once, see Crowd::pace
};

class Crowd {
 public:
  // Its visitors are divided evenly among this many sites, "bench0" to "benchN".
  struct Sites {
    int count = 1;
  };

  // `loop` must outlive the crowd.
  Crowd(Loop& loop, Peer peer, int port, Sites sites = {1});
  // Resets its connections, so that no port of this machine waits for them.
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Opens `count` more connections and waits until all are answered: the upgrade, and of Beckon the welcome.
  void grow(int count);
  // Sends `frames` page events on each connection, at most `window` of them unanswered, and waits for all answers.
  void drive(int frames, int window);
  // Sends page events at `rate` a second over all connections, whatever is unanswered, for `time`, and waits for all
  // answers. One in kOfferShare is of a page that has an offer: the time from before its frame is given to the kernel
  // until the kernel has the last byte of the answer (Beckon's `offer`, the echo of the frame) is a latency.
  Paced pace(double rate, std::chrono::milliseconds time);
  static constexpr int kOfferShare = 10;

 private:
  friend class Loop;
  struct Asked {
    std::int64_t frame;
    double at;  // seconds since 1970
  };
  struct Connection {
    Crowd* crowd = nullptr;
    int fd = -1;
    std::string in;
    std::int64_t sent = 0, answered = 0, target = 0;
    std::deque<Asked> asked;  // of pace()
    bool upgraded = false;
  };

  void open();
  [[nodiscard]] std::string site_of(const Connection& connection) const;
  void on_readable(Connection& connection);
  void on_upgraded(Connection& connection);
  void on_frame(Connection& connection, int opcode, std::string_view payload);
  void on_answer(Connection& connection);
  void on_asked_answer(Connection& connection);
  void refill(Connection& connection);

  Loop& loop_;
  Peer peer_;
  int port_;
  Sites sites_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t ready_ = 0;
  std::size_t done_ = 0;  // connections whose answers of this drive have all come
  int window_ = 0;
  double read_at_ = 0;  // when the kernel had what is being read
  Paced paced_;
};

}  // namespace beckon::bench

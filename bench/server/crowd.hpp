// The clients of the server's benchmark: many WebSockets on one thread, on plain sockets, so that the load takes little
// of the machine that it measures. Their frames have a mask of zeros: allowed, and the server unmasks them all the
// same.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace beckon::bench {

enum class Peer { kBeckon, kEcho };

class Crowd;

// Waits for all crowds together, so that one that is idle still answers the server's pings.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Handles what comes within the next 100 ms at most.
  void turn();
  void turn_for(int milliseconds);

 private:
  friend class Crowd;
  int epoll_;
};

class Crowd {
 public:
  // `loop` must outlive the crowd. `name` makes its tabs and sessions different from another crowd's.
  Crowd(Loop& loop, Peer peer, int port, std::string name);
  ~Crowd();
  Crowd(const Crowd&) = delete;
  Crowd& operator=(const Crowd&) = delete;

  // Opens `count` more connections and waits until all are answered: the upgrade, and of Beckon the welcome.
  void grow(int count);
  // Sends `frames` page events on each connection, at most `window` of them unanswered, and waits for all answers.
  void drive(int frames, int window);

 private:
  friend class Loop;
  struct Connection {
    Crowd* crowd = nullptr;
    int fd = -1;
    std::string in;
    std::int64_t sent = 0, answered = 0;
    bool upgraded = false;
  };

  void open();
  void on_readable(Connection& connection);
  void on_upgraded(Connection& connection);
  void on_frame(Connection& connection, int opcode, std::string_view payload);
  void on_answer(Connection& connection);
  void refill(Connection& connection);

  Loop& loop_;
  Peer peer_;
  int port_;
  std::string name_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::size_t ready_ = 0;
  std::size_t done_ = 0;     // connections whose answers of this drive have all come
  std::int64_t target_ = 0;  // frames of each connection, over all drives
  int window_ = 0;
};

}  // namespace beckon::bench

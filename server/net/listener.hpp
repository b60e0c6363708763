// Accepts connections for one shard and survives a process that has no file descriptor left: then a reserve descriptor
// is given up for a moment to hang up on those who wait, and accepting pauses. Without that an accept loop spins, or
// stops for good.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <functional>

#include "net/asio.hpp"
#include "net/limits.hpp"
#include "net/session.hpp"

namespace beckon::net {

class ShardHost;

class Listener final : public core::Alarm {
 public:
  // Takes over a socket that listens (see open_listeners). `host` must outlive the listener.
  Listener(ShardHost& host, int listening_fd);
  ~Listener() override;

  void start();
  void stop();
  void ring(base::Instant due) override;

 private:
  void accept();
  void on_accept(ErrorCode error, Socket socket);
  // Hangs up on those who wait, with the reserve descriptor; returns how many.
  std::uint32_t shed();
  void pause(const ErrorCode& error);

  ShardHost& host_;
  Acceptor acceptor_;
  Tcp::endpoint peer_;  // of the connection accepted last
  int reserve_fd_;
  base::Instant next_log_{};
  std::uint64_t unlogged_ = 0;
};

}  // namespace beckon::net

// One HTTP connection: strict requests with a bounded header and no body, answered one after the other, until it is
// closed or becomes a WebSocket.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include "net/asio.hpp"
#include "net/http_message.hpp"
#include "net/limits.hpp"
#include "net/session.hpp"
#include "net/upgrade.hpp"

namespace beckon::net {

class ShardHost;

class HttpSession final : public Session, public std::enable_shared_from_this<HttpSession> {
 public:
  // `host` must outlive the session. `peer`: the address at the other end.
  HttpSession(ShardHost& host, Socket socket, std::string peer);
  ~HttpSession();

  void start();

  // Session.
  void end() override;
  void stop() override;
  void ring(base::Instant due) override;

 private:
  enum class Keep : std::uint8_t { kAlive, kClose };

  void read();
  void on_read(ErrorCode error, std::size_t count);
  // Looks for a whole header in what has come; answers or reads on.
  void take_request();
  void on_request(UpgradeRequest request, Keep keep);
  void on_upgrade(const UpgradeRequest& request);
  // Refuses what is no good request, and hangs up.
  void refuse(unsigned status, std::string_view line);
  void respond(HttpResponse response, Keep keep);
  void on_written(ErrorCode error);
  void drain();
  void leave();

  ShardHost& host_;
  Socket socket_;
  const std::string peer_;
  std::string counted_as_;           // empty: not counted
  std::array<char, kMaxHeaderBytes> buffer_;
  std::size_t size_ = 0;             // bytes of buffer_ that have come
  std::size_t scanned_ = 0;          // of these, looked at for line ends
  std::string head_;                 // of the response being written
  HttpResponse response_;
  bool without_body_ = false;        // the request was HEAD
  Keep keep_ = Keep::kAlive;
  bool answering_ = false;           // between a request and the end of its response
  std::uint32_t requests_ = 0;
  std::size_t drained_bytes_ = 0;
  bool gone_ = false;
};

}  // namespace beckon::net

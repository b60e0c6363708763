// One HTTP connection: strict requests with a bounded header, and a body where the handler wants one, answered one after
// the other, until it is closed or becomes a WebSocket.
//
// A body's length is announced (a transfer coding is 411); what is too long, or wanted by nobody, is refused before any
// of it is read, and `Expect: 100-continue` is answered accordingly.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
  // A request whose header has come.
  struct Incoming {
    UpgradeRequest request;
    std::uint64_t body_bytes = 0;  // announced
    Keep keep = Keep::kAlive;
  };
  void on_request(Incoming incoming);
  // The answer to a body that is not wanted; nullopt when it is to be read.
  [[nodiscard]] std::optional<HttpResponse> refusal_of_body(const Incoming& incoming, BodyRule rule);
  void take_body(Incoming incoming);
  void read_body();
  void serve(const Incoming& incoming);
  // A function that takes an answer on any thread, once, and gives it to `take` here unless the session is over.
  template <class Answer, class Take>
  [[nodiscard]] std::function<void(Answer)> answer_to(Take take);
  [[nodiscard]] HttpRequest describe(const UpgradeRequest& request) const;
  void on_upgrade(UpgradeRequest request);
  void on_console_upgrade(UpgradeRequest request);
  // The socket becomes a WebSocket, and this session ends.
  void hand_over(const UpgradeRequest& request, Admitted admitted, std::uint32_t shard);
  // Refuses what is no good request, and hangs up.
  void refuse(unsigned status, std::string_view line);
  void respond(HttpResponse response, Keep keep);
  void on_written(ErrorCode error);
  void drain();
  void give_back_body();
  void leave();

  ShardHost& host_;
  Socket socket_;
  const std::string peer_;
  std::string counted_as_;           // empty: not counted
  std::array<char, kMaxHeaderBytes> buffer_;
  std::size_t size_ = 0;             // bytes of buffer_ that have come
  std::size_t scanned_ = 0;          // of these, looked at for line ends
  std::unique_ptr<Incoming> incoming_;  // while its body is read
  std::string body_;                 // what of it has come
  std::string body_counted_as_;      // in the host's bodies
  std::size_t body_counted_ = 0;     // bytes; 0: not counted
  std::string head_;                 // of the response being written
  HttpResponse response_;
  bool without_body_ = false;        // the request was HEAD
  Keep keep_ = Keep::kAlive;
  bool answering_ = false;           // between a request and the end of its response
  // This session, while a handler has its request: an answer alone does not keep a session alive, since whoever makes it
  // may outlive the shard.
  std::shared_ptr<HttpSession> awaiting_;
  std::uint32_t requests_ = 0;
  std::size_t drain_bytes_ = kMaxDrainBytes;  // what may still be read and dropped
  bool gone_ = false;
};

}  // namespace beckon::net

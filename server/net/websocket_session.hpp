// One visitor's or operator's WebSocket: frames in to the shard, frames out of a bounded outbox, and an end that is bounded in time
// whatever the peer does. What the frames mean is the shard's business, pings and time-outs included.
//
// Idle, a session holds Beast's stream, one small read buffer and nothing else: see the memory figure in
// docs/performance.md.
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/shard.hpp"
#include "net/asio.hpp"
#include "net/limits.hpp"
#include "net/metered_socket.hpp"
#include "net/session.hpp"
#include "net/upgrade.hpp"

namespace beckon::net {

class ShardHost;

class WebSocketSession final : public core::Connection,
                               public Session,
                               public std::enable_shared_from_this<WebSocketSession> {
 public:
  // `host` must outlive the session.
  WebSocketSession(ShardHost& host, Socket socket, Admitted admitted);

  // Answers the handshake, then joins the shard and reads until the end.
  void start(const UpgradeRequest& request);

  // core::Connection.
  void send(core::SharedFrame frame) override;
  void ping() override;
  void close(protocol::CloseCode code, std::string_view reason) override;

  // Session.
  void end() override;
  void stop() override;
  void ring(base::Instant due) override;

 private:
  enum class State : std::uint8_t {
    kHandshake,
    kOpen,
    kClosing,  // a close frame is on its way, or waits for what was sent before it
    kDraining, // the close frame is out; what still comes is read and dropped until the peer hangs up
    kGone,
  };
  using Stream = beast::websocket::stream<MeteredSocket, false>;

  // Inside its shard; std::monostate: the shard does not know this connection.
  using InShard = std::variant<std::monostate, core::Link*, core::OperatorLink*>;
  // Calls `what` with the link, when there is one.
  template <class What>
  static void with(const InShard& in_shard, const What& what);

  void on_handshake(ErrorCode error);
  void read();
  void on_read(ErrorCode error, std::size_t count);
  void on_message(std::string_view text);
  void on_read_error(ErrorCode error);
  void write_next();
  void on_written(ErrorCode error);
  void on_pinged(ErrorCode error);
  void on_control(beast::websocket::frame_type type);
  // The close frame by Beast, which then waits for the peer's; or, once Beast has given up on the stream, by ourselves.
  void send_close();
  void send_raw_close();
  void refuse(protocol::CloseCode code, std::string_view reason);
  void drain();
  void leave_shard();

  ShardHost& host_;
  Stream stream_;
  std::unique_ptr<Admitted> admitted_;  // until the shard has it
  InShard in_shard_;
  std::array<char, kReadBytes> small_;
  std::string message_;             // of a message that is longer than one read; else empty
  std::vector<core::SharedFrame> outbox_;
  std::size_t sent_ = 0;            // of outbox_: the first that is not yet sent
  std::size_t outbox_bytes_ = 0;    // not yet handed to the kernel
  std::unique_ptr<beast::websocket::close_reason> close_;  // while kClosing
  std::size_t drained_bytes_ = 0;
  State state_ = State::kHandshake;
  bool writing_ = false;
  bool pinging_ = false;
  bool stream_failed_ = false;      // Beast refuses to write any more
};

}  // namespace beckon::net

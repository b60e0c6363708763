#include "net/websocket_session.hpp"

#include <algorithm>
#include <boost/asio/write.hpp>

#include "net/shard_host.hpp"
#include "protocol/frames.hpp"

namespace beckon::net {
namespace {

namespace websocket = beast::websocket;

// More than this is given back when a burst is over.
constexpr std::size_t kOutboxKept = 4;

websocket::close_reason reason_of(protocol::CloseCode code, std::string_view text) {
  return {static_cast<websocket::close_code>(code), beast::string_view(text.data(), text.size())};
}

// A server's close frame: unmasked, final, at most 125 bytes of payload.
std::string close_frame(const websocket::close_reason& close) {
  std::string frame;
  frame += '\x88';
  frame += static_cast<char>(2 + close.reason.size());
  frame += static_cast<char>(close.code >> 8);
  frame += static_cast<char>(close.code & 0xff);
  frame.append(close.reason.data(), close.reason.size());
  return frame;
}

protocol::CloseCode code_for(FrameVerdict verdict) {
  return verdict == FrameVerdict::kTooLarge ? protocol::CloseCode::kTooLarge : protocol::CloseCode::kThrottled;
}

std::string_view reason_for(FrameVerdict verdict) {
  switch (verdict) {
    case FrameVerdict::kTooLarge: return "a message may have 65536 bytes";
    case FrameVerdict::kTooFragmented: return "a message may have 64 fragments";
    default: return "too many frames a second";
  }
}

}  // namespace

template <class What>
void WebSocketSession::with(const InShard& in_shard, const What& what) {
  std::visit(
      [&](auto link) {
        if constexpr (std::is_pointer_v<decltype(link)>) what(*link);
      },
      in_shard);
}

WebSocketSession::WebSocketSession(ShardHost& host, Socket socket, Admitted admitted)
    : host_(host),
      stream_(MeteredSocket(std::move(socket), host.frame_limits())),
      admitted_(std::make_unique<Admitted>(std::move(admitted))) {
  host_.sessions().push_back(*this);
}

void WebSocketSession::start(const UpgradeRequest& request) {
  stream_.auto_fragment(false);
  // Beast would answer a longer message with 1009; the meter refuses it first, with a code of the protocol.
  stream_.read_message_max(protocol::kMaxFrameBytes);
  stream_.control_callback([this](websocket::frame_type type, beast::string_view) { on_control(type); });
  const bool of_operator = std::holds_alternative<core::OperatorUpgrade>(*admitted_);
  stream_.set_option(websocket::stream_base::decorator([of_operator](websocket::response_type& response) {
    const std::string_view spoken = of_operator ? protocol::kConsoleSubprotocol : protocol::kSubprotocol;
    response.set(beast::http::field::sec_websocket_protocol, beast::string_view(spoken.data(), spoken.size()));
  }));
  host_.timers().set(*this, host_.clock().now() + kHandshakeWithin);
  stream_.async_accept(request, [self = shared_from_this()](ErrorCode error) { self->on_handshake(error); });
}

void WebSocketSession::on_handshake(ErrorCode error) {
  if (state_ != State::kHandshake) return;
  if (error) return end();
  host_.timers().cancel(*this);
  state_ = State::kOpen;
  ++host_.counters().upgraded;
  ++host_.counters().websockets;
  std::visit([this](auto& upgrade) { in_shard_ = &host_.shard().attach(*this, std::move(upgrade)); },
             *std::exchange(admitted_, nullptr));
  read();
  host_.arm();
}

// --- Reading ---------------------------------------------------------------------------------------------------------

void WebSocketSession::read() {
  asio::mutable_buffer space(small_.data(), small_.size());
  if (!message_.empty()) {
    // A message that did not fit the small buffer grows in its own, by what it has already.
    const std::size_t size = message_.size();
    message_.resize(std::min(std::max(size * 2, std::size_t{4096}), protocol::kMaxFrameBytes + 1));
    space = asio::buffer(message_.data() + size, message_.size() - size);
  }
  stream_.async_read_some(
      space, [self = shared_from_this(), unused = space.size()](ErrorCode error, std::size_t count) {
        if (!self->message_.empty()) self->message_.resize(self->message_.size() - unused + count);
        self->on_read(error, count);
      });
}

void WebSocketSession::on_read(ErrorCode error, std::size_t count) {
  if (error) return on_read_error(error);
  if (state_ == State::kOpen) {
    if (!stream_.is_message_done()) {
      if (message_.empty()) message_.assign(small_.data(), count);
    } else if (message_.empty()) {
      on_message({small_.data(), count});
    } else {
      on_message(message_);
      message_ = std::string();
    }
  } else {
    message_ = std::string();
  }
  if (state_ != State::kGone) read();
  host_.arm();
}

void WebSocketSession::on_message(std::string_view text) {
  ++host_.counters().messages_in;
  host_.counters().bytes_in += text.size();
  if (!stream_.got_text()) return close(protocol::CloseCode::kBadFrame, "frames are text"), leave_shard();
  with(in_shard_, [&](auto& link) { host_.shard().receive(link, text); });
}

void WebSocketSession::on_read_error(ErrorCode error) {
  if (state_ == State::kGone || state_ == State::kDraining) return;
  if (const FrameVerdict verdict = stream_.next_layer().verdict(); verdict != FrameVerdict::kFine) {
    stream_failed_ = true;
    ++host_.counters().limited;
    return refuse(code_for(verdict), reason_for(verdict));
  }
  if (error == asio::error::operation_aborted && state_ == State::kClosing) return;  // our close waits for the peer's
  const bool peer_is_done = error == websocket::error::closed || error == asio::error::eof ||
                            error == asio::error::connection_reset || error == asio::error::operation_aborted;
  if (peer_is_done) return end();
  // Beast has sent 1002 or 1007 for a breach of the WebSocket protocol itself.
  leave_shard();
  drain();
}

void WebSocketSession::on_control(websocket::frame_type type) {
  if (type != websocket::frame_type::pong) return;
  // Not from within Beast's read: the shard may answer by closing.
  asio::post(stream_.get_executor(), [self = shared_from_this()] {
    if (self->state_ != State::kOpen) return;
    with(self->in_shard_, [&](auto& link) { self->host_.shard().pong(link); });
    self->host_.arm();
  });
}

// --- Writing ---------------------------------------------------------------------------------------------------------

void WebSocketSession::send(core::SharedFrame frame) {
  if (state_ != State::kOpen) return;
  outbox_bytes_ += frame->size();
  if (outbox_bytes_ > base::kMaxOutboxBytes) {
    ++host_.counters().slow_consumers;
    // What waits is not worth sending any more: a client that comes back resumes.
    outbox_.resize(writing_ ? sent_ + 1 : sent_);
    close(protocol::CloseCode::kSlowConsumer, "more than 1 MiB waits to be sent");
    return leave_shard();
  }
  outbox_.push_back(std::move(frame));
  if (!writing_) write_next();
}

void WebSocketSession::write_next() {
  writing_ = true;
  const std::string& frame = *outbox_[sent_];
  stream_.async_write(asio::buffer(frame), [self = shared_from_this()](ErrorCode error, std::size_t) {
    self->on_written(error);
  });
}

void WebSocketSession::on_written(ErrorCode error) {
  writing_ = false;
  if (state_ == State::kGone) return;
  if (error && !stream_failed_) return end();
  ++host_.counters().messages_out;
  host_.counters().bytes_out += outbox_[sent_]->size();
  outbox_bytes_ -= outbox_[sent_]->size();
  outbox_[sent_].reset();
  ++sent_;
  if (sent_ == outbox_.size() || stream_failed_) {
    outbox_.clear();
    if (outbox_.capacity() > kOutboxKept) outbox_.shrink_to_fit();
    sent_ = 0;
  }
  if (!outbox_.empty()) return write_next();
  if (state_ == State::kClosing) send_close();
}

void WebSocketSession::ping() {
  // One that could not be written yet is as good as two.
  if (state_ != State::kOpen || pinging_) return;
  pinging_ = true;
  stream_.async_ping({}, [self = shared_from_this()](ErrorCode error) { self->on_pinged(error); });
}

void WebSocketSession::on_pinged(ErrorCode error) {
  pinging_ = false;
  if (state_ == State::kGone) return;
  if (stream_failed_ && state_ == State::kClosing) return send_close();
  if (error && state_ == State::kOpen) end();
}

// --- The end ---------------------------------------------------------------------------------------------------------

void WebSocketSession::close(protocol::CloseCode code, std::string_view reason) {
  if (state_ != State::kOpen) return;
  state_ = State::kClosing;
  close_ = std::make_unique<websocket::close_reason>(reason_of(code, reason));
  host_.timers().set(*this, host_.clock().now() + kCloseWithin);
  // The shard has closed it and is done with it: it may know at once that nothing more will come.
  leave_shard();
  send_close();
}

void WebSocketSession::refuse(protocol::CloseCode code, std::string_view reason) {
  if (state_ == State::kClosing) return end();
  close(code, reason);
}

void WebSocketSession::send_close() {
  if (writing_ || !close_) return;
  if (stream_failed_) {
    if (!pinging_) send_raw_close();
    return;
  }
  const std::unique_ptr<websocket::close_reason> close = std::move(close_);
  stream_.async_close(*close, [self = shared_from_this()](ErrorCode) {
    if (self->state_ == State::kClosing) self->drain();
  });
}

void WebSocketSession::send_raw_close() {
  auto frame = std::make_shared<const std::string>(close_frame(*close_));
  close_.reset();
  Socket& socket = stream_.next_layer();
  asio::async_write(socket, asio::buffer(*frame), [self = shared_from_this(), frame](ErrorCode error, std::size_t) {
    if (error) return self->end();
    self->drain();
  });
}

// A socket that is closed while unread bytes wait is reset, and the peer may lose the close frame that it has not yet
// read.
void WebSocketSession::drain() {
  if (state_ == State::kGone) return;
  if (state_ != State::kDraining) {
    state_ = State::kDraining;
    host_.timers().set(*this, host_.clock().now() + kCloseWithin);
    host_.arm();
    ErrorCode ignored;
    stream_.next_layer().shutdown(Socket::shutdown_send, ignored);
  }
  Socket& socket = stream_.next_layer();
  socket.async_read_some(asio::buffer(small_), [self = shared_from_this()](ErrorCode error, std::size_t count) {
    self->drained_bytes_ += count;
    if (error || self->drained_bytes_ > kMaxDrainBytes) return self->end();
    self->drain();
  });
}

void WebSocketSession::leave_shard() {
  const InShard left = std::exchange(in_shard_, InShard());
  if (std::holds_alternative<std::monostate>(left)) return;
  --host_.counters().websockets;
  // Posted, because the shard may be in the middle of a call; the session stays alive until the shard has let go of it.
  asio::post(stream_.get_executor(), [self = shared_from_this(), left] {
    with(left, [&](auto& link) { self->host_.shard().detach(link); });
    self->host_.arm();
  });
}

void WebSocketSession::end() {
  if (state_ == State::kGone) return;
  state_ = State::kGone;
  host_.timers().cancel(*this);
  leave_shard();
  beast_close_socket(stream_.next_layer());
  if (is_linked()) unlink();
  host_.session_ended();
}

// The shard closes those that it knows.
void WebSocketSession::stop() {
  if (state_ == State::kHandshake) end();
}

void WebSocketSession::ring(base::Instant) { end(); }

}  // namespace beckon::net

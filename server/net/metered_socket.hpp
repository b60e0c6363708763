// A socket whose incoming bytes pass a FrameMeter before Beast sees them. When the meter refuses, the read fails, so
// that Beast stops there; verdict() says why.
//
// Thread safety: as a socket's.
#pragma once

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/beast/websocket/teardown.hpp>
#include <utility>

#include "net/asio.hpp"
#include "net/frame_meter.hpp"

namespace beckon::net {

class MeteredSocket : public Socket {
 public:
  // `limits` must outlive the socket.
  MeteredSocket(Socket socket, const FrameLimits& limits) : Socket(std::move(socket)), meter_(limits) {}

  // kFine, or what ended the reading.
  [[nodiscard]] FrameVerdict verdict() const { return verdict_; }

  template <class Buffers, class Handler>
  void async_read_some(const Buffers& buffers, Handler&& handler) {
    Socket::async_read_some(buffers,
                            ReadOp<std::decay_t<Handler>, Buffers>{std::forward<Handler>(handler), *this, buffers});
  }

 private:
  template <class Handler, class Buffers>
  struct ReadOp {
    Handler handler;
    MeteredSocket& socket;
    Buffers buffers;

    using executor_type = asio::associated_executor_t<Handler, Executor>;
    using allocator_type = asio::associated_allocator_t<Handler>;
    using cancellation_slot_type = asio::associated_cancellation_slot_t<Handler>;
    executor_type get_executor() const noexcept { return asio::get_associated_executor(handler, socket.executor()); }
    allocator_type get_allocator() const noexcept { return asio::get_associated_allocator(handler); }
    cancellation_slot_type get_cancellation_slot() const noexcept {
      return asio::get_associated_cancellation_slot(handler);
    }

    void operator()(ErrorCode error, std::size_t count) {
      if (!error) error = socket.measure(buffers, count);
      handler(error, count);
    }
  };

  Executor executor() { return Socket::get_executor(); }

  template <class Buffers>
  ErrorCode measure(const Buffers& buffers, std::size_t count) {
    const auto now = FrameMeter::Clock::now();
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers) && count > 0; ++it) {
      const asio::mutable_buffer part(*it);
      const std::size_t size = std::min(part.size(), count);
      verdict_ = meter_.take({static_cast<const unsigned char*>(part.data()), size}, now);
      if (verdict_ != FrameVerdict::kFine) return make_error_code(boost::system::errc::message_size);
      count -= size;
    }
    return {};
  }

  FrameMeter meter_;
  FrameVerdict verdict_ = FrameVerdict::kFine;
};

// Beast ends a connection with these. Beast's own wait for the peer's end, without any limit of time; the session does
// that itself, with one.
template <class Handler>
void async_teardown(beast::role_type, MeteredSocket& socket, Handler&& handler) {
  ErrorCode error;
  socket.shutdown(Socket::shutdown_send, error);
  asio::post(socket.get_executor(), beast::bind_front_handler(std::forward<Handler>(handler), error));
}

inline void teardown(beast::role_type, MeteredSocket& socket, ErrorCode& error) {
  socket.shutdown(Socket::shutdown_send, error);
}

inline void beast_close_socket(MeteredSocket& socket) {
  ErrorCode error;
  socket.close(error);
}

}  // namespace beckon::net

// The peer of the server's benchmark: a WebSocket echo on Beast and nothing else, tuned as the server is. One
// io_context, one thread, the executor's type known at compile time, no strand, no timer per stream, no compression,
// and one small buffer a connection.
//
// usage: beckon_bench_echo PORT
#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdlib>
#include <memory>

namespace {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;
using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using Error = boost::system::error_code;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(Socket socket) : stream_(std::move(socket)) {}

  void start() {
    stream_.auto_fragment(false);
    stream_.text(true);
    stream_.async_accept([self = shared_from_this()](Error error) {
      if (!error) self->read();
    });
  }

 private:
  void read() {
    stream_.async_read_some(asio::buffer(buffer_), [self = shared_from_this()](Error error, std::size_t count) {
      if (!error) self->write(count);
    });
  }

  void write(std::size_t count) {
    stream_.async_write_some(stream_.is_message_done(), asio::buffer(buffer_.data(), count),
                             [self = shared_from_this()](Error error, std::size_t) {
                               if (!error) self->read();
                             });
  }

  websocket::stream<Socket, false> stream_;
  std::array<char, 256> buffer_;
};

void accept(Acceptor& acceptor) {
  acceptor.async_accept([&acceptor](Error error, Socket socket) {
    if (!error) {
      socket.set_option(Tcp::no_delay(true));
      std::make_shared<Session>(std::move(socket))->start();
    }
    accept(acceptor);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  asio::io_context context(1);
  const auto port = static_cast<asio::ip::port_type>(std::atoi(argv[1]));
  Acceptor acceptor(context, Tcp::endpoint(asio::ip::address_v4::loopback(), port));
  acceptor.listen(4096);
  accept(acceptor);
  context.run();
}

// A client of the tests: a blocking socket on the loopback with just enough HTTP and WebSocket to say what a browser,
// or an attacker, would. Every read gives up after kPatience.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beckon::test {

inline constexpr int kPatienceSeconds = 5;

struct Frame {
  int opcode = 0;       // 1 text, 2 binary, 8 close, 9 ping, 10 pong
  std::string payload;
  [[nodiscard]] int close_code() const;
  [[nodiscard]] std::string close_reason() const { return payload.size() > 2 ? payload.substr(2) : std::string(); }
};

class Client {
 public:
  // `receive_bytes`: what the kernel may hold for this client, when not the usual.
  explicit Client(std::uint16_t port, int receive_bytes = 0);
  ~Client();
  Client(Client&& other) noexcept;

  // False when the server has closed the connection.
  bool send(std::string_view bytes);
  // All bytes until the server closes.
  [[nodiscard]] std::string read_to_end();
  // A response's head and, by its Content-Length, its body.
  [[nodiscard]] std::string read_response();
  // GET, and its response.
  [[nodiscard]] std::string get(const std::string& path, const std::string& headers = "");

  // Sends an upgrade; the response's head. `origin` empty: no such header.
  [[nodiscard]] std::string upgrade(const std::string& target, const std::string& origin);
  // One masked frame; `fin_and_opcode` is its first byte.
  bool send_frame(std::uint8_t fin_and_opcode, std::string_view payload);
  bool send_text(std::string_view payload) { return send_frame(0x81, payload); }
  // The next frame; nullopt when the connection has ended.
  [[nodiscard]] std::optional<Frame> read_frame();
  // The next frame that is neither ping nor pong.
  [[nodiscard]] Frame read_message();
  // Reads until the close frame.
  [[nodiscard]] Frame read_close();

 private:
  bool fill();  // more bytes into buffer_; false at the end
  int fd_;
  std::string buffer_;
};

}  // namespace beckon::test

// WebSockets over a real connection: the handshake, the limits, the end.
#include <chrono>

#include "base/limits.hpp"
#include "running_server.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::string status_of(const std::string& response) { return response.substr(9, 3); }

std::string value_of(const std::string& json, const std::string& key) {
  const std::size_t at = json.find('"' + key + "\":\"");
  if (at == json.npos) return {};
  const std::size_t begin = at + key.size() + 4;
  return json.substr(begin, json.find('"', begin) - begin);
}

}  // namespace

TEST_CASE("the handshake names the sub-protocol, and a hello is welcomed") {
  const RunningServer server;
  Client client = server.connect();
  const std::string head = client.upgrade("/ws?site=shop", kOrigin);
  CHECK(status_of(head) == "101");
  CHECK(head.find("Sec-WebSocket-Protocol: beckon.v1\r\n") != head.npos);
  CHECK(head.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n") != head.npos);
  CHECK(head.find("Sec-WebSocket-Extensions") == head.npos);
  client.send_text(hello("tab"));
  const std::string welcome = client.read_message().payload;
  CHECK(value_of(welcome, "type") == "welcome");
  CHECK(value_of(welcome, "visitor").starts_with("v_"));
}

TEST_CASE("who may not connect is told before the upgrade") {
  const RunningServer server;
  CHECK(status_of(server.connect().upgrade("/ws?site=shop", "https://evil.example")) == "403");
  CHECK(status_of(server.connect().upgrade("/ws?site=shop", "")) == "403");
  CHECK(status_of(server.connect().upgrade("/ws?site=shop", "null")) == "403");
  CHECK(status_of(server.connect().upgrade("/ws?site=other", kOrigin)) == "403");
  CHECK(status_of(server.connect().upgrade("/elsewhere?site=shop", kOrigin)) == "404");
  CHECK(server.sum().refused_upgrades == 4);
}

TEST_CASE("frames before the upgrade is answered are refused") {
  const RunningServer server;
  Client client = server.connect();
  client.send(
      "GET /ws?site=shop HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: "
      "13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: beckon.v1\r\nOrigin: " +
      kOrigin + "\r\n\r\nfoo");
  CHECK(status_of(client.read_to_end()) == "400");
}

TEST_CASE("all tabs of a visitor meet in one shard, wherever they arrive") {
  const RunningServer server;
  Client first = server.open();
  first.send_text(hello("tab-0"));
  const std::string welcome = first.read_message().payload;
  const std::string visitor = value_of(welcome, "visitor");
  std::vector<Client> tabs;
  for (int i = 1; i <= 20; ++i) {
    tabs.push_back(server.open(visitor));
    tabs.back().send_text(hello("tab-" + std::to_string(i), value_of(welcome, "token")));
    REQUIRE(value_of(tabs.back().read_message().payload, "visitor") == visitor);
  }
  // The kernel spreads twenty connections over two listeners; that all arrive at the right one is one in a million.
  CHECK(server.sum().handed_over > 0);
}

TEST_CASE("a frame at 64 KiB is read, one over it is closed with 4502") {
  const RunningServer server;
  Client at_the_limit = server.open();
  at_the_limit.send_text(std::string(64 * 1024, ' '));
  CHECK(at_the_limit.read_close().close_code() == 4500);  // no JSON, but read
  Client beyond = server.open();
  beyond.send_text(std::string(64 * 1024 + 1, ' '));
  const Frame close = beyond.read_close();
  CHECK(close.close_code() == 4502);
  CHECK(close.close_reason() == "a message may have 65536 bytes");
}

TEST_CASE("a message may come in fragments, as many as the limit") {
  const RunningServer server;
  Client client = server.open();
  const std::string text = hello("tab");
  client.send_frame(0x01, text.substr(0, 20));
  for (int i = 0; i < 62; ++i) client.send_frame(0x00, "");
  client.send_frame(0x80, text.substr(20));
  CHECK(value_of(client.read_message().payload, "type") == "welcome");
}

TEST_CASE("endless empty fragments are closed with 4003") {
  const RunningServer server;
  Client client = server.open();
  client.send_frame(0x01, "");
  for (int i = 0; i < 64; ++i) client.send_frame(0x00, "");
  CHECK(client.read_close().close_code() == 4003);
  CHECK(server.sum().limited == 1);
}

TEST_CASE("a flood of pings is closed with 4003, up to the limit each is answered") {
  auto options = quiet_options();
  options.frames = {.frames_per_second = 1, .frames_burst = 20};
  const RunningServer server(std::move(options));
  Client client = server.open();
  for (int i = 0; i < 20; ++i) {
    client.send_frame(0x89, "are you there");
    const auto pong = client.read_frame();
    REQUIRE(pong);
    REQUIRE(pong->opcode == 10);
    REQUIRE(pong->payload == "are you there");
  }
  for (int i = 0; i < 5; ++i) client.send_frame(0x89, "");
  CHECK(client.read_close().close_code() == 4003);
}

TEST_CASE("binary frames are closed with 4500, bad UTF-8 and bad framing as the WebSocket standard says") {
  const RunningServer server;
  Client binary = server.open();
  binary.send_frame(0x82, "{}");
  CHECK(binary.read_close().close_code() == 4500);
  Client broken = server.open();
  broken.send_text("\xff\xfe");
  CHECK(broken.read_close().close_code() == 1007);
  Client reserved = server.open();
  reserved.send_frame(0xb1, "{}");
  CHECK(reserved.read_close().close_code() == 1002);
}

TEST_CASE("a client that does not read is closed with 4001 when a megabyte waits for it") {
  auto options = quiet_options();
  options.limits.frames_per_second = 0;
  options.limits.bytes_per_second = 0;
  options.frames.frames_per_second = 0;
  const RunningServer server(std::move(options));
  Client client = server.connect(4096);
  REQUIRE(status_of(client.upgrade("/ws?site=shop", kOrigin)) == "101");
  client.send_text(hello("tab"));
  // Each of these is answered with an error frame that nobody takes.
  for (int id = 2; id < 400'000 && server.sum().slow_consumers == 0;) {
    for (const int end = id + 1000; id < end; ++id) {
      client.send_text(R"({"type":"offer","id":)" + std::to_string(id) +
                       R"(,"offer":"o_AAAAAAAAAAAAAAAAAAAAAA","outcome":"shown"})");
    }
  }
  CHECK(server.sum().slow_consumers == 1);
  CHECK(client.read_close().close_code() == 4001);
}

TEST_CASE("a close is answered") {
  const RunningServer server;
  Client client = server.open();
  client.send_frame(0x88, std::string("\x03\xe8", 2));
  CHECK(client.read_close().close_code() == 1000);
  CHECK_FALSE(client.read_frame());
}

TEST_CASE("a stop tells every client to come back, and ends in time") {
  RunningServer server;
  Client client = server.open();
  client.send_text(hello("tab"));
  CHECK(value_of(client.read_message().payload, "type") == "welcome");
  Client silent = server.open();
  Client idle = server.connect();
  CHECK(status_of(idle.get("/")) == "200");
  const auto began = std::chrono::steady_clock::now();
  server.stop();
  CHECK(std::chrono::steady_clock::now() - began < base::kStopWithin);
  CHECK(client.read_close().close_code() == 4000);
  CHECK(silent.read_close().close_code() == 4000);
  CHECK(idle.read_to_end().empty());
}

TEST_CASE("a client that is gone leaves nothing behind") {
  const RunningServer server;
  for (int i = 0; i < 20; ++i) {
    Client client = server.open();
    client.send_text(hello("tab"));
  }
  // Each close reaches the server's loop before the next full round trip does.
  net::NetCounters counts = server.sum();
  for (int i = 0; i < 1000 && counts.websockets > 0; ++i) {
    CHECK(status_of(server.connect().get("/")) == "200");
    counts = server.sum();
  }
  CHECK(counts.websockets == 0);
}

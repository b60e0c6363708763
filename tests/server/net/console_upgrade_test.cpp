// An operator's WebSocket over a real connection: who decides, and where it ends up.
#include "running_server.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::string console_upgrade(const std::string& cookie) {
  return "GET /console/ws HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nCookie: " +
         cookie + "\r\n\r\n";
}

}  // namespace

TEST_CASE("the door decides about a console's upgrade, and refuses before it") {
  const RunningServer server;
  Client client = server.connect();
  client.send(console_upgrade("mallory"));
  const std::string answer = client.read_to_end();
  CHECK(answer.starts_with("HTTP/1.1 401 "));
  CHECK(answer.find("sign in first") != answer.npos);
  CHECK(server.sum().refused_upgrades == 1);
}

TEST_CASE("a console that is let in speaks its own sub-protocol, whichever shard its operator belongs to") {
  RunningServer server;
  // Which shard accepts is the kernel's choice: until one has had to pass an operator on.
  std::uint64_t opened = 0;
  for (; server.sum().handed_over == 0 && opened < 100; ++opened) {
    Client client = server.connect();
    client.send(console_upgrade(opened % 2 == 0 ? "ada" : "bob"));
    const std::string head = client.read_response();
    REQUIRE(head.starts_with("HTTP/1.1 101 "));
    CHECK(head.find("Sec-WebSocket-Protocol: beckon.console.v1\r\n") != head.npos);
  }
  CHECK(server.sum().handed_over > 0);
  while (server.sum().upgraded < opened) std::this_thread::yield();
}

TEST_CASE("nothing may follow a console's upgrade before it is answered") {
  const RunningServer server;
  Client client = server.connect();
  client.send(console_upgrade("ada") + "early");
  CHECK(client.read_to_end().starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a stop closes consoles with its own code") {
  RunningServer server;
  Client client = server.connect();
  client.send(console_upgrade("ada"));
  REQUIRE(client.read_response().starts_with("HTTP/1.1 101 "));
  while (server.sum().websockets == 0) std::this_thread::yield();  // the client may know before the server does
  server.stop();
  CHECK(client.read_close().close_code() == 4000);
}

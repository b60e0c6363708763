// HTTP over a real connection: what is answered, what is refused, what is kept open.
#include "running_server.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::string status_of(const std::string& response) { return response.substr(9, 3); }

std::string body_of(const std::string& response) {
  const std::size_t end = response.find("\r\n\r\n");
  return end == response.npos ? std::string() : response.substr(end + 4);
}

// The response to raw bytes; the connection must be closed behind it.
std::string refusal(const RunningServer& server, const std::string& bytes) {
  Client client = server.connect();
  client.send(bytes);
  return client.read_to_end();
}

const std::string kGet = "GET / HTTP/1.1\r\nHost: test\r\n";

}  // namespace

TEST_CASE("requests of one connection are answered in order, pipelined ones too") {
  const RunningServer server;
  Client client = server.connect();
  client.send("GET /a?x=1 HTTP/1.1\r\nHost: test\r\n\r\nGET /b HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(body_of(client.read_response()) == "GET /a?x=1");
  CHECK(body_of(client.read_response()) == "GET /b?");
  CHECK(body_of(client.get("/c")) == "GET /c?");
}

TEST_CASE("a request may come byte by byte") {
  const RunningServer server;
  Client client = server.connect();
  for (const char byte : kGet + "\r\n") client.send({&byte, 1});
  CHECK(status_of(client.read_response()) == "200");
}

TEST_CASE("HEAD has a length and no body") {
  const RunningServer server;
  const std::string response = refusal(server, "HEAD / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
  CHECK(response.find("Content-Length: 7\r\n") != response.npos);
  CHECK(body_of(response).empty());
}

TEST_CASE("every answer forbids sniffing") {
  const RunningServer server;
  CHECK(server.connect().get("/").find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
  CHECK(refusal(server, "nonsense\r\n\r\n").find("\r\nX-Content-Type-Options: nosniff\r\n") != std::string::npos);
}

TEST_CASE("a client that takes a large answer slowly gets all of it") {
  const RunningServer server;
  CHECK(body_of(server.connect().get("/large")).size() == 4'000'000);
}

TEST_CASE("requests that smuggling is made of are refused") {
  const RunningServer server;
  CHECK(status_of(refusal(server, "GET / HTTP/1.1\nHost: test\n\n")) == "400");
  CHECK(status_of(refusal(server, "GET / HTTP/1.1\r\nHost: test\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "Content-Length: 3\r\nContent-Length: 4\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "Content-Length: -1\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "A : b\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "A: b\r\n folded\r\n\r\n")) == "400");
}

TEST_CASE("a request needs one Host and a target that begins with a slash") {
  const RunningServer server;
  CHECK(status_of(refusal(server, "GET / HTTP/1.1\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, kGet + "Host: other\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, "GET http://evil/ HTTP/1.1\r\nHost: test\r\n\r\n")) == "400");
  CHECK(status_of(refusal(server, "CONNECT evil:443 HTTP/1.1\r\nHost: test\r\n\r\n")) == "400");
}

TEST_CASE("a header at 8 KB passes, one over it is 431") {
  const RunningServer server;
  const auto header_of = [](std::size_t size) {
    const std::string head = kGet + "X: ";
    return head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
  };
  Client client = server.connect();
  client.send(header_of(8192));
  CHECK(status_of(client.read_response()) == "200");
  CHECK(status_of(refusal(server, header_of(8193))) == "431");
}

TEST_CASE("no request has a body") {
  const RunningServer server;
  CHECK(status_of(refusal(server, "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello")) == "413");
  CHECK(status_of(refusal(
            server, "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")) ==
        "413");
}

TEST_CASE("the hundredth answer of a connection is its last") {
  const RunningServer server;
  Client client = server.connect();
  for (int i = 1; i < 100; ++i) REQUIRE(client.get("/").find("Connection: close") == std::string::npos);
  CHECK(client.get("/").find("Connection: close") != std::string::npos);
  CHECK(client.read_to_end().empty());
}

TEST_CASE("an address that holds too many connections gets 429, and another chance when some are gone") {
  const RunningServer server;
  std::vector<Client> held;
  std::string refused;
  // Each of the two shards allows a hundred.
  while (refused.empty() && held.size() < 201) {
    held.push_back(server.connect());
    const std::string response = held.back().get("/");
    if (status_of(response) == "429") refused = response;
  }
  CHECK(refused.find("too many connections from this address") != refused.npos);
  CHECK(held.size() > 100);
  held.clear();
  // The server notices closed connections before it takes the next on the same shard, or soon after.
  for (int i = 0; i < 50 && status_of(refused) != "200"; ++i) refused = server.connect().get("/");
  CHECK(status_of(refused) == "200");
}

TEST_CASE("an answer may come late, and from another thread") {
  const RunningServer server;
  Client client = server.connect();
  client.send("GET /later HTTP/1.1\r\nHost: test\r\n\r\n");
  server.wait_for_later()(net::plain_response(200, "at last"));
  CHECK(body_of(client.read_response()) == "at last\n");
  CHECK(body_of(client.get("/next")) == "GET /next?");
}

TEST_CASE("an answer that comes when its connection is gone, or the whole server, is dropped") {
  net::HttpAnswer too_late;
  {
    RunningServer server;
    {
      Client client = server.connect();
      client.send("GET /later HTTP/1.1\r\nHost: test\r\n\r\n");
      too_late = server.wait_for_later();
    }
    too_late(net::plain_response(200, "nobody reads this"));
    CHECK(status_of(server.connect().get("/")) == "200");
    Client waiting = server.connect();
    waiting.send("GET /later HTTP/1.1\r\nHost: test\r\n\r\n");
    too_late = server.wait_for_later();
    server.stop();
    CHECK(waiting.read_to_end().empty());
  }
  too_late(net::plain_response(200, "nobody is there"));
}

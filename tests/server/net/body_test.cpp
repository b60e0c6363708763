// Request bodies over a real connection: which are read, which are refused and when.
#include "net/body_budget.hpp"
#include "running_server.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

std::string status_of(const std::string& response) { return response.substr(9, 3); }
std::string body_of(const std::string& response) { return response.substr(response.find("\r\n\r\n") + 4); }

std::string post(const std::string& path, std::size_t length, const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: test\r\n" + headers + "Content-Length: " + std::to_string(length) +
         "\r\n\r\n";
}

std::string answer_to(const RunningServer& server, const std::string& bytes) {
  Client client = server.connect();
  client.send(bytes);
  return client.read_response();
}

}  // namespace

TEST_CASE("a body is read whole, in one piece or in many, and the next request behind it") {
  const RunningServer server;
  Client client = server.connect();
  client.send(post("/echo", 5) + "hello" + post("/echo", 3) + "you" + "GET /next HTTP/1.1\r\nHost: test\r\n\r\n");
  CHECK(body_of(client.read_response()) == "hello");
  CHECK(body_of(client.read_response()) == "you");
  CHECK(body_of(client.read_response()) == "GET /next?");
  for (const char byte : post("/echo", 4) + "slow") client.send({&byte, 1});
  CHECK(body_of(client.read_response()) == "slow");
}

TEST_CASE("a body at its limit passes, one over it is 413 before it is read") {
  const RunningServer server;
  const std::string body(kEchoBytes, 'b');
  CHECK(body_of(answer_to(server, post("/echo", body.size()) + body)) == body);
  CHECK(status_of(answer_to(server, post("/echo", body.size() + 1))) == "413");
  CHECK(status_of(answer_to(server, post("/echo", 1ULL << 40))) == "413");
}

TEST_CASE("a refused body's answer arrives although the client sends on") {
  const RunningServer server;
  const std::string body(4'000'000, 'b');
  CHECK(status_of(answer_to(server, post("/echo", body.size()) + body)) == "413");
  CHECK(status_of(answer_to(server, post("/closed", body.size()) + body)) == "403");
  CHECK(status_of(answer_to(server, post("/elsewhere", body.size()) + body)) == "413");
}

TEST_CASE("a transfer coding is 411 where a body may be, and its connection ends") {
  const RunningServer server;
  Client client = server.connect();
  client.send("POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
  const std::string answer = client.read_to_end();
  CHECK(status_of(answer) == "411");
  CHECK(answer.find("HTTP/1.1", 1) == answer.npos);  // what followed was not taken for a request
  for (const char* coding : {"identity", "gzip", "xchunked", "chunked, chunked"}) {
    CAPTURE(coding);
    const std::string got = answer_to(server, "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: " +
                                                  std::string(coding) + "\r\n\r\nhello");
    CHECK((status_of(got) == "411" || status_of(got) == "400"));
  }
}

TEST_CASE("lengths that mean two things are refused where a body may be, too") {
  const RunningServer server;
  const std::string head = "POST /echo HTTP/1.1\r\nHost: test\r\n";
  for (const char* lines : {"Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: -1\r\n",
                            "Content-Length: +3\r\n", "Content-Length: 3 4\r\n", "Content-Length: 0x3\r\n",
                            "Content-Length: 18446744073709551616\r\n", "Content-Length: \r\n",
                            "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "Content-Length : 3\r\n"}) {
    CAPTURE(lines);
    CHECK(status_of(answer_to(server, head + lines + "\r\nabc")) == "400");
  }
}

TEST_CASE("a client that expects to be told to go on is told so, or the answer at once") {
  const RunningServer server;
  Client client = server.connect();
  client.send(post("/echo", 5, "Expect: 100-Continue\r\n"));
  CHECK(client.read_response() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("hello");
  CHECK(body_of(client.read_response()) == "hello");
  client.send(post("/closed", 5, "Expect: 100-continue\r\n"));
  CHECK(status_of(client.read_response()) == "403");
  CHECK(status_of(answer_to(server, post("/echo", 5, "Expect: miracles\r\n"))) == "417");
}

TEST_CASE("a body that does not come in time ends its connection") {
  const RunningServer server;
  Client client = server.connect();
  client.send(post("/echo", 5) + "hell");
  CHECK(client.read_to_end().empty());
}

TEST_CASE("what one address and what all may send at once is bounded") {
  net::BodyBudget budget;
  using Answer = net::BodyBudget::Answer;
  CHECK(budget.take("a", net::kMaxBodiesBytesPerClient) == Answer::kFine);
  CHECK(budget.take("a", 1) == Answer::kClientHasTooMany);
  for (const char* other : {"b", "c", "d"}) CHECK(budget.take(other, net::kMaxBodiesBytesPerClient) == Answer::kFine);
  CHECK(budget.take("e", 1) == Answer::kAllHaveTooMany);
  CHECK(budget.take("", 1) == Answer::kAllHaveTooMany);
  budget.give_back("a", net::kMaxBodiesBytesPerClient);
  CHECK(budget.take("a", 1) == Answer::kFine);
}

TEST_CASE("an upgrade has no body") {
  const RunningServer server;
  CHECK(status_of(answer_to(server,
                            "GET /ws?site=shop HTTP/1.1\r\nHost: test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                            "Content-Length: 3\r\n\r\nabc")) == "413");
}

TEST_CASE("the client's address and scheme are the peer's, or what a trusted proxy says") {
  net::ServerOptions options = quiet_options();
  const RunningServer plain(quiet_options());
  const std::string forged = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n";
  CHECK(body_of(plain.connect().get("/who", forged)) == "127.0.0.1 http");
  options.peers.trusted_proxies = {"127.0.0.1"};
  const RunningServer behind(options);
  CHECK(body_of(behind.connect().get("/who", forged)) == "203.0.113.9 https");
  CHECK(body_of(behind.connect().get("/who")) == " http");
}

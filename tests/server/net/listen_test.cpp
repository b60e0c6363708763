#include "net/listen.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>

using namespace beckon;

namespace {

struct Closing {
  net::Listening listening;
  ~Closing() {
    for (const int fd : listening.fds) ::close(fd);
  }
};

std::string failure(const std::string& address, std::uint16_t port) {
  const auto result = net::listen_on(address, port, 2);
  return result ? std::string() : result.error().message;
}

}  // namespace

TEST_CASE("every shard gets a socket of the same port") {
  auto result = net::listen_on("127.0.0.1", 0, 3);
  REQUIRE(result);
  const Closing closing{*result};
  CHECK(result->fds.size() == 3);
  CHECK(result->port != 0);
}

TEST_CASE("a port in use is refused, by another process that shares too") {
  auto first = net::listen_on("127.0.0.1", 0, 2);
  REQUIRE(first);
  const Closing closing{*first};
  CHECK(failure("127.0.0.1", first->port) ==
        "cannot listen on 127.0.0.1:" + std::to_string(first->port) + ": the address is already in use");
}

TEST_CASE("an address that is none, or not this machine's, is refused in one line") {
  CHECK(failure("localhost", 0) == "\"localhost\" is not an IP address");
  CHECK(failure("203.0.113.9", 8080) == "cannot listen on 203.0.113.9:8080: this machine has no such address");
}

#include "running_server.hpp"

#include <future>

namespace beckon::test {

net::NetCounters RunningServer::sum() const {
  std::promise<std::vector<net::ShardCounts>> promise;
  server_.collect([&](std::vector<net::ShardCounts> counts) { promise.set_value(std::move(counts)); });
  net::NetCounters total;
  for (const net::ShardCounts& shard : promise.get_future().get()) {
    total.handed_over += shard.net.handed_over;
    total.limited += shard.net.limited;
    total.slow_consumers += shard.net.slow_consumers;
    total.http_connections += shard.net.http_connections;
    total.websockets += shard.net.websockets;
    total.refused_upgrades += shard.net.refused_upgrades;
    total.upgraded += shard.net.upgraded;
  }
  return total;
}

std::string hello(const std::string& tab, const std::string& token) {
  return R"({"type":"hello","id":1,"site":"shop","tab":")" + tab + R"(","session":"session-of-)" + tab + R"(-0000",)" +
         (token.empty() ? std::string() : R"("token":")" + token + R"(",)") +
         R"("page":{"url":"https://shop.example/","title":"Home","referrer":"","hidden":false}})";
}

}  // namespace beckon::test

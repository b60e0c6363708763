// What wakes a shard's thread.
#include <unistd.h>

#include <future>

#include "net/listen.hpp"
#include "net/shard_host.hpp"
#include "running_server.hpp"

using namespace beckon;
using namespace beckon::test;

namespace {

struct Bell final : core::Alarm {
  void ring(base::Instant) override { rung.set_value(); }
  std::promise<void> rung;
};

}  // namespace

TEST_CASE("what an answer of the store brings closer is not waited for in vain, however idle the shard") {
  const base::SystemClock clock;
  base::Log log{base::LogLevel::kOff, base::LogFormat::kText};
  const auto store = store::make_memory_store();
  const auto bus = store::make_local_bus();
  const EchoHandler handler;
  const net::Shared shared{clock, *store, *bus, log, handler, nullptr, {}, {}};
  const auto listening = net::listen_on("127.0.0.1", 0, 1);
  REQUIRE(listening);
  Bell bell;
  net::ShardHost host({0, 1, base::Secret::random(), {}}, shared, listening->fds[0], {});
  host.start();
  const store::Poster post = host.poster();
  post([&] { host.timers().set(bell, clock.now() + std::chrono::milliseconds(1)); });
  CHECK(bell.rung.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready);
  post([&] { host.stop(); });
  host.join();
}

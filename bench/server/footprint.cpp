// What idle visitors cost: memory and wake-ups.
#include <cmath>
#include <cstdio>
#include <memory>

#include "crowd.hpp"
#include "measurements.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

constexpr std::chrono::milliseconds kSettle(1'000);

double bytes_per_connection(Peer peer, const Process& server, int port, int count) {
  constexpr int kFirst = 200;  // what the first connections bring about is not the others' memory
  Loop loop;
  Crowd crowd(loop, peer, port);
  crowd.grow(kFirst);
  loop.turn_for(kSettle);
  const double before = server.resident_bytes();
  crowd.grow(count - kFirst);
  loop.turn_for(kSettle);
  return (server.resident_bytes() - before) / (count - kFirst);
}

}  // namespace

void measure_memory(const Plan& plan, json::Writer& w) {
  w.key("memory").begin_object().key("connections").number(std::int64_t{plan.idle});
  std::printf("\nmemory of an idle connection, of %d:", plan.idle);
  const auto tell = [&w](const char* name, double bytes) {
    std::printf(" %s %.0f bytes", name, bytes);
    w.key(name).number(std::round(bytes));
  };
  {
    BeckonServer server(plan.programs, {});
    tell("beckon", bytes_per_connection(Peer::kBeckon, server.process(), server.port(), plan.idle));
  }
  for (const auto& [name, kind] :
       {std::pair("beast", EchoServer::Kind::kBeast), std::pair("ws", EchoServer::Kind::kWs)}) {
    if (kind == EchoServer::Kind::kWs && plan.programs.ws.empty()) continue;
    EchoServer server(plan.programs, kind);
    tell(name, bytes_per_connection(Peer::kEcho, server.process(), server.port(), plan.idle));
  }
  std::printf("\n");
  std::fflush(stdout);
  w.end_object();
}

void measure_wakes(const Plan& plan, json::Writer& w) {
  constexpr std::chrono::seconds kTime(10);
  constexpr int kVisitors = 1'000;
  BeckonServer server(plan.programs, {});
  Loop loop;
  Crowd crowd(loop, Peer::kBeckon, server.port());
  const auto wakes_a_second = [&](std::string_view threads_named) {
    loop.turn_for(3 * kSettle);
    const double before = server.process().wakes(threads_named);
    loop.turn_for(kTime);
    return (server.process().wakes(threads_named) - before) / static_cast<double>(kTime.count());
  };
  const double none = wakes_a_second("shard"), others = wakes_a_second("beckon");
  crowd.grow(kVisitors);
  const double many = wakes_a_second("shard");
  std::printf(
      "\nwake-ups a second: of the shard %.1f without visitors, %.1f with %d idle ones; of the other threads %.1f\n",
      none, many, kVisitors, others);
  w.key("wakes").begin_object().key("shard_without").number(none).key("shard_with_many").number(many);
  w.key("many").number(std::int64_t{kVisitors}).key("others").number(others).end_object();
}

}  // namespace beckon::bench

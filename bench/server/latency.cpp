// From a page event to its offer on the wire.
#include <cmath>
#include <cstdio>
#include <vector>

#include "crowd.hpp"
#include "measurements.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

constexpr int kConnections = 1'000;
constexpr std::chrono::milliseconds kWarmUp(1'000), kTime(4'000);

struct Side {
  const char* name;
  const Process& server;
  Crowd crowd;
  std::vector<double> p50_ms = {}, p99_ms = {}, per_cpu_second = {}, kept = {};
};

void pace(Side& side, double rate) {
  static_cast<void>(side.crowd.pace(rate, kWarmUp));
  const double before = side.server.cpu_seconds();
  const Paced paced = side.crowd.pace(rate, kTime);
  side.per_cpu_second.push_back(paced.frames / (side.server.cpu_seconds() - before));
  side.kept.push_back(paced.rate);
  side.p50_ms.push_back(quantile(paced.latencies_ms, .5));
  side.p99_ms.push_back(quantile(paced.latencies_ms, .99));
}

double thousandths(double value) { return std::round(value * 1'000) / 1'000; }

void write(json::Writer& w, const Side& side) {
  std::printf("%8s: p50 %.3f ms, p99 %.3f ms (%.3f to %.3f), %.0f events a CPU-second, %.0f a second sent\n",
              side.name, median(side.p50_ms), median(side.p99_ms), least(side.p99_ms), most(side.p99_ms),
              median(side.per_cpu_second), median(side.kept));
  w.key(side.name).begin_object().key("p50_ms").number(thousandths(median(side.p50_ms)));
  w.key("p99_ms").number(thousandths(median(side.p99_ms))).key("p99_least_ms").number(thousandths(least(side.p99_ms)));
  w.key("p99_most_ms").number(thousandths(most(side.p99_ms)));
  w.key("per_cpu_s").number(std::round(median(side.per_cpu_second)));
  w.key("sent_per_s").number(std::round(median(side.kept))).end_object();
}

}  // namespace

void measure_latency(const Plan& plan, json::Writer& w) {
  BeckonServer beckon(plan.programs, {});
  EchoServer beast(plan.programs, EchoServer::Kind::kBeast);
  Loop loop;
  Side own{"beckon", beckon.process(), Crowd(loop, Peer::kBeckon, beckon.port())},
      peer{"beast", beast.process(), Crowd(loop, Peer::kEcho, beast.port())};
  own.crowd.grow(kConnections);
  peer.crowd.grow(kConnections);
  w.key("latency").begin_array();
  for (const double rate : {5'000.0, 20'000.0}) {
    for (Side* side : {&own, &peer}) side->p50_ms = side->p99_ms = side->per_cpu_second = side->kept = {};
    std::vector<double> ratios;
    for (int pass = 0; pass < plan.passes; ++pass) {
      pace(own, rate);
      pace(peer, rate);
      ratios.push_back(own.p99_ms.back() / peer.p99_ms.back());
    }
    std::printf("\npage event to offer (beckon) or echo (beast) at %.0f events a second on %d connections:\n", rate,
                kConnections);
    w.begin_object().key("rate").number(rate).key("connections").number(std::int64_t{kConnections});
    write(w, own);
    write(w, peer);
    std::printf("  p99 / beast's %.2f (%.2f to %.2f)\n", median(ratios), least(ratios), most(ratios));
    std::fflush(stdout);
    w.key("p99_ratio").number(thousandths(median(ratios))).key("p99_ratio_least").number(thousandths(least(ratios)));
    w.key("p99_ratio_most").number(thousandths(most(ratios))).end_object();
  }
  w.end_array();
}

}  // namespace beckon::bench

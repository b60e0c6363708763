// Page events and connections a second of CPU time.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <vector>

#include "crowd.hpp"
#include "measurements.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

constexpr std::chrono::milliseconds kSettle(500);  // what is written behind is done by then, and counted

struct Scenario {
  int connections;
  int window;  // frames of a connection that may wait for their answer
};

// One server and its visitors.
struct Side {
  const char* name;
  const Process& server;
  std::unique_ptr<Crowd> crowd;
  std::vector<double> per_cpu_second;
};

void drive(Loop& loop, Side& side, const Scenario& scenario, int frames) {
  const double before = side.server.cpu_seconds();
  side.crowd->drive(frames, scenario.window);
  loop.turn_for(kSettle);
  side.per_cpu_second.push_back(frames * scenario.connections / (side.server.cpu_seconds() - before));
}

// Drives all sides in turns, once more than asked for: the first time caches and tables get their size.
void drive_in_turns(Loop& loop, std::vector<Side>& sides, const Scenario& scenario, int frames, int passes) {
  for (int pass = -1; pass < passes; ++pass) {
    for (Side& side : sides) drive(loop, side, scenario, frames);
    if (pass >= 0) continue;
    for (Side& side : sides) side.per_cpu_second.clear();
  }
}

std::vector<double> ratios_of(const Side& a, const Side& b) {
  std::vector<double> ratios;
  for (std::size_t i = 0; i < a.per_cpu_second.size(); ++i) ratios.push_back(a.per_cpu_second[i] / b.per_cpu_second[i]);
  return ratios;
}

double hundredths(double value) { return std::round(value * 100) / 100; }

// The first side against each other one.
void report(const std::vector<Side>& sides, json::Writer& w) {
  for (const Side& side : sides) {
    std::printf(" %s %.0f", side.name, median(side.per_cpu_second));
    w.key(side.name).number(std::round(median(side.per_cpu_second)));
  }
  for (std::size_t i = 1; i < sides.size(); ++i) {
    const std::vector<double> ratios = ratios_of(sides.front(), sides[i]);
    std::printf("; / %s %.2f (%.2f to %.2f)", sides[i].name, median(ratios), least(ratios), most(ratios));
    w.key(std::string("ratio_to_") + sides[i].name).begin_object().key("median").number(hundredths(median(ratios)));
    w.key("least").number(hundredths(least(ratios))).key("most").number(hundredths(most(ratios))).end_object();
  }
  std::printf("\n");
  std::fflush(stdout);
}

struct Servers {
  explicit Servers(const Plan& plan) : beckon(plan.programs, {}), beast(plan.programs, EchoServer::Kind::kBeast) {
    if (!plan.programs.ws.empty()) ws = std::make_unique<EchoServer>(plan.programs, EchoServer::Kind::kWs);
  }
  // Each with a crowd of its own, still empty.
  std::vector<Side> sides(Loop& loop) {
    std::vector<Side> all;
    all.push_back({"beckon", beckon.process(), std::make_unique<Crowd>(loop, Peer::kBeckon, beckon.port()), {}});
    all.push_back({"beast", beast.process(), std::make_unique<Crowd>(loop, Peer::kEcho, beast.port()), {}});
    if (ws) all.push_back({"ws", ws->process(), std::make_unique<Crowd>(loop, Peer::kEcho, ws->port()), {}});
    return all;
  }
  BeckonServer beckon;
  EchoServer beast;
  std::unique_ptr<EchoServer> ws;
};

int frames_of(const Plan& plan, const Scenario& scenario) { return std::max(2, plan.events / scenario.connections); }

}  // namespace

void measure_events(const Plan& plan, json::Writer& w) {
  std::printf("page events answered a CPU-second, by connections and frames under way on each:\n");
  w.key("events").begin_array();
  for (const Scenario& scenario : {Scenario{100, 1}, Scenario{1'000, 1}, Scenario{100, 16}, Scenario{1'000, 16}}) {
    Servers servers(plan);
    Loop loop;
    std::vector<Side> sides = servers.sides(loop);
    for (Side& side : sides) side.crowd->grow(scenario.connections);
    drive_in_turns(loop, sides, scenario, frames_of(plan, scenario), plan.passes);
    std::printf("%8d × %-3d", scenario.connections, scenario.window);
    w.begin_object().key("connections").number(std::int64_t{scenario.connections});
    w.key("window").number(std::int64_t{scenario.window});
    w.key("frames").number(std::int64_t{frames_of(plan, scenario) * scenario.connections});
    report(sides, w);
    w.end_object();
  }
  w.end_array();
}

void measure_connects(const Plan& plan, json::Writer& w) {
  constexpr int kConnections = 1'000;
  Servers servers(plan);
  Loop loop;
  std::vector<Side> sides = servers.sides(loop);
  for (int pass = -1; pass < plan.passes; ++pass) {
    for (Side& side : sides) {
      const bool speaks_beckon = &side == &sides.front();
      const int port = speaks_beckon        ? servers.beckon.port()
                       : &side == &sides[1] ? servers.beast.port()
                                            : servers.ws->port();
      side.crowd.reset();  // those of the last pass go
      loop.turn_for(kSettle);
      const double before = side.server.cpu_seconds();
      side.crowd = std::make_unique<Crowd>(loop, speaks_beckon ? Peer::kBeckon : Peer::kEcho, port);
      side.crowd->grow(kConnections);
      loop.turn_for(kSettle);
      if (pass >= 0) side.per_cpu_second.push_back(kConnections / (side.server.cpu_seconds() - before));
    }
  }
  std::printf("\nconnections opened a CPU-second (beckon: upgrade, hello, welcome; the others: upgrade):\n   ");
  w.key("connects").begin_object();
  report(sides, w);
  w.end_object();
}

// -- Beckon against itself

namespace {

constexpr Scenario kScaleOfVisitors{1'000, 4};

void make_known(Loop& loop, const BeckonServer& server, int count) {
  constexpr int kAtOnce = 1'000;
  for (int left = count; left > 0; left -= kAtOnce) {
    Crowd crowd(loop, Peer::kBeckon, server.port());
    crowd.grow(std::min(left, kAtOnce));
  }
}

void measure_known(const Plan& plan, json::Writer& w) {
  BeckonServer many(plan.programs, {}), few(plan.programs, {});
  Loop loop;
  make_known(loop, many, plan.known - kScaleOfVisitors.connections);
  std::vector<Side> sides;
  sides.push_back({"many", many.process(), std::make_unique<Crowd>(loop, Peer::kBeckon, many.port()), {}});
  sides.push_back({"few", few.process(), std::make_unique<Crowd>(loop, Peer::kBeckon, few.port()), {}});
  for (Side& side : sides) side.crowd->grow(kScaleOfVisitors.connections);
  drive_in_turns(loop, sides, kScaleOfVisitors, frames_of(plan, kScaleOfVisitors), plan.passes);
  std::printf("\npage events a CPU-second, %d visitors known (many) or %d (few):\n   ", plan.known,
              kScaleOfVisitors.connections);
  w.key("known").begin_object().key("many_visitors").number(std::int64_t{plan.known});
  w.key("few_visitors").number(std::int64_t{kScaleOfVisitors.connections});
  report(sides, w);
  w.end_object();
}

void measure_sites(const Plan& plan, json::Writer& w) {
  constexpr int kRules = 20;
  const Scenario scenario{plan.sites, 4};
  BeckonServer many(plan.programs, {plan.sites, kRules}), one(plan.programs, {1, kRules});
  Loop loop;
  std::vector<Side> sides;
  sides.push_back({"many",
                   many.process(),
                   std::make_unique<Crowd>(loop, Peer::kBeckon, many.port(), Crowd::Sites{plan.sites}),
                   {}});
  sides.push_back({"one", one.process(), std::make_unique<Crowd>(loop, Peer::kBeckon, one.port()), {}});
  for (Side& side : sides) side.crowd->grow(scenario.connections);
  drive_in_turns(loop, sides, scenario, frames_of(plan, scenario), plan.passes);
  std::printf(
      "\npage events a CPU-second of %d visitors, each on a site of its own (many) or all on one (one), %d rules a "
      "site:\n   ",
      plan.sites, kRules);
  w.key("sites")
      .begin_object()
      .key("many_sites")
      .number(std::int64_t{plan.sites})
      .key("rules")
      .number(std::int64_t{kRules});
  report(sides, w);
  w.end_object();
}

}  // namespace

void measure_scale(const Plan& plan, json::Writer& w) {
  measure_known(plan, w);
  measure_sites(plan, w);
}

}  // namespace beckon::bench

// beckon_server_bench: `beckon serve` (one shard, 100 rules, SQLite) against servers that only echo, in CPU time,
// latency and memory. docs/performance.md says what is measured; --help lists the options.
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <map>

#include "measurements.hpp"
#include "support/measure.hpp"

namespace {

using namespace beckon;
using namespace beckon::bench;

// A connection is a descriptor here and one in the server, which inherits this limit.
void raise_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(const Plan&, json::Writer&)>> measurements = {
      {"events", measure_events},     {"scale", measure_scale},   {"latency", measure_latency},
      {"connects", measure_connects}, {"memory", measure_memory}, {"wakes", measure_wakes}};
  Plan plan;
  std::string json;
  std::vector<std::string> only = {"events", "connects", "latency", "scale", "memory", "wakes"};
  CLI::App app("The server against servers that only echo.");
  app.add_option("--beckon", plan.programs.beckon, "The program beckon")->required()->check(CLI::ExistingFile);
  app.add_option("--echo", plan.programs.echo, "The program beckon_bench_echo")->required()->check(CLI::ExistingFile);
  app.add_option("--ws", plan.programs.ws, "bench/peers/ws_echo.mjs, its packages installed; default: without ws");
  app.add_option("--only", only, "Of events, connects, latency, scale, memory, wakes")
      ->delimiter(',')
      ->check(CLI::IsMember(measurements));
  app.add_option("--passes", plan.passes, "Passes of each measurement")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--events", plan.events, "Page events of a pass")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--idle", plan.idle, "Idle connections whose memory is looked at")
      ->check(CLI::Range(300, 100'000))
      ->capture_default_str();
  app.add_option("--known", plan.known, "Visitors known")->check(CLI::Range(1'000, 10'000'000))->capture_default_str();
  app.add_option("--sites", plan.sites, "Sites")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--json", json, "Where to write the result");
  CLI11_PARSE(app, argc, argv);

  raise_descriptors();
  std::string out;
  json::Writer w(out);
  w.begin_object().key("passes").number(std::int64_t{plan.passes}).key("load_before").string(load_of_machine());
  for (const std::string& one : only) measurements.at(one)(plan, w);
  w.key("load_after").string(load_of_machine()).end_object();
  write_result(json, out);
  return 0;
}

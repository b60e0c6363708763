// beckon_server_bench: page events through `beckon serve` (one shard, 100 rules, SQLite) against the same bytes echoed
// by a bare Beast server, answers a second of the server process's CPU time, interleaved, medians; and the memory of an
// idle connection.
//
// usage: beckon_server_bench --beckon FILE --echo FILE [--passes 3] [--events 40000] [--idle 2000] [--json FILE]
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "crowd.hpp"
#include "lc_rules.hpp"
#include "process.hpp"

namespace {

using namespace beckon::bench;

constexpr int kRules = 100;
constexpr int kSettleMs = 500;  // what is written behind is done by then, and counted

struct Options {
  std::string beckon, echo, json;
  int passes = 3, events = 40'000, idle = 2'000;
};

struct Scenario {
  int connections;
  int window;  // frames of a connection that may wait for their answer
};

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

// A folder of its own for each pair of servers, gone when they are.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "beckon-bench-XXXXXX").string();
    if (!::mkdtemp(pattern.data())) fail("no temporary folder");
    path_ = pattern;
    WorkloadSize size;
    size.rules = kRules;
    size.visitors = size.events = 1;
    std::ofstream(path_ / "rules.json") << rule_file_text(make_workload(1, size), kRules);
    std::ofstream(path_ / "beckon.json") << R"({"shards": 1, "data": "data", "log": {"level": "warn"},
  "limits": {"connections_per_address": 0, "frames_per_second": 0, "bytes_per_second": 0},
  "sites": [{"id": "bench", "origins": ["https://bench.example"], "rules": "rules.json", "consent": "granted"}]})";
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

struct Servers {
  explicit Servers(const Options& options)
      : beckon({options.beckon, "serve", "--config", folder / "beckon.json", "--listen",
                "127.0.0.1:" + std::to_string(beckon_port)},
               folder / "beckon.log"),
        echo({options.echo, std::to_string(echo_port)}, folder / "echo.log") {}
  Folder folder;
  int beckon_port = free_port(), echo_port = free_port();
  Process beckon, echo;
};

double answers_per_cpu_second(Loop& loop, const Process& server, Crowd& crowd, const Scenario& scenario, int frames) {
  const double before = server.cpu_seconds();
  crowd.drive(frames, scenario.window);
  loop.turn_for(kSettleMs);
  return frames * scenario.connections / (server.cpu_seconds() - before);
}

std::string measure_events(const Options& options, const Scenario& scenario) {
  Servers servers(options);
  Loop loop;
  Crowd visitors(loop, Peer::kBeckon, servers.beckon_port, "bench"),
      echoed(loop, Peer::kEcho, servers.echo_port, "bench");
  visitors.grow(scenario.connections);
  echoed.grow(scenario.connections);
  const int frames = std::max(2, options.events / scenario.connections);
  visitors.drive(frames / 2, scenario.window);  // until caches and tables have their size
  echoed.drive(frames / 2, scenario.window);
  loop.turn_for(kSettleMs);
  std::vector<double> beckon, echo, ratios;
  for (int pass = 0; pass < options.passes; ++pass) {
    beckon.push_back(answers_per_cpu_second(loop, servers.beckon, visitors, scenario, frames));
    echo.push_back(answers_per_cpu_second(loop, servers.echo, echoed, scenario, frames));
    ratios.push_back(beckon.back() / echo.back());
  }
  const auto [least, most] = std::minmax_element(ratios.begin(), ratios.end());
  std::printf("%12d %7d %14.0f %14.0f %7.2f   %.2f to %.2f\n", scenario.connections, scenario.window, median(beckon),
              median(echo), median(ratios), *least, *most);
  std::fflush(stdout);
  char line[320];
  std::snprintf(
      line, sizeof line,
      R"({"connections":%d,"window":%d,"frames":%d,"beckon_per_cpu_s":%.0f,"echo_per_cpu_s":%.0f,"ratio":%.3f,)"
      R"("ratio_least":%.3f,"ratio_most":%.3f})",
      scenario.connections, scenario.window, frames * scenario.connections, median(beckon), median(echo),
      median(ratios), *least, *most);
  return line;
}

double bytes_per_connection(Loop& loop, const Process& server, Crowd& crowd, int count) {
  constexpr int kFirst = 200;  // what the first connections bring about is not the others' memory
  crowd.grow(kFirst);
  loop.turn_for(2 * kSettleMs);
  const double before = server.resident_bytes();
  crowd.grow(count);
  loop.turn_for(2 * kSettleMs);
  return (server.resident_bytes() - before) / count;
}

std::string measure_memory(const Options& options) {
  Servers servers(options);
  Loop loop;
  Crowd visitors(loop, Peer::kBeckon, servers.beckon_port, "bench"),
      echoed(loop, Peer::kEcho, servers.echo_port, "bench");
  const double beckon = bytes_per_connection(loop, servers.beckon, visitors, options.idle);
  const double echo = bytes_per_connection(loop, servers.echo, echoed, options.idle);
  std::printf("\nmemory of an idle connection, of %d: beckon %.0f bytes, echo %.0f bytes\n", options.idle, beckon,
              echo);
  char line[160];
  std::snprintf(line, sizeof line, R"({"idle":%d,"beckon_bytes":%.0f,"echo_bytes":%.0f})", options.idle, beckon, echo);
  return line;
}

Options options_of(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i], value = argv[i + 1];
    if (name == "--beckon") options.beckon = value;
    if (name == "--echo") options.echo = value;
    if (name == "--json") options.json = value;
    if (name == "--passes") options.passes = std::max(1, std::atoi(value.c_str()));
    if (name == "--events") options.events = std::max(1, std::atoi(value.c_str()));
    if (name == "--idle") options.idle = std::max(1, std::atoi(value.c_str()));
  }
  if (options.beckon.empty() || options.echo.empty()) fail("--beckon FILE and --echo FILE are needed");
  return options;
}

// A connection is a descriptor here and one in the server, which inherits this limit.
void raise_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = options_of(argc, argv);
  raise_descriptors();
  std::printf("%12s %7s %14s %14s %7s   %s\n", "connections", "window", "beckon /cpu-s", "echo /cpu-s", "ratio",
              "of passes");
  std::string out = "{\"events\":[";
  bool first = true;
  for (const Scenario& scenario : {Scenario{100, 1}, Scenario{1'000, 1}, Scenario{100, 16}}) {
    out += (first ? "" : ",") + measure_events(options, scenario);
    first = false;
  }
  out += "],\"memory\":" + measure_memory(options) + "}";
  if (!options.json.empty()) std::ofstream(options.json) << out << "\n";
  return 0;
}

// beckon_engine_bench: the engine on LC-RULES-1 and its peers, in turns, medians, CPU time; first a check that all make
// the same decisions. docs/performance.md says what is measured; --help lists the options.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>

#include "beckon/json/writer.hpp"
#include "beckon_run.hpp"
#include "clips_rules.hpp"
#include "clips_run.hpp"
#include "npm_peers.hpp"
#include "plain_scan.hpp"
#include "support/measure.hpp"
#include "timers.hpp"

namespace {

using namespace beckon;
using bench::Edge;

struct Options {
  int passes = 5;
  std::string json, npm_script;
  std::vector<int> sizes = {10, 100, 1'000, 10'000};
  bool clips = true, timers = true;
};

std::shared_ptr<const rules::RuleSet> compile(const std::string& text) {
  rules::CheckResult checked = rules::check(text);
  if (!checked.file) bench::fail(rules::render(checked.diagnostics.front(), "rules.json", text));
  return rules::RuleSet::compile(std::move(*checked.file), {"site"});
}

// -- one engine's figures at one number of rules

struct Timed {
  std::string name, version;
  std::vector<double> ns;    // an event, a pass
  std::size_t events = 0;    // timed a pass; of npm's peers evaluations in all passes
  std::size_t compared = 0;  // decisions, or of npm's peers samples, that were the scan's
};

struct Result {
  int rules = 0;
  std::vector<Timed> engines;  // Beckon first, the scan second
  std::vector<double> compile_ms;
  double visitor_bytes = 0, decisions_per_event = 0, wakes_per_event = 0;
  double clips_visitor_bytes = 0, clips_build_ms = 0;
};

void require_same(const char* name, std::vector<Edge> found, const std::vector<Edge>& of_scan) {
  std::sort(found.begin(), found.end());
  if (found == of_scan) return;
  const auto [a, b] = std::mismatch(found.begin(), found.end(), of_scan.begin(), of_scan.end());
  const auto text = [](const char* whose, const Edge& edge) {
    return std::string("; ") + whose + " t=" + std::to_string(edge.t) + " visitor " + std::to_string(edge.visitor) +
           " rule " + std::to_string(edge.rule);
  };
  bench::fail("decisions differ: " + std::to_string(found.size()) + " of " + name + ", " +
              std::to_string(of_scan.size()) + " of the scan" + (a != found.end() ? text(name, *a) : "") +
              (b != of_scan.end() ? text("scan", *b) : ""));
}

// The decisions of the first `count` events, in order of time.
std::vector<Edge> decisions_of(bench::BeckonRun& run, std::size_t count) {
  std::vector<Edge> edges;
  run.edges = &edges;
  run.start();
  for (std::size_t i = 0; i < count; ++i) run.apply(i);
  run.edges = nullptr;
  return edges;
}

template <class Peer>  // PlainScan or ClipsRun
std::vector<Edge> decisions_of(Peer& peer, const bench::Workload& workload, std::size_t count) {
  peer.start();
  peer.edges.clear();
  for (std::size_t i = 0; i < count; ++i) peer.apply(workload.events[i]);
  return std::exchange(peer.edges, {});
}

template <class Peer>
double ns_per_event(Peer& peer, const bench::Workload& workload, std::size_t count) {
  peer.start();
  peer.edges.clear();
  const double begin = bench::thread_cpu_seconds();
  for (std::size_t i = 0; i < count; ++i) {
    peer.apply(workload.events[i]);
    peer.edges.clear();
  }
  return (bench::thread_cpu_seconds() - begin) * 1e9 / static_cast<double>(count);
}

double ns_per_event(bench::BeckonRun& run) {
  run.start();
  run.decisions = run.wakes = 0;
  const double begin = bench::thread_cpu_seconds();
  for (std::size_t i = 0; i < run.events(); ++i) run.apply(i);
  return (bench::thread_cpu_seconds() - begin) * 1e9 / static_cast<double>(run.events());
}

// Cost of these grows with the rules: fewer events are enough, and are said to be fewer.
std::size_t events_of_slow_peer(int rules) { return rules >= 10'000 ? 5'000 : rules >= 1'000 ? 20'000 : 100'000; }

std::vector<std::unique_ptr<bench::NpmPeer>> npm_peers(const Options& options, const std::string& workload_file) {
  std::vector<std::unique_ptr<bench::NpmPeer>> peers;
  if (options.npm_script.empty()) return peers;
  for (const char* name : {"@growthbook/growthbook", "json-logic-js", "json-rules-engine"}) {
    peers.push_back(std::make_unique<bench::NpmPeer>(options.npm_script, name, workload_file));
  }
  return peers;
}

// A file that is gone with it.
struct TemporaryFile {
  explicit TemporaryFile(const std::string& text) { std::ofstream(path) << text; }
  ~TemporaryFile() { std::filesystem::remove(path); }
  std::string path =
      (std::filesystem::temp_directory_path() / ("beckon-bench-" + std::to_string(::getpid()) + ".json")).string();
};

Result measure(const bench::Workload& workload, int count, const Options& options) {
  constexpr std::size_t kCompared = 20'000;
  constexpr int kSamples = 1'000;
  Result result;
  result.rules = count;
  const std::string text = bench::rule_file_text(workload, count);
  std::shared_ptr<const rules::RuleSet> set;
  for (int i = 0; i < options.passes; ++i) {
    const double begin = bench::thread_cpu_seconds();
    set = compile(text);
    result.compile_ms.push_back((bench::thread_cpu_seconds() - begin) * 1e3);
  }

  bench::BeckonRun run(workload, set);
  bench::PlainScan scan(workload, count);
  std::vector<std::pair<const char*, std::unique_ptr<bench::ClipsRun>>> clips;
  if (options.clips) {
    using bench::clips::Order;
    const double begin = bench::thread_cpu_seconds();
    clips.emplace_back("clips", std::make_unique<bench::ClipsRun>(workload, count, Order::kAsWritten));
    result.clips_build_ms = (bench::thread_cpu_seconds() - begin) * 1e3;
    clips.emplace_back("clips-reordered", std::make_unique<bench::ClipsRun>(workload, count, Order::kRareFirst));
  }
  const TemporaryFile npm_file(options.npm_script.empty() ? "" : bench::npm_workload(workload, count, kSamples));
  const auto npm = npm_peers(options, npm_file.path);

  const std::size_t slow = events_of_slow_peer(count);
  std::vector<Edge> expected = decisions_of(scan, workload, kCompared);
  std::sort(expected.begin(), expected.end());
  require_same("beckon", decisions_of(run, kCompared), expected);
  result.engines.push_back({"beckon", "", {}, run.events(), expected.size()});
  result.engines.push_back({"scan", "", {}, slow, expected.size()});
  for (const auto& [name, peer] : clips) {
    require_same(name, decisions_of(*peer, workload, kCompared), expected);
    const bool reordered = peer != clips.front().second;
    result.engines.push_back({name, reordered ? "6.30, reordered" : "6.30", {}, slow, expected.size()});
  }
  for (const auto& peer : npm) {
    result.engines.push_back({peer->name(), peer->version(), {}, 0, static_cast<std::size_t>(peer->check())});
  }

  for (int pass = 0; pass < options.passes; ++pass) {
    std::size_t at = 0;
    result.engines[at++].ns.push_back(ns_per_event(run));
    result.engines[at++].ns.push_back(ns_per_event(scan, workload, slow));
    for (const auto& [name, peer] : clips) result.engines[at++].ns.push_back(ns_per_event(*peer, workload, slow));
    // They keep no time: they are asked at every event, and at every instant at which a rule may begin to hold.
    const double evaluations = 1 + static_cast<double>(run.wakes) / static_cast<double>(run.events());
    for (const auto& peer : npm) {
      result.engines[at].ns.push_back(peer->time_ns() * evaluations);
      result.engines[at++].events = static_cast<std::size_t>(peer->evaluations());
    }
  }
  result.visitor_bytes = run.bytes_per_visitor();
  if (!clips.empty()) result.clips_visitor_bytes = clips.front().second->bytes_per_visitor();
  result.decisions_per_event = static_cast<double>(run.decisions) / static_cast<double>(run.events());
  result.wakes_per_event = static_cast<double>(run.wakes) / static_cast<double>(run.events());
  return result;
}

void print(const Result& r) {
  std::printf("\n%d rules: compiled in %.1f ms, %.0f bytes a visitor, %.2f decisions and %.2f wake-ups an event\n",
              r.rules, bench::median(r.compile_ms), r.visitor_bytes, r.decisions_per_event, r.wakes_per_event);
  if (r.clips_build_ms > 0)
    std::printf("  CLIPS: built in %.0f ms, %.0f bytes a visitor\n", r.clips_build_ms, r.clips_visitor_bytes);
  std::printf("  %-24s %14s %12s %12s %10s %9s %9s\n", "", "ns an event", "least", "most", "/ beckon", "timed",
              "compared");
  const double own = bench::median(r.engines.front().ns);
  for (const Timed& engine : r.engines) {
    std::printf("  %-24s %14.1f %12.1f %12.1f %10.2f %9zu %9zu\n", engine.name.c_str(), bench::median(engine.ns),
                bench::least(engine.ns), bench::most(engine.ns), bench::median(engine.ns) / own, engine.events,
                engine.compared);
  }
  std::fflush(stdout);
}

double tenths(double value) { return std::round(value * 10) / 10; }

void write(json::Writer& w, const Result& r) {
  w.begin_object()
      .key("rules")
      .number(std::int64_t{r.rules})
      .key("compile_ms")
      .number(tenths(bench::median(r.compile_ms)));
  w.key("visitor_bytes").number(std::round(r.visitor_bytes)).key("decisions_per_event").number(r.decisions_per_event);
  w.key("wakes_per_event").number(r.wakes_per_event);
  w.key("clips_build_ms")
      .number(tenths(r.clips_build_ms))
      .key("clips_visitor_bytes")
      .number(std::round(r.clips_visitor_bytes));
  w.key("engines").begin_array();
  for (const Timed& engine : r.engines) {
    w.begin_object().key("name").string(engine.name).key("version").string(engine.version);
    w.key("ns").number(tenths(bench::median(engine.ns))).key("least_ns").number(tenths(bench::least(engine.ns)));
    w.key("most_ns")
        .number(tenths(bench::most(engine.ns)))
        .key("timed")
        .number(static_cast<std::int64_t>(engine.events));
    w.key("compared").number(static_cast<std::int64_t>(engine.compared)).end_object();
  }
  w.end_array().end_object();
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("The rules engine and its peers on LC-RULES-1: CPU time of an event, in turns, medians.");
  app.add_option("--passes", options.passes, "Passes of each measurement")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--sizes", options.sizes, "How many rules, comma between")
      ->delimiter(',')
      ->check(CLI::Range(1, 10'000));
  app.add_option("--npm", options.npm_script,
                 "bench/peers/engine.mjs, its packages installed; default: without npm's peers");
  app.add_flag("!--no-clips", options.clips, "Without CLIPS");
  app.add_flag("!--no-timers", options.timers, "Without the comparison of timers");
  app.add_option("--json", options.json, "Where to write the result");
  CLI11_PARSE(app, argc, argv);

  const bench::Workload workload = bench::make_workload(1);
  std::string out;
  json::Writer w(out);
  w.begin_object()
      .key("passes")
      .number(std::int64_t{options.passes})
      .key("load_before")
      .string(bench::load_of_machine());
  w.key("sizes").begin_array();
  for (const int size : options.sizes) {
    const Result result = measure(workload, size, options);
    print(result);
    write(w, result);
  }
  w.end_array();
  if (options.timers) {
    const bench::TimerTimes times = bench::time_timers(options.passes);
    std::printf("\nmoving one of 1,000,000 timers: wheel %.1f ns, std::multimap %.1f ns, ratio %.1f\n", times.wheel_ns,
                times.multimap_ns, times.multimap_ns / times.wheel_ns);
    w.key("timers").begin_object().key("wheel_ns").number(tenths(times.wheel_ns));
    w.key("multimap_ns").number(tenths(times.multimap_ns)).end_object();
  }
  w.key("load_after").string(bench::load_of_machine()).end_object();
  bench::write_result(options.json, out);
  return 0;
}

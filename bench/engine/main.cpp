// beckon_engine_bench: the engine on LC-RULES-1 against a plain scan, interleaved, medians, thread CPU time; first a check that
// both make the same decisions.
//
// usage: beckon_engine_bench [--passes 5] [--json FILE] [--sizes 10,100,1000,10000] [--timers yes|no]
#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>

#include "beckon_run.hpp"
#include "plain_scan.hpp"

namespace {

using namespace beckon;
using bench::Edge;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::shared_ptr<const rules::RuleSet> compile(const std::string& text) {
  rules::CheckResult checked = rules::check(text);
  if (!checked.file) {
    std::fprintf(stderr, "%s", rules::render(checked.diagnostics.front(), "rules.json", text).c_str());
    std::exit(1);
  }
  return rules::RuleSet::compile(std::move(*checked.file), {"site"});
}

struct Result {
  int rules = 0;
  double beckon_ns = 0, scan_ns = 0, compile_ms = 0, bytes = 0;
  double decisions_per_event = 0, wakes_per_event = 0;
  std::size_t compared = 0;
};

// The decisions of the first events, or the first place where they differ.
std::size_t compare(bench::BeckonRun& run, bench::PlainScan& scan, const bench::Workload& workload) {
  constexpr std::size_t kCompared = 20'000;
  std::vector<Edge> edges;
  run.edges = &edges;
  run.start();
  scan.start();
  scan.edges.clear();
  const std::size_t count = std::min(kCompared, workload.events.size());
  for (std::size_t i = 0; i < count; ++i) {
    run.apply(i);
    scan.apply(workload.events[i]);
  }
  run.edges = nullptr;
  std::sort(edges.begin(), edges.end());
  std::sort(scan.edges.begin(), scan.edges.end());
  if (edges != scan.edges) {
    const auto [a, b] = std::mismatch(edges.begin(), edges.end(), scan.edges.begin(), scan.edges.end());
    std::fprintf(stderr, "decisions differ: %zu of the engine, %zu of the scan", edges.size(), scan.edges.size());
    if (a != edges.end()) std::fprintf(stderr, "; engine t=%lld visitor %d rule %d", static_cast<long long>(a->t), a->visitor, a->rule);
    if (b != scan.edges.end()) std::fprintf(stderr, "; scan t=%lld visitor %d rule %d", static_cast<long long>(b->t), b->visitor, b->rule);
    std::fprintf(stderr, "\n");
    std::exit(1);
  }
  const std::size_t compared = scan.edges.size();
  scan.edges.clear();
  return compared;
}

Result measure(const bench::Workload& workload, int count, int passes) {
  Result result;
  result.rules = count;
  const std::string text = bench::rule_file_text(workload, count);
  std::vector<double> compiles, beckons, scans;
  std::shared_ptr<const rules::RuleSet> set;
  for (int i = 0; i < passes; ++i) {
    const double begin = thread_seconds();
    set = compile(text);
    compiles.push_back(thread_seconds() - begin);
  }
  bench::BeckonRun run(workload, set);
  bench::PlainScan scan(workload, count);
  result.compared = compare(run, scan, workload);
  // The scan's cost grows with the rules: fewer of its events are enough, and are said to be fewer.
  const std::size_t scanned = std::min<std::size_t>(workload.events.size(), count >= 10'000 ? 5'000 : count >= 1'000 ? 20'000 : 100'000);
  for (int i = 0; i < passes; ++i) {
    run.start();
    run.decisions = run.wakes = 0;
    double begin = thread_seconds();
    for (std::size_t e = 0; e < run.events(); ++e) run.apply(e);
    beckons.push_back((thread_seconds() - begin) / static_cast<double>(run.events()));
    scan.start();
    scan.edges.clear();
    begin = thread_seconds();
    for (std::size_t e = 0; e < scanned; ++e) {
      scan.apply(workload.events[e]);
      scan.edges.clear();
    }
    scans.push_back((thread_seconds() - begin) / static_cast<double>(scanned));
  }
  result.beckon_ns = median(beckons) * 1e9;
  result.scan_ns = median(scans) * 1e9;
  result.compile_ms = median(compiles) * 1e3;
  result.bytes = run.bytes_per_visitor();
  result.decisions_per_event = static_cast<double>(run.decisions) / static_cast<double>(run.events());
  result.wakes_per_event = static_cast<double>(run.wakes) / static_cast<double>(run.events());
  return result;
}

// Moving one of a million timers: the wheel against std::multimap.
struct TimerResult {
  double wheel_ns = 0, multimap_ns = 0;
};

TimerResult measure_timers(int passes) {
  constexpr int kTimers = 1'000'000, kMoves = 1'000'000;
  constexpr std::int64_t kHorizon = 30 * 60 * 1000;
  std::vector<double> wheels, maps;
  std::uint64_t state = 1;
  const auto random = [&state] {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return state >> 33;
  };
  for (int pass = 0; pass < passes; ++pass) {
    rules::TimerWheel wheel(rules::at_ms(0));
    std::vector<rules::Timer> timers(kTimers);
    std::multimap<std::int64_t, int> map;
    std::vector<std::multimap<std::int64_t, int>::iterator> places;
    std::vector<std::int64_t> dues;
    std::vector<int> which;
    for (int i = 0; i < kTimers; ++i) {
      const std::int64_t due = static_cast<std::int64_t>(random() % kHorizon);
      wheel.set(timers[static_cast<std::size_t>(i)], rules::at_ms(due));
      places.push_back(map.emplace(due, i));
    }
    for (int i = 0; i < kMoves; ++i) {
      which.push_back(static_cast<int>(random() % kTimers));
      dues.push_back(static_cast<std::int64_t>(random() % kHorizon));
    }
    double begin = thread_seconds();
    for (int i = 0; i < kMoves; ++i) {
      wheel.set(timers[static_cast<std::size_t>(which[static_cast<std::size_t>(i)])], rules::at_ms(dues[static_cast<std::size_t>(i)]));
    }
    wheels.push_back((thread_seconds() - begin) / kMoves);
    begin = thread_seconds();
    for (int i = 0; i < kMoves; ++i) {
      auto& place = places[static_cast<std::size_t>(which[static_cast<std::size_t>(i)])];
      const int timer = place->second;
      map.erase(place);
      place = map.emplace(dues[static_cast<std::size_t>(i)], timer);
    }
    maps.push_back((thread_seconds() - begin) / kMoves);
  }
  return {median(wheels) * 1e9, median(maps) * 1e9};
}

}  // namespace

int main(int argc, char** argv) {
  int passes = 5;
  std::string json, sizes = "10,100,1000,10000", with_timers = "yes";
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--passes")) passes = std::atoi(argv[i + 1]);
    if (!std::strcmp(argv[i], "--json")) json = argv[i + 1];
    if (!std::strcmp(argv[i], "--sizes")) sizes = argv[i + 1];
    if (!std::strcmp(argv[i], "--timers")) with_timers = argv[i + 1];
  }
  const bench::Workload workload = bench::make_workload(1);
  std::printf("%8s %12s %12s %8s %12s %10s %10s %8s\n", "rules", "beckon ns", "scan ns", "ratio", "compile ms", "bytes",
              "decisions", "wakes");
  std::string out = "{\"engine\":[";
  for (std::size_t at = 0; at < sizes.size();) {
    const std::size_t comma = std::min(sizes.find(',', at), sizes.size());
    const Result r = measure(workload, std::atoi(sizes.substr(at, comma - at).c_str()), passes);
    std::printf("%8d %12.1f %12.1f %8.2f %12.1f %10.0f %10.2f %8.2f\n", r.rules, r.beckon_ns, r.scan_ns, r.scan_ns / r.beckon_ns,
                r.compile_ms, r.bytes, r.decisions_per_event, r.wakes_per_event);
    std::fflush(stdout);
    char line[512];
    std::snprintf(line, sizeof line,
                  R"(%s{"rules":%d,"beckon_ns":%.1f,"scan_ns":%.1f,"compile_ms":%.2f,"visitor_bytes":%.0f,"decisions":%.3f,"wakes":%.3f,"compared":%zu})",
                  at ? "," : "", r.rules, r.beckon_ns, r.scan_ns, r.compile_ms, r.bytes, r.decisions_per_event, r.wakes_per_event,
                  r.compared);
    out += line;
    at = comma + 1;
  }
  const TimerResult timers = with_timers == "yes" ? measure_timers(passes) : TimerResult{};
  std::printf("\nmoving one of 1,000,000 timers: wheel %.1f ns, std::multimap %.1f ns, ratio %.1f\n", timers.wheel_ns,
              timers.multimap_ns, timers.multimap_ns / timers.wheel_ns);
  char line[160];
  std::snprintf(line, sizeof line, R"(],"timers":{"wheel_ns":%.1f,"multimap_ns":%.1f}})", timers.wheel_ns, timers.multimap_ns);
  out += line;
  if (!json.empty()) std::ofstream(json) << out << "\n";
  return 0;
}

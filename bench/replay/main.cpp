// beckon_replay_bench: how many lines of a journal `beckon rules replay` takes a second of its CPU time with 100 rules,
// and the most memory it has meanwhile, on a recording and on a hundred times as much, plain and gzip, streamed into
// its standard input. docs/performance.md says what is measured; --help lists the options.
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include "beckon/json/writer.hpp"
#include "journals.hpp"
#include "support/measure.hpp"
#include "support/process.hpp"

namespace {

using namespace beckon;
using namespace beckon::bench;

struct Options {
  std::string beckon, events, json;
  int passes = 5, rules = 100, times = 100;
  std::uint64_t lines = 82'000;
};

enum class Packing { kPlain, kGzip };

struct Figures {
  std::string what;
  int times = 1;
  Packing packing = Packing::kPlain;
  double lines = 0, visitors = 0, decisions = 0, lines_per_cpu_s = 0, peak_bytes = 0;
  int passes = 0;
};

// Passes bytes on to a process, packed or not.
class Feed {
 public:
  Feed(Process& to, Packing packing) : to_(to), packing_(packing) {
    if (packing == Packing::kGzip) ::deflateInit2(&stream_, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  }
  ~Feed() {
    if (packing_ == Packing::kGzip) ::deflateEnd(&stream_);
  }
  Feed(const Feed&) = delete;
  Feed& operator=(const Feed&) = delete;

  void write(std::string& bytes) {
    if (packing_ == Packing::kPlain) return to_.write(bytes);
    deflate(bytes, Z_NO_FLUSH);
  }
  void finish() {
    std::string nothing;
    if (packing_ == Packing::kGzip) deflate(nothing, Z_FINISH);
  }

 private:
  void deflate(std::string& bytes, int flush) {
    char packed[64 * 1024];
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    do {
      stream_.next_out = reinterpret_cast<Bytef*>(packed);
      stream_.avail_out = sizeof packed;
      ::deflate(&stream_, flush);
      to_.write({packed, sizeof packed - stream_.avail_out});
    } while (stream_.avail_out == 0);
  }
  Process& to_;
  Packing packing_;
  z_stream stream_{};
};

double number_in(const std::string& answer, const std::string& key) {
  const std::size_t at = answer.find("\"" + key + "\":");
  if (at == std::string::npos) fail("beckon rules replay answers: " + answer.substr(0, 200));
  return std::atof(answer.c_str() + at + key.size() + 3);
}

struct Pass {
  double cpu_seconds, peak_bytes, lines, visitors, decisions;
};

Pass replay(const Options& options, const std::string& rules_file, Journal& journal, Packing packing) {
  Process process({options.beckon, "rules", "replay", rules_file, "--events", "-", "--format", "json"}, "",
                  Process::Talk::kLines);
  Feed feed(process, packing);
  std::string bytes;
  while (journal.more(bytes)) {
    feed.write(bytes);
    bytes.clear();
  }
  feed.finish();
  const double peak = process.peak_resident_bytes();  // of its end: what is left is in the pipe
  process.close_input();
  const std::string answer = process.read_line();
  const double cpu = process.wait_for_cpu_seconds();
  if (number_in(answer, "bad_lines") != 0 || number_in(answer, "lines") != static_cast<double>(journal.lines())) {
    fail("beckon rules replay has not taken all lines: " + answer.substr(0, 200));
  }
  return {cpu, peak, number_in(answer, "lines"), number_in(answer, "visitors"), number_in(answer, "decisions")};
}

template <class Open>
Figures measure(const Options& options, const std::string& rules_file, std::string what, int times, Packing packing,
                const Open& open) {
  constexpr int kPassesOfMany = 3;  // of the long ones
  Figures figures{std::move(what), times, packing};
  figures.passes = times > 1 ? std::min(options.passes, packing == Packing::kGzip ? 1 : kPassesOfMany) : options.passes;
  std::vector<double> speeds, peaks;
  for (int i = 0; i < figures.passes; ++i) {
    const std::unique_ptr<Journal> journal = open(times);
    const Pass pass = replay(options, rules_file, *journal, packing);
    speeds.push_back(pass.lines / pass.cpu_seconds);
    peaks.push_back(pass.peak_bytes);
    figures.lines = pass.lines;
    figures.visitors = pass.visitors;
    figures.decisions = pass.decisions;
  }
  figures.lines_per_cpu_s = median(speeds);
  figures.peak_bytes = most(peaks);
  std::printf("%-10s %6d %6s %11.0f %10.0f %11.0f %14.0f %12.1f\n", figures.what.c_str(), times,
              packing == Packing::kGzip ? "gzip" : "plain", figures.lines, figures.visitors, figures.decisions,
              figures.lines_per_cpu_s, figures.peak_bytes / 1048576);
  std::fflush(stdout);
  return figures;
}

struct RulesFile {
  RulesFile(const Workload& workload, int rules) { std::ofstream(path) << rule_file_text(workload, rules); }
  ~RulesFile() { std::filesystem::remove(path); }
  std::string path =
      (std::filesystem::temp_directory_path() / ("beckon-bench-rules-" + std::to_string(::getpid()) + ".json"))
          .string();
};

template <class Open>
void measure_all(std::vector<Figures>& results, const Options& options, const std::string& rules_file, const char* what,
                 const Open& open) {
  results.push_back(measure(options, rules_file, what, 1, Packing::kPlain, open));
  results.push_back(measure(options, rules_file, what, options.times, Packing::kPlain, open));
  results.push_back(measure(options, rules_file, what, options.times, Packing::kGzip, open));
}

std::string json_of(const Options& options, const std::string& load_before, const std::vector<Figures>& results) {
  std::string out;
  json::Writer w(out);
  w.begin_object().key("rules").number(std::int64_t{options.rules}).key("load_before").string(load_before);
  w.key("load_after").string(load_of_machine());
  w.key("replays").begin_array();
  for (const Figures& one : results) {
    w.begin_object().key("traffic").string(one.what).key("times").number(std::int64_t{one.times});
    w.key("packing")
        .string(one.packing == Packing::kGzip ? "gzip" : "plain")
        .key("passes")
        .number(std::int64_t{one.passes});
    w.key("lines").number(one.lines).key("visitors").number(one.visitors).key("decisions").number(one.decisions);
    w.key("lines_per_cpu_s")
        .number(std::round(one.lines_per_cpu_s))
        .key("peak_bytes")
        .number(one.peak_bytes)
        .end_object();
  }
  w.end_array().end_object();
  return out;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app("beckon rules replay: lines a second of CPU time, and its peak memory.");
  app.add_option("--beckon", options.beckon, "The program")->required()->check(CLI::ExistingFile);
  app.add_option("--events", options.events, "Also a recording of your own, in the journal's form, gzip or not")
      ->check(CLI::ExistingFile);
  app.add_option("--passes", options.passes, "Passes; of the long ones at most 3")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--lines", options.lines, "Lines of the generated traffic, once")->capture_default_str();
  app.add_option("--times", options.times, "How many times as much the long ones are")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--rules", options.rules, "How many rules of LC-RULES-1")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_option("--json", options.json, "Where to write the result");
  CLI11_PARSE(app, argc, argv);

  const std::string load_before = load_of_machine();
  WorkloadSize size;
  size.rules = options.rules;
  size.visitors = size.events = 1;
  Workload workload = make_workload(1, size);
  std::printf("%-10s %6s %6s %11s %10s %11s %14s %12s\n", "traffic", "times", "", "lines", "visitors", "decisions",
              "lines/cpu-s", "peak MiB");
  std::vector<Figures> results;
  {
    const RulesFile rules(workload, options.rules);
    measure_all(results, options, rules.path, "generated", [&](int times) -> std::unique_ptr<Journal> {
      return std::make_unique<GeneratedJournal>(options.lines * static_cast<std::uint64_t>(times));
    });
  }
  if (!options.events.empty()) {
    const auto recording = RepeatedJournal::read(options.events);
    adapt_rules(workload, *recording);
    const RulesFile rules(workload, options.rules);
    measure_all(results, options, rules.path, "recorded", [&](int times) -> std::unique_ptr<Journal> {
      return std::make_unique<RepeatedJournal>(recording, times);
    });
  }
  write_result(options.json, json_of(options, load_before, results));
  return 0;
}

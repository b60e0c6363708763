// Chat at the store: messages acknowledged after the commit, at a steady rate and as fast as they are acknowledged,
// beside what the disk takes to flush.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <string>

#include "store/disk.hpp"
#include "store/sqlite_store.hpp"
#include "store/talk.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

struct Pass {
  double p50 = 0, p99 = 0, worst = 0, flush_p50 = 0, flush_p99 = 0;
  double messages_a_commit = 0, bytes_a_message = 0, cpu_microseconds = 0, fastest = 0;
};

double process_cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

std::unique_ptr<store::Store> open(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  store::SqliteOptions options;
  options.dir = folder;
  auto opened = store::open_sqlite_store(options);
  if (!opened) fail(opened.error().message);
  return std::move(*opened);
}

Pass run(const std::filesystem::path& folder, const Talk& talk, int number) {
  Pass pass;
  std::filesystem::create_directories(folder);
  const auto flushes = flush_times(folder, 500);
  pass.flush_p50 = quantile(flushes, .5);
  pass.flush_p99 = quantile(flushes, .99);
  auto store = open(folder);
  const double cpu = process_cpu_seconds();
  const Heard heard = say_at(*store, talk, number);
  const auto messages = static_cast<double>(heard.milliseconds.size());
  pass.cpu_microseconds = (process_cpu_seconds() - cpu) * 1e6 / messages;
  pass.p50 = quantile(heard.milliseconds, .5);
  pass.p99 = quantile(heard.milliseconds, .99);
  pass.worst = most(heard.milliseconds);
  pass.messages_a_commit = messages / heard.commits;
  pass.bytes_a_message = heard.write_bytes / messages;
  store = open(folder);
  pass.fastest = say_as_fast_as_acknowledged(*store, talk, 64, number);
  store.reset();
  std::filesystem::remove_all(folder);
  return pass;
}

std::string json_of(const Pass& p) {
  char text[512];
  std::snprintf(text, sizeof text,
                "{\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"worst_ms\":%.1f,\"flush_p50_ms\":%.2f,\"flush_p99_ms\":%.2f,"
                "\"messages_a_commit\":%.1f,\"bytes_a_message\":%.0f,\"cpu_us_a_message\":%.1f,"
                "\"messages_a_second_64_waiting\":%.0f}",
                p.p50, p.p99, p.worst, p.flush_p50, p.flush_p99, p.messages_a_commit, p.bytes_a_message,
                p.cpu_microseconds, p.fastest);
  return text;
}

int main_of(int argc, char** argv) {
  Talk talk;
  int passes = 5;
  std::string folder = "store-bench-data", json;
  CLI::App app("Chat at the store: latency and throughput of acknowledged messages");
  app.add_option("--rate", talk.rate, "Messages a second")->capture_default_str();
  app.add_option("--seconds", talk.seconds, "How long a pass lasts")->capture_default_str();
  app.add_option("--conversations", talk.conversations, "That they are said in, in turn")->capture_default_str();
  app.add_option("--passes", passes)->capture_default_str();
  app.add_option("--data", folder, "A folder on the disk to be measured; emptied")->capture_default_str();
  app.add_option("--json", json, "Where the result goes");
  CLI11_PARSE(app, argc, argv);

  std::string all = "[";
  std::puts("    p50     p99    worst   flush p50 / p99   messages/commit  bytes  CPU us   64 waiting/s");
  for (int i = 0; i < passes; ++i) {
    const Pass p = run(folder, talk, i);
    std::printf("%7.2f %7.2f %8.1f   %7.2f / %-7.2f %12.1f %10.0f %7.1f %11.0f   load %s\n", p.p50, p.p99, p.worst,
                p.flush_p50, p.flush_p99, p.messages_a_commit, p.bytes_a_message, p.cpu_microseconds, p.fastest,
                load_of_machine().c_str());
    all += (i == 0 ? "" : ",") + json_of(p);
  }
  write_result(json, all + "]\n");
  return 0;
}

}  // namespace
}  // namespace beckon::bench

int main(int argc, char** argv) { return beckon::bench::main_of(argc, argv); }

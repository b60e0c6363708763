#include "servers.hpp"

#include <cstdlib>
#include <fstream>

#include "lc_rules.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

std::string rules_text(int rules) {
  WorkloadSize size;
  size.rules = rules;
  size.visitors = size.events = 1;
  std::string text = rule_file_text(make_workload(1, size), rules);
  text.insert(text.rfind("\n]}"), R"(,
{"id":"offer","mode":"live","ignore_pressure":true,"when":{"page.path":{"prefix":"/offer/"}},
 "then":{"invite":{"text":"Can I help you with this?"}}})");
  return text;
}

// The arguments of the server whose configuration and rules it writes into the folder.
std::vector<std::string> set_up(const Programs& programs, const Folder& folder, int port, BeckonServer::Size size) {
  std::ofstream(folder / "rules.json") << rules_text(size.rules);
  std::ofstream config(folder / "beckon.json");
  config << R"({"shards": 1, "data": "data", "log": {"level": "warn"},
  "limits": {"connections_per_address": 0, "frames_per_second": 0, "bytes_per_second": 0},
  "sites": [)";
  for (int i = 0; i < size.sites; ++i) {
    config << (i ? ",\n    " : "\n    ") << R"({"id": "bench)" << i
           << R"(", "origins": ["https://bench.example"], "rules": "rules.json", "consent": "granted"})";
  }
  config << "\n  ]}\n";
  return {programs.beckon,        "serve",    "--config",
          folder / "beckon.json", "--listen", "127.0.0.1:" + std::to_string(port)};
}

std::vector<std::string> echo_arguments(const Programs& programs, EchoServer::Kind kind, int port) {
  if (kind == EchoServer::Kind::kBeast) return {programs.echo, std::to_string(port)};
  return {"node", programs.ws, std::to_string(port)};
}

}  // namespace

Folder::Folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "beckon-bench-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) fail("no temporary folder");
  path_ = pattern;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

BeckonServer::BeckonServer(const Programs& programs, Size size)
    : process_(set_up(programs, folder_, port_, size), folder_ / "log") {}

EchoServer::EchoServer(const Programs& programs, Kind kind)
    : process_(echo_arguments(programs, kind, port_), folder_ / "log") {}

}  // namespace beckon::bench

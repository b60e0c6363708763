#include "npm_peers.hpp"

#include <cstdlib>

#include "beckon/json/writer.hpp"
#include "plain_scan.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

void write_leaf(json::Writer& w, const Leaf& leaf) {
  const bool deep = leaf.fact == "url" && leaf.text.find('/', leaf.text.find('/', 1) + 1) != std::string::npos;
  w.begin_object().key("fact").string(leaf.fact != "url" ? leaf.fact : deep ? "url2" : "url1");
  w.key("op").string(leaf.op == "prefix" ? "=" : leaf.op).key("value");
  if (leaf.op == "in") {
    w.begin_array();
    for (const std::string& member : leaf.set) w.string(member);
    w.end_array();
  } else if (leaf.text.empty()) {
    w.number(leaf.number);
  } else {
    w.string(leaf.text);
  }
  w.end_object();
}

void write_rule(json::Writer& w, const BenchRule& rule) {
  w.begin_object().key("all").begin_array();
  for (const Part& part : rule.parts) {
    if (part.leaves.size() == 1 && !part.negated) {
      write_leaf(w, part.leaves.front());
      continue;
    }
    w.begin_object().key(part.negated ? "none" : "any").begin_array();
    for (const Leaf& leaf : part.leaves) write_leaf(w, leaf);
    w.end_array().end_object();
  }
  w.end_array().end_object();
}

void write_facts(json::Writer& w, const Session& of, std::int64_t t) {
  const std::size_t second = of.url.find('/', 1), third = of.url.find('/', second + 1);
  w.begin_object().key("url1").string(of.url.substr(0, second + 1)).key("url2").string(of.url.substr(0, third + 1));
  w.key("cart")
      .number(of.cart)
      .key("dwell")
      .number((t - of.page_t) / 1000)
      .key("site")
      .number((t - of.session_t) / 1000);
  w.key("pages").number(std::int64_t{of.pages}).key("country").string(of.country).key("lang").string(of.lang);
  w.key("device").string(of.device).key("utm").string(of.utm).key("ref").string(of.ref);
  w.key("ret").number(std::int64_t{of.returning});
  for (std::size_t i = 0; i < of.events.size(); ++i) {
    w.key((i < 10 ? "e0" : "e") + std::to_string(i)).number(std::int64_t{of.events[i]});
  }
  for (std::size_t i = 0; i < of.attributes.size(); ++i) {
    w.key("a" + std::to_string(i)).number(std::int64_t{of.attributes[i]});
  }
  w.end_object();
}

double number_behind(const std::string& answer, const std::string& key) {
  const std::size_t at = answer.find("\"" + key + "\":");
  if (at == std::string::npos) fail("a peer from npm answers: " + answer);
  return std::atof(answer.c_str() + at + key.size() + 3);
}

}  // namespace

std::string npm_workload(const Workload& workload, int rules, int samples) {
  std::string out;
  json::Writer w(out);
  w.begin_object().key("rules").begin_array();
  for (int i = 0; i < rules; ++i) write_rule(w, workload.rules[static_cast<std::size_t>(i)]);
  w.end_array().key("samples").begin_array();
  PlainScan scan(workload, rules);
  std::vector<Session> sessions = workload.visitors;
  const std::size_t stride = workload.events.size() / static_cast<std::size_t>(samples);
  for (std::size_t i = 0; i < workload.events.size(); ++i) {
    const BenchEvent& event = workload.events[i];
    Session& session = sessions[static_cast<std::size_t>(event.visitor)];
    follow(session, event);
    if (i % stride != stride - 1) continue;
    w.begin_object().key("facts");
    write_facts(w, session, event.t);
    w.key("holds").begin_array();
    for (const int rule : scan.holding(session, event.t)) w.number(std::int64_t{rule});
    w.end_array().end_object();
  }
  w.end_array().end_object();
  return out;
}

NpmPeer::NpmPeer(const std::string& script, const std::string& peer, const std::string& workload)
    : name_(peer), process_({"node", script, peer, workload}, "", Process::Talk::kLines) {
  constexpr std::string_view kVersion = "\"version\":\"";
  const std::string greeting = process_.read_line();
  const std::size_t at = greeting.find(kVersion);
  if (at == std::string::npos) fail("a peer from npm says: " + greeting);
  version_ = greeting.substr(at + kVersion.size(), greeting.rfind('"') - at - kVersion.size());
}

std::string NpmPeer::ask(const char* what) {
  process_.write(std::string(what) + "\n");
  return process_.read_line();
}

int NpmPeer::check() { return static_cast<int>(number_behind(ask("check"), "compared")); }

double NpmPeer::time_ns() {
  const std::string answer = ask("time");
  const double evaluations = number_behind(answer, "evaluations");
  evaluations_ += static_cast<int>(evaluations);
  return number_behind(answer, "cpu_ns") / evaluations;
}

}  // namespace beckon::bench

// LC-RULES-1: the workload of the engine's benchmark. 10,000 rules (the first N are used), 1,000 visitors and 100,000
// events, all from one seed with SplitMix64, so that every implementation of it gives the same.
//
// Rules follow the traffic: sections and categories of a site, cart and dwell thresholds, countries, campaigns,
// attributes, counts of events; one in five has an alternative, one in ten an exception. Visitors look at a page every
// 20 s or so.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace beckon::bench {

inline constexpr int kEventNames = 20;
inline constexpr int kAttributes = 10;

struct Leaf {
  std::string fact;  // url cart dwell site country lang device utm ref pages ret eNN aN
  std::string op;    // prefix >= = in
  std::string text;  // of url, device, utm, ref
  std::int64_t number = 0;
  std::vector<std::string> set;  // of country, lang
};

struct Part {  // any of its leaves; negated: none of them
  std::vector<Leaf> leaves;
  bool negated = false;
};

struct BenchRule {
  std::vector<Part> parts;  // all of them
};

struct Session {
  std::string url, country, lang, device, utm, ref;  // utm, ref: empty when there is none
  std::int64_t cart = 0, page_t = 0, session_t = 0;
  int pages = 1;
  bool returning = false;
  std::array<int, kEventNames> events{};
  std::array<int, kAttributes> attributes{};
};

struct BenchEvent {
  enum class Kind : std::uint8_t { kSession, kPage, kCart, kEvent, kAttr } kind = Kind::kPage;
  std::int64_t t = 0;
  int visitor = 0;
  std::string url;        // kPage
  std::int64_t cart = 0;  // kCart
  int which = 0;          // kEvent, kAttr
  int value = 0;          // kAttr
  Session session;        // kSession
};

struct Workload {
  std::vector<BenchRule> rules;
  std::vector<Session> visitors;  // as they are at t = 0, in the middle of their visits
  std::vector<BenchEvent> events;
};

struct WorkloadSize {
  int rules = 10'000, visitors = 1'000, events = 100'000;
};

// What becomes of a visitor by one of its events.
void follow(Session& session, const BenchEvent& event);

[[nodiscard]] Workload make_workload(std::uint64_t seed, WorkloadSize size = {});

// The first `count` rules as a rule file of this project: mode shadow, limit "none".
[[nodiscard]] std::string rule_file_text(const Workload& workload, int count);

}  // namespace beckon::bench

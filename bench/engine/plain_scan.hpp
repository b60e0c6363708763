// The peer every engine must beat: a plain scan over all rules at every event and at every instant at which a clock
// passes a threshold, with typed facts, interned strings, early exit, and one bit of memory a rule and visitor.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "beckon/rules/timers.hpp"
#include "lc_rules.hpp"

namespace beckon::bench {

// One edge from false to true, or a rule that holds when a page starts.
struct Edge {
  std::int64_t t;
  int visitor;
  int rule;
  friend auto operator<=>(const Edge&, const Edge&) = default;
};

class PlainScan {
 public:
  PlainScan(const Workload& workload, int rules);
  // Resets all visitors to t = 0.
  void start();
  void apply(const BenchEvent& event);
  // The rules that hold for a visitor at the instant `t`, ascending, whatever start() and apply() have done.
  [[nodiscard]] std::vector<int> holding(const Session& session, std::int64_t t);

  std::vector<Edge> edges;  // appended to; its owner clears it
  std::uint64_t wakes = 0;

 private:
  enum Field {
    kUrl1,
    kUrl2,
    kCart,
    kDwell,
    kSite,
    kPages,
    kCountry,
    kLang,
    kDevice,
    kUtm,
    kRef,
    kRet,
    kEvents,
    kAttrs = kEvents + kEventNames,
    kFields = kAttrs + kAttributes
  };
  struct Test {
    std::int32_t field;
    enum Op : std::int32_t { kAtLeast, kEqual, kIn } op;
    std::int64_t value;
    std::uint64_t set;
  };
  struct Clause {
    std::uint32_t begin, end;
    bool negated;
  };
  struct Rule {
    std::uint32_t begin, end;
  };
  struct State {
    std::int64_t fields[kFields];
    std::int64_t page_t, session_t;
    std::vector<std::uint64_t> held;
    rules::Timer timer;
    int index;
    State() : timer(this) {}
  };
  void load(State& state, const Session& session);
  void set_url(State& state, const std::string& url);
  enum class Page { kStarts, kGoesOn };
  [[nodiscard]] bool holds(const Rule& rule, const State& state) const;
  void scan(State& state, std::int64_t t, Page page);
  void schedule(State& state, std::int64_t t);
  std::int32_t id(const std::string& text);

  const Workload& workload_;
  std::unordered_map<std::string, std::int32_t> ids_;
  std::vector<Test> tests_;
  std::vector<Clause> clauses_;
  std::vector<Rule> rules_;
  std::vector<std::int64_t> dwells_, sites_;  // thresholds in use, ms, ascending
  std::vector<std::unique_ptr<State>> states_;
  std::unique_ptr<rules::TimerWheel> wheel_;
};

}  // namespace beckon::bench

// The engine on LC-RULES-1, as a host runs it: visitors with their timers in one wheel.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "beckon/rules/engine.hpp"
#include "beckon/rules/timers.hpp"
#include "lc_rules.hpp"
#include "plain_scan.hpp"

namespace beckon::bench {

class BeckonRun {
 public:
  BeckonRun(const Workload& workload, std::shared_ptr<const rules::RuleSet> rules);
  void start();
  void apply(std::size_t event);  // the event's place in the workload
  [[nodiscard]] std::size_t events() const { return prepared_.size(); }
  // Mean bytes of a visitor's state.
  [[nodiscard]] double bytes_per_visitor() const;

  std::uint64_t decisions = 0, wakes = 0;
  std::vector<Edge>* edges = nullptr;  // where to note them; nullptr when timed

 private:
  struct Guest {
    explicit Guest(rules::Visitor v) : visitor(std::move(v)), timer(this) {}
    rules::Visitor visitor;
    rules::Timer timer;
    int index = 0;
  };
  // What an event says, as a parser would have it at hand: parsing is not measured.
  struct Prepared {
    rules::Instant t;
    int visitor;
    BenchEvent::Kind kind;
    double number = 0;                    // kCart, kAttr
    std::string_view name = {};           // kEvent, kAttr
    const rules::PageUrl* url = nullptr;  // kPage, kSession
    std::uint32_t newcomer = 0;           // kSession: which
  };
  struct Newcomer {
    std::string id;
    rules::VisitorSnapshot known;
    const Session* session;
  };
  void read(const Prepared& prepared);
  void tell(const Guest& guest);
  [[nodiscard]] rules::VisitorSnapshot snapshot(const Session& session) const;
  [[nodiscard]] rules::PageUrl* url(const std::string& path, const std::string& campaign);

  const Workload& workload_;
  rules::Engine engine_;
  std::unique_ptr<rules::TimerWheel> wheel_;
  std::vector<std::unique_ptr<Guest>> guests_;
  std::vector<Prepared> prepared_;
  std::vector<std::unique_ptr<rules::PageUrl>> urls_;
  std::vector<Newcomer> newcomers_;
  rules::Event event_;  // the one that is applied
  std::vector<std::string> event_names_, attr_names_;
  rules::Output out_;
};

}  // namespace beckon::bench

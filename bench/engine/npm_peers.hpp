// Peers from npm: engines that are given all facts of a visitor and say which rules hold, without state, each in a
// Node.js process of its own (bench/peers). They are asked in turns with the engines here.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lc_rules.hpp"
#include "support/process.hpp"

namespace beckon::bench {

// Facts of visitors right after events spread evenly over the workload, and the rules that then hold by the plain scan,
// as bench/peers/engine.mjs reads them. `rules`: how many of the workload's.
[[nodiscard]] std::string npm_workload(const Workload& workload, int rules, int samples);

class NpmPeer {
 public:
  // `script`: bench/peers/engine.mjs. `workload`: a file of npm_workload().
  NpmPeer(const std::string& script, const std::string& peer, const std::string& workload);

  // Compares which rules hold at the first samples; ends this program where the peer differs from the scan. How many.
  int check();
  // CPU time of one evaluation of all rules, in nanoseconds, over some two seconds.
  double time_ns();

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& version() const { return version_; }
  [[nodiscard]] int evaluations() const { return evaluations_; }  // timed so far

 private:
  std::string ask(const char* what);
  std::string name_, version_;
  Process process_;
  int evaluations_ = 0;
};

}  // namespace beckon::bench

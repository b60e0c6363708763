// The visitors of LC-RULES-1: a stream of events without an end, from one seed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lc_random.hpp"
#include "lc_rules.hpp"

namespace beckon::bench {

class Traffic {
 public:
  Traffic(std::uint64_t seed, int visitors);
  // The next event; `t` never goes back.
  BenchEvent step();
  // Runs until visits are in mid-flow, then lets time start: instants of pages and sessions become negative.
  void warm_up();
  [[nodiscard]] const std::vector<Session>& sessions() const { return sessions_; }

 private:
  std::string url();
  Session session(std::int64_t t);

  Random random_;
  int visitors_;
  double time_ = 0;
  Zipf section_{kSections, .8}, category_{kCategories, .8}, country_{60, 1.0}, lang_{20, 1.0}, utm_{40, 1.0},
      ref_{50, 1.0}, event_{kEventNames, .8};
  std::vector<Session> sessions_;
};

}  // namespace beckon::bench

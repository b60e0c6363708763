// A peer: CLIPS, a Rete engine, on LC-RULES-1, through its C library.
//
// A visitor is one fact, which an event replaces; a rule is one pattern on it (clips_rules.hpp). Nothing is joined: the
// work is in CLIPS's pattern network, which finds constants by hash and shares what patterns begin with alike. All
// rules that hold fire again with each new fact; which are new is found outside of CLIPS, with a bit a rule and
// visitor. Of time the fact has the highest threshold in use that is passed, and is replaced when the next one is.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "lc_rules.hpp"
#include "plain_scan.hpp"

namespace beckon::bench {

namespace clips {
enum class Order : std::uint8_t;  // clips_rules.hpp
}

class ClipsRun {
 public:
  ClipsRun(const Workload& workload, int rules, clips::Order order);
  ~ClipsRun();
  ClipsRun(const ClipsRun&) = delete;
  ClipsRun& operator=(const ClipsRun&) = delete;

  // Resets all visitors to t = 0.
  void start();
  void apply(const BenchEvent& event);

  // What CLIPS holds for a visitor: the growth of its memory at the first start().
  [[nodiscard]] double bytes_per_visitor() const;

  std::vector<Edge> edges;  // appended to; its owner clears it
  std::uint64_t wakes = 0;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beckon::bench

// What is measured of the server. Each prints its table and adds a member to the result; whatever is compared is
// measured in turns, and medians of `passes` are told.
#pragma once

#include "beckon/json/writer.hpp"
#include "servers.hpp"

namespace beckon::bench {

struct Plan {
  Programs programs;
  int passes = 5;
  int events = 40'000;  // page events of a pass, where the rate is the server's own
  int idle = 10'000;    // connections whose memory is looked at
  int known = 100'000;  // visitors
  int sites = 5'000;
};

// Page events acknowledged a second of the server's CPU time, against the echoes.
void measure_events(const Plan& plan, json::Writer& w);
// The same with many visitors known against few, and with many sites against one.
void measure_scale(const Plan& plan, json::Writer& w);
// From a page event to its offer, at fixed rates, against an echo; and the CPU time of an event meanwhile.
void measure_latency(const Plan& plan, json::Writer& w);
// Connections opened a second of the server's CPU time.
void measure_connects(const Plan& plan, json::Writer& w);
// Memory of an idle connection.
void measure_memory(const Plan& plan, json::Writer& w);
// How often the server wakes while nothing is due.
void measure_wakes(const Plan& plan, json::Writer& w);

}  // namespace beckon::bench

// Messages said to a store at a steady rate, and how long each waited for its acknowledgement.
#pragma once

#include <cstddef>
#include <vector>

#include "store/store.hpp"

namespace beckon::bench {

struct Talk {
  double rate = 2'000;              // messages a second
  double seconds = 10;
  std::size_t conversations = 500;
  std::size_t text_bytes = 120;
};

struct Heard {
  std::vector<double> milliseconds;   // from the instant that a message was due to its acknowledgement
  double commits = 0;
  double write_bytes = 0;             // that this process gave to the disk, by /proc/self/io
};

// Messages are due at even distances whatever becomes of those before, so that a store that stalls shows in the
// latencies of all that were due meanwhile. Every message must be acknowledged once; ends the program otherwise.
[[nodiscard]] Heard say_at(store::Store& store, const Talk& talk, int pass);

// Messages a second when `threads` each wait for the acknowledgement before they say the next.
[[nodiscard]] double say_as_fast_as_acknowledged(store::Store& store, const Talk& talk, int threads, int pass);

}  // namespace beckon::bench

// What a shard counts. Plain numbers, written and read on the shard's thread; whoever exposes them posts there for a copy.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace beckon::core {

struct Counters {
  // Now.
  std::uint64_t connections = 0;       // attached
  std::uint64_t consoles = 0;          // of operators, attached
  std::uint64_t visitors = 0;          // in memory
  std::uint64_t visitors_online = 0;   // of these, with a connection
  std::uint64_t visitors_loading = 0;  // whose record is being read
  std::uint64_t timers = 0;

  // Since the start.
  std::uint64_t hellos = 0, resumes = 0, reidentified = 0;  // reidentified: a token that was not good
  std::uint64_t frames = 0, events = 0;
  std::uint64_t console_frames = 0;
  std::uint64_t duplicate_frames = 0;  // sent again after a reconnect, dropped
  std::uint64_t decisions = 0;
  std::array<std::uint64_t, 11> verdicts{};  // by rules::Verdict
  std::uint64_t offers_fired = 0, offers_shown = 0, offers_accepted = 0, offers_dismissed = 0, offers_ignored = 0,
                offers_withdrawn = 0;
  std::uint64_t messages = 0;          // of visitors, written
  std::uint64_t refused_frames = 0;    // closed with a code of 4500 and more
  std::uint64_t refused_requests = 0;  // answered with an error frame
  std::uint64_t throttled = 0;
  std::uint64_t leaves_by_timeout = 0;
  std::uint64_t journal_lines = 0, journal_gaps = 0;
  std::uint64_t store_errors = 0;
  // Lateness of deadlines on the shard's clock: the sum and the most, in milliseconds, and how many.
  std::uint64_t deadlines = 0, deadline_late_ms = 0, deadline_late_max_ms = 0;
};

}  // namespace beckon::core

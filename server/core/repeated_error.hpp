// An error that may come as often as frames do, in the log: the first at once, the rest as a number each kErrorLogEvery,
// until an interval goes by without one.
//
//   2026-11-21T21:40:00.123Z error a visitor's frame could not be written why="the disk is full"
//   2026-11-21T21:40:10.123Z error a visitor's frame could not be written why="the disk is full" times=812 within_s=10
//
// Thread safety: none; it belongs to its shard's thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/log.hpp"
#include "core/timers.hpp"

namespace beckon::core {

inline constexpr std::chrono::seconds kErrorLogEvery{10};

class RepeatedError final : public Alarm {
 public:
  // `log` and `timers` must outlive this; `message` is a literal.
  RepeatedError(base::Log& log, Timers& timers, std::string_view message)
      : log_(log), timers_(timers), message_(message) {}
  // What has not been told yet is.
  ~RepeatedError() override { tell_rest(); }
  RepeatedError(const RepeatedError&) = delete;
  RepeatedError& operator=(const RepeatedError&) = delete;

  // It has happened, at `now`. Of those that are counted only the latest `why` is told.
  void tell(std::string_view why, base::Instant now);
  void ring(base::Instant due) override;

 private:
  void tell_rest();

  base::Log& log_;
  Timers& timers_;
  const std::string_view message_;
  std::string why_;
  std::uint64_t untold_ = 0;
};

}  // namespace beckon::core

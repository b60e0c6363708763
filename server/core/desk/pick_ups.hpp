// How long it takes until somebody is answered, from those who were lately.
//
// Thread safety: none.
#pragma once

#include <algorithm>
#include <deque>
#include <optional>

#include "base/clock.hpp"
#include "core/desk/limits.hpp"

namespace beckon::core {

class PickUps {
 public:
  // Somebody who began to wait at `place` (1: next) was answered after `waited`.
  void add(base::Instant now, base::Duration waited, std::size_t place) {
    taken_.push_back({now, waited / static_cast<base::Duration::rep>(std::max<std::size_t>(1, place))});
    if (taken_.size() > kPickUpsKept) taken_.pop_front();
  }

  // What to expect at `place`: place × mean(wait ÷ place at its beginning) of the latest kPickUpsKept within
  // kPickUpsCount. Empty: nothing is known.
  [[nodiscard]] std::optional<base::Duration> expected(base::Instant now, std::size_t place) const {
    base::Duration sum{};
    base::Duration::rep count = 0;
    for (const Taken& each : taken_) {
      if (each.at + kPickUpsCount <= now) continue;
      sum += each.per_place;
      ++count;
    }
    if (count == 0) return std::nullopt;
    return sum * static_cast<base::Duration::rep>(place) / count;
  }

 private:
  struct Taken {
    base::Instant at;
    base::Duration per_place;
  };
  std::deque<Taken> taken_;
};

}  // namespace beckon::core

// What is held against addresses and logins: wrong guesses, or whatever else there may not be too much of; some of it is
// forgiven as time goes by. In memory only.
//
//   if (const auto wait = throttle.take("login ada", now)) refuse(*wait);   // taken before the guess is looked at …
//   else if (guess_was_right) throttle.give_back("login ada");              // … so that guesses at once all count
//
// Thread safety: none.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "operators/limits.hpp"

namespace beckon::operators {

class Throttle {
 public:
  // `burst` at once, then one more in every `every`.
  Throttle(double burst, base::Duration every) : burst_(burst), every_(every) {}

  // Counts `amount` against `key`; or how long until so much may be tried. An empty key is not counted.
  [[nodiscard]] std::optional<std::chrono::seconds> take(const std::string& key, base::Instant now, double amount = 1);
  // The same without counting.
  [[nodiscard]] std::optional<std::chrono::seconds> look(const std::string& key, base::Instant now,
                                                         double amount = 1) const;
  // It was nothing wrong after all.
  void give_back(const std::string& key);

  [[nodiscard]] std::size_t size() const { return held_.size(); }

 private:
  struct Held {
    double count = 0;  // at `at`
    base::Instant at{};
  };
  [[nodiscard]] double count_of(const Held& held, base::Instant now) const;
  [[nodiscard]] std::optional<std::chrono::seconds> wait_for(double count, double amount) const;
  // Forgets those whose time is over, and when that is not enough those with the least against them.
  void make_room(base::Instant now);

  const double burst_;
  const base::Duration every_;
  std::unordered_map<std::string, Held> held_;
};

}  // namespace beckon::operators

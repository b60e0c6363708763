// The timer wheel against an ordered map.
#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <random>

#include "beckon/rules/timers.hpp"

namespace beckon::rules {
namespace {

TEST_CASE("timers come out in order of time and then of setting, however they were moved") {
  for (const unsigned seed : {1u, 2u, 3u, 4u}) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::int64_t n) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(n)); };
    std::int64_t now = 1'000'000'000'000;
    TimerWheel wheel(at_ms(now));
    std::deque<Timer> timers;
    for (int i = 0; i < 50; ++i) timers.emplace_back();
    std::uint64_t order = 0;
    std::map<std::pair<std::int64_t, std::uint64_t>, Timer*> expected;
    std::map<Timer*, std::pair<std::int64_t, std::uint64_t>> place;
    const auto forget = [&](Timer& timer) {
      if (const auto found = place.find(&timer); found != place.end()) {
        expected.erase(found->second);
        place.erase(found);
      }
    };
    const std::int64_t reaches[] = {3, 100, 5'000, 300'000, 40'000'000, 9'000'000'000'000, 40'000'000'000'000'000};
    for (int step = 0; step < 20'000; ++step) {
      Timer& timer = timers[static_cast<std::size_t>(below(50))];
      const std::int64_t due = now + below(reaches[below(7)]);
      if (below(12) == 0) {
        wheel.set(timer, kNever);
        forget(timer);
      } else if (!timer.is_set() || timer.due() != at_ms(due)) {
        wheel.set(timer, at_ms(due));
        forget(timer);
        place[&timer] = {due, ++order};
        expected[{due, order}] = &timer;
      }
      REQUIRE(wheel.size() == expected.size());
      if (below(3) == 0) REQUIRE(wheel.next() == (expected.empty() ? kNever : at_ms(expected.begin()->first.first)));
      if (below(4) != 0) continue;
      now += below(reaches[below(below(20) == 0 ? 7 : 4)]);
      while (Timer* taken = wheel.take_due(at_ms(now))) {
        REQUIRE(!expected.empty());
        REQUIRE(expected.begin()->second == taken);
        REQUIRE(expected.begin()->first.first <= now);
        forget(*taken);
      }
      REQUIRE((expected.empty() || expected.begin()->first.first > now));
    }
  }
}

TEST_CASE("nobody is woken for an instant from which a timer was moved away") {
  TimerWheel wheel(at_ms(0));
  Timer timer, other;
  wheel.set(timer, at_ms(1'000));
  wheel.set(timer, at_ms(500'000));
  CHECK(wheel.next() == at_ms(500'000));
  wheel.set(other, at_ms(2'000));
  CHECK(wheel.next() == at_ms(2'000));
  CHECK(wheel.take_due(at_ms(1'999)) == nullptr);
  CHECK(wheel.take_due(at_ms(2'000)) == &other);
  CHECK(wheel.take_due(at_ms(499'999)) == nullptr);
  wheel.set(timer, at_ms(600'000));
  CHECK(wheel.take_due(at_ms(500'000)) == nullptr);
  CHECK(wheel.take_due(at_ms(600'000)) == &timer);
  CHECK(wheel.next() == kNever);
}

}  // namespace
}  // namespace beckon::rules

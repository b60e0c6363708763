#include "timers.hpp"

#include <cstdint>
#include <map>
#include <vector>

#include "beckon/rules/timers.hpp"
#include "lc_random.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

constexpr int kTimers = 1'000'000, kMoves = 1'000'000, kHorizonMs = 30 * 60 * 1000;

struct Move {
  std::size_t timer;
  std::int64_t due;
};

std::vector<Move> moves_of(Random& random) {
  std::vector<Move> moves(kMoves);
  for (Move& move : moves) move = {static_cast<std::size_t>(random.below(kTimers)), random.below(kHorizonMs)};
  return moves;
}

double wheel_seconds(const std::vector<std::int64_t>& dues, const std::vector<Move>& moves) {
  rules::TimerWheel wheel(rules::at_ms(0));
  std::vector<rules::Timer> timers(dues.size());
  for (std::size_t i = 0; i < dues.size(); ++i) wheel.set(timers[i], rules::at_ms(dues[i]));
  const double begin = thread_cpu_seconds();
  for (const Move& move : moves) wheel.set(timers[move.timer], rules::at_ms(move.due));
  return thread_cpu_seconds() - begin;
}

double multimap_seconds(const std::vector<std::int64_t>& dues, const std::vector<Move>& moves) {
  std::multimap<std::int64_t, std::size_t> map;
  std::vector<std::multimap<std::int64_t, std::size_t>::iterator> places;
  for (std::size_t i = 0; i < dues.size(); ++i) places.push_back(map.emplace(dues[i], i));
  const double begin = thread_cpu_seconds();
  for (const Move& move : moves) {
    map.erase(places[move.timer]);
    places[move.timer] = map.emplace(move.due, move.timer);
  }
  return thread_cpu_seconds() - begin;
}

}  // namespace

TimerTimes time_timers(int passes) {
  Random random(1);
  std::vector<double> wheels, maps;
  for (int pass = 0; pass < passes; ++pass) {
    std::vector<std::int64_t> dues(kTimers);
    for (std::int64_t& due : dues) due = random.below(kHorizonMs);
    const std::vector<Move> moves = moves_of(random);
    wheels.push_back(wheel_seconds(dues, moves) / kMoves);
    maps.push_back(multimap_seconds(dues, moves) / kMoves);
  }
  return {median(wheels) * 1e9, median(maps) * 1e9};
}

}  // namespace beckon::bench

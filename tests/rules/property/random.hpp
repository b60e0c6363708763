// SplitMix64: the same sequence for a seed on every machine, unlike the standard library's distributions.
// Thread safety: none.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <vector>

namespace beckon::property {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // From 0 to bound − 1; bound is at least 1.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  // From low to high, both included.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }
  bool percent(std::uint64_t chance) { return below(100) < chance; }

  template <typename T>
  const T& pick(const std::vector<T>& list) {
    return list[below(list.size())];
  }
  template <typename T>
  T pick(std::initializer_list<T> list) {
    return *std::next(list.begin(), static_cast<std::ptrdiff_t>(below(list.size())));
  }
  // An index, each as likely as its weight says.
  std::size_t weighted(std::initializer_list<unsigned> weights) {
    std::uint64_t sum = 0;
    for (unsigned weight : weights) sum += weight;
    std::uint64_t at = below(sum);
    std::size_t index = 0;
    for (unsigned weight : weights) {
      if (at < weight) break;
      at -= weight;
      ++index;
    }
    return index;
  }

 private:
  std::uint64_t state_;
};

}  // namespace beckon::property

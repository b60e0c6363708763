// The chance of LC-RULES-1, and the words that its rules and its traffic share.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace beckon::bench {

// SplitMix64, S. Vigna, public domain algorithm.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ull);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }
  int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
  bool chance(double p) { return unit() < p; }
  double exponential(double mean) { return -mean * std::log(1.0 - unit()); }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
  }
  template <typename T>
  std::vector<T> sample(std::vector<T> from, int count) {
    for (int i = 0; i < count; ++i) {
      const int j = i + below(static_cast<int>(from.size()) - i);
      std::swap(from[static_cast<std::size_t>(i)], from[static_cast<std::size_t>(j)]);
    }
    from.resize(static_cast<std::size_t>(count));
    return from;
  }

 private:
  std::uint64_t state_;
};

class Zipf {
 public:
  Zipf(int n, double s) {
    std::vector<double> weights;
    double total = 0;
    for (int i = 0; i < n; ++i) {
      weights.push_back(1.0 / std::pow(i + 1, s));
      total += weights.back();
    }
    double sum = 0;
    for (const double weight : weights) cumulated_.push_back(sum += weight / total);
  }
  int operator()(Random& random) const {
    const double u = random.unit();
    int low = 0, high = static_cast<int>(cumulated_.size()) - 1;
    while (low < high) {
      const int middle = (low + high) / 2;
      if (cumulated_[static_cast<std::size_t>(middle)] > u) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

 private:
  std::vector<double> cumulated_;
};

inline std::string numbered(const char* format, int a, int b = 0, int c = 0) {
  char text[64];
  std::snprintf(text, sizeof text, format, a, b, c);  // NOLINT: the formats are the constants below
  return text;
}

inline std::vector<std::string> names(const char* format, int count) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(numbered(format, i));
  return out;
}

inline constexpr int kSections = 20, kCategories = 24, kValues = 50;
inline const std::vector<std::string> kCountries = names("C%02d", 60), kLangs = names("L%02d", 20),
                                      kUtms = names("u%02d", 40), kRefs = names("r%02d", 50),
                                      kDevices = {"desktop", "mobile", "tablet"};

}  // namespace beckon::bench

// What has happened since the start, by how it came out: counted anywhere, read anywhere.
//
// Thread safety: every function may be called from any thread; a reader may be behind by what is being counted.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace beckon::base {

// `Kind`: an enumeration whose values are 0 to kKinds - 1.
template <class Kind, std::size_t kKinds>
class Tally {
 public:
  using Counts = std::array<std::uint64_t, kKinds>;  // by Kind

  void count(Kind kind, std::uint64_t by = 1) {
    counts_[static_cast<std::size_t>(kind)].fetch_add(by, std::memory_order_relaxed);
  }
  [[nodiscard]] Counts counts() const {
    Counts out;
    for (std::size_t i = 0; i < kKinds; ++i) out[i] = counts_[i].load(std::memory_order_relaxed);
    return out;
  }

 private:
  std::array<std::atomic<std::uint64_t>, kKinds> counts_{};
};

}  // namespace beckon::base

// What a shard holds against addresses: how many connections each has, and how many tokens it has guessed wrong. In memory
// only, and forgotten soon after the last connection is gone.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "core/bucket.hpp"
#include "core/limits.hpp"

namespace beckon::core {

class Addresses {
 public:
  explicit Addresses(const ShardLimits& limits) : limits_(limits) {}

  // A connection came; kTooMany when its address has more than it may. Either way it is to be taken off again.
  enum class Answer { kFine, kTooMany };
  [[nodiscard]] Answer add(const std::string& address, base::Instant now);
  void remove(const std::string& address, base::Instant now);
  // A token was not good.
  [[nodiscard]] Answer bad_token(const std::string& address, base::Instant now);

  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    std::size_t connections = 0;
    Bucket tokens;
    base::Instant blamed{};  // when a token was last not good
  };
  Known& known(const std::string& address, base::Instant now);
  // Forgets who has no connection and nothing against it any more.
  void sweep(base::Instant now);

  const ShardLimits& limits_;
  std::unordered_map<std::string, Known> known_;
  std::size_t sweep_at_ = 1024;
};

}  // namespace beckon::core

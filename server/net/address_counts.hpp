// How many connections each address holds, with one bound for all.
//
// Thread safety: none; every shard has its own.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace beckon::net {

class AddressCounts {
 public:
  explicit AddressCounts(std::uint32_t most) : most_(most) {}

  // One more for `key`; false when it has as many as it may.
  [[nodiscard]] bool take(const std::string& key) {
    std::uint32_t& count = counts_[key];
    if (count >= most_) return false;
    ++count;
    return true;
  }
  void give_back(const std::string& key) {
    const auto found = counts_.find(key);
    if (found != counts_.end() && --found->second == 0) counts_.erase(found);
  }

 private:
  const std::uint32_t most_;
  std::unordered_map<std::string, std::uint32_t> counts_;
};

}  // namespace beckon::net

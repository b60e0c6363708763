// How many bytes of request bodies are on their way, in all and from each client: memory that strangers can ask for is
// bounded before it is taken.
//
// Thread safety: none; every shard has its own.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>

#include "net/limits.hpp"

namespace beckon::net {

class BodyBudget {
 public:
  enum class Answer { kFine, kClientHasTooMany, kAllHaveTooMany };

  // `client` empty: counted in all alone. What is not kFine is not counted.
  [[nodiscard]] Answer take(const std::string& client, std::size_t bytes) {
    if (all_ + bytes > kMaxBodiesBytes) return Answer::kAllHaveTooMany;
    if (!client.empty()) {
      const auto found = clients_.find(client);
      if ((found == clients_.end() ? 0 : found->second) + bytes > kMaxBodiesBytesPerClient)
        return Answer::kClientHasTooMany;
      clients_[client] += bytes;
    }
    all_ += bytes;
    return Answer::kFine;
  }
  void give_back(const std::string& client, std::size_t bytes) {
    all_ -= bytes;
    const auto found = clients_.find(client);
    if (found != clients_.end() && (found->second -= bytes) == 0) clients_.erase(found);
  }

 private:
  std::size_t all_ = 0;
  std::unordered_map<std::string, std::size_t> clients_;
};

}  // namespace beckon::net

#include "core/addresses.hpp"

#include <algorithm>

namespace beckon::core {

namespace {

// How long a bad token counts against an address that has no connection.
constexpr std::chrono::minutes kBlame{2};

}  // namespace

Addresses::Known& Addresses::known(const std::string& address, base::Instant now) {
  return known_.try_emplace(address, Known{0, Bucket(limits_.bad_tokens_burst, now), {}}).first->second;
}

Addresses::Answer Addresses::add(const std::string& address, base::Instant now) {
  if (address.empty()) return Answer::kFine;
  if (known_.size() >= sweep_at_) sweep(now);
  const std::size_t connections = ++known(address, now).connections;
  const std::size_t most = limits_.connections_per_address;
  return most > 0 && connections > most ? Answer::kTooMany : Answer::kFine;
}

void Addresses::remove(const std::string& address, base::Instant now) {
  const auto found = known_.find(address);
  if (found == known_.end()) return;
  if (--found->second.connections == 0 && found->second.blamed + kBlame <= now) known_.erase(found);
}

Addresses::Answer Addresses::bad_token(const std::string& address, base::Instant now) {
  if (address.empty()) return Answer::kFine;
  Known& who = known(address, now);
  who.blamed = now;
  const bool fine = who.tokens.take(1, limits_.bad_tokens_per_second, limits_.bad_tokens_burst, now);
  return fine ? Answer::kFine : Answer::kTooMany;
}

void Addresses::sweep(base::Instant now) {
  std::erase_if(known_, [now](const auto& each) {
    return each.second.connections == 0 && each.second.blamed + kBlame <= now;
  });
  sweep_at_ = std::max<std::size_t>(1024, known_.size() * 2);
}

}  // namespace beckon::core

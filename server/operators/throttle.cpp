#include "operators/throttle.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace beckon::operators {

double Throttle::count_of(const Held& held, base::Instant now) const {
  const double forgiven = std::chrono::duration<double>(now - held.at) / std::chrono::duration<double>(every_);
  return std::max(0.0, held.count - forgiven);
}

std::optional<std::chrono::seconds> Throttle::wait_for(double count, double amount) const {
  if (count + amount <= burst_) return std::nullopt;
  const double wait = (count + amount - burst_) * std::chrono::duration<double>(every_).count();
  return std::chrono::seconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(wait))));
}

std::optional<std::chrono::seconds> Throttle::look(const std::string& key, base::Instant now,
                                                   double amount) const {
  const auto found = held_.find(key);
  return found == held_.end() ? std::nullopt : wait_for(count_of(found->second, now), amount);
}

std::optional<std::chrono::seconds> Throttle::take(const std::string& key, base::Instant now, double amount) {
  if (key.empty()) return std::nullopt;
  if (held_.size() >= kMaxThrottled && !held_.contains(key)) make_room(now);
  Held& held = held_[key];
  held.count = count_of(held, now);
  held.at = now;
  if (auto wait = wait_for(held.count, amount)) return wait;
  held.count += amount;
  return std::nullopt;
}

void Throttle::give_back(const std::string& key) {
  const auto found = held_.find(key);
  if (found == held_.end()) return;
  found->second.count -= 1;
  if (found->second.count <= 0) held_.erase(found);
}

void Throttle::make_room(base::Instant now) {
  std::erase_if(held_, [&](const auto& each) { return count_of(each.second, now) <= 0; });
  if (held_.size() < kMaxThrottled) return;
  std::vector<double> counts;
  for (const auto& [key, held] : held_) counts.push_back(count_of(held, now));
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  const double least = *middle;
  std::size_t to_forget = held_.size() / 2;
  std::erase_if(held_, [&](const auto& each) {
    if (to_forget == 0 || count_of(each.second, now) > least) return false;
    --to_forget;
    return true;
  });
}

}  // namespace beckon::operators

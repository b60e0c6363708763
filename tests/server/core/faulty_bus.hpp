// A bus that drops, doubles, delays and reorders, as a bus may.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "store/bus.hpp"

namespace beckon::test {

class FaultyBus final : public store::Bus {
 public:
  FaultyBus(unsigned seed, int drop_percent, int double_percent, int delay_percent)
      : random_(seed), drop_(drop_percent), double_(double_percent), delay_(delay_percent) {}

  store::Subscription subscribe(const base::SiteId& site, std::string_view topic, store::Poster post,
                                Handler handler) override {
    return bus_->subscribe(site, topic, std::move(post), std::move(handler));
  }
  void publish(const base::SiteId& site, std::string_view topic, std::string_view body) override {
    if (happens(drop_)) return;
    const int times = happens(double_) ? 2 : 1;
    for (int i = 0; i < times; ++i) {
      if (happens(delay_)) held_.push_back({site, std::string(topic), std::string(body)});
      else bus_->publish(site, topic, body);
    }
    // What was held comes behind something later, the latest first.
    if (held_.size() > 3) release();
  }
  void release() {
    for (; !held_.empty(); held_.pop_back()) {
      bus_->publish(held_.back().site, held_.back().topic, held_.back().body);
    }
  }
  [[nodiscard]] std::uint64_t dropped() const override { return bus_->dropped(); }

 private:
  bool happens(int percent) { return static_cast<int>(random_() % 100) < percent; }

  std::unique_ptr<store::Bus> bus_ = store::make_local_bus();
  std::mt19937 random_;
  int drop_, double_, delay_;
  std::vector<store::BusMessage> held_;
};

}  // namespace beckon::test

// A bus as bad as the Bus may be: it drops messages, doubles them, and delivers them late and in another order. For the
// tests of everything that listens to a bus; the same seed does the same.
//
//   FaultyBus bus(*local, {.seed = 7, .drop = 0.2, .twice = 0.2, .late = 0.3});
//   …                       // what listens must come to the same end
//   bus.settle();           // delivers what is still held back
//
// Time is not involved: a message that is late comes after some later messages, or with settle().
//
// Thread safety: as Bus; of several senders at once the outcome depends on who comes first.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "store/bus.hpp"

namespace beckon::store {

struct BusFaults {
  std::uint64_t seed = 1;
  // Shares of the messages, 0 to 1, decided one after the other: dropped; of the others, sent twice; of what is sent,
  // held back until 1 to `longest` further messages were published.
  double drop = 0, twice = 0, late = 0;
  std::size_t longest = 8;
};

class FaultyBus final : public Bus {
 public:
  // Passes on to `behind`, which must outlive it.
  FaultyBus(Bus& behind, BusFaults faults) : behind_(behind), faults_(faults), random_(faults.seed) {}

  [[nodiscard]] Subscription subscribe(const base::SiteId& site, std::string_view topic, Poster post,
                                       Handler handler) override {
    return behind_.subscribe(site, topic, std::move(post), std::move(handler));
  }

  void publish(const base::SiteId& site, std::string_view topic, std::string_view body) override {
    const std::lock_guard lock(mutex_);
    const std::vector<Held> due = take_due();
    if (!happens(faults_.drop)) {
      send_or_hold({site, std::string(topic), std::string(body)});
      if (happens(faults_.twice)) send_or_hold({site, std::string(topic), std::string(body)});
    } else {
      ++dropped_;
    }
    for (const Held& held : due) pass_on(held.message);
  }

  [[nodiscard]] std::uint64_t dropped() const override {
    const std::lock_guard lock(mutex_);
    return dropped_ + behind_.dropped();
  }

  // Delivers what is held back, in any order.
  void settle() {
    const std::lock_guard lock(mutex_);
    std::shuffle(held_.begin(), held_.end(), random_);
    for (const Held& held : std::exchange(held_, {})) pass_on(held.message);
  }

  // From here on: these shares. What is held back stays so.
  void set_faults(const BusFaults& faults) {
    const std::lock_guard lock(mutex_);
    faults_ = faults;
  }

 private:
  struct Held {
    BusMessage message;
    std::size_t messages_to_go = 0;
  };

  bool happens(double share) { return std::uniform_real_distribution<double>(0, 1)(random_) < share; }

  void send_or_hold(BusMessage message) {
    if (happens(faults_.late)) {
      held_.push_back({std::move(message), std::uniform_int_distribution<std::size_t>(1, faults_.longest)(random_)});
    } else {
      pass_on(message);
    }
  }

  std::vector<Held> take_due() {
    for (Held& held : held_) --held.messages_to_go;
    const auto due = std::stable_partition(held_.begin(), held_.end(), [](const Held& h) { return h.messages_to_go > 0; });
    std::vector<Held> taken(std::make_move_iterator(due), std::make_move_iterator(held_.end()));
    held_.erase(due, held_.end());
    return taken;
  }

  // With mutex_ held: a Poster never runs a task before it returns, so nothing comes back in here.
  void pass_on(const BusMessage& message) { behind_.publish(message.site, message.topic, message.body); }

  Bus& behind_;
  mutable std::mutex mutex_;
  // All below are guarded by mutex_.
  BusFaults faults_;
  std::mt19937_64 random_;
  std::vector<Held> held_;
  std::uint64_t dropped_ = 0;
};

}  // namespace beckon::store

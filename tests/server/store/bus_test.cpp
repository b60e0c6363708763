// What every bus does, tried on each of them; and that the faulty one is as faulty as it says.
#include "store/bus.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "support/faulty_bus.hpp"

namespace beckon::store {
namespace {

const base::SiteId kShop("shop"), kBlog("blog");

// A thread's queue of tasks, run by hand.
struct Loop {
  std::deque<Task> tasks;
  Poster poster() {
    return [this](Task task) { tasks.push_back(std::move(task)); };
  }
  void run() {
    for (; !tasks.empty(); tasks.pop_front()) tasks.front()();
  }
};

struct Listener {
  Loop loop;
  std::vector<std::string> heard;
  Subscription subscribe(Bus& bus, const base::SiteId& site, std::string_view topic) {
    return bus.subscribe(site, topic, loop.poster(), [this](const BusMessage& m) { heard.push_back(m.body); });
  }
};

// Runs the test once with the bus of this process, once behind one that could be faulty and is not.
struct EachBus {
  EachBus() : faulty_(*local_, {}), bus_(GENERATE(true, false) ? local_.get() : &faulty_) {}
  Bus* operator->() { return bus_; }
  Bus& operator*() { return *bus_; }

 private:
  std::unique_ptr<Bus> local_ = make_local_bus();
  FaultyBus faulty_;
  Bus* bus_;
};

TEST_CASE("bus: a subscriber hears its site and topic alone, in the order sent, on its own thread") {
  EachBus bus;
  Listener listener;
  const Subscription s = listener.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", "1");
  bus->publish(kBlog, "live", "other site");
  bus->publish(kShop, "typing", "other topic");
  bus->publish(kShop, "live", "2");
  CHECK(listener.heard.empty());
  listener.loop.run();
  CHECK(listener.heard == std::vector<std::string>{"1", "2"});
}

TEST_CASE("bus: every subscriber hears a message") {
  EachBus bus;
  Listener a, b;
  const Subscription sa = a.subscribe(*bus, kShop, "live"), sb = b.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", "1");
  a.loop.run();
  b.loop.run();
  CHECK(a.heard.size() == 1);
  CHECK(b.heard.size() == 1);
}

TEST_CASE("bus: a subscriber that does not listen misses messages beyond its backlog, others miss none") {
  EachBus bus;
  Listener slow, quick;
  const Subscription ss = slow.subscribe(*bus, kShop, "live"), sq = quick.subscribe(*bus, kShop, "live");
  for (std::size_t i = 0; i < kMaxBusBacklog + 10; ++i) {
    bus->publish(kShop, "live", std::to_string(i));
    quick.loop.run();
  }
  CHECK(bus->dropped() == 10);
  slow.loop.run();
  CHECK(slow.heard.size() == kMaxBusBacklog);
  CHECK(quick.heard.size() == kMaxBusBacklog + 10);
  bus->publish(kShop, "live", "again");
  slow.loop.run();
  CHECK(slow.heard.back() == "again");
}

TEST_CASE("bus: a message over the limit is dropped") {
  EachBus bus;
  Listener listener;
  const Subscription s = listener.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", std::string(kMaxBusMessageBytes, 'x'));
  bus->publish(kShop, "live", std::string(kMaxBusMessageBytes + 1, 'x'));
  listener.loop.run();
  CHECK(listener.heard.size() == 1);
  CHECK(bus->dropped() == 1);
}

TEST_CASE("bus: when a subscription ends nothing more is delivered, not even what waited") {
  EachBus bus;
  Listener listener;
  {
    const Subscription s = listener.subscribe(*bus, kShop, "live");
    bus->publish(kShop, "live", "waiting");
  }
  listener.loop.run();
  bus->publish(kShop, "live", "later");
  listener.loop.run();
  CHECK(listener.heard.empty());
}

TEST_CASE("bus: the server's own topics, which belong to no site, are a site of their own") {
  EachBus bus;
  Listener server, shop;
  const Subscription a = server.subscribe(*bus, base::SiteId(), "operators"), b = shop.subscribe(*bus, kShop, "operators");
  bus->publish(base::SiteId(), "operators", "1");
  server.loop.run();
  shop.loop.run();
  CHECK(server.heard.size() == 1);
  CHECK(shop.heard.empty());
}

TEST_CASE("bus: what one subscriber publishes while it listens comes, after what was sent before") {
  EachBus bus;
  Loop loop;
  std::vector<std::string> heard;
  const Subscription s = bus->subscribe(kShop, "live", loop.poster(), [&](const BusMessage& m) {
    heard.push_back(m.body);
    if (m.body == "1") bus->publish(kShop, "live", "3");
  });
  bus->publish(kShop, "live", "1");
  bus->publish(kShop, "live", "2");
  loop.run();
  CHECK(heard == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("bus: a subscription may outlive the bus") {
  auto bus = make_local_bus();
  Listener listener;
  const Subscription s = listener.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", "1");
  bus.reset();
  listener.loop.run();
  CHECK(listener.heard.size() == 1);
}

TEST_CASE("bus: messages of each of several senders come in that sender's order") {
  EachBus bus;
  std::mutex mutex;
  std::vector<std::string> heard;
  const Subscription s = bus->subscribe(kShop, "live", [](Task task) { task(); }, [&](const BusMessage& m) {
    const std::lock_guard lock(mutex);
    heard.push_back(m.body);
  });
  std::vector<std::thread> senders;
  for (char name : {'a', 'b', 'c'}) {
    senders.emplace_back([&bus, name] {
      for (int i = 0; i < 300; ++i) bus->publish(kShop, "live", name + std::to_string(1'000 + i));
    });
  }
  for (std::thread& sender : senders) sender.join();
  for (char name : {'a', 'b', 'c'}) {
    std::vector<std::string> own;
    for (const std::string& body : heard) {
      if (body[0] == name) own.push_back(body);
    }
    CHECK(own.size() == 300);
    CHECK(std::is_sorted(own.begin(), own.end()));
  }
}

// What a listener hears of a thousand messages.
std::vector<std::string> thousand(const BusFaults& faults, std::uint64_t* dropped = nullptr) {
  const auto local = make_local_bus();
  FaultyBus bus(*local, faults);
  Listener listener;
  const Subscription s = listener.subscribe(bus, kShop, "live");
  for (int i = 0; i < 1'000; ++i) {
    bus.publish(kShop, "live", std::to_string(1'000 + i));
    listener.loop.run();
  }
  bus.settle();
  listener.loop.run();
  if (dropped) *dropped = bus.dropped();
  return listener.heard;
}

TEST_CASE("faulty bus: drops its share, and counts it") {
  std::uint64_t dropped = 0;
  const auto heard = thousand({.drop = 0.3}, &dropped);
  CHECK(heard.size() + dropped == 1'000);
  CHECK(dropped > 200);
  CHECK(dropped < 400);
  CHECK(std::is_sorted(heard.begin(), heard.end()));
}

TEST_CASE("faulty bus: doubles its share") {
  const auto heard = thousand({.twice = 0.3});
  CHECK(heard.size() > 1'200);
  CHECK(heard.size() < 1'400);
  CHECK(std::set<std::string>(heard.begin(), heard.end()).size() == 1'000);
}

TEST_CASE("faulty bus: delays and reorders, within its bound, and loses nothing that it holds back") {
  const auto heard = thousand({.late = 0.3, .longest = 5});
  CHECK(heard.size() == 1'000);
  CHECK_FALSE(std::is_sorted(heard.begin(), heard.end()));
  for (std::size_t i = 0; i < 990; ++i) {
    const int place = std::stoi(heard[i]) - 1'000;
    CHECK(std::abs(place - static_cast<int>(i)) <= 12);
  }
}

TEST_CASE("faulty bus: the same seed does the same, another one something else") {
  const BusFaults faults{.seed = 5, .drop = 0.2, .twice = 0.2, .late = 0.3};
  BusFaults other = faults;
  other.seed = 6;
  CHECK(thousand(faults) == thousand(faults));
  CHECK(thousand(faults) != thousand(other));
}

}  // namespace
}  // namespace beckon::store

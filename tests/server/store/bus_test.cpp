#include "store/bus.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

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

TEST_CASE("bus: a subscriber hears its site and topic alone, in the order sent, on its own thread") {
  auto bus = make_local_bus();
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
  auto bus = make_local_bus();
  Listener a, b;
  const Subscription sa = a.subscribe(*bus, kShop, "live"), sb = b.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", "1");
  a.loop.run();
  b.loop.run();
  CHECK(a.heard.size() == 1);
  CHECK(b.heard.size() == 1);
}

TEST_CASE("bus: a subscriber that does not listen misses messages beyond its backlog, others miss none") {
  auto bus = make_local_bus();
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
  auto bus = make_local_bus();
  Listener listener;
  const Subscription s = listener.subscribe(*bus, kShop, "live");
  bus->publish(kShop, "live", std::string(kMaxBusMessageBytes, 'x'));
  bus->publish(kShop, "live", std::string(kMaxBusMessageBytes + 1, 'x'));
  listener.loop.run();
  CHECK(listener.heard.size() == 1);
  CHECK(bus->dropped() == 1);
}

TEST_CASE("bus: when a subscription ends nothing more is delivered, not even what waited") {
  auto bus = make_local_bus();
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
  auto bus = make_local_bus();
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

}  // namespace
}  // namespace beckon::store

#include <atomic>
#include <map>
#include <mutex>
#include <vector>

#include "store/bus.hpp"

namespace beckon::store {
namespace {

struct Subscriber {
  Subscriber(Poster p, Bus::Handler h) : post(std::move(p)), handler(std::move(h)) {}
  const Poster post;
  const Bus::Handler handler;
  std::atomic<std::size_t> backlog{0};
  std::atomic<bool> alive{true};
};

using Key = std::pair<base::SiteId, std::string>;

// Shared by the bus and its subscriptions, which may outlive it.
struct Table {
  std::mutex mutex;
  std::map<Key, std::vector<std::shared_ptr<Subscriber>>> subscribers;

  void add(const Key& key, const std::shared_ptr<Subscriber>& subscriber) {
    const std::lock_guard lock(mutex);
    subscribers[key].push_back(subscriber);
  }

  void remove(const Key& key, const std::shared_ptr<Subscriber>& subscriber) {
    const std::lock_guard lock(mutex);
    const auto found = subscribers.find(key);
    std::erase(found->second, subscriber);
    if (found->second.empty()) subscribers.erase(found);
  }

  std::vector<std::shared_ptr<Subscriber>> of(const Key& key) {
    const std::lock_guard lock(mutex);
    const auto found = subscribers.find(key);
    return found == subscribers.end() ? std::vector<std::shared_ptr<Subscriber>>{} : found->second;
  }
};

class LocalBus final : public Bus {
 public:
  Subscription subscribe(const base::SiteId& site, std::string_view topic, Poster post, Handler handler) override {
    auto subscriber = std::make_shared<Subscriber>(std::move(post), std::move(handler));
    const Key key{site, std::string(topic)};
    table_->add(key, subscriber);
    Subscriber* raw = subscriber.get();
    return Subscription(std::shared_ptr<void>(raw, [table = table_, key, subscriber](void*) {
      subscriber->alive = false;
      table->remove(key, subscriber);
    }));
  }

  void publish(const base::SiteId& site, std::string_view topic, std::string_view body) override {
    const auto receivers = table_->of({site, std::string(topic)});
    if (receivers.empty()) return;
    if (body.size() > kMaxBusMessageBytes) {
      dropped_ += receivers.size();
      return;
    }
    const auto message = std::make_shared<const BusMessage>(BusMessage{site, std::string(topic), std::string(body)});
    for (const auto& receiver : receivers) deliver(receiver, message);
  }

  std::uint64_t dropped() const override { return dropped_; }

 private:
  void deliver(const std::shared_ptr<Subscriber>& to, const std::shared_ptr<const BusMessage>& message) {
    if (to->backlog.fetch_add(1) >= kMaxBusBacklog) {
      to->backlog.fetch_sub(1);
      ++dropped_;
      return;
    }
    to->post([to, message] {
      to->backlog.fetch_sub(1);
      if (to->alive) to->handler(*message);
    });
  }

  const std::shared_ptr<Table> table_ = std::make_shared<Table>();
  std::atomic<std::uint64_t> dropped_{0};
};

}  // namespace

std::unique_ptr<Bus> make_local_bus() { return std::make_unique<LocalBus>(); }

}  // namespace beckon::store

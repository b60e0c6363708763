// A hint: tells others that something is new, or passes on what is worth nothing later (typing, presence, digests of
// live visitors). It may drop, never blocks, and is in order per sender. Whoever needs certainty reads the Store.
//
//   Subscription s = bus.subscribe(site, "live", post, [](const BusMessage& m) { … });
//   bus.publish(site, "live", "{…}");
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "store/post.hpp"

namespace beckon::store {

// What may wait for one subscriber; more is dropped for it until it has caught up.
inline constexpr std::size_t kMaxBusBacklog = 1'024;
inline constexpr std::size_t kMaxBusMessageBytes = 64 * 1024;  // a larger one is dropped

struct BusMessage {
  base::SiteId site;
  std::string topic;
  std::string body;
};

// Ends when it goes; nothing is delivered after that on the subscriber's own thread.
class Subscription {
 public:
  Subscription() = default;
  explicit Subscription(std::shared_ptr<void> hold) : hold_(std::move(hold)) {}

 private:
  std::shared_ptr<void> hold_;
};

// Thread safety: every function may be called from any thread.
class Bus {
 public:
  using Handler = std::function<void(const BusMessage&)>;
  virtual ~Bus() = default;

  // `handler` runs through `post`, once per message that is not dropped, the sender's own messages included. Messages
  // of one sender come in the order sent. The subscription is to be destroyed on the thread that `post` stands for.
  [[nodiscard]] virtual Subscription subscribe(const base::SiteId& site, std::string_view topic, Poster post,
                                               Handler handler) = 0;
  virtual void publish(const base::SiteId& site, std::string_view topic, std::string_view body) = 0;
  // Messages dropped since the start, over all subscribers.
  [[nodiscard]] virtual std::uint64_t dropped() const = 0;
};

// Within this process.
[[nodiscard]] std::unique_ptr<Bus> make_local_bus();

}  // namespace beckon::store

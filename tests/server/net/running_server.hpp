// A server of two shards on a port of its own, with a store in memory and one site, "shop", without rules.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "beckon/rules/rule_set.hpp"
#include "client.hpp"
#include "net/server.hpp"
#include "store/bus.hpp"
#include "store/memory_store.hpp"

namespace beckon::test {

inline const std::string kOrigin = "https://shop.example";

// Says what it was asked. Bodies: of at most kEchoBytes to /echo, given back; none elsewhere; /closed refuses them.
inline constexpr std::size_t kEchoBytes = 300'000;
class EchoHandler final : public net::HttpHandler {
 public:
  net::BodyRule body_rule(const net::HttpRequest& head) const override {
    net::BodyRule rule;
    rule.within = std::chrono::milliseconds(500);
    if (head.path == "/echo") rule.max_bytes = kEchoBytes;
    if (head.path == "/closed") rule.refusal = net::plain_response(403, "not for you");
    return rule;
  }
  void handle(net::HttpRequest request, net::HttpAnswer answer) const override {
    net::HttpResponse response;
    response.text = std::string(request.method) + ' ' + std::string(request.path) + '?' + std::string(request.query);
    if (request.path == "/large") response.text.assign(4'000'000, 'x');
    if (request.path == "/echo") response.text = std::move(request.body);
    if (request.path == "/later") {
      const std::lock_guard lock(mutex_);
      return later_.push_back(std::move(answer));
    }
    if (request.path == "/who") response.text = request.client + ' ' + std::string(name_of(request.scheme));
    answer(std::move(response));
  }
  // The answers that /later still waits for.
  [[nodiscard]] std::vector<net::HttpAnswer> take_later() const {
    const std::lock_guard lock(mutex_);
    return std::exchange(later_, {});
  }

 private:
  mutable std::mutex mutex_;
  mutable std::vector<net::HttpAnswer> later_;
};

// Lets in whoever sends the cookie `ada` or `bob`, from another thread and a little later.
class CookieDoor final : public net::ConsoleDoor {
 public:
  void admit(const net::HttpRequest& request, Answer answer) const override {
    const std::string cookie(request.header("Cookie"));
    std::thread([cookie, answer = std::move(answer)] {
      if (cookie != "ada" && cookie != "bob") return answer(net::plain_response(401, "sign in first"));
      answer(core::OperatorUpgrade{base::OperatorId(cookie), {}, {}});
    }).detach();
  }
};

inline net::ServerOptions quiet_options() {
  net::ServerOptions options{.key = base::Secret::random()};
  options.port = 0;
  options.shards = 2;
  return options;
}

class RunningServer {
 public:
  explicit RunningServer(net::ServerOptions options = quiet_options())
      : store_(store::make_memory_store()),
        server_(std::move(options), {clock_, *store_, *bus_, log_, handler_, &door_}) {
    REQUIRE(server_.open());
    auto settings = std::make_shared<core::SiteSettings>();
    settings->id = base::SiteId("shop");
    settings->consent = core::ConsentMode::kGranted;
    auto compiled = rules::RuleSet::compile({}, {.site = "shop"});
    settings->rules =
        std::make_shared<const core::SiteRules>(core::SiteRules{std::move(compiled), "{\"rules\": []}", "0"});
    server_.put_site(settings, std::make_shared<const net::Origins>(net::Origins{kOrigin}));
    server_.start();
  }
  ~RunningServer() { stop(); }

  void stop() {
    if (!std::exchange(stopped_, true)) server_.stop();
  }
  [[nodiscard]] Client connect(int receive_bytes = 0) const { return Client(server_.port(), receive_bytes); }
  // A WebSocket that is open, before its hello.
  [[nodiscard]] Client open(const std::string& hint = "") const {
    Client client = connect();
    const std::string head = client.upgrade("/ws?site=shop" + (hint.empty() ? hint : "&v=" + hint), kOrigin);
    REQUIRE(head.starts_with("HTTP/1.1 101 "));
    return client;
  }
  [[nodiscard]] net::Server& server() { return server_; }
  [[nodiscard]] net::NetCounters sum() const;
  // The answer that a request for /later waits for.
  [[nodiscard]] net::HttpAnswer wait_for_later() const {
    for (;;) {
      auto later = handler_.take_later();
      if (!later.empty()) return later.front();
      std::this_thread::yield();
    }
  }

 private:
  base::SystemClock clock_;
  base::Log log_{base::LogLevel::kOff, base::LogFormat::kText};
  EchoHandler handler_;
  CookieDoor door_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Bus> bus_ = store::make_local_bus();
  net::Server server_;
  bool stopped_ = false;
};

[[nodiscard]] std::string hello(const std::string& tab, const std::string& token = "");

}  // namespace beckon::test

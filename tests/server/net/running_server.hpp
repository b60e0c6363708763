// A server of two shards on a port of its own, with a store in memory and one site, "shop", without rules.
#pragma once

#include <catch2/catch.hpp>
#include <memory>
#include <string>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "beckon/rules/rule_set.hpp"
#include "client.hpp"
#include "net/server.hpp"
#include "store/bus.hpp"
#include "store/memory_store.hpp"

namespace beckon::test {

inline const std::string kOrigin = "https://shop.example";

class EchoHandler final : public net::HttpHandler {
 public:
  void handle(const net::HttpRequest& request, net::HttpAnswer answer) const override {
    net::HttpResponse response;
    response.text = std::string(request.method) + ' ' + std::string(request.path) + '?' + std::string(request.query);
    if (request.path == "/large") response.text.assign(4'000'000, 'x');
    answer(std::move(response));
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
      : store_(store::make_memory_store()), server_(std::move(options), {clock_, *store_, *bus_, log_, handler_}) {
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

 private:
  base::SystemClock clock_;
  base::Log log_{base::LogLevel::kOff, base::LogFormat::kText};
  EchoHandler handler_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<store::Bus> bus_ = store::make_local_bus();
  net::Server server_;
  bool stopped_ = false;
};

[[nodiscard]] std::string hello(const std::string& tab, const std::string& token = "");

}  // namespace beckon::test

// Which address gives what. Fixed names: /widget.js, /widget/…, /console…, /files…, /healthz, /readyz, /metrics; with the
// demo, everything else is the shop. /ws and /console/ws are net's, as upgrades; here they only say so.
//
// Thread safety: immutable once made; called from all shards' threads.
#pragma once

#include <functional>
#include <string>

#include "http/console_api.hpp"
#include "http/files.hpp"
#include "http/readiness.hpp"
#include "net/http_message.hpp"

namespace beckon::http {

enum class ShopPages { kNone, kServed };

struct RouterParts {
  ShopPages shop = ShopPages::kNone;
  std::function<Readiness()> readiness;
  // Passes the exposition text to `done`, once, possibly later and on another thread.
  std::function<void(std::function<void(std::string)> done)> metrics;
  const ConsoleApi* console = nullptr;  // both nullptr: there is no chat; both must outlive the router
  Files* files = nullptr;
};

class Router final : public net::HttpHandler {
 public:
  explicit Router(RouterParts parts) : parts_(std::move(parts)) {}
  [[nodiscard]] net::BodyRule body_rule(const net::HttpRequest& head) const override;
  void handle(net::HttpRequest request, net::HttpAnswer answer) const override;

 private:
  [[nodiscard]] net::HttpResponse respond(const net::HttpRequest& request) const;
  RouterParts parts_;
};

}  // namespace beckon::http

#include "http/shop.hpp"

#include <array>
#include <string>

#include "http/assets.hpp"

namespace beckon::http {
namespace {

// As strict as a host page gets: the widget works under it, and the demo shows that.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'";

// Part of the folder, but not of the shop.
constexpr std::array<std::string_view, 2> kNotServed = {"rules.json", "rules.test.json"};

struct Found {
  const Asset* asset;
  unsigned status;
};

Found find_page(std::string_view path) {
  if (path == "/") return {find_asset("shop/index.html"), 200};
  if (path == "/app" || path.starts_with("/app/")) return {find_asset("shop/app.html"), 200};
  const std::string name(path.substr(1));
  for (const std::string_view hidden : kNotServed) {
    if (name == hidden) return {find_asset("shop/404.html"), 404};
  }
  if (const Asset* file = find_asset("shop/" + name)) return {file, 200};
  if (const Asset* page = find_asset("shop/" + name + ".html")) return {page, 200};
  return {find_asset("shop/404.html"), 404};
}

}  // namespace

net::HttpResponse shop_response(const net::HttpRequest& request) {
  const Found found = find_page(request.path);
  if (!found.asset) return net::plain_response(404, "there is nothing at this address");
  net::HttpResponse response = asset_response(*found.asset, request, Caching::kAsk);
  if (found.status != 200 && response.status == 200) response.status = found.status;
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  response.headers.emplace_back("Referrer-Policy", "strict-origin-when-cross-origin");
  return response;
}

std::string_view shop_rules() {
  const Asset* rules = find_asset("shop/rules.json");
  return rules ? rules->raw : std::string_view();
}

}  // namespace beckon::http

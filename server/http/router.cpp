#include "http/router.hpp"

#include "http/assets.hpp"
#include "http/console_pages.hpp"
#include "http/json_answer.hpp"
#include "http/shop.hpp"

namespace beckon::http {
namespace {

constexpr std::string_view kConsoleApi = "/console/api/", kConsoleFiles = "/console/api/files";

net::HttpResponse not_found() { return net::plain_response(404, "there is nothing at this address"); }

bool is_file_path(std::string_view path) { return path == "/files" || path.starts_with("/files/"); }
bool is_console_path(std::string_view path) { return path == "/console" || path.starts_with("/console/"); }

net::HttpResponse metrics_response(std::string body) {
  net::HttpResponse response;
  response.headers.emplace_back("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.headers.emplace_back("Cache-Control", "no-store");
  response.text = std::move(body);
  return response;
}

// esbuild's chunks carry a hash: "chat-5KQ2XJ7A.js".
bool has_hash_in_name(std::string_view name) {
  constexpr std::size_t kHash = 8;
  constexpr std::string_view kEnd = ".js";
  if (name.size() < kHash + 1 + kEnd.size() || !name.ends_with(kEnd)) return false;
  name.remove_suffix(kEnd.size());
  const std::string_view hash = name.substr(name.size() - kHash);
  return name[name.size() - kHash - 1] == '-' &&
         hash.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == hash.npos;
}

// The widget loads on any site: that is what it is for.
net::HttpResponse widget_response(std::string_view name, const net::HttpRequest& request) {
  const Asset* asset = find_asset("widget/" + std::string(name));
  if (!asset) return not_found();
  auto response = asset_response(*asset, request, has_hash_in_name(name) ? Caching::kForever : Caching::kMinutes);
  response.headers.emplace_back("Access-Control-Allow-Origin", "*");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "cross-origin");
  return response;
}

net::HttpResponse upgrade_required() {
  net::HttpResponse response = net::plain_response(426, "this address is a WebSocket");
  response.headers.emplace_back("Upgrade", "websocket");
  return response;
}

net::HttpResponse method_not_allowed() {
  net::HttpResponse response = net::plain_response(405, "only GET and HEAD are allowed here");
  response.headers.emplace_back("Allow", "GET, HEAD");
  return response;
}

}  // namespace

net::BodyRule Router::body_rule(const net::HttpRequest& head) const {
  if (!parts_.console || !parts_.files) return {};
  if (is_file_path(head.path)) return parts_.files->body_rule(head);
  if (head.path == kConsoleFiles) return parts_.files->operator_body_rule(head);
  if (head.path.starts_with(kConsoleApi)) return parts_.console->body_rule(head);
  return {};
}

void Router::handle(net::HttpRequest request, net::HttpAnswer answer) const {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (parts_.console && parts_.files) {
    if (is_file_path(request.path)) return parts_.files->handle(std::move(request), std::move(answer));
    if (request.path == kConsoleFiles) return parts_.files->handle_operator(std::move(request), std::move(answer));
    if (request.path.starts_with(kConsoleApi)) return parts_.console->handle(request, std::move(answer));
  }
  if (request.path == "/metrics" && reads) {
    return parts_.metrics(
        [answer = std::move(answer)](std::string text) { answer(metrics_response(std::move(text))); });
  }
  net::HttpResponse response = respond(request);
  if (!reads && response.status != 404) response = method_not_allowed();
  answer(std::move(response));
}

net::HttpResponse Router::respond(const net::HttpRequest& request) const {
  constexpr std::string_view kWidgetPrefix = "/widget/";
  if (request.path == "/widget.js") return widget_response("widget.js", request);
  if (request.path.starts_with(kWidgetPrefix))
    return widget_response(request.path.substr(kWidgetPrefix.size()), request);
  if (request.path == "/healthz") return net::plain_response(200, "ok");
  if (request.path == "/readyz") {
    const Readiness readiness = parts_.readiness();
    return json_response(readiness.serving == Serving::kYes ? 200 : 503, to_json(readiness));
  }
  if (request.path == "/metrics") return net::plain_response(200, "");
  if (request.path == "/ws" || request.path == "/console/ws") return upgrade_required();
  if (is_console_path(request.path)) return console_page(request);
  return parts_.shop == ShopPages::kServed ? shop_response(request) : not_found();
}

}  // namespace beckon::http

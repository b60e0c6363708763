#include "http/console_pages.hpp"

#include <string>

#include "http/assets.hpp"

namespace beckon::http {
namespace {

constexpr std::string_view kPrefix = "/console/";
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

net::HttpResponse without_console() {
  return net::plain_response(404,
                             "This build of Beckon has no console: build it with scripts/run, which makes dist/console "
                             "first. Visitors are served all the same.");
}

net::HttpResponse page_of(const net::HttpRequest& request) {
  const std::string_view name =
      request.path.starts_with(kPrefix) ? request.path.substr(kPrefix.size()) : std::string_view();
  if (!name.empty()) {
    if (const Asset* file = find_asset("console/" + std::string(name)))
      return asset_response(*file, request, Caching::kAsk);
  }
  const Asset* page = find_asset("console/index.html");
  if (!page) return without_console();
  // A script or picture that is not there must not become a page.
  const std::size_t slash = name.rfind('/');
  const bool is_file = name.find('.', slash == name.npos ? 0 : slash) != name.npos;
  return is_file ? net::plain_response(404, "there is nothing at this address")
                 : asset_response(*page, request, Caching::kAsk);
}

}  // namespace

net::HttpResponse console_page(const net::HttpRequest& request) {
  net::HttpResponse response = page_of(request);
  response.headers.emplace_back("Content-Security-Policy", kPolicy);
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  return response;
}

}  // namespace beckon::http

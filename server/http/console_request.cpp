#include "http/console_request.hpp"

#include <algorithm>

#include "http/json_answer.hpp"
#include "operators/devices.hpp"
#include "operators/limits.hpp"

namespace beckon::http {
namespace {

bool is_https(const net::HttpRequest& request, const Access& access) {
  return access.secure == SecureConsole::kAlways || request.scheme == net::Scheme::kHttps;
}

std::string own_origin(const net::HttpRequest& request, const Access& access) {
  return std::string(is_https(request, access) ? "https" : "http") + "://" + std::string(request.header("Host"));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string cookie_called(std::string_view name, const net::HttpRequest& request) {
  std::string_view cookies = request.header("Cookie");
  while (!cookies.empty()) {
    const std::size_t end = cookies.find(';');
    const std::string_view one = trimmed(cookies.substr(0, end));
    cookies = end == cookies.npos ? std::string_view() : cookies.substr(end + 1);
    const std::size_t equals = one.find('=');
    if (equals != one.npos && one.substr(0, equals) == name) return std::string(one.substr(equals + 1));
  }
  return {};
}

std::string set_cookie(std::string_view name, std::string_view value, std::string_view path, std::chrono::seconds lives,
                       CookieFor scheme) {
  std::string cookie;
  cookie.append(name).append("=").append(value).append("; Path=").append(path);
  cookie += "; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lives.count());
  if (scheme == CookieFor::kHttpsOnly) cookie += "; Secure";
  return cookie;
}

}  // namespace

std::optional<net::HttpResponse> refusal_of_origin(const net::HttpRequest& request, const Access& access) {
  const std::string_view origin = request.header("Origin");
  const auto& listed = access.console_origins;
  const bool fine = request.count("Origin") == 1 && !request.header("Host").empty() &&
                    (origin == own_origin(request, access) ||
                     std::find(listed.begin(), listed.end(), origin) != listed.end());
  if (fine) return std::nullopt;
  return error_response(403, "bad_origin",
                        "this origin may not use the console; behind a proxy, see console.origins in the configuration");
}

std::string session_token(const net::HttpRequest& request) { return cookie_called(kSessionCookie, request); }
std::string device_of(const net::HttpRequest& request) { return cookie_called(kDeviceCookie, request); }

CookieFor cookie_for(const net::HttpRequest& request, const Access& access) {
  return is_https(request, access) ? CookieFor::kHttpsOnly : CookieFor::kAnyScheme;
}

std::string session_cookie(std::string_view token, CookieFor scheme) {
  const std::chrono::seconds lives = token.empty() ? std::chrono::seconds(0) : operators::kSessionLives;
  return set_cookie(kSessionCookie, token, "/console", lives, scheme);
}

std::string device_cookie(std::string_view device, CookieFor scheme) {
  return set_cookie(kDeviceCookie, device, "/console/api/login", operators::kDeviceLives, scheme);
}

}  // namespace beckon::http

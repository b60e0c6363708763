// What every request of the console is asked first: where it comes from, and which session it belongs to.
//
// Thread safety: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/access.hpp"
#include "net/http_message.hpp"

namespace beckon::http {

inline constexpr std::string_view kSessionCookie = "beckon_console";
inline constexpr std::string_view kDeviceCookie = "beckon_device";

// Why a request that changes something, or opens a WebSocket, may not come from there: 403. nullopt when its Origin is
// the request's own (what the browser's address bar shows), or one that the configuration lists. Missing, doubled and
// `null` origins are refused.
[[nodiscard]] std::optional<net::HttpResponse> refusal_of_origin(const net::HttpRequest& request, const Access& access);

// The cookies' values; empty when there is none.
[[nodiscard]] std::string session_token(const net::HttpRequest& request);
[[nodiscard]] std::string device_of(const net::HttpRequest& request);

enum class CookieFor { kAnyScheme, kHttpsOnly };
[[nodiscard]] CookieFor cookie_for(const net::HttpRequest& request, const Access& access);
// A Set-Cookie header's value; an empty token takes the cookie away.
[[nodiscard]] std::string session_cookie(std::string_view token, CookieFor scheme);
// Likewise of the browser's own, which goes to logins alone.
[[nodiscard]] std::string device_cookie(std::string_view device, CookieFor scheme);

}  // namespace beckon::http

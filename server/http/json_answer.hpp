// Answers of the APIs: JSON, never cached.
#pragma once

#include <string>
#include <string_view>

#include "net/http_message.hpp"
#include "operators/outcome.hpp"

namespace beckon::http {

[[nodiscard]] net::HttpResponse json_response(unsigned status, std::string body);
// {"error":{"code":"bad_login","message":"…"}}
[[nodiscard]] net::HttpResponse error_response(unsigned status, std::string_view code, std::string_view message);
[[nodiscard]] net::HttpResponse refusal_response(const operators::Refusal& refusal);
// 405; `allowed`: "GET, HEAD".
[[nodiscard]] net::HttpResponse method_response(std::string allowed);
[[nodiscard]] net::HttpResponse not_found_response();

}  // namespace beckon::http

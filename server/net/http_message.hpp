// A request and its answer as plain values, so that the routes know nothing of sockets.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beckon::net {

struct HttpHeader {
  std::string_view name;
  std::string_view value;
};

enum class Scheme : std::uint8_t { kHttp, kHttps };
[[nodiscard]] constexpr std::string_view name_of(Scheme scheme) { return scheme == Scheme::kHttps ? "https" : "http"; }

// Views live until the handler returns.
struct HttpRequest {
  std::string_view method;  // as sent: "GET"
  std::string_view path;    // begins with '/', as sent: still percent-encoded
  std::string_view query;   // behind the '?', without it
  std::vector<HttpHeader> headers;
  std::string body;         // whole, at most what the handler admitted; empty while it is being asked
  // The key that the client is counted under, see counting_key(); empty: not known (a trusted proxy that does not say).
  std::string client;
  Scheme scheme = Scheme::kHttp;  // of the client's side of a trusted proxy

  // The first header of that name, whatever its case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
  // How many there are of it.
  [[nodiscard]] std::size_t count(std::string_view name) const;
};

// The value of a query's parameter, percent-decoded; empty when there is none.
[[nodiscard]] std::string query_value(std::string_view query, std::string_view name);

struct HttpResponse {
  unsigned status = 200;
  std::vector<std::pair<std::string_view, std::string>> headers;  // names must be literals
  std::string text;            // the body…
  std::string_view fixed;      // …or one that lives as long as the process; counts when `text` is empty
  [[nodiscard]] std::string_view body() const { return text.empty() ? fixed : std::string_view(text); }
};

// `text/plain` with one line: what every refusal looks like.
[[nodiscard]] HttpResponse plain_response(unsigned status, std::string_view line);

// Takes the answer, once, within the call or later, on any thread.
using HttpAnswer = std::function<void(HttpResponse)>;

// Which body a request may have, decided by its head before any of the body is read.
struct BodyRule {
  std::size_t max_bytes = 0;               // 0: none. A longer one is 413
  std::chrono::milliseconds within{};      // for the whole of it; then the connection is closed
  std::optional<HttpResponse> refusal;     // the answer; the body is not looked at
};

// Answers requests that are no upgrades.
//
// Thread safety: called by all shards at once.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // Asked about requests that announce a body.
  [[nodiscard]] virtual BodyRule body_rule(const HttpRequest& head) const = 0;
  virtual void handle(HttpRequest request, HttpAnswer answer) const = 0;
};

}  // namespace beckon::net

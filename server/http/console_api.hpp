// The console's API: /console/api/…, JSON, for pages of this server alone. docs/console-api.md
// describes it.
//
// Thread safety: called from all shards' threads; answers come on the accounts' thread.
#pragma once

#include <optional>
#include <string>

#include "http/access.hpp"
#include "net/http_message.hpp"
#include "operators/accounts.hpp"

namespace beckon::http {

// Of a request: 413.
inline constexpr std::size_t kMaxApiBytes = 64 * 1024;
inline constexpr std::chrono::milliseconds kApiBodyWithin{10'000};

class ConsoleApi {
 public:
  // Both must outlive the API.
  ConsoleApi(operators::Accounts& accounts, const AccessTable& access) : accounts_(accounts), access_(access) {}

  [[nodiscard]] net::BodyRule body_rule(const net::HttpRequest& head) const;
  // `request.path` begins with /console/api/.
  void handle(const net::HttpRequest& request, net::HttpAnswer answer) const;

 private:
  // What an answer needs when the request is gone.
  struct Call;
  struct Route;
  using Step = void (ConsoleApi::*)(const Call&) const;

  static const Route* find_route(std::string_view path);
  [[nodiscard]] std::optional<net::HttpResponse> refusal(const net::HttpRequest& head) const;
  // Goes on when the session is an admin's.
  void as_admin(const Call& call, std::function<void()> go_on) const;

  void session(const Call& call) const;
  void login(const Call& call) const;
  void logout(const Call& call) const;
  void setup(const Call& call) const;
  void password(const Call& call) const;
  void list_operators(const Call& call) const;
  void add_operator(const Call& call) const;
  void change_operator(const Call& call) const;

  operators::Accounts& accounts_;
  const AccessTable& access_;
};

}  // namespace beckon::http

// Who may open an operator's WebSocket, /console/ws: a page of this server, with the cookie of a session that is good.
#pragma once

#include "http/access.hpp"
#include "net/upgrade.hpp"
#include "operators/accounts.hpp"

namespace beckon::http {

class ConsoleDoor final : public net::ConsoleDoor {
 public:
  // Both must outlive the door.
  ConsoleDoor(operators::Accounts& accounts, const AccessTable& access) : accounts_(accounts), access_(access) {}
  void admit(const net::HttpRequest& request, Answer answer) const override;

 private:
  operators::Accounts& accounts_;
  const AccessTable& access_;
};

}  // namespace beckon::http

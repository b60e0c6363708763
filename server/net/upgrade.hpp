// Who may open a WebSocket. Everything is decided here, before the handshake is answered.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/connection.hpp"
#include "core/operator_upgrade.hpp"
#include "net/http_message.hpp"
#include "net/peer.hpp"

namespace beckon::net {

// The pages that may use a site: `scheme://host[:port]`, compared byte for byte with what the browser says.
using Origins = std::vector<std::string>;
using OriginTable = std::unordered_map<std::string, std::shared_ptr<const Origins>>;  // by site id

// A request that may go on, with what the shard is to know.
struct UpgradePlan {
  core::Upgrade upgrade;
  std::string hint;  // the `v` parameter: which visitor, and so which shard
};

// `peer`: the address at the other end of the socket.
[[nodiscard]] std::variant<UpgradePlan, HttpResponse> plan_upgrade(const UpgradeRequest& request, std::string_view peer,
                                                                   const OriginTable& origins,
                                                                   const PeerPolicy& policy);

// What a WebSocket is opened for: a visitor's page, or an operator's console.
using Admitted = std::variant<core::Upgrade, core::OperatorUpgrade>;

// Who may open an operator's WebSocket: implemented above, since it takes sessions and their store to say.
//
// Thread safety: called by all shards at once.
class ConsoleDoor {
 public:
  using Answer = std::function<void(std::variant<core::OperatorUpgrade, HttpResponse>)>;
  virtual ~ConsoleDoor() = default;
  // Answers once, within the call or later, on any thread.
  virtual void admit(const HttpRequest& request, Answer answer) const = 0;
};

}  // namespace beckon::net

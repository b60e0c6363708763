// Who may open a visitor's WebSocket. Everything is decided here, before the handshake is answered.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "core/connection.hpp"
#include "net/http_message.hpp"

namespace beckon::net {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

// The pages that may use a site: `scheme://host[:port]`, compared byte for byte with what the browser says.
using Origins = std::vector<std::string>;
using OriginTable = std::unordered_map<std::string, std::shared_ptr<const Origins>>;  // by site id

// Whose word about the peer's address is taken, and what is looked up by it.
struct PeerPolicy {
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For is believed
  std::function<std::string(std::string_view address)>
      country;  // empty: not looked up; called from all shards' threads

  [[nodiscard]] bool trusts(std::string_view address) const;
};

// A request that may go on, with what the shard is to know.
struct UpgradePlan {
  core::Upgrade upgrade;
  std::string hint;  // the `v` parameter: which visitor, and so which shard
};

// `peer`: the address at the other end of the socket.
[[nodiscard]] std::variant<UpgradePlan, HttpResponse> plan_upgrade(const UpgradeRequest& request, std::string_view peer,
                                                                   const OriginTable& origins,
                                                                   const PeerPolicy& policy);

// The key that connections are counted under: the IPv4 address, or the IPv6 network of 64 bits.
[[nodiscard]] std::string counting_key(std::string_view address);

}  // namespace beckon::net

// Who is at the other end: the peer's own word, or that of a proxy that is trusted.
//
// Thread safety: values and pure functions.
#pragma once

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http_message.hpp"

namespace beckon::net {

using UpgradeRequest = boost::beast::http::request<boost::beast::http::empty_body>;

// Whose word about the peer's address is taken, and what is looked up by it.
struct PeerPolicy {
  std::vector<std::string> trusted_proxies;  // addresses whose X-Forwarded-For and -Proto are believed
  // Empty: not looked up; called from all shards' threads.
  std::function<std::string(std::string_view address)> country;

  [[nodiscard]] bool trusts(std::string_view address) const;
};

// The key that connections are counted under: the IPv4 address, or the IPv6 network of 64 bits.
[[nodiscard]] std::string counting_key(std::string_view address);

// The address that the nearest untrusted hop had; empty when a trusted proxy says nothing usable. `peer`: the address
// at the other end of the socket.
[[nodiscard]] std::string client_address(const UpgradeRequest& request, std::string_view peer,
                                         const PeerPolicy& policy);

// What the client speaks with the trusted proxy nearest to it; with this server when there is none.
[[nodiscard]] Scheme client_scheme(const UpgradeRequest& request, std::string_view peer, const PeerPolicy& policy);

}  // namespace beckon::net

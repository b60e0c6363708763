#include "net/peer.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace beckon::net {
namespace {

using boost::asio::ip::address;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

address without_mapping(const address& a) {
  if (a.is_v6() && a.to_v6().is_v4_mapped()) {
    return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, a.to_v6());
  }
  return a;
}

}  // namespace

bool PeerPolicy::trusts(std::string_view address) const {
  return std::find(trusted_proxies.begin(), trusted_proxies.end(), address) != trusted_proxies.end();
}

std::string counting_key(std::string_view text) {
  boost::system::error_code error;
  const address parsed = without_mapping(boost::asio::ip::make_address(std::string(text), error));
  if (error) return {};
  if (parsed.is_v4()) return parsed.to_string();
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), 0);
  return boost::asio::ip::address_v6(bytes).to_string();
}

std::string client_address(const UpgradeRequest& request, std::string_view peer, const PeerPolicy& policy) {
  if (!policy.trusts(peer)) return std::string(peer);
  std::string_view chain = view(request["X-Forwarded-For"]);
  while (!chain.empty()) {
    const std::size_t comma = chain.rfind(',');
    const std::string_view last = trimmed(comma == chain.npos ? chain : chain.substr(comma + 1));
    chain = comma == chain.npos ? std::string_view() : chain.substr(0, comma);
    boost::system::error_code error;
    // A proxy that listens on one socket for both writes ::ffff:203.0.113.7.
    const std::string parsed = without_mapping(boost::asio::ip::make_address(std::string(last), error)).to_string();
    if (error) return {};
    if (!policy.trusts(parsed)) return parsed;
  }
  return {};
}

Scheme client_scheme(const UpgradeRequest& request, std::string_view peer, const PeerPolicy& policy) {
  if (!policy.trusts(peer)) return Scheme::kHttp;
  const std::string_view chain = view(request["X-Forwarded-Proto"]);
  // The first is what the browser spoke; each proxy appends its own.
  return trimmed(chain.substr(0, chain.find(','))) == "https" ? Scheme::kHttps : Scheme::kHttp;
}

}  // namespace beckon::net

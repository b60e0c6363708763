#include "net/upgrade.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include "protocol/frames.hpp"

namespace beckon::net {
namespace {

namespace http = boost::beast::http;
using boost::asio::ip::address;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

std::string value_of(const UpgradeRequest& request, http::field field) { return std::string(view(request[field])); }
std::string value_of(const UpgradeRequest& request, const char* name) { return std::string(view(request[name])); }

bool origin_allowed(const UpgradeRequest& request, const Origins& allowed) {
  if (request.count(http::field::origin) != 1) return false;
  const std::string_view origin = view(request[http::field::origin]);
  return std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

bool offers_subprotocol(const UpgradeRequest& request) {
  const auto range = request.equal_range(http::field::sec_websocket_protocol);
  for (auto it = range.first; it != range.second; ++it) {
    for (const auto& token : http::token_list(it->value())) {
      if (view(token) == protocol::kSubprotocol) return true;
    }
  }
  return false;
}

core::PrivacySignal privacy_of(const UpgradeRequest& request) {
  const bool refuses = view(request["Sec-GPC"]) == "1" || view(request["DNT"]) == "1";
  return refuses ? core::PrivacySignal::kRefuses : core::PrivacySignal::kNone;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

// The address that the nearest untrusted hop had; empty when a trusted proxy says nothing usable.
std::string client_address(const UpgradeRequest& request, std::string_view peer, const PeerPolicy& policy) {
  if (!policy.trusts(peer)) return std::string(peer);
  std::string_view chain = view(request["X-Forwarded-For"]);
  while (!chain.empty()) {
    const std::size_t comma = chain.rfind(',');
    const std::string_view last = trimmed(comma == chain.npos ? chain : chain.substr(comma + 1));
    chain = comma == chain.npos ? std::string_view() : chain.substr(0, comma);
    boost::system::error_code error;
    boost::asio::ip::make_address(std::string(last), error);
    if (error) return {};
    if (!policy.trusts(last)) return std::string(last);
  }
  return {};
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

std::variant<UpgradePlan, HttpResponse> plan_upgrade(const UpgradeRequest& request, std::string_view peer,
                                                     const OriginTable& origins, const PeerPolicy& policy) {
  const std::string_view target = view(request.target());
  const std::size_t question = target.find('?');
  const std::string_view query = question == target.npos ? std::string_view() : target.substr(question + 1);

  // An unknown site and a foreign origin look the same from outside: nobody learns which sites there are.
  const std::string site = query_value(query, "site");
  const auto found = origins.find(site);
  if (found == origins.end() || !origin_allowed(request, *found->second)) {
    return plain_response(403, "this origin may not connect to this site");
  }
  if (!offers_subprotocol(request)) return plain_response(400, "Sec-WebSocket-Protocol must offer beckon.v1");

  UpgradePlan plan;
  plan.hint = query_value(query, "v");
  const std::string client = client_address(request, peer, policy);
  plan.upgrade.site = base::SiteId(site);
  plan.upgrade.address = counting_key(client);
  if (policy.country && !client.empty()) plan.upgrade.country = policy.country(client);
  plan.upgrade.user_agent = value_of(request, http::field::user_agent);
  plan.upgrade.accept_language = value_of(request, http::field::accept_language);
  plan.upgrade.ch_ua = value_of(request, "Sec-CH-UA");
  plan.upgrade.ch_ua_mobile = value_of(request, "Sec-CH-UA-Mobile");
  plan.upgrade.ch_ua_platform = value_of(request, "Sec-CH-UA-Platform");
  plan.upgrade.privacy = privacy_of(request);
  return plan;
}

}  // namespace beckon::net

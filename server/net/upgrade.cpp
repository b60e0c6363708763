#include "net/upgrade.hpp"

#include <algorithm>
#include <boost/beast/http/rfc7230.hpp>

#include "protocol/frames.hpp"

namespace beckon::net {
namespace {

namespace http = boost::beast::http;

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

}  // namespace

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

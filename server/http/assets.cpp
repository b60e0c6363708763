#include "http/assets.hpp"

#include <algorithm>

namespace beckon::http {
namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The part before `separator`, trimmed; `text` becomes what is behind it.
std::string_view take_part(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view part = trimmed(text.substr(0, end));
  text = end == text.npos ? std::string_view() : text.substr(end + 1);
  return part;
}

// "q=0", "q=0.0", "q=0.000"; any other weight is above 0.
bool weighs_nothing(std::string_view parameters) {
  while (!parameters.empty()) {
    const std::string_view parameter = take_part(parameters, ';');
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    return parameter.substr(2).find_first_of("123456789") == parameter.npos;
  }
  return false;
}

std::string_view name_of(Caching caching) {
  switch (caching) {
    case Caching::kAsk: return "no-cache";
    case Caching::kMinutes: return "public, max-age=300, stale-while-revalidate=86400";
    case Caching::kForever: break;
  }
  return "public, max-age=31536000, immutable";
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    std::string_view named = take_part(if_none_match, ',');
    if (named.starts_with("W/")) named.remove_prefix(2);
    if (named == tag || named == "*") return true;
  }
  return false;
}

}  // namespace

const Asset* find_asset(std::string_view path) {
  const auto& table = assets();
  const auto found = std::lower_bound(table.begin(), table.end(), path,
                                      [](const Asset& asset, std::string_view wanted) { return asset.path < wanted; });
  return found != table.end() && found->path == path ? &*found : nullptr;
}

bool accepts(std::string_view accept_encoding, std::string_view coding) {
  bool by_star = false;
  while (!accept_encoding.empty()) {
    std::string_view item = take_part(accept_encoding, ',');
    const std::string_view name = take_part(item, ';');
    if (name == coding) return !weighs_nothing(item);
    if (name == "*") by_star = !weighs_nothing(item);
  }
  return by_star;
}

net::HttpResponse asset_response(const Asset& asset, const net::HttpRequest& request, Caching caching) {
  const std::string_view accepted = request.header("Accept-Encoding");
  net::HttpResponse response;
  std::string tag = '"' + std::string(asset.tag);
  response.fixed = asset.raw;
  if (!asset.brotli.empty() && accepts(accepted, "br")) {
    response.fixed = asset.brotli;
    response.headers.emplace_back("Content-Encoding", "br");
    tag += "-br";
  } else if (!asset.gzip.empty() && accepts(accepted, "gzip")) {
    response.fixed = asset.gzip;
    response.headers.emplace_back("Content-Encoding", "gzip");
    tag += "-gz";
  }
  tag += '"';
  if (names_tag(request.header("If-None-Match"), tag)) {
    response = {};
    response.status = 304;
  } else {
    response.headers.emplace_back("Content-Type", asset.type);
  }
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Cache-Control", name_of(caching));
  return response;
}

}  // namespace beckon::http

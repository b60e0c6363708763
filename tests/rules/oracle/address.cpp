#include "rules/oracle/address.hpp"

#include <algorithm>
#include <cctype>

namespace beckon::oracle {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      out += ' ';
    } else if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

// What the URL standard's path percent-encode set holds.
std::string encode_path(std::string_view text) {
  std::string out;
  for (char c : text) {
    unsigned char byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7F || std::string_view("\"#<>?`{}^").find(c) != std::string_view::npos) {
      out += {'%', kHex[byte / 16], kHex[byte % 16]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string host_of(std::string_view scheme, std::string_view authority) {
  std::string host;
  for (char c : authority) host += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  std::string_view own_port = scheme == "https" ? ":443" : ":80";
  if (host.size() > own_port.size() && host.ends_with(own_port)) host.resize(host.size() - own_port.size());
  return host;
}

}  // namespace

std::optional<std::string> Address::parameter(std::string_view name) const {
  auto found = std::find_if(query.begin(), query.end(), [&](const auto& one) { return one.first == name; });
  if (found == query.end()) return std::nullopt;
  return found->second;
}

Address parse_address(std::string_view raw, const std::set<std::string>& allowed) {
  raw = raw.substr(0, raw.find('#'));
  std::string_view before_query = raw.substr(0, raw.find('?'));
  std::string_view query = raw.substr(std::min(raw.size(), before_query.size() + 1));

  Address address;
  address.url = before_query;
  std::string_view path = before_query;
  if (std::size_t scheme_end = before_query.find("://"); scheme_end != std::string_view::npos) {
    std::string_view rest = before_query.substr(scheme_end + 3);
    std::string_view authority = rest.substr(0, rest.find('/'));
    address.host = host_of(before_query.substr(0, scheme_end), authority);
    path = rest.substr(authority.size());
  }
  address.path = encode_path(path);
  while (address.path.size() > 1 && address.path.ends_with('/')) address.path.pop_back();
  if (address.path.empty()) address.path = "/";

  char separator = '?';
  while (!query.empty()) {
    std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    std::string_view raw_name = pair.substr(0, pair.find('='));
    std::string name = decode(raw_name);
    if (!name.starts_with("utm_") && !allowed.contains(name)) continue;
    address.query.emplace_back(name, decode(pair.substr(std::min(pair.size(), raw_name.size() + 1))));
    address.url += separator;
    address.url += pair;
    separator = '&';
  }
  return address;
}

}  // namespace beckon::oracle

#include "beckon/rules/url.hpp"

#include <algorithm>
#include <array>

#include "beckon/json/utf8.hpp"
#include "beckon/rules/limits.hpp"

namespace beckon::rules {
namespace {

constexpr std::size_t kMaxHostBytes = 255;  // no name in the DNS is longer

constexpr char kHex[] = "0123456789ABCDEF";

// Sets of bytes, as tables: this code sees every page of every visitor.
using Bytes = std::array<bool, 256>;

constexpr Bytes these(std::string_view bytes) {
  Bytes set{};
  for (const char c : bytes) set[static_cast<unsigned char>(c)] = true;
  return set;
}

// What browsers write as %XX in every part of an address, and `special`. A %XX that is there already stays as it is.
constexpr Bytes encoded(std::string_view special) {
  Bytes set = these(special);
  for (unsigned c = 0; c <= 0x20; ++c) set[c] = true;
  for (unsigned c = 0x7F; c <= 0xFF; ++c) set[c] = true;
  return set;
}

constexpr Bytes kEncodedInHost = encoded("\"<>^`{|}\\");
constexpr Bytes kEncodedInPath = encoded("\"<>^`{|}");
constexpr Bytes kEncodedInQuery = encoded("\"'<>");
constexpr Bytes kNotPlainInQuery = encoded("%+");
constexpr Bytes kTabsAndBreaks = these("\t\r\n");
constexpr Bytes kAuthorityEnds = these("/?"), kWebAuthorityEnds = these("/\\?");

// The offset of the first byte that is in `set`, or the text's size.
std::size_t find_byte(std::string_view text, const Bytes& set) {
  std::size_t i = 0;
  while (i < text.size() && !set[static_cast<unsigned char>(text[i])]) ++i;
  return i;
}

bool has_byte(std::string_view text, const Bytes& set) { return find_byte(text, set) != text.size(); }

void append_encoded(std::string& out, std::string_view text, const Bytes& set) {
  for (;;) {
    const std::size_t plain = find_byte(text, set);
    out.append(text.data(), plain);
    if (plain == text.size()) return;
    const auto byte = static_cast<unsigned char>(text[plain]);
    const char triple[] = {'%', kHex[byte >> 4], kHex[byte & 0xF]};
    out.append(triple, sizeof triple);
    text.remove_prefix(plain + 1);
  }
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_alpha(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  const char l = lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

// `text` with `+` a space and %XX its byte; a '%' without two digits stays. The result is UTF-8.
void assign_decoded(std::string& out, std::string_view text) {
  if (!has_byte(text, kNotPlainInQuery)) {
    out.assign(text);
    return;
  }
  out.clear();
  bool ascii = true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i] == '+' ? ' ' : text[i];
    if (c == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0) {
      c = static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
      i += 2;
    }
    ascii = ascii && static_cast<unsigned char>(c) < 0x80;
    out += c;
  }
  if (!ascii) json::replace_bad_utf8(out);
}

// ---------------------------------------------------------------------------------------------------------------------
// The parts of an address, as views into it.

enum class Kind {
  kRelative,   // no scheme: a path, perhaps behind //host
  kWeb,        // http and its like: always a host, and `\` is as good as `/`
  kOther,      // any other scheme
};

struct Parts {
  Kind kind = Kind::kRelative;
  std::string_view scheme;
  std::string_view own_port;  // of the scheme
  bool has_authority = false;
  std::string_view authority, path, query;
};

struct DefaultPort {
  std::string_view scheme, port;
};
constexpr DefaultPort kDefaultPorts[] = {{"https", "443"}, {"http", "80"}, {"wss", "443"}, {"ws", "80"}, {"ftp", "21"}};

// The scheme's own port; empty where it has none, which is also how the schemes of the web are told from others.
std::string_view default_port(std::string_view scheme) {
  const auto equal = [](char c, char lower_case) { return lower(c) == lower_case; };
  for (const DefaultPort& entry : kDefaultPorts) {
    if (std::equal(scheme.begin(), scheme.end(), entry.scheme.begin(), entry.scheme.end(), equal)) return entry.port;
  }
  return {};
}

std::size_t scheme_length(std::string_view text) {
  if (text.empty() || !is_alpha(text[0])) return 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == ':') return i;
    if (!is_alpha(text[i]) && !is_digit(text[i]) && text[i] != '+' && text[i] != '-' && text[i] != '.') return 0;
  }
  return 0;
}

bool is_slash(char c, Kind kind) { return c == '/' || (c == '\\' && kind != Kind::kOther); }

std::size_t leading_slashes(std::string_view text, Kind kind) {
  std::size_t count = 0;
  while (count < text.size() && is_slash(text[count], kind)) ++count;
  return count;
}

Parts split(std::string_view text) {
  Parts parts;
  text = text.substr(0, text.find('#'));
  if (const std::size_t length = scheme_length(text); length > 0) {
    parts.scheme = text.substr(0, length);
    parts.own_port = default_port(parts.scheme);
    parts.kind = parts.own_port.empty() ? Kind::kOther : Kind::kWeb;
    text.remove_prefix(length + 1);
  }
  const std::size_t slashes = leading_slashes(text, parts.kind);
  parts.has_authority = parts.kind == Kind::kWeb || slashes >= 2;
  if (parts.has_authority) {
    text.remove_prefix(parts.kind == Kind::kWeb ? slashes : 2);
    parts.authority = text.substr(0, find_byte(text, parts.kind == Kind::kOther ? kAuthorityEnds : kWebAuthorityEnds));
    text.remove_prefix(parts.authority.size());
  }
  const std::size_t question = text.find('?');
  parts.path = text.substr(0, std::min(question, kMaxSubjectBytes));
  if (question != std::string_view::npos) parts.query = text.substr(question + 1);
  return parts;
}

// ---------------------------------------------------------------------------------------------------------------------
// Writing the parts as a browser would.

// Takes off a port that says nothing (none, or the scheme's own) and the zeros in front of one that does.
void drop_default_port(std::string& host, std::string_view own) {
  for (;;) {
    const std::size_t colon = host.rfind(':');
    if (colon == std::string::npos || host.find(']', colon) != std::string::npos) return;
    const std::string_view digits = std::string_view(host).substr(colon + 1);
    if (!std::all_of(digits.begin(), digits.end(), is_digit)) return;
    const std::size_t zeros = std::min(digits.find_first_not_of('0'), digits.empty() ? 0 : digits.size() - 1);
    if (!digits.empty() && digits.substr(zeros) != own) {
      host.erase(colon + 1, zeros);
      return;
    }
    host.resize(colon);
  }
}

// As it is, but for what is no UTF-8 and what would end the host.
void append_international(std::string& host, std::string_view text) {
  for (std::size_t i = 0; i < text.size() && host.size() <= kMaxHostBytes;) {
    const std::size_t length = std::max<std::size_t>(json::utf8_length(text, i), 1);
    if (length > 1) {
      host.append(text, i, length);
    } else {
      append_encoded(host, text.substr(i, 1), kEncodedInHost);
    }
    i += length;
  }
}

// Lower case, never with a user or a password.
void assign_host(std::string& host, const Parts& parts) {
  host.clear();
  std::string_view text = parts.authority;
  if (const std::size_t at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  if (has_byte(text, kEncodedInHost)) {
    append_international(host, text);
  } else {
    host.assign(text);
  }
  if (host.size() > kMaxHostBytes) host.resize(json::cut_utf8(host, kMaxHostBytes).size());
  std::transform(host.begin(), host.end(), host.begin(), lower);
  drop_default_port(host, parts.own_port);
}

// "." or "..", each dot perhaps written as %2e: how many dots; 0 for every other segment.
int dots(std::string_view segment) {
  int count = 0;
  while (!segment.empty()) {
    const bool plain = segment[0] == '.';
    const bool escaped = segment.size() >= 3 && segment.starts_with("%2") && lower(segment[2]) == 'e';
    if (!plain && !escaped) return 0;
    segment.remove_prefix(plain ? 1 : 3);
    if (++count > 2) return 0;
  }
  return count;
}

// Segment by segment, with those of dots resolved.
void append_resolved(std::string& out, std::string_view path, Kind kind) {
  const std::size_t root = out.size();
  if (!path.empty() && is_slash(path[0], kind)) path.remove_prefix(1);
  for (bool last = false; !last;) {
    const auto slash = std::find_if(path.begin(), path.end(), [&](char c) { return is_slash(c, kind); });
    const std::string_view segment = path.substr(0, static_cast<std::size_t>(slash - path.begin()));
    last = slash == path.end();
    const int count = dots(segment);
    if (count == 2) out.resize(std::max(root, std::min(out.rfind('/'), out.size())));
    if (count == 0) {
      out += '/';
      append_encoded(out, segment, kEncodedInPath);
    } else if (last) {
      out += '/';
    }
    path.remove_prefix(last ? path.size() : segment.size() + 1);
  }
}

// Whether a segment could begin with a dot, or `\` divide segments. Most paths go by without.
bool may_hold_dots(std::string_view path, Kind kind) {
  for (std::size_t i = 1; i < path.size(); ++i) {
    if ((path[i] == '.' || path[i] == '%') && path[i - 1] == '/') return true;
    if (path[i] == '\\' && kind != Kind::kOther) return true;
  }
  return false;
}

void append_path(std::string& out, const Parts& parts) {
  const std::string_view path = parts.path;
  const bool rooted = !path.empty() && path[0] == '/';
  const bool opaque = parts.kind == Kind::kOther && !rooted;  // about:blank, android-app://name
  if (opaque) {
    append_encoded(out, path, kEncodedInPath);
    return;
  }
  const std::size_t begin = out.size();
  if (rooted && !may_hold_dots(path, parts.kind)) {
    append_encoded(out, path, kEncodedInPath);
  } else {
    append_resolved(out, path, parts.kind);
  }
  // Without a host in front, "//x" would say that x is one.
  if (!parts.has_authority) out.erase(begin, std::min(out.find_first_not_of('/', begin), out.size()) - begin - 1);
}

bool is_allowed(std::string_view name, const QueryNames& allowed) {
  return name.starts_with("utm_") || std::binary_search(allowed.begin(), allowed.end(), name);
}

// Appends to the address, and to its parameters, those that are allowed.
void append_query(PageUrl& out, std::string_view query, const QueryNames& allowed) {
  std::size_t count = 0;
  std::string decoded_name;
  while (!query.empty() && out.url.size() <= kMaxSubjectBytes) {
    const std::string_view parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    const std::size_t equals = std::min(parameter.find('='), parameter.size());
    std::string_view name = parameter.substr(0, equals);
    if (has_byte(name, kNotPlainInQuery)) {
      assign_decoded(decoded_name, name);
      name = decoded_name;
    }
    if (!is_allowed(name, allowed)) continue;
    out.url += count == 0 ? '?' : '&';
    append_encoded(out.url, parameter, kEncodedInQuery);
    if (count == out.query.size()) out.query.emplace_back();
    assign_decoded(out.query[count].name, parameter.substr(0, equals));
    assign_decoded(out.query[count].value, parameter.substr(std::min(equals + 1, parameter.size())));
    ++count;
  }
  out.query.resize(count);
}

// Browsers take off white space and control characters at both ends, and tabs and line breaks anywhere.
std::string_view trimmed(std::string_view raw, std::string& storage) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
  while (!raw.empty() && blank(raw.front())) raw.remove_prefix(1);
  while (!raw.empty() && blank(raw.back())) raw.remove_suffix(1);
  if (!has_byte(raw, kTabsAndBreaks)) return raw;
  std::copy_if(raw.begin(), raw.end(), std::back_inserter(storage),
               [](char c) { return !kTabsAndBreaks[static_cast<unsigned char>(c)]; });
  return storage;
}

void assign_path(PageUrl& out, std::size_t begin) {
  const std::size_t end = out.url.find_last_not_of('/');
  out.path.clear();
  if (end != std::string::npos && end >= begin) out.path.append(out.url, begin, end + 1 - begin);
  if (out.path.empty()) out.path = '/';
}

}  // namespace

const std::string* PageUrl::find(std::string_view name) const {
  for (const QueryParameter& parameter : query) {
    if (parameter.name == name) return &parameter.value;
  }
  return nullptr;
}

void parse_page_url(std::string_view raw, const QueryNames& allowed, PageUrl& out) {
  std::string storage;
  Parts parts = split(trimmed(raw, storage));
  assign_host(out.host, parts);
  if (out.host.empty() && parts.kind != Kind::kOther) {
    parts.kind = Kind::kRelative;
    parts.scheme = {};
    parts.has_authority = false;
  }
  out.url.clear();
  if (!parts.scheme.empty()) {
    out.url.append(parts.scheme).push_back(':');
    std::transform(out.url.begin(), out.url.end(), out.url.begin(), lower);
  }
  if (parts.has_authority) out.url.append("//").append(out.host);
  const std::size_t path_begin = out.url.size();
  append_path(out.url, parts);
  assign_path(out, path_begin);
  append_query(out, parts.query, allowed);
  if (out.url.size() > kMaxSubjectBytes) {
    // What is left is read again, so that an address that was cut once means the same whenever it is read.
    const std::string cut(json::cut_utf8(out.url, kMaxSubjectBytes));
    parse_page_url(cut, allowed, out);
  }
}

std::string filter_url(std::string_view raw, const QueryNames& allowed) {
  if (raw.empty()) return {};
  PageUrl url;
  parse_page_url(raw, allowed, url);
  return std::move(url.url);
}

}  // namespace beckon::rules

// The files that browsers get, part of the binary: the widget and the demo shop.
//
// Thread safety: immutable.
#pragma once

#include <string_view>
#include <vector>

#include "net/http_message.hpp"

namespace beckon::http {

struct Asset {
  std::string_view path;    // group and name: "widget/widget.js", "shop/index.html"
  std::string_view type;    // Content-Type
  std::string_view tag;     // changes with the content
  std::string_view raw;
  std::string_view gzip;    // empty where it saves nothing
  std::string_view brotli;  // likewise
};

// All of them, by path. Made at build time by embed/embed_assets.cpp.
[[nodiscard]] const std::vector<Asset>& assets();

// nullptr when there is none of that path.
[[nodiscard]] const Asset* find_asset(std::string_view path);

// How long a browser may use it without asking.
enum class Caching {
  kAsk,      // ask each time; an unchanged file is a 304
  kMinutes,  // five minutes, then ask behind the visitor's back: pages keep their speed, a new widget is there soon
  kForever,  // its name changes with its content
};

// The asset in the best encoding that the request takes, or 304 when the browser has it.
[[nodiscard]] net::HttpResponse asset_response(const Asset& asset, const net::HttpRequest& request, Caching caching);

// Whether an Accept-Encoding header takes `coding`: named, or by "*", with a weight above 0.
[[nodiscard]] bool accepts(std::string_view accept_encoding, std::string_view coding);

}  // namespace beckon::http

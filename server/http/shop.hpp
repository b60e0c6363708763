// The demo shop: paths to files as examples/shop/README.md says.
#pragma once

#include <string_view>

#include "net/http_message.hpp"

namespace beckon::http {

[[nodiscard]] net::HttpResponse shop_response(const net::HttpRequest& request);

// The rules that the demo shop comes with.
[[nodiscard]] std::string_view shop_rules();

}  // namespace beckon::http

// The console itself: the files of dist/console, and its page for every other path under /console.
#pragma once

#include "net/http_message.hpp"

namespace beckon::http {

// `request.path` is /console or begins with /console/.
[[nodiscard]] net::HttpResponse console_page(const net::HttpRequest& request);

}  // namespace beckon::http

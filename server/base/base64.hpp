// Bytes as text, for exports.
#pragma once

#include <string>
#include <string_view>

namespace beckon::base {

// RFC 4648 with padding: "YQ==" for "a". Thread safety: may be called from any thread.
[[nodiscard]] std::string base64(std::string_view bytes);

}  // namespace beckon::base

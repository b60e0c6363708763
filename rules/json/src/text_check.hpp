// What bytes a text may hold at all, before anybody looks at what they say.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace beckon::json {

// The length of the well-formed UTF-8 sequence (RFC 3629: no overlong forms, no surrogates) at `offset` of `text`, 1 to 4;
// 0 when there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t offset);

// The offset of the first byte that no JSON text may hold: no UTF-8, or a control character that is no white space.
[[nodiscard]] std::optional<std::size_t> find_bad_byte(std::string_view text);

}  // namespace beckon::json

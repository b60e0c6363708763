// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing beyond U+10FFFF.
//
// Thread safety: free functions may be called from any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace beckon::json {

// The length of the well-formed sequence at `offset`, which is inside `text`: 1 to 4; 0 when there is none.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t offset);

// The offset of the first byte that no JSON text may hold: no UTF-8, or a control character that is no white space.
[[nodiscard]] std::optional<std::size_t> find_bad_byte(std::string_view text);

// Puts U+FFFD in place of every byte that is not UTF-8.
void replace_bad_utf8(std::string& text);

// The first `max_bytes` of `text` at most, without a character that the cut would split.
[[nodiscard]] std::string_view cut_utf8(std::string_view text, std::size_t max_bytes);

}  // namespace beckon::json

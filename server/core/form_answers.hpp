// What visitors enter into forms, checked alike in every frame that brings it: `leave_message`, `say`, `callback`. No
// more is checked than what keeps nonsense out: whether an address takes mail, or a number rings, is known only when
// somebody tries.
#pragma once

#include <string_view>

namespace beckon::core {

// One `@` with something before and behind it, and neither white space nor control characters.
[[nodiscard]] bool looks_like_email(std::string_view text);

// At least five digits; between them nothing but spaces (those of Unicode too) and `+ ( ) . - /`. `text` is UTF-8.
[[nodiscard]] bool looks_like_phone(std::string_view text);

}  // namespace beckon::core

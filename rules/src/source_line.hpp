// One line of a file as a terminal shows it, with the underline of a range: the pieces of a rendered diagnostic.
#pragma once

#include <string>
#include <string_view>

#include "beckon/rules/diagnostic.hpp"

namespace beckon::rules {

// A code point of UTF-8 text; `size` bytes. A byte that begins none is U+FFFD of size 1.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
};
[[nodiscard]] CodePoint next_code_point(std::string_view text);

// Text of a file that is safe to print inside a message: in quotes, control and direction characters as escapes, and
// cut in the middle beyond 60 characters.
[[nodiscard]] std::string quoted(std::string_view text);

// The line that holds range.begin and, below it, '^~~~' under the part of the range that is on this line. Tabs become
// spaces, characters that a terminal would obey become U+FFFD, and a line wider than 120 cells is cut around the caret.
struct ShownLine {
  std::string text;
  std::string underline;  // spaces, then the caret
};
[[nodiscard]] ShownLine show_line(std::string_view text, SourceRange range);

}  // namespace beckon::rules

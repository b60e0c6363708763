// Says in plain English what is wrong with a text that the parser refused, and where an editor should put the cursor.
#pragma once

#include <cstddef>
#include <string_view>

#include "beckon/json/reader.hpp"

namespace beckon::json {

// What the parser was looking for when it gave up.
enum class Expected {
  kDocument,           // the first value
  kEnd,                // nothing but white space: the document is complete
  kValue,
  kName,               // of a member
  kColon,
  kCommaOrBrace,       // behind a member
  kCommaOrBracket,     // behind an element
  kHexDigits,          // of \uXXXX
  kSecondSurrogate,
  kEscape,             // a character of a string: an unknown escape or a raw control character stands there
  kClosingQuote,
  kFraction,
  kExponent,
  kSmallerNumber,
  kComment,            // the end of one, or its second '/' or '*'
};

// The error of `text`, where the parser stopped at byte `offset`.
[[nodiscard]] Error syntax_error(std::string_view text, std::size_t offset, Expected expected, Dialect dialect);

// The error of a byte that find_bad_byte found.
[[nodiscard]] Error bad_byte_error(std::string_view text, std::size_t offset);

// The error of a name that its object has already, at `first`.
[[nodiscard]] Error duplicate_error(std::string_view text, std::string_view name, std::size_t first,
                                    std::size_t second);

// The offset of the opening quote of the string that holds byte `offset`, or `offset` where no string does.
[[nodiscard]] std::size_t string_around(std::string_view text, std::size_t offset);

// One behind the closing quote of the string that opens at `begin`, or the text's end.
[[nodiscard]] std::size_t string_end(std::string_view text, std::size_t begin);

}  // namespace beckon::json

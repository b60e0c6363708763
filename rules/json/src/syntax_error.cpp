#include "syntax_error.hpp"

#include <algorithm>

#include "beckon/json/utf8.hpp"

namespace beckon::json {
namespace {

constexpr std::size_t kShownBytes = 40;  // of a word or name that a message quotes

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$' || c == '+' ||
         c == '-' || c == '.';
}

// At most kShownBytes of `text`, whole characters, control characters as '?'.
std::string shown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = std::max<std::size_t>(utf8_length(text, i), 1);
    if (out.size() + length > kShownBytes) return out + "…";
    const bool control = static_cast<unsigned char>(text[i]) < 0x20 || text[i] == 0x7F;
    out += control ? "?" : text.substr(i, length);
    i += length;
  }
  return out;
}

std::string quoted(std::string_view text) { return '"' + shown(text) + '"'; }

// The run of letters, digits and signs around `offset`.
std::string_view word_around(std::string_view text, std::size_t offset) {
  std::size_t begin = offset, end = offset;
  while (begin > 0 && is_word(text[begin - 1])) --begin;
  while (end < text.size() && is_word(text[end])) ++end;
  return text.substr(begin, end - begin);
}

std::size_t offset_in(std::string_view text, std::string_view part) {
  return static_cast<std::size_t>(part.data() - text.data());
}

// What stands at `offset`, for "…, found X".
std::string found_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "the end of the text";
  if (text[offset] == '"') return "a string";
  if (is_word(text[offset])) return quoted(word_around(text, offset));
  const std::size_t length = std::max<std::size_t>(utf8_length(text, offset), 1);
  return '\'' + shown(text.substr(offset, length)) + '\'';
}

Error expected_but(std::string_view what, std::string_view text, std::size_t offset) {
  return {offset, "expected " + std::string(what) + ", found " + found_at(text, offset)};
}

// Mistakes that have a better name than "expected X, found Y". Null where none fits.
std::optional<Error> familiar_mistake(std::string_view text, std::size_t offset, Dialect dialect) {
  if (offset >= text.size()) return std::nullopt;
  const char c = text[offset];
  if (c == '\'') return Error{offset, "strings and names stand in double quotes"};
  if (c == '/' && dialect == Dialect::kStrict && offset + 1 < text.size() &&
      (text[offset + 1] == '/' || text[offset + 1] == '*')) {
    return Error{offset, "comments are not allowed here"};
  }
  if (c == '#') return Error{offset, "a comment begins with '//'"};
  const std::string_view word = word_around(text, offset);
  const std::string_view digits = word.starts_with('-') ? word.substr(1) : word;
  if (digits.size() > 1 && digits[0] == '0' && is_digit(digits[1])) {
    return Error{offset_in(text, word), "a number does not begin with 0: " + quoted(word)};
  }
  return std::nullopt;
}

// Whether a ']' stands at `offset` and a comma before it.
bool behind_comma(std::string_view text, std::size_t offset) {
  if (offset >= text.size() || text[offset] != ']') return false;
  const std::size_t before = text.substr(0, offset).find_last_not_of(" \t\r\n");
  return before != std::string_view::npos && text[before] == ',';
}

Error bad_value(std::string_view text, std::size_t offset) {
  const std::string_view word = word_around(text, offset);
  if (word.empty()) {
    if (offset < text.size() && (text[offset] == '}' || text[offset] == ']')) {
      return {offset, std::string("expected a value before '") + text[offset] + '\''};
    }
    return expected_but("a value", text, offset);
  }
  const std::size_t begin = offset_in(text, word);
  if (word == "NaN" || word.ends_with("Infinity") || word.ends_with("inf")) {
    return {begin, quoted(word) + " is no JSON number"};
  }
  if (word == "-") return {begin, "expected a digit after '-'"};
  if (word[0] == '+') return {begin, "a number does not begin with '+'"};
  if (word[0] == '.') return {begin, "a number begins with a digit: write 0 before the point"};
  return {begin, "expected a value, found " + quoted(word) + "; strings stand in double quotes"};
}

Error bad_name(std::string_view text, std::size_t offset) {
  if (offset < text.size() && text[offset] == '}') return {offset, "no comma may stand before '}'"};
  if (offset < text.size() && is_word(text[offset])) {
    return {offset, "a member's name stands in double quotes: " + quoted(word_around(text, offset))};
  }
  return expected_but("a member's name in double quotes, or '}'", text, offset);
}

Error bad_character(std::string_view text, std::size_t offset) {
  if (offset < text.size() && text[offset] == '\\') {
    const std::string_view next = text.substr(offset + 1);
    if (next.empty()) return {string_around(text, offset), "a string is not closed"};
    const std::size_t length = std::max<std::size_t>(utf8_length(next, 0), 1);
    return {offset, "unknown escape '\\" + shown(next.substr(0, length)) +
                        "' in a string: a backslash itself is written '\\\\'"};
  }
  if (offset < text.size() && text[offset] == '\t') return {offset, "a tab in a string is written '\\t'"};
  return {string_around(text, offset), "a string is not closed on its line; a line break in it is written '\\n'"};
}

// The offset of the comment that is not closed.
Error bad_comment(std::string_view text, std::size_t offset) {
  if (offset < text.size()) return {offset - 1, "a comment begins with '//' or '/*'"};
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '"') {
      i = string_end(text, i);
    } else if (text.substr(i).starts_with("//")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i).starts_with("/*")) {
      const std::size_t end = text.find("*/", i + 2);
      if (end == std::string_view::npos) return {i, "a comment is not closed: expected '*/'"};
      i = end + 2;
    } else {
      ++i;
    }
  }
  return {text.size() - 1, "a comment begins with '//' or '/*'"};
}

Error described(std::string_view text, std::size_t offset, Expected expected) {
  switch (expected) {
    case Expected::kDocument:
      if (offset >= text.size()) return {offset, "expected a value, found nothing"};
      return bad_value(text, offset);
    case Expected::kEnd: return {offset, "expected nothing more behind the document, found " + found_at(text, offset)};
    case Expected::kValue:
      if (behind_comma(text, offset)) return {offset, "no comma may stand before ']'"};
      return bad_value(text, offset);
    case Expected::kName: return bad_name(text, offset);
    case Expected::kColon: return expected_but("':' after the member's name", text, offset);
    case Expected::kCommaOrBrace: return expected_but("',' or '}' after a member", text, offset);
    case Expected::kCommaOrBracket: return expected_but("',' or ']' after an element", text, offset);
    case Expected::kHexDigits: return {offset, "expected four hexadecimal digits after '\\u'"};
    case Expected::kSecondSurrogate: return {offset, "half a surrogate pair: '\\uD800' to '\\uDFFF' come in pairs"};
    case Expected::kEscape: return bad_character(text, offset);
    case Expected::kClosingQuote: return {string_around(text, offset), "a string is not closed"};
    case Expected::kFraction: return expected_but("a digit after the decimal point", text, offset);
    case Expected::kExponent: return expected_but("a digit in the exponent", text, offset);
    case Expected::kSmallerNumber: return {offset, "the number " + quoted(word_around(text, offset)) + " is too large"};
    case Expected::kComment: return bad_comment(text, offset);
  }
  return {offset, "not JSON"};
}

}  // namespace

std::size_t string_end(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

std::size_t string_around(std::string_view text, std::size_t offset) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (text[i] == '"') {
      const std::size_t end = string_end(text, i);
      if (offset >= i && (offset < end || end == text.size())) return i;
      i = end;
    } else if (text.substr(i).starts_with("//")) {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i).starts_with("/*")) {
      i = std::min(text.find("*/", i + 2), text.size());
    } else {
      ++i;
    }
  }
  return offset;
}

Error syntax_error(std::string_view text, std::size_t offset, Expected expected, Dialect dialect) {
  offset = std::min(offset, text.size());
  const bool between_tokens = expected <= Expected::kCommaOrBracket;
  if (between_tokens) {
    if (std::optional<Error> error = familiar_mistake(text, offset, dialect)) return *std::move(error);
  }
  if (expected == Expected::kHexDigits || expected == Expected::kSecondSurrogate) {
    // An escape that the text's end cuts is a string without an end.
    if (string_end(text, string_around(text, offset)) == text.size() && text.back() != '"') {
      return {string_around(text, offset), "a string is not closed"};
    }
  }
  return described(text, offset, expected);
}

Error bad_byte_error(std::string_view text, std::size_t offset) {
  const auto byte = static_cast<unsigned char>(text[offset]);
  if (offset == 0 && (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))) {
    return {offset, "the text is UTF-16; JSON is UTF-8"};
  }
  static constexpr char kHex[] = "0123456789ABCDEF";
  const std::string hex = std::string("0x") + kHex[byte >> 4] + kHex[byte & 0xF];
  if (byte < 0x20) return {offset, "a control character (" + hex + ") is written as an escape, and in strings alone"};
  return {offset, "the byte " + hex + " is not UTF-8"};
}

Error duplicate_error(std::string_view text, std::string_view name, std::size_t first, std::size_t second) {
  std::string message = "the key " + quoted(name) + " is there twice";
  const LineColumn line_of_first = locate(text, first);
  if (line_of_first.line != locate(text, second).line) {
    message += ", first on line " + std::to_string(line_of_first.line);
  }
  return {second, std::move(message)};
}

}  // namespace beckon::json

#include "beckon/json/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include "beckon/json/utf8.hpp"

namespace beckon::json {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kLineSeparator = "\xE2\x80\xA8", kParagraphSeparator = "\xE2\x80\xA9";

// Bytes that stand for themselves: printable ASCII but `"`, `\` and `<`.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned c = 0x20; c < 0x7F; ++c) plain[c] = c != '"' && c != '\\' && c != '<';
  return plain;
}();

void append_ascii_escape(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: break;
  }
  out += "\\u00";
  out += kHex[(c >> 4) & 0xF];
  out += kHex[c & 0xF];
}

// Writes the character at `i`, which is not plain, and returns its length in `value`.
std::size_t append_special(std::string& out, std::string_view value, std::size_t i) {
  const std::size_t length = utf8_length(value, i);
  if (length == 1) {
    append_ascii_escape(out, value[i]);
    return 1;
  }
  if (length == 0) {
    out += kReplacement;
    return 1;
  }
  const std::string_view character = value.substr(i, length);
  if (character == kLineSeparator) {
    out += "\\u2028";
  } else if (character == kParagraphSeparator) {
    out += "\\u2029";
  } else {
    out += character;
  }
  return length;
}

void append_string(std::string& out, std::string_view value) {
  out += '"';
  std::size_t i = 0;
  while (i < value.size()) {
    const std::size_t begin = i;
    while (i < value.size() && kPlain[static_cast<unsigned char>(value[i])]) ++i;
    out.append(value, begin, i - begin);
    if (i < value.size()) i += append_special(out, value, i);
  }
  out += '"';
}

template <class Number>
void append_number(std::string& out, Number value) {
  std::array<char, 32> digits;
  const auto [end, code] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

}  // namespace

void Writer::separate() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!first_) out_ += ',';
  first_ = false;
}

Writer& Writer::begin_object() {
  separate();
  out_ += '{';
  first_ = true;
  return *this;
}

Writer& Writer::end_object() {
  out_ += '}';
  first_ = false;
  return *this;
}

Writer& Writer::begin_array() {
  separate();
  out_ += '[';
  first_ = true;
  return *this;
}

Writer& Writer::end_array() {
  out_ += ']';
  first_ = false;
  return *this;
}

Writer& Writer::key(std::string_view name) {
  separate();
  append_string(out_, name);
  out_ += ':';
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view value) {
  separate();
  append_string(out_, value);
  return *this;
}

Writer& Writer::number(std::int64_t value) {
  separate();
  append_number(out_, value);
  return *this;
}

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  separate();
  // The shortest form of a round number is "1e+05"; people prefer 100000.
  constexpr double kWhole = 1e15;
  if (value != 0 && std::abs(value) < kWhole && std::trunc(value) == value) {
    append_number(out_, static_cast<std::int64_t>(value));
  } else {
    append_number(out_, value);
  }
  return *this;
}

Writer& Writer::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::null() {
  separate();
  out_ += "null";
  return *this;
}

Writer& Writer::raw(std::string_view json) {
  separate();
  out_ += json;
  return *this;
}

}  // namespace beckon::json

// Single values of a frame: each is checked where it stands, and kept. For the decoder alone.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "beckon/json/reader.hpp"
#include "protocol/fields.hpp"

namespace beckon::protocol {

// What is cut is cut at a whole character.
inline std::string_view cut(std::string_view text, std::size_t max) {
  if (text.size() <= max) return text;
  while (max > 0 && (static_cast<unsigned char>(text[max]) & 0xC0) == 0x80) --max;
  return text.substr(0, max);
}

inline bool is_plain(std::string_view text, std::size_t min, std::size_t max) {
  if (text.size() < min || text.size() > max) return false;
  for (const char c : text) {
    const bool good = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

struct ValueTaker {
  enum class Kind : std::uint8_t { kNull, kBool, kNumber, kString };

  struct Value {
    Kind kind = Kind::kNull;
    bool boolean = false;
    std::string_view text;  // a number's digits, a string's bytes
  };

  virtual ~ValueTaker() = default;
  // How a refusal names a member of the object that is being read.
  [[nodiscard]] virtual std::string place(std::string_view member) const = 0;

  // A frame of `bytes` begins.
  void start_values(std::size_t bytes) {
    if (arena.size() < bytes) arena.resize(bytes + bytes / 2);
    used = 0;
    reason.clear();
  }

  std::string_view keep(std::string_view text) {
    char* const place = arena.data() + used;
    std::memcpy(place, text.data(), text.size());
    used += text.size();
    return {place, text.size()};
  }

  // --- Refusing. Each returns false, which stops the reader.

  bool refuse_at(const std::string& where, std::string_view why) {
    reason = where + ": " + std::string(why);
    return false;
  }
  bool refuse(std::string_view why) { return refuse_at(place(name_of(field)), why); }

  // --- Taking. False: refused.

  bool take_text(const Value& v, std::size_t min, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    if (v.text.size() > max) return refuse("longer than " + std::to_string(max) + " bytes");
    if (v.text.size() < min) return refuse("must not be empty");
    out = keep(v.text);
    return true;
  }

  bool take_cut(const Value& v, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    out = keep(cut(v.text, max));
    return true;
  }

  bool take_plain(const Value& v, std::size_t min, std::size_t max, std::string_view& out) {
    if (v.kind != Kind::kString) return refuse("expected a string");
    if (!is_plain(v.text, min, max)) {
      return refuse("expected " + std::to_string(min) + " to " + std::to_string(max) + " of A-Z a-z 0-9 _ -");
    }
    out = keep(v.text);
    return true;
  }

  template <class T>
  bool take_bool(const Value& v, T& out) {
    if (v.kind != Kind::kBool) return refuse("expected true or false");
    out = v.boolean;
    return true;
  }

  template <class T>
  bool take_number(const Value& v, T& out) {
    if (v.kind != Kind::kNumber) return refuse("expected a number");
    const std::optional<double> number = json::to_double(v.text);
    if (!number || !std::isfinite(*number)) return refuse("out of range");
    out = *number;
    return true;
  }

  bool take_int(const Value& v, std::int64_t min, std::int64_t max, std::int64_t& out) {
    if (v.kind != Kind::kNumber) return refuse("expected a number");
    const std::optional<std::int64_t> number = json::to_int64(v.text);
    if (!number || *number < min || *number > max) {
      return refuse("expected an integer from " + std::to_string(min) + " to " + std::to_string(max));
    }
    out = *number;
    return true;
  }

  bool take_scalar(const Value& v, Scalar& out) {
    switch (v.kind) {
      case Kind::kNull: out = std::monostate{}; return true;
      case Kind::kBool: out = v.boolean; return true;
      case Kind::kNumber: return take_number(v, out);
      case Kind::kString: {
        std::string_view text;
        if (!take_text(v, 0, kMaxValueBytes, text)) return false;
        out = text;
        return true;
      }
    }
    return false;
  }

  std::vector<char> arena;  // never grows while a text is read: unescaped strings are no longer than the text
  std::size_t used = 0;
  std::string reason;
  Field field = Field::kUnknown;  // whose value comes
};

}  // namespace beckon::protocol

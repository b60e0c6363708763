// The texts of a visitor and of a tab.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "compact.hpp"

namespace beckon::rules::detail {

// A few strings under numbers below 16, in one block: [length, number][bytes]…, four bits each; a length of 15 or more
// is written as 15, then in two bytes.
class Fields {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::uint8_t field) const {
    const Place place = find_place(field);
    if (place.size == 0) return std::nullopt;
    return std::string_view(place.text, place.length);
  }
  [[nodiscard]] std::string_view get(std::uint8_t field) const { return find(field).value_or(std::string_view()); }

  // An empty value is kept as such; erase() takes the field away. At most 65,535 bytes. `value` is not in here.
  void set(std::uint8_t field, std::string_view value) {
    const Place old = find_place(field);
    if (old.size > 0 && old.length == value.size()) {
      if (!value.empty()) std::memcpy(const_cast<char*>(old.text), value.data(), value.size());
      return;
    }
    write(old.at, old.size, field, value);
  }
  // For a field that is known to be absent.
  void add(std::uint8_t field, std::string_view value) { write(bytes_.size(), 0, field, value); }
  void erase(std::uint8_t field) {
    const Place old = find_place(field);
    if (old.size > 0) bytes_.erase(old.at, old.size);
  }
  template <typename Number>
  [[nodiscard]] std::optional<Number> find_number(std::uint8_t field) const {
    const auto bytes = find(field);
    if (!bytes) return std::nullopt;
    Number number;
    std::memcpy(&number, bytes->data(), sizeof number);
    return number;
  }
  // Of the type that find_number() is asked for; nothing takes the field away.
  template <typename Number>
  void set_number(std::uint8_t field, std::optional<Number> number) {
    if (!number) return erase(field);
    char bytes[sizeof(Number)];
    std::memcpy(bytes, &*number, sizeof bytes);
    set(field, {bytes, sizeof bytes});
  }
  [[nodiscard]] std::size_t memory_bytes() const { return bytes_.memory_bytes(); }

 private:
  static constexpr std::uint32_t kLong = 15;  // as a length: see above
  struct Place {
    std::uint32_t at, size;  // in bytes_; size 0: not there, and `at` is the end
    const char* text;
    std::uint32_t length;
  };
  [[nodiscard]] Place find_place(std::uint8_t field) const {
    const char* const begin = bytes_.data();
    const std::uint32_t end = bytes_.size();
    for (std::uint32_t at = 0; at < end;) {
      const unsigned char head = static_cast<unsigned char>(begin[at]);
      std::uint32_t text = at + 1, length = head >> 4;
      if (length == kLong) {
        const auto byte = [&](std::uint32_t i) { return std::uint32_t{static_cast<unsigned char>(begin[i])}; };
        length = byte(at + 1) | byte(at + 2) << 8;
        text += 2;
      }
      if ((head & 15) == field) return {at, text - at + length, begin + text, length};
      at = text + length;
    }
    return {end, 0, nullptr, 0};
  }
  void write(std::uint32_t at, std::uint32_t old_size, std::uint8_t field, std::string_view value) {
    const std::uint32_t length = static_cast<std::uint32_t>(value.size() < 0xffff ? value.size() : 0xffff);
    const bool is_long = length >= kLong;
    char* out = bytes_.replace(at, old_size, (is_long ? 3 : 1) + length);
    *out++ = static_cast<char>((is_long ? kLong : length) << 4 | field);
    if (is_long) {
      *out++ = static_cast<char>(length & 0xff);
      *out++ = static_cast<char>(length >> 8);
    }
    if (length > 0) std::memcpy(out, value.data(), length);
  }

  Compact<char> bytes_;
};

}  // namespace beckon::rules::detail

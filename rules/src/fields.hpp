// The texts of a visitor and of a tab.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

#include "common_words.hpp"
#include "compact.hpp"

namespace beckon::rules::detail {

// A few strings under numbers below 16, in one block. Each is a byte of its length (upper half) and number, then its bytes:
//
//   length 0 to 14   as it is
//   length 15        a byte of the length follows, or 255 and two bytes of it, the lower first
//   length 1         and a byte from 0x80 on, which no UTF-8 text begins with: a common word
class Fields {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::uint8_t field) const {
    const Place place = find_place(field);
    return place.size == 0 ? std::nullopt : std::optional(place.text);
  }
  // The one that was added first, and is there for good.
  [[nodiscard]] std::string_view first() const { return bytes_.empty() ? std::string_view() : place_at(0).text; }
  [[nodiscard]] std::string_view get(std::uint8_t field) const { return find_place(field).text; }

  // An empty value is kept as such; erase() takes the field away. At most 65,535 bytes. `value` is not in here.
  void set(std::uint8_t field, std::string_view value) {
    const Place old = find_place(field);
    const bool is_plain = old.text.size() > 1 && old.size > old.text.size();  // and not a word
    if (is_plain && old.text.size() == value.size()) {
      std::memcpy(const_cast<char*>(old.text.data()), value.data(), value.size());
    } else {
      write(old.at, old.size, field, value);
    }
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
  static constexpr std::uint32_t kLong = 15, kLonger = 255;
  struct Place {
    std::uint32_t at, size;  // in bytes_; size 0: not there, and `at` is the end
    std::string_view text;
  };
  [[nodiscard]] std::uint32_t byte(std::uint32_t at) const { return static_cast<unsigned char>(bytes_[at]); }
  [[nodiscard]] Place place_at(std::uint32_t at) const {
    std::uint32_t begin = at + 1, length = byte(at) >> 4;
    if (length == 1 && byte(begin) >= kFirstWordCode) return {at, 2, kCommonWords[byte(begin) - kFirstWordCode]};
    if (length == kLong) {
      length = byte(begin++);
      if (length == kLonger) {
        length = byte(begin) | byte(begin + 1) << 8;
        begin += 2;
      }
    }
    return {at, begin - at + length, {bytes_.data() + begin, length}};
  }
  [[nodiscard]] Place find_place(std::uint8_t field) const {
    const std::uint32_t end = bytes_.size();
    for (std::uint32_t at = 0; at < end;) {
      const std::uint32_t head = byte(at);
      if ((head & 15) == field) return place_at(at);
      at += head >> 4 == kLong ? place_at(at).size : 1 + (head >> 4);
    }
    return {end, 0, {}};
  }
  void write(std::uint32_t at, std::uint32_t old_size, std::uint8_t field, std::string_view value) {
    char word = static_cast<char>(code_of_word(value));
    if (word != 0) value = {&word, 1};
    const std::uint32_t length = static_cast<std::uint32_t>(value.size() < 0xffff ? value.size() : 0xffff);
    const bool looks_like_word = word == 0 && length == 1 && static_cast<unsigned char>(value[0]) >= kFirstWordCode;
    const bool is_long = length >= kLong || looks_like_word;
    const std::uint32_t head = !is_long ? 1 : length < kLonger ? 2 : 4;
    char* out = bytes_.replace(at, old_size, head + length);
    *out++ = static_cast<char>((is_long ? kLong : length) << 4 | field);
    if (head == 2) *out++ = static_cast<char>(length);
    if (head == 4) {
      *out++ = static_cast<char>(kLonger);
      *out++ = static_cast<char>(length & 0xff);
      *out++ = static_cast<char>(length >> 8);
    }
    if (length > 0) std::memcpy(out, value.data(), length);
  }

  Compact<char> bytes_;
};

}  // namespace beckon::rules::detail

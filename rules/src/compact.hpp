// Small containers for a visitor's state, of which a server holds very many: one pointer each, nothing when empty.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace beckon::rules::detail {

// A vector of trivially copyable values in eight bytes. Sizes are below 2^32.
template <typename T>
class Compact {
  static_assert(std::is_trivially_copyable_v<T>);
  struct Header {
    std::uint32_t size, capacity;
  };
  static constexpr std::size_t kOffset = sizeof(Header) > alignof(T) ? sizeof(Header) : alignof(T);

 public:
  Compact() = default;
  Compact(Compact&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Compact& operator=(Compact&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  Compact(const Compact& other) { assign(other.data(), other.size()); }
  Compact& operator=(const Compact& other) {
    if (this != &other) assign(other.data(), other.size());
    return *this;
  }
  ~Compact() { std::free(block_); }

  [[nodiscard]] std::uint32_t size() const { return block_ ? header()->size : 0; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] T* data() { return block_ ? reinterpret_cast<T*>(block_ + kOffset) : nullptr; }
  [[nodiscard]] const T* data() const { return block_ ? reinterpret_cast<const T*>(block_ + kOffset) : nullptr; }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& back() { return data()[size() - 1]; }

  void clear() {
    if (block_) header()->size = 0;
  }
  void reset() {
    std::free(block_);
    block_ = nullptr;
  }
  // Grows or shrinks; new values are zero.
  void resize(std::uint32_t size) {
    const std::uint32_t old = this->size();
    if (size == old) return;
    if (size > capacity()) reserve_exactly(size);
    if (size > old) std::memset(static_cast<void*>(data() + old), 0, (size - old) * sizeof(T));
    header()->size = size;
  }
  void push_back(const T& value) {
    const T copy = value;
    grow(1);
    data()[header()->size++] = copy;
  }
  void append(const T* values, std::uint32_t count) {
    if (count == 0) return;
    grow(count);
    std::memcpy(static_cast<void*>(data() + size()), values, count * sizeof(T));
    header()->size += count;
  }
  void insert(std::uint32_t at, const T& value) {
    const T copy = value;
    grow(1);
    std::memmove(static_cast<void*>(data() + at + 1), data() + at, (size() - at) * sizeof(T));
    data()[at] = copy;
    ++header()->size;
  }
  void erase(std::uint32_t at, std::uint32_t count = 1) {
    std::memmove(static_cast<void*>(data() + at), data() + at + count, (size() - at - count) * sizeof(T));
    header()->size -= count;
  }
  void assign(const T* values, std::uint32_t count) {
    clear();
    if (count == 0) return;
    if (count > capacity()) reserve_exactly(count);
    std::memcpy(static_cast<void*>(data()), values, count * sizeof(T));
    header()->size = count;
  }
  [[nodiscard]] std::size_t memory_bytes() const { return block_ ? kOffset + capacity() * sizeof(T) : 0; }

 private:
  Header* header() { return reinterpret_cast<Header*>(block_); }
  [[nodiscard]] const Header* header() const { return reinterpret_cast<const Header*>(block_); }
  [[nodiscard]] std::uint32_t capacity() const { return block_ ? header()->capacity : 0; }
  void grow(std::uint32_t more) {
    const std::uint32_t needed = size() + more;
    if (needed <= capacity()) return;
    const std::uint32_t roomier = size() + size() / 2;
    const std::uint32_t least = sizeof(T) == 1 ? 24 : 2;
    reserve_exactly(needed > roomier ? (needed > least ? needed : least) : roomier);
  }
  void reserve_exactly(std::uint32_t capacity) {
    const std::uint32_t old = size();
    char* block = static_cast<char*>(std::realloc(block_, kOffset + std::size_t{capacity} * sizeof(T)));
    if (!block) throw std::bad_alloc();
    block_ = block;
    *header() = {old, capacity};
  }

  char* block_ = nullptr;
};

// A few strings under small numbers, in one block: [number][length][bytes]…
class Fields {
 public:
  [[nodiscard]] std::optional<std::string_view> find(std::uint8_t field) const {
    const char* p = bytes_.data();
    const char* end = p + bytes_.size();
    while (p < end) {
      const std::uint16_t length = length_at(p);
      if (static_cast<std::uint8_t>(*p) == field) return std::string_view(p + 3, length);
      p += 3 + length;
    }
    return std::nullopt;
  }
  [[nodiscard]] std::string_view get(std::uint8_t field) const { return find(field).value_or(std::string_view()); }

  // An empty value is kept as such; erase() takes the field away. At most 65,535 bytes.
  void set(std::uint8_t field, std::string_view value) {
    if (const auto old = find(field)) {
      if (old->size() == value.size()) {
        if (!value.empty()) std::memmove(const_cast<char*>(old->data()), value.data(), value.size());
        return;
      }
      erase(field);
    }
    add(field, value);
  }
  // For a field that is known to be absent.
  void add(std::uint8_t field, std::string_view value) {
    const std::uint16_t length = static_cast<std::uint16_t>(value.size() < 0xffff ? value.size() : 0xffff);
    const char head[3] = {static_cast<char>(field), static_cast<char>(length & 0xff), static_cast<char>(length >> 8)};
    bytes_.append(head, 3);
    bytes_.append(value.data(), length);
  }
  void erase(std::uint8_t field) {
    if (const auto old = find(field)) {
      bytes_.erase(static_cast<std::uint32_t>(old->data() - 3 - bytes_.data()),
                   static_cast<std::uint32_t>(3 + old->size()));
    }
  }
  void clear() { bytes_.clear(); }
  [[nodiscard]] std::size_t memory_bytes() const { return bytes_.memory_bytes(); }

 private:
  static std::uint16_t length_at(const char* p) {
    return static_cast<std::uint16_t>(static_cast<unsigned char>(p[1]) | (static_cast<unsigned char>(p[2]) << 8));
  }
  Compact<char> bytes_;
};

}  // namespace beckon::rules::detail

// The containers of a visitor's state, of which a server holds very many, are small: one pointer each, nothing when empty.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
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
  // Makes `old_count` values at `at` into `count` values, which the caller writes where the result points to.
  T* replace(std::uint32_t at, std::uint32_t old_count, std::uint32_t count) {
    const std::uint32_t size = this->size() - old_count + count;
    if (size > capacity()) reserve_exactly(size);
    T* place = data() + at;
    if (old_count != count) {
      std::memmove(static_cast<void*>(place + count), place + old_count, (this->size() - at - old_count) * sizeof(T));
      header()->size = size;
    }
    return place;
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
  // By an eighth: of very many of these, hardly any grows far.
  void grow(std::uint32_t more) {
    const std::uint32_t needed = size() + more;
    if (needed > capacity()) reserve_exactly(needed + size() / 8);
  }
  // To the next eight bytes: memory comes in no finer pieces.
  void reserve_exactly(std::uint32_t capacity) {
    const std::uint32_t old = size();
    const std::size_t bytes = (kOffset + std::size_t{capacity} * sizeof(T) + 7) / 8 * 8;
    char* block = static_cast<char*>(std::realloc(block_, bytes));
    if (!block) throw std::bad_alloc();
    block_ = block;
    *header() = {old, static_cast<std::uint32_t>((bytes - kOffset) / sizeof(T))};
  }

  char* block_ = nullptr;
};

}  // namespace beckon::rules::detail

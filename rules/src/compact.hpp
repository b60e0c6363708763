// The containers of a visitor's state, of which a server holds very many, are small: one pointer each, nothing when empty.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <type_traits>
#include <utility>

namespace beckon::rules::detail {

// What a block of memory begins with; its values follow.
struct BlockHeader {
  std::uint32_t size, capacity;
};
inline constexpr BlockHeader kEmptyBlock = {0, 0};
// What empty containers point to, so that they are asked as any others are. Never written to.
inline char* empty_block() { return reinterpret_cast<char*>(const_cast<BlockHeader*>(&kEmptyBlock)); }

// A vector of trivially copyable values in eight bytes. Sizes are below 2^32.
template <typename T>
class Compact {
  static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= sizeof(BlockHeader));

 public:
  Compact() = default;
  Compact(Compact&& other) noexcept : block_(std::exchange(other.block_, empty_block())) {}
  Compact& operator=(Compact&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  Compact(const Compact& other) { assign(other.data(), other.size()); }
  Compact& operator=(const Compact& other) {
    if (this != &other) assign(other.data(), other.size());
    return *this;
  }
  ~Compact() {
    if (capacity() > 0) std::free(block_);
  }

  [[nodiscard]] std::uint32_t size() const { return header()->size; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] T* data() { return reinterpret_cast<T*>(block_ + sizeof(BlockHeader)); }
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(block_ + sizeof(BlockHeader)); }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& back() { return data()[size() - 1]; }

  void clear() {
    if (!empty()) header()->size = 0;
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
  // Makes room for so many in all, and hardly more.
  void reserve(std::uint32_t count) {
    if (count > capacity()) reserve_exactly(count);
  }
  [[nodiscard]] std::size_t memory_bytes() const {
    return capacity() > 0 ? sizeof(BlockHeader) + capacity() * sizeof(T) : 0;
  }

 private:
  BlockHeader* header() { return reinterpret_cast<BlockHeader*>(block_); }
  [[nodiscard]] const BlockHeader* header() const { return reinterpret_cast<const BlockHeader*>(block_); }
  [[nodiscard]] std::uint32_t capacity() const { return header()->capacity; }
  // By an eighth: of very many of these, hardly any grows far. To the end of the piece that malloc gives: 24 bytes, 40, 56…
  void grow(std::uint32_t more) {
    const std::uint32_t needed = size() + more;
    if (needed > capacity()) allocate((sizeof(BlockHeader) + (std::size_t{needed} + size() / 8) * sizeof(T) + 7) / 16 * 16 + 8);
  }
  void reserve_exactly(std::uint32_t capacity) {
    allocate((sizeof(BlockHeader) + std::size_t{capacity} * sizeof(T) + 7) / 8 * 8);
  }
  void allocate(std::size_t bytes) {
    const std::uint32_t old = size();
    char* block = static_cast<char*>(std::realloc(capacity() > 0 ? block_ : nullptr, bytes));
    if (!block) throw std::bad_alloc();
    block_ = block;
    *header() = {old, static_cast<std::uint32_t>((bytes - sizeof(BlockHeader)) / sizeof(T))};
  }

  char* block_ = empty_block();
};

}  // namespace beckon::rules::detail

// A visitor's tabs: most have one.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "compact.hpp"

namespace beckon::rules::detail {

// A vector of values that can be moved, of which there are few: it grows by one. Eight bytes, nothing when empty.
template <typename T>
class Few {
  static_assert(alignof(T) <= sizeof(BlockHeader));

 public:
  Few() = default;
  Few(Few&& other) noexcept : block_(std::exchange(other.block_, empty_block())) {}
  Few& operator=(Few&& other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Few() { release(); }

  [[nodiscard]] std::size_t size() const { return header()->size; }
  [[nodiscard]] bool empty() const { return size() == 0; }
  [[nodiscard]] T* data() { return reinterpret_cast<T*>(block_ + sizeof(BlockHeader)); }
  [[nodiscard]] const T* data() const { return reinterpret_cast<const T*>(block_ + sizeof(BlockHeader)); }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  T& operator[](std::size_t i) { return data()[i]; }
  const T& operator[](std::size_t i) const { return data()[i]; }
  T& front() { return *data(); }

  T& emplace_back() {
    if (size() == capacity()) reserve(static_cast<std::uint32_t>(size() + 1));
    return *new (data() + header()->size++) T();
  }
  void erase(std::size_t at) {
    std::move(begin() + at + 1, end(), begin() + at);
    data()[--header()->size].~T();
  }
  [[nodiscard]] std::size_t memory_bytes() const {
    return capacity() > 0 ? sizeof(BlockHeader) + capacity() * sizeof(T) : 0;
  }

 private:
  BlockHeader* header() { return reinterpret_cast<BlockHeader*>(block_); }
  [[nodiscard]] const BlockHeader* header() const { return reinterpret_cast<const BlockHeader*>(block_); }
  [[nodiscard]] std::uint32_t capacity() const { return header()->capacity; }
  void reserve(std::uint32_t capacity) {
    Few roomier;
    roomier.block_ = static_cast<char*>(::operator new(sizeof(BlockHeader) + capacity * sizeof(T)));
    new (roomier.block_) BlockHeader{static_cast<std::uint32_t>(size()), capacity};
    std::uninitialized_move(begin(), end(), roomier.data());
    std::swap(block_, roomier.block_);
  }
  void release() {
    if (capacity() == 0) return;
    std::destroy(begin(), end());
    ::operator delete(block_);
  }

  char* block_ = empty_block();
};

}  // namespace beckon::rules::detail

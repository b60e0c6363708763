// How often the events that rules count have happened.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace beckon::rules::detail {

// Numbers below 65,536, all 0 at first: a byte each, until one of them needs two. Before reset() there are none, and 0 is
// read.
class Counts {
 public:
  void reset(std::uint32_t size) {
    if (size != this->size()) make(size, 1);
    fill(0, size);
  }
  [[nodiscard]] std::uint32_t size() const { return block_ ? head().size : 0; }
  [[nodiscard]] std::uint16_t operator[](std::uint32_t i) const {
    if (!block_) return 0;
    const unsigned char* p = values() + std::size_t{i} * head().width;
    return static_cast<std::uint16_t>(head().width == 1 ? *p : p[0] | p[1] << 8);
  }
  void set(std::uint32_t i, std::uint16_t value) {
    if (head().width == 1 && value > 0xff) widen();
    unsigned char* p = values() + std::size_t{i} * head().width;
    p[0] = static_cast<unsigned char>(value);
    if (head().width == 2) p[1] = static_cast<unsigned char>(value >> 8);
  }
  // Sets `count` of them, from `begin` on, to 0.
  void fill(std::uint32_t begin, std::uint32_t count) {
    if (count > 0) std::memset(values() + std::size_t{begin} * head().width, 0, std::size_t{count} * head().width);
  }
  [[nodiscard]] std::size_t memory_bytes() const { return block_ ? bytes_of(head().size, head().width) : 0; }

 private:
  struct Head {
    std::uint32_t size : 30, width : 2;  // width: bytes of each
  };
  static std::size_t bytes_of(std::uint32_t size, std::uint32_t width) {
    return sizeof(Head) + std::size_t{size} * width;
  }
  [[nodiscard]] const Head& head() const { return *reinterpret_cast<const Head*>(block_.get()); }
  [[nodiscard]] unsigned char* values() { return block_.get() + sizeof(Head); }
  [[nodiscard]] const unsigned char* values() const { return block_.get() + sizeof(Head); }
  void make(std::uint32_t size, std::uint32_t width) {
    block_ = size == 0 ? nullptr : std::make_unique<unsigned char[]>(bytes_of(size, width));
    if (block_) new (block_.get()) Head{size, width};
  }
  void widen() {
    const Counts narrow = std::move(*this);
    make(narrow.size(), 2);
    for (std::uint32_t i = 0; i < size(); ++i) set(i, narrow[i]);
  }

  std::unique_ptr<unsigned char[]> block_;
};

}  // namespace beckon::rules::detail
